"""An incident that nobody decides and a task whose day comes are told of, each rung once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Notification, OutboxMessage
from complaints.moments import now, shift_to
from liability.models import Incident, IncidentReminder, IncidentTask
from liability.services.incident_reminders import due_moment, remind_incidents
from liability.services.incidents import (
    TaskData,
    add_incident_task,
    decide_incident,
    finish_incident_task,
    watch_batches,
)
from liability.states import IncidentTaskKind
from liability.tasks import remind_of_incidents
from tests.factories import make_user, staff
from tests.liability.makers import batch_surge

pytestmark = pytest.mark.django_db


@pytest.fixture
def raised() -> Incident:
    batch_surge()
    watch_batches()
    return Incident.objects.get()


def kinds(user: User) -> list[str]:
    rows = Notification.objects.filter(user=user, kind__startswith="incident_").order_by("pk")
    return [kind for kind in rows.values_list("kind", flat=True) if kind != "incident_raised"]


def given(raised: Incident, owner: User, by: Actor) -> IncidentTask:
    decide_incident(raised, confirmed=True, reason="同一班组", by=by)
    day = timezone.localdate(now()) + timedelta(days=2)
    task = TaskData(kind=IncidentTaskKind.RECALL, owner=owner, due_on=day)
    return add_incident_task(raised, task, by=by)


def test_task_is_due_at_the_end_of_its_day():
    task = IncidentTask(due_on=datetime(2026, 11, 30).date())
    assert due_moment(task) == datetime(2026, 12, 1, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_task_climbs_from_its_owner_to_the_managers(raised):
    owner, boss, other = (
        make_user(Role.AGENT),
        make_user(Role.INVESTIGATOR),
        make_user(Role.MANAGER),
    )
    task = given(raised, owner, Actor.staff(boss))
    assert kinds(owner) == ["incident_task"]
    assert remind_incidents() == 0
    shift_to(due_moment(task) - timedelta(hours=20))
    assert (remind_incidents(), remind_incidents()) == (1, 0)
    assert kinds(owner) == ["incident_task", "incident_task_due"]
    shift_to(due_moment(task) + timedelta(minutes=1))
    assert remind_of_incidents() == 1
    assert (kinds(owner)[2:], kinds(boss)) == (["incident_task_late"], ["incident_task_late"])
    assert kinds(other) == []
    shift_to(due_moment(task) + timedelta(days=1))
    assert remind_incidents() == 1
    assert kinds(other) == ["incident_task_late"]
    shift_to(due_moment(task) + timedelta(days=30))
    assert (remind_incidents(), remind_incidents()) == (1, 0)
    assert OutboxMessage.objects.filter(kind="incident_task_late").exists()


def test_sweep_that_was_away_tells_once(raised):
    owner = make_user(Role.AGENT)
    task = given(raised, owner, staff(Role.MANAGER))
    shift_to(due_moment(task) + timedelta(days=9))
    assert (remind_incidents(), remind_incidents()) == (1, 0)
    assert kinds(owner) == ["incident_task", "incident_task_late"]
    assert IncidentReminder.objects.filter(task=task).count() == 4


def test_finished_task_is_quiet(raised):
    owner = make_user(Role.AGENT)
    task = given(raised, owner, staff(Role.MANAGER))
    finish_incident_task(task, result="完成", by=Actor.staff(owner))
    shift_to(due_moment(task) + timedelta(days=5))
    assert remind_incidents() == 0


def test_alarm_that_nobody_decides_is_told_then_higher_up(raised):
    investigator, manager = make_user(Role.INVESTIGATOR), make_user(Role.MANAGER)
    assert remind_incidents() == 0
    shift_to(raised.raised_at + timedelta(days=1, minutes=1))
    assert (remind_incidents(), remind_incidents()) == (1, 0)
    shift_to(raised.raised_at + timedelta(days=3, minutes=1))
    assert remind_incidents() == 1
    assert kinds(investigator) == ["incident_undecided"]
    assert kinds(manager) == ["incident_undecided"] * 2


def test_decided_alarm_is_quiet(raised):
    decide_incident(raised, confirmed=False, reason="重复", by=staff(Role.MANAGER))
    shift_to(raised.raised_at + timedelta(days=4))
    assert remind_incidents() == 0


def test_people_who_left_are_not_told(raised):
    owner = make_user(Role.AGENT)
    task = given(raised, owner, staff(Role.MANAGER))
    User.objects.filter(pk=owner.pk).update(is_active=False)
    shift_to(due_moment(task) + timedelta(days=1))
    remind_incidents()
    assert kinds(owner) == ["incident_task"]
