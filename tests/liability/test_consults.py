"""Consult tasks: asked, answered, reminded, revoked, each with a clock of its own."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import AccountabilityItem, Clock, CustodyEntry, Notification, OutboxMessage
from complaints.moments import now, shift_to, shifted_to
from complaints.selectors.policies import working_calendar
from complaints.services.sweeping import sweep
from complaints.states import ClockKind, ClockState
from liability.models import ConsultTask, Statement
from liability.selectors.consulting import consults_for, link_is_over, link_of_secret
from liability.services.consult_answers import answer_consult, remind_consulted
from liability.services.consulting import (
    ask_consult,
    extend_consult,
    renew_link,
    revoke_consult,
)
from liability.services.findings import determine_liability
from liability.states import Addressee, ConsultStatus
from tests.factories import make_team, make_user, staff
from tests.liability.makers import (
    consult,
    hear_respondent,
    investigating_case,
    liable,
    question,
    secret_of,
)

pytestmark = pytest.mark.django_db


def clock_of(task: ConsultTask) -> Clock:
    return Clock.objects.get(kind=ClockKind.CONSULT, subject=task.clock_subject)


def report() -> SimpleUploadedFile:
    return SimpleUploadedFile("检验记录.txt", "批次 2609B：抽检 20 件，合格。".encode())


def later_than(task: ConsultTask, days: int) -> date:
    """The day so many days after the last one to answer: a term ends as the next day begins."""
    return working_calendar().local_date(task.due_at - timedelta(seconds=1)) + timedelta(days=days)


def test_more_time_moves_the_clock_the_link_and_the_reminders() -> None:
    task, asking = consult(), staff(Role.INVESTIGATOR)
    before, first = task.due_at, secret_of(task)
    shift_to(before + timedelta(minutes=1))
    assert sweep() and remind_consulted()
    reminded = OutboxMessage.objects.filter(kind="consult_reminded").count()

    task = extend_consult(task, by=asking, due_on=later_than(task, 4), reason="等检测报告")

    running = Clock.objects.get(
        kind=ClockKind.CONSULT, subject=task.clock_subject, state=ClockState.RUNNING
    )
    assert running.due_at == task.due_at > before
    assert link_of_secret(secret_of(task)).expires_at > task.due_at
    assert secret_of(task) != first
    extension = task.extensions.get()
    assert (extension.due_before, extension.due_after) == (before, task.due_at)
    assert extension.reason == "等检测报告"
    assert remind_consulted() == 0
    shift_to(task.due_at + timedelta(minutes=1))
    sweep()
    assert remind_consulted()
    assert OutboxMessage.objects.filter(kind="consult_reminded").count() > reminded


@pytest.mark.parametrize(
    ("days", "reason", "field"),
    [
        (0, "等检测", "due_on"),
        (-1, "等检测", "due_on"),
        (90, "等检测", "due_on"),
        (3, " ", "reason"),
    ],
)
def test_more_time_is_later_not_too_far_and_has_a_reason(
    days: int, reason: str, field: str
) -> None:
    task = consult(due_on=working_calendar().local_date(now()) + timedelta(days=3))
    with pytest.raises(CaseError) as refusal:
        extend_consult(
            task, by=staff(Role.INVESTIGATOR), due_on=later_than(task, days), reason=reason
        )
    assert refusal.value.field == field
    assert ConsultTask.objects.get(pk=task.pk).due_at == task.due_at
    assert not task.extensions.exists()


def test_the_same_extension_twice_is_one_and_ended_tasks_have_none() -> None:
    task, by = consult(), staff(Role.INVESTIGATOR)
    day = later_than(task, 2)
    for _time in range(2):
        task = extend_consult(task, by=by, due_on=day, reason="等检测")
    assert task.extensions.count() == 1
    assert OutboxMessage.objects.filter(kind="consult_extended").count() == 1
    with pytest.raises(StepForbidden):
        extend_consult(task, by=Actor.partner(), due_on=day + timedelta(days=1), reason="还要时间")
    answer_consult(task, by=Actor.partner(), text="抽检合格。", name="李工")
    with pytest.raises(CaseError, match="已经答复"):
        extend_consult(task, by=by, due_on=day + timedelta(days=1), reason="等检测")


def test_a_department_with_more_time_is_told_on_the_desk() -> None:
    person = make_user(Role.FINANCE)
    task = consult(addressee=Addressee.ROLE, role=Role.FINANCE)
    extend_consult(task, by=staff(Role.INVESTIGATOR), due_on=later_than(task, 2), reason="月底结账")
    assert Notification.objects.filter(user=person, kind="consult_extended").count() == 1


def test_a_question_starts_a_clock_of_its_own_beside_the_investigations() -> None:
    task = consult()
    clock = clock_of(task)
    assert clock.state == ClockState.RUNNING
    assert clock.due_at == task.due_at > now()
    kinds = set(
        Clock.objects.filter(case=task.case, state="running").values_list("kind", flat=True)
    )
    assert kinds >= {"investigation", "consult"}


def test_the_answer_stops_only_its_own_clock_and_tells_who_asked() -> None:
    case, asking = investigating_case(), make_user(Role.INVESTIGATOR)
    task = consult(case, by=Actor.staff(asking))
    other = consult(case)
    answered = answer_consult(
        task, by=Actor.partner(), text="抽检合格。", name="李工", files=[report()]
    )
    assert answered.status == ConsultStatus.ANSWERED
    assert clock_of(task).state == ClockState.STOPPED
    assert clock_of(other).state == ClockState.RUNNING
    assert Notification.objects.filter(user=asking, kind="consult_answered").count() == 1


def test_files_of_an_answer_lie_in_the_vault_with_custody_and_not_before_the_consumer() -> None:
    task = consult()
    answer_consult(task, by=Actor.partner(), text="见附件。", name="李工", files=[report()])
    held = ConsultTask.objects.get(pk=task.pk).files.get()
    assert (held.case_id, held.for_consumer, held.uploaded_by_kind) == (
        task.case_id,
        False,
        "partner",
    )
    assert CustodyEntry.objects.get(evidence=held).kind == "received"


def test_an_answer_is_given_once_and_never_changed() -> None:
    task = consult()
    answer_consult(task, by=Actor.partner(), text="一", name="李工")
    with pytest.raises(CaseError, match="已经答复"):
        answer_consult(task, by=Actor.partner(), text="二", name="李工")
    with pytest.raises(DatabaseError), transaction.atomic():
        ConsultTask.objects.filter(pk=task.pk).update(answer="三")
    assert ConsultTask.objects.get(pk=task.pk).answer == "一"


def test_asking_twice_with_one_nonce_is_one_task() -> None:
    case, by, nonce = investigating_case(), staff(Role.INVESTIGATOR), uuid4()
    first = ask_consult(case, by=by, question=question(), nonce=nonce)
    again = ask_consult(case, by=by, question=question(), nonce=nonce)
    assert first.pk == again.pk
    assert OutboxMessage.objects.filter(kind="consult_invited").count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"question": " "}, "question"),
        ({"addressee": Addressee.CONSUMER}, "addressee"),
        ({"addressee": Addressee.DEPARTMENT}, "department"),
        ({"addressee": Addressee.ROLE, "role": "king"}, "role"),
        ({"party_name": " "}, "party_name"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_what_is_missing_is_named_and_leaves_nothing(fields: dict[str, str], field: str) -> None:
    case = investigating_case()
    with pytest.raises(CaseError) as refusal:
        consult(case, **fields)
    assert refusal.value.field == field
    assert not ConsultTask.objects.exists()
    assert not Clock.objects.filter(kind=ClockKind.CONSULT).exists()


@pytest.mark.parametrize("days", [-1, 61])
def test_days_that_passed_or_lie_too_far_are_refused(days: int) -> None:
    day = working_calendar().local_date(now()) + timedelta(days=days)
    with pytest.raises(CaseError) as refusal:
        consult(due_on=day)
    assert refusal.value.field == "due_on"


@pytest.mark.parametrize("field", ["question", "facts"])
def test_the_consumer_is_not_named_to_an_outside_party(field: str) -> None:
    case = investigating_case()
    told = {"question": "请说明。", field: f"消费者{case.consumer.contact['name']}来信说坏了。"}
    with pytest.raises(CaseError) as refusal:
        consult(case, **told)
    assert refusal.value.field == field
    assert consult(case, addressee=Addressee.ROLE, role=Role.AGENT, **told).pk


def test_tasks_for_a_department_are_its_peoples_and_nobody_elses() -> None:
    team = make_team()
    member, stranger = make_user(Role.AGENT, team=team), make_user(Role.AGENT)
    task = consult(addressee=Addressee.DEPARTMENT, department=team.department)
    assert list(consults_for(member)) == [task]
    assert not consults_for(stranger).exists()
    with pytest.raises(StepForbidden):
        answer_consult(task, by=Actor.staff(stranger), text="我来答")
    answer_consult(task, by=Actor.staff(member), text="查过了，当天断货。")
    assert not consults_for(member).exists()


def test_an_outside_party_can_not_answer_for_a_department() -> None:
    task = consult(addressee=Addressee.ROLE, role=Role.AGENT)
    with pytest.raises(StepForbidden):
        answer_consult(task, by=Actor.partner(), text="我来答", name="谁")


def test_a_link_ends_by_its_day_by_revoking_and_with_the_investigation() -> None:
    task = consult()
    secret = secret_of(task)
    link = link_of_secret(secret)
    assert link is not None
    assert not link_is_over(link)
    with shifted_to(link.expires_at):
        assert link_is_over(link)
    revoke_consult(task, by=staff(Role.INVESTIGATOR), reason="问错了")
    revoked = link_of_secret(secret)
    assert revoked is not None
    assert link_is_over(revoked)
    assert clock_of(task).state == ClockState.STOPPED


def test_a_new_link_closes_the_old_one() -> None:
    task = consult()
    old = secret_of(task)
    renew_link(task, by=staff(Role.INVESTIGATOR))
    new = secret_of(ConsultTask.objects.get(pk=task.pk))
    before, after = link_of_secret(old), link_of_secret(new)
    assert before is not None and after is not None
    assert link_is_over(before)
    assert not link_is_over(after)


def test_secrets_are_stored_only_hashed() -> None:
    task = consult()
    assert secret_of(task) not in str(task.links.values().get())


def test_the_finding_ends_what_was_not_answered() -> None:
    case = investigating_case()
    task = consult(case)
    hear_respondent(case)
    determine_liability(case, by=staff(Role.INVESTIGATOR), finding=liable())
    assert clock_of(task).state == ClockState.STOPPED
    link = link_of_secret(secret_of(task))
    assert link is not None
    assert link_is_over(link)
    with pytest.raises(CaseError, match="调查已经结束"):
        answer_consult(task, by=Actor.partner(), text="晚了", name="李工")


def test_each_rung_reminds_once_and_lateness_reaches_who_asked() -> None:
    case, asking = investigating_case(), make_user(Role.INVESTIGATOR)
    task = consult(case, by=Actor.staff(asking))
    with shifted_to(task.due_at + timedelta(minutes=1)):
        sweep()
        assert remind_consulted() >= 1
        assert remind_consulted() == 0
    assert OutboxMessage.objects.filter(kind="consult_reminded").exists()
    assert Notification.objects.filter(user=asking, kind="consult_late").count() == 1
    assert not AccountabilityItem.objects.filter(case=case).exists()


def test_an_answer_that_was_asked_for_as_statement_is_heard() -> None:
    task = consult(asks_statement=True)
    served = Statement.objects.get()
    assert (served.name, served.heard_at, served.answer_by) == ("恒达温控", None, task.due_at)
    answer_consult(task, by=Actor.partner(), text="温控器是我们的问题。", name="李工")
    heard = Statement.objects.latest("id")
    assert (heard.name, heard.text, heard.party) == (
        "恒达温控",
        "温控器是我们的问题。",
        "respondent",
    )


def test_evidence_of_another_case_is_refused_by_the_database() -> None:
    task, other = consult(), consult()
    answer_consult(task, by=Actor.partner(), text="见附件。", name="李工", files=[report()])
    held = ConsultTask.objects.get(pk=task.pk).files.get()
    with pytest.raises(DatabaseError, match="another case"), transaction.atomic():
        other.files.add(held)
