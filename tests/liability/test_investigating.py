"""Rounds, notes and statements: what is recorded, and what is refused without a trace."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase, StepForbidden, StepNotAllowed
from complaints.models import CaseEvent, Notification, OutboxMessage
from complaints.moments import now, shift_to
from complaints.selectors.policies import working_calendar
from complaints.states import Stage
from liability.models import Investigation, InvestigationNote, Statement
from liability.selectors import current_finding, current_investigation, respondent_was_heard
from liability.selectors.facts import statements_of
from liability.services.consulting import extend_consult, revoke_consult
from liability.services.findings import determine_liability, issue_finding
from liability.services.investigating import (
    add_note,
    open_investigation,
    record_statement,
    reinvestigate,
    start_round,
)
from tests.factories import make_user, staff
from tests.liability.makers import (
    accepted_case,
    consult,
    determined_case,
    hear_respondent,
    investigating_case,
    inward,
    liable,
    outward,
)

pytestmark = pytest.mark.django_db


def events(case) -> int:
    return CaseEvent.objects.filter(case=case).count()


def test_opening_names_a_lead_and_tells_them() -> None:
    lead = make_user(Role.INVESTIGATOR)
    case = accepted_case()

    case = open_investigation(
        case, by=staff(Role.AGENT), lead=lead, questions="为什么冒烟？", seen=case.version
    )

    assert case.stage == Stage.INVESTIGATING
    assert current_investigation(case).lead == lead
    assert Notification.objects.filter(user=lead, kind="investigation_opened").exists()
    assert OutboxMessage.objects.filter(recipient=f"user:{lead.pk}").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"questions": "  "}, "questions"),
        ({"due_on": "past"}, "due_on"),
        ({"lead": "agent"}, "lead"),
        ({"lead": "inactive"}, "lead"),
    ],
)
def test_an_incomplete_opening_leaves_nothing(changes: dict, field: str) -> None:
    case = accepted_case()
    before = events(case)
    given = {"lead": make_user(Role.INVESTIGATOR), "questions": "为什么冒烟？", **changes}
    people = {
        "agent": lambda: make_user(Role.AGENT),
        "inactive": lambda: make_user(Role.INVESTIGATOR, is_active=False),
    }
    if isinstance(given["lead"], str):
        given["lead"] = people[given["lead"]]()
    if given.get("due_on"):
        given["due_on"] = (now() - timedelta(days=2)).date()

    with pytest.raises(CaseError) as refusal:
        open_investigation(case, by=staff(Role.AGENT), **given)

    case.refresh_from_db()
    assert refusal.value.field == field
    assert (case.stage, events(case)) == (Stage.ACCEPTED, before)
    assert not Investigation.objects.exists()


def test_a_stale_opening_leaves_nothing() -> None:
    case = accepted_case()

    with pytest.raises(StaleCase):
        open_investigation(
            case,
            by=staff(Role.AGENT),
            lead=make_user(Role.INVESTIGATOR),
            questions="为什么？",
            seen=case.version - 1,
        )

    assert not Investigation.objects.exists()


def test_an_investigation_is_opened_once() -> None:
    case = investigating_case()

    with pytest.raises(StepNotAllowed):
        open_investigation(
            case, by=staff(Role.AGENT), lead=make_user(Role.INVESTIGATOR), questions="为什么？"
        )

    assert Investigation.objects.count() == 1


def test_the_consumer_opens_no_investigation() -> None:
    case = accepted_case()

    with pytest.raises(StepForbidden):
        open_investigation(
            case, by=Actor.consumer(), lead=make_user(Role.INVESTIGATOR), questions="为什么？"
        )


def test_a_note_is_kept_inside() -> None:
    case = investigating_case()

    note = add_note(case, by=staff(Role.INVESTIGATOR), text=" 触点粘连。 ")

    assert note.text == "触点粘连。"
    assert not CaseEvent.objects.get(case=case, kind="investigation_note").for_consumer


@pytest.mark.parametrize("role", [Role.FINANCE, Role.REVIEWER])
def test_others_write_no_notes(role: Role) -> None:
    case = investigating_case()

    with pytest.raises(StepForbidden):
        add_note(case, by=staff(role), text="看过了")

    assert not InvestigationNote.objects.exists()


def test_an_empty_note_is_refused() -> None:
    with pytest.raises(CaseError) as refusal:
        add_note(investigating_case(), by=staff(Role.INVESTIGATOR), text=" ")

    assert refusal.value.field == "text"


def test_notes_need_an_investigation() -> None:
    with pytest.raises(CaseError):
        add_note(accepted_case(), by=staff(Role.INVESTIGATOR), text="看过了")


def test_the_respondent_counts_as_heard_when_heard() -> None:
    case = investigating_case()
    assert not respondent_was_heard(case)

    hear_respondent(case)

    assert respondent_was_heard(case)


def test_the_respondent_counts_as_heard_when_the_time_to_answer_passed() -> None:
    case = investigating_case()
    record_statement(
        case,
        by=staff(Role.INVESTIGATOR),
        party="respondent",
        name="恒泰电子",
        served_at=now() - timedelta(days=6),
        answer_by=now() + timedelta(hours=1),
    )
    assert not respondent_was_heard(case)

    Statement.objects.update(answer_by=now() - timedelta(seconds=1))

    assert respondent_was_heard(case)


def test_others_statements_do_not_stand_for_the_respondents() -> None:
    case = investigating_case()

    record_statement(
        case,
        by=staff(Role.INVESTIGATOR),
        party="other",
        name="邻居",
        text="看到冒烟。",
        heard_at=now(),
    )

    assert not respondent_was_heard(case)


def moment(hours: int):
    return now() + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"party": "judge", "heard_at": -1, "text": "说"}, "party"),
        ({"name": " ", "heard_at": -1, "text": "说"}, "name"),
        ({"heard_at": -1, "text": " "}, "text"),
        ({"heard_at": 2, "text": "说"}, "heard_at"),
        ({}, "heard_at"),
        ({"served_at": 2, "answer_by": 3}, "served_at"),
        ({"served_at": -1}, "answer_by"),
        ({"served_at": -1, "answer_by": -2}, "answer_by"),
    ],
)
def test_a_statement_that_says_nothing_leaves_nothing(fields: dict, field: str) -> None:
    case = investigating_case()
    before = events(case)
    given = {"party": "respondent", "name": "生产部门", **fields}
    for key in ("heard_at", "served_at", "answer_by"):
        if key in given:
            given[key] = moment(given[key])

    with pytest.raises(CaseError) as refusal:
        record_statement(case, by=staff(Role.INVESTIGATOR), **given)

    assert refusal.value.field == field
    assert not Statement.objects.exists()
    assert events(case) == before


def test_new_evidence_opens_another_round_with_the_same_lead() -> None:
    lead = make_user(Role.INVESTIGATOR)
    case = determined_case(lead=lead)

    case = reinvestigate(case, by=staff(Role.AGENT), reason="消费者寄来了录像")

    last = current_investigation(case)
    assert case.stage == Stage.INVESTIGATING
    assert (last.round, last.lead, last.questions) == (2, lead, "消费者寄来了录像")


def test_reinvestigating_needs_a_reason() -> None:
    case = determined_case()

    with pytest.raises(CaseError) as refusal:
        reinvestigate(case, by=staff(Role.AGENT), reason=" ")

    case.refresh_from_db()
    assert refusal.value.field == "reason"
    assert case.stage == Stage.LIABILITY_DETERMINED
    assert Investigation.objects.count() == 1


def test_a_round_begins_only_under_investigation() -> None:
    lead = make_user(Role.INVESTIGATOR)
    case = investigating_case(lead=lead)

    start_round(case, by=staff(Role.MANAGER), lead=lead, questions="再查批次")

    assert current_investigation(case).round == 2
    with pytest.raises(CaseError):
        start_round(accepted_case(), by=staff(Role.MANAGER), lead=lead, questions="再查批次")


def test_a_supplier_with_a_share_is_heard_or_served_first() -> None:
    case = investigating_case()
    hear_respondent(case)
    by = staff(Role.INVESTIGATOR)
    finding = liable(outward(), inward("supplier", "100", name="恒达温控"))
    with pytest.raises(CaseError, match="恒达温控") as refusal:
        determine_liability(case, by=by, finding=finding)
    assert refusal.value.field == "shares"
    task = consult(case, asks_statement=True)
    with pytest.raises(CaseError, match="答复期限"):
        determine_liability(case, by=by, finding=finding)
    shift_to(task.due_at)
    assert determine_liability(case, by=by, finding=finding).stage == Stage.LIABILITY_DETERMINED


def hears_nobody(case, finding, words: str) -> CaseError:
    with pytest.raises(CaseError, match=words) as refusal:
        determine_liability(case, by=staff(Role.INVESTIGATOR), finding=finding)
    assert not case.findings.exists()
    return refusal.value


@pytest.mark.parametrize("table", ["outward", "inward"])
def test_a_carrier_or_a_party_without_a_name_bears_nothing_unheard(table: str) -> None:
    case = investigating_case()
    hear_respondent(case)

    def bearing(name: str):
        if table == "inward":
            return liable(outward(), inward("logistics", "100", name=name))
        return liable(outward("logistics", "100", name=name))

    refusal = hears_nobody(case, bearing(" "), "名称")
    assert (refusal.table, refusal.row, refusal.column) == (table, 0, "name")
    hears_nobody(case, bearing("快运"), "快运")
    hear_respondent(case, "快运")
    decided = determine_liability(case, by=staff(Role.INVESTIGATOR), finding=bearing("快运"))
    assert decided.stage == Stage.LIABILITY_DETERMINED


def test_the_company_under_its_own_name_need_not_ask_itself(settings) -> None:
    case = investigating_case()
    hear_respondent(case)
    finding = liable(outward("producer", "100", name=settings.COMPANY_NAME))
    decided = determine_liability(case, by=staff(Role.INVESTIGATOR), finding=finding)
    assert decided.stage == Stage.LIABILITY_DETERMINED


def test_a_question_that_was_taken_back_heard_nobody() -> None:
    case = investigating_case()
    task = consult(case, asks_statement=True)
    revoke_consult(task, by=staff(Role.INVESTIGATOR), reason="问错了")
    shift_to(task.due_at + timedelta(days=1))
    hears_nobody(case, liable(), "先听取")
    with pytest.raises(IntegrityError, match="before the respondent"), transaction.atomic():
        issue_finding(case, by=staff(Role.INVESTIGATOR), finding=liable())
    assert not statements_of(case).exists()


def test_a_side_with_more_time_is_not_heard_by_the_earlier_day() -> None:
    case = investigating_case()
    task = consult(case, asks_statement=True)
    before = task.due_at
    later = working_calendar().local_date(before) + timedelta(days=5)
    task = extend_consult(task, by=staff(Role.INVESTIGATOR), due_on=later, reason="等检测")
    shift_to(before + timedelta(minutes=1))
    hears_nobody(case, liable(), "答复期限")
    with pytest.raises(IntegrityError, match="before the respondent"), transaction.atomic():
        issue_finding(case, by=staff(Role.INVESTIGATOR), finding=liable())
    shift_to(task.due_at)
    decided = determine_liability(case, by=staff(Role.INVESTIGATOR), finding=liable())
    assert decided.stage == Stage.LIABILITY_DETERMINED


def test_a_finding_by_a_review_names_no_party_unheard_either() -> None:
    case = determined_case()
    finding = liable(outward(), inward("supplier", "100", name="恒达温控"))
    with pytest.raises(CaseError, match="恒达温控"):
        issue_finding(case, by=staff(Role.REVIEWER), finding=finding)
    assert current_finding(case).version == 1


def test_the_database_refuses_a_finding_before_the_respondent_was_heard() -> None:
    case = investigating_case()
    with pytest.raises(IntegrityError, match="before the respondent"), transaction.atomic():
        issue_finding(case, by=staff(Role.INVESTIGATOR), finding=liable())
