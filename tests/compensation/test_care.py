"""Care: opened from the template, dated, with owner and cost; notes are for few; words for all."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from compensation.models import CareLook, CareTask, CareTemplate, PublicStatement
from compensation.services.care import (
    add_template_line,
    change_template,
    finish_care,
    give_care_to,
    open_waiting,
    read_note,
    remind_care,
    skip_care,
    start_care,
)
from compensation.services.statements import (
    approve_statement,
    drop_statement,
    publish_statement,
    submit_statement,
)
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Notification
from complaints.moments import shift_to
from complaints.services.triage import classify
from tests.factories import make_case, make_team, make_user, staff
from tests.liability.doors import staff_client

pytestmark = pytest.mark.django_db
BURNT = "插上电就起火，妈妈的手烫伤了，住不了人，去了医院。"


@pytest.fixture(autouse=True)
def company() -> None:
    make_team(manager=make_user(Role.MANAGER), is_default=True)


def cared(**fields: Any) -> Case:
    """A case with care tasks that the sweep opened."""
    case = make_case(description=BURNT, danger=True, **fields)
    assert open_waiting() == 1
    return case


def task_of(case: Case, kind: str = "counselling") -> CareTask:
    return CareTask.objects.get(case=case, kind=kind)


def statement(case: Case, **fields: Any) -> PublicStatement:
    words = {"kind": "apology", "title": "致歉", "text": "我们做错了，正在召回。", **fields}
    return submit_statement(case, by=words.pop("by", None) or staff(Role.AGENT), **words)


def test_fire_and_injury_open_what_the_template_says_once() -> None:
    case = cared()

    kinds = set(CareTask.objects.filter(case=case).values_list("kind", flat=True))
    assert kinds == {
        "contact", "executive_call", "apology", "gift", "counselling", "lodging", "home_visit",
    }  # fmt: skip
    lodging = task_of(case, "lodging")
    assert lodging.due_at - lodging.opened_at == timedelta(hours=4)
    assert task_of(case).due_at - task_of(case).opened_at == timedelta(hours=48)
    assert (open_waiting(), start_care(case, by=Actor.system())) == (0, [])


def test_an_ordinary_case_opens_nothing_and_a_severe_one_does() -> None:
    case = make_case()
    assert open_waiting() == 0

    classify(case, by=staff(Role.AGENT), severity="severe")

    assert open_waiting() == 1
    assert set(CareTask.objects.values_list("cause", flat=True)) == {"severe"}


def test_care_by_hand_names_a_known_cause() -> None:
    case = make_case()
    with pytest.raises(CaseError):
        start_care(case, by=staff(Role.AGENT), cause="boredom")
    with pytest.raises(StepForbidden):
        start_care(case, by=staff(Role.FINANCE), cause="injury")

    assert len(start_care(case, by=staff(Role.AGENT), cause="injury")) == 6


def test_owner_is_told_and_does_it() -> None:
    case, doctor = cared(), make_user(Role.INVESTIGATOR)
    task = give_care_to(task_of(case), by=staff(Role.AGENT), owner=doctor)
    assert Notification.objects.filter(user=doctor, kind="care_given").count() == 1

    done = finish_care(task, by=Actor.staff(doctor), cost=Decimal("800.00"), note="愿意每周一次")

    assert (done.status, done.cost, done.closed_by) == ("done", Decimal("800.00"), doctor)
    with pytest.raises(CaseError):
        skip_care(done, by=staff(Role.AGENT), reason="重复")


@pytest.mark.parametrize("cost", ["-1", "0.001", "3000.01", "1e12", "NaN"])
def test_costs_that_cannot_be_or_are_over_the_limit_are_refused(cost: str) -> None:
    case = cared()

    with pytest.raises(CaseError):
        finish_care(task_of(case), by=staff(Role.AGENT), cost=Decimal(cost))

    assert task_of(case).status == "open"


def test_a_manager_goes_beyond_the_limit() -> None:
    task = finish_care(task_of(cared()), by=staff(Role.MANAGER), cost=Decimal("3000.01"))

    assert task.cost == Decimal("3000.01")


def test_not_needed_says_why() -> None:
    case = cared()
    with pytest.raises(CaseError):
        skip_care(task_of(case, "lodging"), by=staff(Role.AGENT), reason=" ")

    assert skip_care(task_of(case, "lodging"), by=staff(Role.AGENT), reason="房子没事").reason


def test_notes_are_sealed_and_every_look_is_written_down() -> None:
    agent, manager = staff(Role.AGENT), staff(Role.MANAGER)
    task = finish_care(task_of(cared()), by=agent, note="晚上睡不着")
    assert "睡不着".encode() not in bytes(task.note_sealed)

    for stranger in (Role.AGENT, Role.APPROVER, Role.FINANCE, Role.INVESTIGATOR):
        with pytest.raises(StepForbidden):
            read_note(task, by=staff(stranger))
    assert not CareLook.objects.exists()
    assert read_note(task, by=manager) == read_note(task, by=agent) == "晚上睡不着"

    assert [look.by for look in CareLook.objects.order_by("pk")] == [manager.user, agent.user]
    with pytest.raises(IntegrityError), transaction.atomic():
        CareLook.objects.all().delete()


def test_who_is_late_is_told_once_and_the_manager_too() -> None:
    case, owner = cared(), make_user(Role.AGENT)
    task = give_care_to(task_of(case), by=staff(Role.AGENT), owner=owner)
    shift_to(task.due_at - timedelta(minutes=30))
    remind_care()
    assert Notification.objects.filter(user=owner, kind="care_due").count() == 1

    shift_to(task.due_at + timedelta(minutes=1))
    remind_care()
    remind_care()

    assert Notification.objects.filter(kind="care_late", data__task=task.pk).count() == 2
    assert Notification.objects.filter(kind="care_due", data__task=task.pk).count() == 1


def test_the_template_is_a_managers_and_changes_only_what_comes() -> None:
    case, line = cared(), CareTemplate.objects.get(cause="fire", kind="lodging")
    new: dict[str, Any] = {
        "hours": 2,
        "most_cost": Decimal("9000"),
        "guidance": "先住下",
        "is_active": True,
    }
    with pytest.raises(StepForbidden):
        change_template(line, by=staff(Role.AGENT), **new)

    change_template(line, by=staff(Role.MANAGER), **new)
    change_template(
        CareTemplate.objects.get(cause="fire", kind="apology"),
        by=staff(Role.MANAGER),
        **{**new, "is_active": False},
    )

    assert task_of(case, "lodging").most_cost == Decimal("6000.00")
    other = make_case(description="插上电就起火冒烟。", danger=True)
    start_care(other, by=Actor.system(), cause="fire")
    assert task_of(other, "lodging").most_cost == Decimal("9000.00")
    assert not CareTask.objects.filter(case=other, kind="apology").exists()
    with pytest.raises(CaseError):
        add_template_line(
            by=staff(Role.MANAGER), cause="fire", kind="lodging", hours=3, most_cost=Decimal(0)
        )


def test_public_words_need_two_others_and_never_change() -> None:
    author, first, second = staff(Role.MANAGER), staff(Role.APPROVER), staff(Role.MANAGER)
    made = statement(cared(), by=author)
    with pytest.raises(StepForbidden):
        approve_statement(made, by=author, seen_digest=made.digest)
    with pytest.raises(CaseError):
        approve_statement(made, by=first, seen_digest="0" * 64)
    with pytest.raises(CaseError):
        publish_statement(made, by=author)

    approve_statement(made, by=first, seen_digest=made.digest)
    with pytest.raises(StepForbidden):
        approve_statement(made, by=first, seen_digest=made.digest)
    with pytest.raises(CaseError):
        publish_statement(made, by=author)
    approve_statement(made, by=second, seen_digest=made.digest)
    published = publish_statement(made, by=author)

    assert published.status == "published"
    for change in ("text = '没有这回事'", "first_by_id = made_by_id", "status = 'draft'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE compensation_publicstatement SET {change}")
    assert "我们做错了" in Client().get(reverse("compensation:statements")).content.decode()
    drop_statement(published, by=first, reason="内容有新进展，另发")
    assert "我们做错了" not in Client().get(reverse("compensation:statements")).content.decode()


def test_public_words_name_nobody() -> None:
    for text in ("向周小华道歉", "电话 13812345678"):
        with pytest.raises(CaseError):
            statement(make_case(), text=text)
    with pytest.raises(CaseError):
        statement(make_case(), title=" ")


def test_the_pages_work() -> None:
    case = cared()
    client = staff_client(Role.AGENT)
    url = reverse("compensation:care", args=[case.reference])
    task = task_of(case)

    assert "心理疏导" in client.get(url).content.decode()
    refused = client.post(url, {"what": "done", "task": task.pk, "cost": "-1"})
    assert refused.status_code == 422
    said = {"what": "done", "task": task.pk, "cost": "10.00", "note": "说了很久"}
    assert client.post(url, said).status_code == 303
    assert "说了很久" not in client.get(url).content.decode()
    note = client.post(reverse("compensation:care_note", args=[case.reference, task.pk]))
    assert "说了很久" in note.content.decode()
    other = staff_client(Role.APPROVER)
    hidden = other.post(reverse("compensation:care_note", args=[case.reference, task.pk]))
    assert hidden.status_code == 403
    assert case.reference in client.get(reverse("compensation:care_list")).content.decode()
    template = staff_client(Role.MANAGER).get(reverse("compensation:care_template"))
    assert "临时住宿" in template.content.decode()
