"""Incidents that wait for a decision, and tasks whose day comes: told in time, then higher up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.states import Role
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import PERMISSION_ROLES, Permission
from complaints.services.outbox import tell_staff
from liability.models import Incident, IncidentReminder, IncidentTask
from liability.states import IncidentState

SOON, DUE, LATE, STILL_LATE = "soon", "due", "late", "still_late"
DECIDE, DECIDE_LATE = "decide", "decide_late"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Rung:
    name: str
    at: datetime


def due_moment(task: IncidentTask) -> datetime:
    """Return when a task is overdue: at the end of its day."""
    return timezone.make_aware(datetime.combine(task.due_on + _DAY, time()))


def _rungs_of_task(task: IncidentTask) -> list[_Rung]:
    due = due_moment(task)
    after = ((SOON, -_DAY), (DUE, timedelta()), (LATE, _DAY), (STILL_LATE, 3 * _DAY))
    return [_Rung(name, due + by) for name, by in after]


def _rungs_of_decision(incident: Incident) -> list[_Rung]:
    raised = incident.raised_at
    return [_Rung(DECIDE, raised + _DAY), _Rung(DECIDE_LATE, raised + 3 * _DAY)]


def remind_incidents() -> int:
    """Tell of every rung that was reached, the highest one of each thing; returns how many.

    Safe twice and side by side: each rung is remembered with the lock on what it is about.
    """
    waiting = Incident.objects.filter(state=IncidentState.RAISED, raised_at__lte=now() - _DAY)
    tasks = IncidentTask.objects.filter(
        done_at__isnull=True,
        incident__state=IncidentState.CONFIRMED,
        due_on__lte=timezone.localdate(now()),
    )
    decisions = sum(
        _remind_decision(pk) for pk in waiting.order_by("pk").values_list("pk", flat=True)
    )
    return decisions + sum(
        _remind_task(pk) for pk in tasks.order_by("pk").values_list("pk", flat=True)
    )


@transaction.atomic
def _remind_decision(pk: int) -> bool:
    incident = Incident.objects.select_for_update().get(pk=pk)
    if incident.state != IncidentState.RAISED:
        return False
    rung = _climbed(incident, None, _rungs_of_decision(incident))
    if not rung:
        return False
    managers = [Role.MANAGER]
    roles = sorted(PERMISSION_ROLES[Permission.INVESTIGATE]) if rung == DECIDE else managers
    _tell(incident, "incident_undecided", _people(roles), f"incident:{pk}:{rung}")
    return True


@transaction.atomic
def _remind_task(pk: int) -> bool:
    task = IncidentTask.objects.select_for_update().get(pk=pk)
    incident = task.incident
    if task.done_at is not None or incident.state != IncidentState.CONFIRMED:
        return False
    rung = _climbed(incident, task, _rungs_of_task(task))
    if not rung:
        return False
    users = {person.pk: person for person in _people_told(task, rung) if person.is_active}
    kind = "incident_task_due" if rung == SOON else "incident_task_late"
    _tell(incident, kind, list(users.values()), f"incident-task:{pk}:{rung}", task=pk)
    return True


def _climbed(incident: Incident, task: IncidentTask | None, rungs: Sequence[_Rung]) -> str:
    """Remember all rungs reached and return the highest one, "" if it was told before."""
    reached = [rung.name for rung in rungs if rung.at <= now()]
    told = set(
        IncidentReminder.objects.filter(incident=incident, task=task).values_list("rung", flat=True)
    )
    if not reached or reached[-1] in told:
        return ""
    IncidentReminder.objects.bulk_create(
        IncidentReminder(incident=incident, task=task, rung=name, at=now())
        for name in reached
        if name not in told
    )
    return reached[-1]


def _people_told(task: IncidentTask, rung: str) -> list[User]:
    """The owner; from the breach on also whoever gave the task; from a day later the managers."""
    people = [task.owner]
    if rung != SOON:
        people.append(task.created_by)
    if rung in (LATE, STILL_LATE):
        people += _people([Role.MANAGER])
    return people


def _people(roles: Sequence[str]) -> list[User]:
    return list(User.objects.filter(is_active=True, roles__overlap=list(roles)).order_by("pk"))


def _tell(incident: Incident, kind: str, users: list[User], key: str, **data: int) -> None:
    case = Case.objects.filter(incidents=incident).order_by("-pk").first()
    told = {"incident": incident.pk, **data}
    tell_staff(case, kind, users=users, key=key, data=told, by_mail=case is not None)
