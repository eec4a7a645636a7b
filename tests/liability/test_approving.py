"""Over the limits another person decides; nobody approves what they wrote, and nothing is half."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import translation

from accounts.models import Absence
from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase, StepForbidden
from complaints.models import CaseEvent, Notification, OutboxMessage
from complaints.selectors.owners import today
from complaints.states import Stage
from liability.decisions import finding_from_json, finding_to_json
from liability.models import FindingDraft, FindingLimit, FindingLimitChange, LiabilityFinding
from liability.selectors import current_finding
from liability.selectors.approval import approvers_today, open_draft, why_approved
from liability.services.approving import (
    approve_finding,
    return_finding,
    save_draft,
    submit_finding,
)
from liability.services.findings import determine_liability
from liability.services.limits import LimitData, set_limit
from liability.states import DraftStatus, Party
from tests.factories import make_user, staff
from tests.liability.doors import staff_client
from tests.liability.makers import hear_respondent, investigating_case, inward, liable, outward

pytestmark = pytest.mark.django_db


def heard(**fields):
    case = investigating_case(severity=fields.pop("severity", "severe"), **fields)
    hear_respondent(case)
    return case


def waiting(by: Actor | None = None, **fields):
    done = submit_finding(heard(), by=by or staff(Role.INVESTIGATOR), finding=liable(**fields))
    assert done.waiting is not None
    return done.case, done.waiting


def away(user, stand_in) -> None:
    day = today()
    Absence.objects.create(
        user=user, starts_on=day, ends_on=day, reason="leave", stand_in=stand_in, created_by=user
    )


def test_within_the_limits_one_person_decides() -> None:
    done = submit_finding(heard(severity="moderate"), by=staff(Role.INVESTIGATOR), finding=liable())

    assert done.waiting is None
    assert done.case.stage == Stage.LIABILITY_DETERMINED
    assert current_finding(done.case).approved_by is None


@pytest.mark.parametrize(
    ("severity", "amount", "waits"),
    [("severe", "1", True), ("moderate", "10000", False), ("moderate", "10000.01", True)],
)
def test_limits_go_by_severity_and_expected_amount(severity: str, amount: str, waits: bool) -> None:
    finding = liable(expected_amount=Decimal(amount))

    done = submit_finding(heard(severity=severity), by=staff(Role.MANAGER), finding=finding)

    assert (done.waiting is not None) is waits


def test_limits_are_edited_and_may_go_by_outcome() -> None:
    FindingLimit.objects.all().delete()
    FindingLimit.objects.create(outcome="not_liable")
    by, none = staff(Role.INVESTIGATOR), liable(outward(Party.FORCE_MAJEURE), outcome="not_liable")

    assert submit_finding(heard(), by=by, finding=liable()).waiting is None
    refused = submit_finding(heard(), by=by, finding=none).waiting

    assert refused is not None and refused.over_limits == [{"outcome": "not_liable"}]


def test_a_limit_is_set_by_managers_with_a_reason_and_its_history_is_kept() -> None:
    FindingLimit.objects.all().delete()
    by, none = staff(Role.MANAGER), LimitData(amount_over=Decimal(500))
    limit = set_limit(None, by=by, data=none, reason="试行")
    assert submit_finding(
        heard(), by=staff(Role.INVESTIGATOR), finding=liable(expected_amount=Decimal("500.01"))
    ).waiting

    off = LimitData(amount_over=Decimal(500), is_active=False)
    assert not set_limit(limit, by=by, data=off, reason="停用", seen=1).is_active
    assert set_limit(limit, by=by, data=off, reason="再点一次", seen=2).changes.count() == 2
    assert [each.reason for each in limit.changes.order_by("id")] == ["试行", "停用"]
    with pytest.raises(StaleCase):
        set_limit(limit, by=by, data=none, reason="晚了", seen=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        FindingLimitChange.objects.update(reason="改写")


@pytest.mark.parametrize(
    ("data", "reason", "field"),
    [
        (LimitData(severity="odd"), "试", "severity"),
        (LimitData(outcome="odd"), "试", "outcome"),
        (LimitData(amount_over=Decimal("-0.01")), "试", "amount_over"),
        (LimitData(amount_over=Decimal(1)), " ", "reason"),
        (LimitData(amount_over=Decimal(77)), "试", None),
    ],
)
def test_limits_that_make_no_sense_are_refused(
    data: LimitData, reason: str, field: str | None
) -> None:
    FindingLimit.objects.create(amount_over=77)
    before = FindingLimit.objects.count()
    with pytest.raises(CaseError) as refusal:
        set_limit(None, by=staff(Role.MANAGER), data=data, reason=reason)
    assert refusal.value.field == field
    assert FindingLimit.objects.count() == before


def test_limits_have_a_page_for_managers_and_nobody_else() -> None:
    url, client = reverse("liability:limit_new"), staff_client(Role.MANAGER)
    assert staff_client(Role.INVESTIGATOR).post(url, {"reason": "试"}).status_code == 403
    assert staff_client(Role.APPROVER).get(reverse("liability:limits")).status_code == 403
    said = {"outcome": "liable", "amount_over": "3000", "is_active": "on", "reason": "年度调整"}
    assert client.post(url, {**said, "amount_over": "-1"}).status_code == 422
    assert client.post(url, said).status_code == 303
    limit = FindingLimit.objects.get(amount_over=3000)
    page = client.get(reverse("liability:limits")).content.decode()
    assert "预计金额超过 3,000.00" in page and "年度调整" in page
    edit = reverse("liability:limit", args=[limit.pk])
    assert client.post(edit, {**said, "seen": "0"}).status_code == 409
    changed = {"outcome": "liable", "amount_over": "4000", "reason": "停用", "seen": "1"}
    assert client.post(edit, changed).status_code == 303
    limit.refresh_from_db()
    assert (limit.amount_over, limit.is_active) == (4000, False)


def test_over_the_limits_nobody_decides_alone() -> None:
    case = heard()

    with pytest.raises(CaseError, match="另一位同事"):
        determine_liability(case, by=staff(Role.MANAGER), finding=liable())

    assert not LiabilityFinding.objects.exists()


def test_what_waits_changes_nothing_yet_and_tells_the_approvers() -> None:
    approver = make_user(Role.APPROVER)

    case, draft = waiting()

    assert case.stage == Stage.INVESTIGATING
    assert not LiabilityFinding.objects.exists()
    assert Notification.objects.filter(kind="finding_to_approve", user=approver).exists()
    assert why_approved(draft) == ["严重程度是「严重」"]
    with translation.override("en"):
        assert "严重" not in why_approved(draft)[0]


def test_another_person_approves_and_all_of_it_happens_at_once() -> None:
    decider, approver = staff(Role.INVESTIGATOR), staff(Role.APPROVER)
    case, draft = waiting(
        decider, dissenter="质检 王工", dissent="样本太少", respondent_email="qa@example.test"
    )

    case = approve_finding(case, by=approver, draft=draft, note="同意")

    finding = current_finding(case)
    draft.refresh_from_db()
    assert case.stage == Stage.LIABILITY_DETERMINED
    assert (finding.decided_by, finding.approved_by) == (decider.user, approver.user)
    assert (finding.dissenter, finding.dissent) == ("质检 王工", "样本太少")
    assert (draft.status, draft.finding, draft.decision_note) == ("issued", finding, "同意")
    kinds = set(OutboxMessage.objects.filter(case=case).values_list("kind", "recipient"))
    assert {("determine_liability", "consumer"), ("finding_result", "address")} <= kinds


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.AGENT, Role.FINANCE])
def test_other_roles_do_not_approve(role: Role) -> None:
    case, draft = waiting()

    with pytest.raises(StepForbidden):
        approve_finding(case, by=staff(role), draft=draft)


def test_nobody_approves_what_they_wrote_even_when_another_submits_it() -> None:
    writer, submitter = staff(Role.MANAGER), staff(Role.MANAGER)
    case = heard()
    save_draft(case, by=writer, finding=liable())
    done = submit_finding(case, by=submitter, finding=liable())
    before = CaseEvent.objects.filter(case=case).count()

    for person in (writer, submitter):
        with pytest.raises(StepForbidden, match="另一位"):
            approve_finding(done.case, by=person, draft=done.waiting)

    assert CaseEvent.objects.filter(case=case).count() == before
    assert not LiabilityFinding.objects.exists()


def test_a_stand_in_approves_while_the_approver_is_away() -> None:
    boss, other = make_user(Role.APPROVER), make_user(Role.AGENT)
    case, draft = waiting()
    with pytest.raises(StepForbidden):
        approve_finding(case, by=Actor.staff(other), draft=draft)

    away(boss, other)
    case = approve_finding(case, by=Actor.staff(other), draft=draft)

    finding = current_finding(case)
    assert (finding.approved_by, finding.approved_for) == (other, boss)


def test_nobody_stands_in_for_whoever_made_the_finding() -> None:
    boss, other = make_user(Role.MANAGER), make_user(Role.AGENT)
    case, draft = waiting(Actor.staff(boss))
    away(boss, other)

    assert other not in [person for person, _principal in approvers_today(draft)]
    with pytest.raises(StepForbidden):
        approve_finding(case, by=Actor.staff(other), draft=draft)


def test_a_returned_finding_is_worked_on_and_submitted_again() -> None:
    decider = staff(Role.INVESTIGATOR)
    case, draft = waiting(decider)

    return_finding(case, by=staff(Role.APPROVER), draft=draft, reason="写明批次依据")
    draft.refresh_from_db()
    assert (draft.status, draft.decision_note) == (DraftStatus.RETURNED, "写明批次依据")
    assert Notification.objects.filter(kind="finding_returned", user=decider.user).exists()
    again = submit_finding(case, by=decider, finding=liable(reasons_internal="批次 2609B"))

    assert again.waiting.pk == draft.pk
    case = approve_finding(again.case, by=staff(Role.APPROVER), draft=again.waiting)
    assert current_finding(case).reasons_internal == "批次 2609B"


def test_a_return_needs_a_reason() -> None:
    case, draft = waiting()

    with pytest.raises(CaseError) as refusal:
        return_finding(case, by=staff(Role.APPROVER), draft=draft, reason=" ")

    assert refusal.value.field == "reason"


def test_what_waits_is_not_changed_under_the_approver() -> None:
    case, _draft = waiting()

    with pytest.raises(CaseError, match="等待批准"):
        save_draft(case, by=staff(Role.INVESTIGATOR), finding=liable(reasons_consumer="别的"))


def test_approving_twice_or_late_is_refused() -> None:
    case, draft = waiting()
    with pytest.raises(StaleCase):
        approve_finding(case, by=staff(Role.APPROVER), draft=draft, seen=case.version - 1)
    case = approve_finding(case, by=staff(Role.APPROVER), draft=draft)

    with pytest.raises(CaseError):
        approve_finding(case, by=staff(Role.APPROVER), draft=draft)

    assert LiabilityFinding.objects.count() == 1


def test_a_decider_who_left_does_not_decide() -> None:
    decider = staff(Role.INVESTIGATOR)
    case, draft = waiting(decider)
    decider.user.is_active = False
    decider.user.save()

    with pytest.raises(CaseError, match="停用"), transaction.atomic():
        approve_finding(case, by=staff(Role.APPROVER), draft=draft)

    case.refresh_from_db()
    assert case.stage == Stage.INVESTIGATING


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE liability_findingdraft SET decided_by_id = submitted_by_id",
        "UPDATE liability_findingdraft"
        " SET decided_for_id = submitted_by_id, decided_by_id = {other}",
        "UPDATE liability_findingdraft SET authors = '{{}}'",
        "DELETE FROM liability_findingdraft",
    ],
)
def test_the_database_holds_two_persons(sql: str) -> None:
    _case, draft = waiting()
    other = make_user(Role.APPROVER)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(other=other.pk))

    draft.refresh_from_db()
    assert draft.decided_by is None


def test_the_database_refuses_a_finding_approved_by_its_decider() -> None:
    case, draft = waiting()
    case = approve_finding(case, by=staff(Role.APPROVER), draft=draft)
    copy = current_finding(case)
    copy.pk, copy.version, copy.letter, copy.approved_by = None, 2, None, copy.decided_by

    with pytest.raises(IntegrityError, match="another_person"), transaction.atomic():
        copy.save()


def test_an_issued_draft_does_not_change() -> None:
    case, draft = waiting()
    approve_finding(case, by=staff(Role.APPROVER), draft=draft)

    with pytest.raises(IntegrityError, match="issued"), transaction.atomic():
        FindingDraft.objects.filter(pk=draft.pk).update(decision_note="别的")


def test_a_draft_keeps_a_finding_as_it_is() -> None:
    finding = liable(
        outward(share="66.67"),
        outward(Party.CONSUMER, "33.33", ground_kind="contract", evidence=[3, 4]),
        inward(Party.SUPPLIER, "100"),
        outcome="partly",
        expected_amount=Decimal("1280.50"),
        dissenter="王工",
        dissent="样本太少",
    )

    kept = finding_from_json(finding_to_json(finding))

    assert kept.expected_amount == finding.expected_amount
    assert [vars(share) for share in kept.shares] == [
        {**vars(share), "evidence": list(share.evidence)} for share in finding.shares
    ]


def test_a_case_has_one_finding_in_work() -> None:
    case = heard()
    first = save_draft(case, by=staff(Role.INVESTIGATOR), finding=liable())
    second = save_draft(case, by=staff(Role.MANAGER), finding=liable(reasons_consumer="改过"))

    assert first.pk == second.pk == open_draft(case).pk
    assert len(second.authors) == 2
