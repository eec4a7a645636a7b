"""The finding: who may decide, what it needs, and that it never changes afterwards."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.states import Role
from complaints.errors import CaseError, StepForbidden, StepNotAllowed
from complaints.models import CaseEvent
from complaints.moments import now, shift_to
from complaints.selectors.policies import working_calendar
from complaints.states import ClockKind, Stage
from liability.models import LiabilityFinding, LiabilityShare
from liability.selectors import current_finding, notice_ends_on
from liability.services.findings import (
    close_without_liability,
    determine_liability,
    issue_finding,
    settle_directly,
)
from liability.services.investigating import reinvestigate
from liability.states import Outcome, Party
from tests.factories import staff
from tests.liability.makers import (
    accepted_case,
    determined_case,
    directly_settled_case,
    hear_respondent,
    investigating_case,
    inward,
    liable,
    outward,
)

pytestmark = pytest.mark.django_db


def heard_case(**fields):
    case = investigating_case(**fields)
    hear_respondent(case, "恒泰电子")
    return case


def test_a_finding_moves_the_case_and_opens_the_review_window() -> None:
    case = heard_case()

    case = determine_liability(
        case,
        by=staff(Role.INVESTIGATOR),
        finding=liable(
            outward(), inward(Party.SUPPLIER, "70", name="恒泰电子"), inward(Party.SELLER, "30")
        ),
    )

    finding = current_finding(case)
    assert case.stage == Stage.LIABILITY_DETERMINED
    assert case.next_due_kind == ClockKind.FINDING_NOTICE
    assert [share.share for share in finding.shares.all()] == [
        Decimal(70),
        Decimal(30),
        Decimal(100),
    ]
    today = working_calendar().local_date(now())
    assert case.review_until >= today + timedelta(days=15)
    assert working_calendar().is_working_day(case.review_until)


def test_the_letter_is_asked_for_in_the_case_s_language() -> None:
    finding = current_finding(determined_case(language="en"))

    assert finding.letter.language == "en"
    assert finding.letter.context["shares"] == [
        {"party": finding.letter.context["shares"][0]["party"], "percent": "100"}
        | {"reason": "消费者权益保护法第五十二条"}
    ]


def test_nobody_decides_before_the_respondent_was_heard() -> None:
    case = investigating_case()

    with pytest.raises(CaseError):
        determine_liability(case, by=staff(Role.INVESTIGATOR), finding=liable())

    case.refresh_from_db()
    assert case.stage == Stage.INVESTIGATING
    assert not LiabilityFinding.objects.exists()


@pytest.mark.parametrize("role", [Role.AGENT, Role.APPROVER, Role.FINANCE, Role.REVIEWER])
def test_other_roles_do_not_decide(role: Role) -> None:
    case = heard_case()

    with pytest.raises(StepForbidden):
        determine_liability(case, by=staff(role), finding=liable())

    assert not LiabilityFinding.objects.exists()


@pytest.mark.parametrize(
    ("finding", "field"),
    [
        (liable(outcome="maybe"), "outcome"),
        (liable(reasons_consumer="  "), "reasons_consumer"),
        (liable(outward(share="60"), outward(Party.PLATFORM, "39.99")), "shares"),
        (liable(outward(share="60"), outward(Party.PLATFORM, "40.01")), "shares"),
        (liable(outward(), inward(Party.SUPPLIER, "99")), "shares"),
        (liable(outward(share="0"), outward(Party.PLATFORM)), "shares"),
        (liable(outward(share="33.333"), outward(Party.PLATFORM, "66.667")), "shares"),
        (liable(inward(Party.SUPPLIER, "100")), "shares"),
        (liable(outward(ground=" ")), "shares"),
        (liable(outward(kind="")), "shares"),
        (liable(outward(), inward(Party.SUPPLIER, "100", kind="joint")), "shares"),
        (liable(outward("nobody")), "shares"),
        (liable(outward(share="60"), outward(Party.CONSUMER, "40")), "outcome"),
        (liable(outward(), outcome=Outcome.PARTLY), "shares"),
        (liable(outward(), outcome=Outcome.NOT_LIABLE), "shares"),
        (liable(outward(evidence=[987654])), "shares"),
    ],
)
def test_a_finding_that_does_not_fit_leaves_nothing(finding, field: str) -> None:
    case = heard_case()
    before = CaseEvent.objects.filter(case=case).count()

    with pytest.raises(CaseError) as refusal, transaction.atomic():
        determine_liability(case, by=staff(Role.INVESTIGATOR), finding=finding)

    case.refresh_from_db()
    assert refusal.value.field == field
    assert case.stage == Stage.INVESTIGATING
    assert CaseEvent.objects.filter(case=case).count() == before
    assert not LiabilityFinding.objects.exists()


def test_a_part_for_the_consumer_makes_it_partly() -> None:
    case = determine_liability(
        heard_case(),
        by=staff(Role.INVESTIGATOR),
        finding=liable(outward(share="70"), outward(Party.CONSUMER, "30"), outcome=Outcome.PARTLY),
    )

    assert current_finding(case).outcome == Outcome.PARTLY


def test_a_minor_case_is_settled_directly() -> None:
    case = directly_settled_case()

    finding = current_finding(case)
    assert case.stage == Stage.NEGOTIATING
    assert case.next_due_kind == ClockKind.OFFER
    assert (finding.admitted, finding.outcome) == (True, Outcome.LIABLE)
    assert finding.shares.get().share == 100


def test_a_graver_case_is_not_settled_directly() -> None:
    case = accepted_case(severity="severe")

    with pytest.raises(StepNotAllowed):
        settle_directly(case, by=staff(Role.AGENT), reasons="外壳划痕。")

    assert not LiabilityFinding.objects.exists()


def test_settling_directly_needs_reasons() -> None:
    case = accepted_case(severity="minor")

    with pytest.raises(CaseError) as refusal:
        settle_directly(case, by=staff(Role.AGENT), reasons=" ")

    case.refresh_from_db()
    assert refusal.value.field == "reasons_consumer"
    assert case.stage == Stage.ACCEPTED


def test_a_second_finding_supersedes_the_first() -> None:
    case = reinvestigate(determined_case(), by=staff(Role.AGENT), reason="新的检测报告")
    first = current_finding(case)

    case = determine_liability(case, by=staff(Role.INVESTIGATOR), finding=liable())

    first.refresh_from_db()
    second = current_finding(case)
    assert (second.version, first.superseded_by) == (2, second)
    assert second.investigation.round == 2


def test_issuing_takes_no_step() -> None:
    case = determined_case()

    finding = issue_finding(case, by=staff(Role.REVIEWER), finding=liable())

    case.refresh_from_db()
    assert case.stage == Stage.LIABILITY_DETERMINED
    assert finding.version == 2


def test_a_case_without_liability_ends_after_the_notice_period() -> None:
    case = determined_case(outcome=Outcome.NOT_LIABLE)
    ends = notice_ends_on(current_finding(case))
    shift_to(working_calendar().end_of(ends) - timedelta(seconds=5))
    with pytest.raises(CaseError):
        close_without_liability(case, by=staff(Role.AGENT))

    shift_to(working_calendar().end_of(ends) + timedelta(seconds=1))
    case = close_without_liability(case, by=staff(Role.AGENT))

    assert case.stage == Stage.CLOSED


@pytest.mark.parametrize("outcome", [Outcome.LIABLE, Outcome.UNDETERMINED])
def test_a_case_with_another_outcome_does_not_end_so(outcome: str) -> None:
    case = determined_case(outcome=outcome)
    shift_to(now() + timedelta(days=30))

    with pytest.raises(CaseError):
        close_without_liability(case, by=staff(Role.AGENT))

    case.refresh_from_db()
    assert case.stage == Stage.LIABILITY_DETERMINED


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE liability_liabilityfinding SET outcome = 'partly'",
        "UPDATE liability_liabilityfinding SET reasons_consumer = 'x'",
        "UPDATE liability_liabilityfinding SET superseded_by_id = id",
        "UPDATE liability_liabilityshare SET share = 99",
        "DELETE FROM liability_liabilityshare",
        "DELETE FROM liability_liabilityfinding",
        "TRUNCATE liability_liabilityfinding CASCADE",
    ],
)
def test_the_database_keeps_an_issued_finding(sql: str) -> None:
    case = determined_case()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)

    finding = current_finding(case)
    assert (finding.outcome, finding.shares.get().share) == ("liable", Decimal(100))


def test_the_database_checks_the_sum() -> None:
    case = determined_case()
    finding = current_finding(case)

    with pytest.raises(IntegrityError, match="not 100"), transaction.atomic():
        LiabilityShare.objects.create(
            finding=finding,
            table="inward",
            position=2,
            party="supplier",
            share=Decimal("99.99"),
            ground="批次追溯",
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_wants_somebody_named() -> None:
    case = determined_case()
    finding = current_finding(case)
    finding.pk, finding.version, finding.letter = None, 2, None

    with pytest.raises(IntegrityError, match="names nobody"), transaction.atomic():
        finding.save()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
