"""What a hurried colleague sends twice counts once; a time nobody can keep hears nobody."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.states import Role
from complaints.errors import CaseError
from complaints.models import OutboxMessage
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from liability.models import Inspection, InvestigationNote, RecourseEntry, Recovery, Statement
from liability.services import recourse as recourse_service
from liability.services.investigating import add_note, record_statement
from liability.states import Party
from tests.factories import make_user, staff
from tests.liability.doors import staff_client
from tests.liability.makers import consult, inspection, investigating_case
from tests.liability.test_recourse import claim_against, pay, recover, split_case

pytestmark = pytest.mark.django_db


def test_a_letter_to_a_debtor_goes_out_once() -> None:
    claim = claim_against(split_case(), Party.SUPPLIER)
    client, page = staff_client(Role.FINANCE), reverse("liability:claim", args=[claim.pk])
    letter = {"do": "entry", "kind": "notice", "text": "请承担 60%", "address": "li@hengda.example"}
    letter["key"] = str(uuid4())

    for _time in range(2):
        assert client.post(page, letter).status_code == 303

    assert RecourseEntry.objects.count() == 1
    assert OutboxMessage.objects.filter(kind="recourse_letter").count() == 1
    client.post(page, {**letter, "key": str(uuid4())})
    assert RecourseEntry.objects.count() == 2


def test_the_page_gives_each_letter_a_key_of_its_own() -> None:
    claim = claim_against(split_case(), Party.SUPPLIER)
    client, page = staff_client(Role.FINANCE), reverse("liability:claim", args=[claim.pk])
    first, second = (client.get(page).context["entry_form"]["key"].value() for _time in range(2))
    assert first and second and first != second


def test_money_recorded_while_another_click_holds_the_case_counts_once(monkeypatch) -> None:
    case = split_case()
    pay(case, "1000.00")
    claim, locked = claim_against(case, Party.SUPPLIER), recourse_service._locked

    def the_other_click_first(*args, **kwargs):
        found = locked(*args, **kwargs)
        monkeypatch.setattr(recourse_service, "_locked", locked)
        recover(claim, "600.00", key="one click")
        return found

    monkeypatch.setattr(recourse_service, "_locked", the_other_click_first)

    recovery = recover(claim, "600.00", key="one click")

    assert recovery.amount == Decimal(600)
    assert Recovery.objects.count() == 1


def test_the_same_inspection_is_proposed_once() -> None:
    case, technician = investigating_case(), make_user(Role.INVESTIGATOR)
    at = now() + timedelta(days=2)
    first, second = (inspection(case, technician=technician, starts_at=at) for _time in range(2))
    assert first == second
    later = inspection(case, technician=technician, starts_at=at + timedelta(hours=1))
    assert Inspection.objects.count() == 2
    assert later != first


def test_the_same_note_and_statement_stand_once() -> None:
    case, by, at = investigating_case(), staff(Role.INVESTIGATOR), now()
    for _time in range(2):
        add_note(case, by=by, text="触点粘连。")
        record_statement(
            case, by=by, party="respondent", name="生产部门", text="认可。", heard_at=at
        )
    assert (InvestigationNote.objects.count(), Statement.objects.count()) == (1, 1)
    add_note(case, by=by, text="又测了一次。")
    add_note(case, by=by, text="触点粘连。")
    assert InvestigationNote.objects.count() == 3


@pytest.mark.parametrize(("hours", "kept"), [(0.1, False), (23.9, False), (24, True), (72, True)])
def test_whoever_is_asked_to_speak_has_a_day_at_least(hours: float, kept: bool) -> None:
    case, served = investigating_case(), now() - timedelta(days=3)
    fields = {"served_at": served, "answer_by": served + timedelta(hours=hours)}
    by = staff(Role.INVESTIGATOR)
    if kept:
        record_statement(case, by=by, party="respondent", name="恒达温控", **fields)
    else:
        with pytest.raises(CaseError) as refusal:
            record_statement(case, by=by, party="respondent", name="恒达温控", **fields)
        assert refusal.value.field == "answer_by"
    assert Statement.objects.exists() is kept


def test_a_question_of_today_is_no_request_for_a_statement() -> None:
    today = timezone.localdate(now())
    with pytest.raises(CaseError) as refusal:
        consult(asks_statement=True, due_on=today)
    assert refusal.value.field == "due_on"
    task = consult(asks_statement=True, due_on=today + timedelta(days=1))
    assert task.due_at - task.asked_at >= timedelta(days=1)
    assert consult(due_on=today).due_at == working_calendar().end_of(today)


def test_the_invitation_names_the_last_day() -> None:
    day = timezone.localdate(now()) + timedelta(days=3)
    consult(due_on=day)
    message = OutboxMessage.objects.get(kind="consult_invited")
    assert message.data["day"] == day.isoformat()


@pytest.mark.parametrize(
    "told", ["138-1234-5678", "+86 138 1234 5678", "１３８１２３４５６７８", "周 小华"]
)
def test_a_question_that_names_the_consumer_in_other_letters_is_refused(told: str) -> None:
    with pytest.raises(CaseError) as refusal:
        consult(facts=f"消费者的电话是 {told}，可以直接问。")
    assert refusal.value.field == "facts"
