"""Batch incidents: raised by the alarm over our own cases, decided and carried on by people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.cases import touch
from complaints.services.outbox import tell_staff
from complaints.states import FINAL_STAGES, Scope
from liability.detection import Alarm, detect
from liability.models import Incident, IncidentCase, IncidentTask
from liability.selectors.watching import Watch, watches
from liability.states import IncidentState, IncidentTaskKind

RECENT = timedelta(days=90)
"""Alarms of the past that are older are history: nobody is told of them today."""
_OPEN = (IncidentState.RAISED, IncidentState.CONFIRMED)


def watch_batches() -> int:
    """Look for surges in all cases, raise incidents, gather new cases; returns how many raised.

    Safe twice and side by side: of the same surge there is one incident.
    """
    raised = 0
    for watch in watches():
        for alarm in detect(watch.complaints, units=watch.units):
            if date.fromordinal(alarm.day) >= timezone.localdate(now()) - RECENT:
                raised += _raise(watch, alarm)
        _gather(watch)
    return raised


def _raise(watch: Watch, alarm: Alarm) -> bool:
    subject = {watch.subject: int(alarm.key[0])}
    cases = [int(name) for name in alarm.ids]
    if _is_known(subject, alarm.key[1], cases):
        return False
    try:
        with transaction.atomic():
            incident = _written(subject, alarm)
            _add_cases(incident, cases)
            _tell(incident, Case.objects.get(pk=cases[-1]))
    except IntegrityError:
        return False
    return True


def _is_known(subject: dict[str, int], fault: str, cases: Sequence[int]) -> bool:
    """Say whether there is an incident of the same surge: of the same thing and fault, or one that
    holds half of the cases by another name (a case was classified anew, the one bad batch of a
    supplier).
    """
    same = Incident.objects.filter(**subject, fault=fault)
    if same.filter(state__in=_OPEN).exists() or same.filter(members__case__in=cases).exists():
        return True
    held = (
        IncidentCase.objects.filter(case__in=cases).values("incident").annotate(count=Count("pk"))
    )
    return any(2 * row["count"] >= len(cases) for row in held)


def _written(subject: dict[str, int], alarm: Alarm) -> Incident:
    (field, subject_id), today = next(iter(subject.items())), date.fromordinal(alarm.day)
    return Incident.objects.create(
        **{f"{field}_id": subject_id},
        fault=alarm.key[1],
        alarm_on=today,
        since=today - timedelta(days=alarm.window - 1),
        count=alarm.count,
        expected=alarm.expected,
        statistic=alarm.statistic,
        season_source=alarm.season.source,
        season_factor=alarm.season.factor,
        by_units=alarm.by_units,
        raised_at=now(),
    )


def _tell(incident: Incident, case: Case) -> None:
    users = User.objects.filter(
        is_active=True, roles__overlap=[Role.MANAGER, Role.INVESTIGATOR]
    ).order_by("pk")
    key, data = f"incident:{incident.pk}", {"incident": incident.pk}
    tell_staff(case, "incident_raised", users=list(users), key=key, data=data)


def _add_cases(incident: Incident, cases: Iterable[int]) -> None:
    rows = [IncidentCase(incident=incident, case_id=pk) for pk in cases]
    IncidentCase.objects.bulk_create(rows, ignore_conflicts=True)


def _gather(watch: Watch) -> None:
    """Add cases that came since to the open incidents of the same thing and fault."""
    waiting = Incident.objects.filter(state__in=_OPEN, **{f"{watch.subject}__isnull": False})
    by_key: dict[tuple[str, ...], Incident] = {
        (str(getattr(each, f"{watch.subject}_id")), each.fault): each for each in waiting
    }
    joined: dict[int, list[int]] = {}
    for complaint in watch.everything:
        incident = by_key.get(complaint.key)
        if incident and complaint.day >= incident.since.toordinal():
            joined.setdefault(incident.pk, []).append(int(complaint.id))
    for incident in by_key.values():
        held = set(incident.members.values_list("case_id", flat=True))
        if fresh := [pk for pk in joined.get(incident.pk, []) if pk not in held]:
            with transaction.atomic():
                _add_cases(incident, fresh)
                if incident.state == IncidentState.CONFIRMED:
                    _widen(incident, fresh, by=Actor.system())


def _widen(incident: Incident, cases: Sequence[int], *, by: Actor) -> None:
    """Write into cases that still run that they are one of a batch; in order, against deadlock."""
    running = Case.objects.filter(pk__in=cases).exclude(stage__in=FINAL_STAGES).order_by("pk")
    for case in running:
        touch(
            case,
            "incident_joined",
            by=by,
            changes={"scope": Scope.BATCH},
            data={"incident": incident.pk},
        )


def _person(by: Actor) -> User:
    if by.user is None:
        raise StepForbidden(_("这一步要由人来做。"))
    return by.user


def _locked(incident: Incident, by: Actor, *states: str) -> Incident:
    if not has_permission(by, Permission.INVESTIGATE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    fresh = Incident.objects.select_for_update().get(pk=incident.pk)
    if fresh.state not in states:
        raise CaseError(_("这个事件刚刚有了变化，请看现在的状态再决定。"))
    return fresh


@transaction.atomic
def decide_incident(incident: Incident, *, confirmed: bool, reason: str, by: Actor) -> Incident:
    """Confirm or reject an alarm, with a reason. Confirmed, its running cases are of a batch.

    Raises CaseError when somebody decided before or no reason is given, StepForbidden.
    """
    fresh = _locked(incident, by, IncidentState.RAISED)
    state = IncidentState.CONFIRMED if confirmed else IncidentState.REJECTED
    fresh = _turned(fresh, state, reason, by)
    if confirmed:
        members = fresh.members.values_list("case_id", flat=True)
        _widen(fresh, list(members), by=by)
    return fresh


@transaction.atomic
def close_incident(incident: Incident, *, reason: str, by: Actor) -> Incident:
    """Close a confirmed incident, all of whose tasks are done. Raises CaseError, StepForbidden."""
    fresh = _locked(incident, by, IncidentState.CONFIRMED)
    if fresh.tasks.filter(done_at__isnull=True).exists():
        raise CaseError(_("还有任务没有完成，先完成任务再了结。"))
    return _turned(fresh, IncidentState.CLOSED, reason, by)


def _turned(incident: Incident, state: str, reason: str, by: Actor) -> Incident:
    if not reason.strip():
        raise CaseError(_("请写明理由。"), field="reason")
    incident.state, incident.reason = state, reason.strip()
    incident.decided_by, incident.decided_at = by.user, now()
    incident.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    return incident


@dataclass(frozen=True)
class TaskData:
    """What is to be done, by whom, until when."""

    kind: str
    owner: User
    due_on: date
    note: str = ""


@transaction.atomic
def add_incident_task(incident: Incident, task: TaskData, *, by: Actor) -> IncidentTask:
    """Give somebody a task of a confirmed incident; the same twice is one while it is open.

    Raises CaseError, StepForbidden.
    """
    fresh = _locked(incident, by, IncidentState.CONFIRMED)
    if task.due_on < timezone.localdate(now()):
        raise CaseError(_("完成期限不能早于今天。"), field="due_on")
    if task.kind == IncidentTaskKind.OTHER and not task.note.strip():
        raise CaseError(_("请写明要做什么。"), field="note")
    fields: dict[str, Any] = {"kind": task.kind, "owner": task.owner, "due_on": task.due_on}
    fields["note"] = task.note.strip()
    same = fresh.tasks.filter(done_at__isnull=True, **fields).first()
    if same is not None:
        return same
    made = IncidentTask.objects.create(
        incident=fresh, created_by=_person(by), created_at=now(), **fields
    )
    if task.owner != by.user:
        case = Case.objects.filter(incidents=fresh).order_by("-pk").first()
        data = {"incident": fresh.pk, "task": made.pk}
        key = f"incident-task:{made.pk}"
        tell_staff(case, "incident_task", users=[task.owner], key=key, data=data)
    return made


@transaction.atomic
def finish_incident_task(task: IncidentTask, *, result: str, by: Actor) -> IncidentTask:
    """Record what came of a task: by its owner, or by who may investigate. Raises CaseError."""
    fresh = IncidentTask.objects.select_for_update().get(pk=task.pk)
    if fresh.owner != by.user and not has_permission(by, Permission.INVESTIGATE):
        raise StepForbidden(_("这个任务不是你的。"))
    if fresh.done_at is not None:
        raise CaseError(_("这个任务已经完成了。"))
    if not result.strip():
        raise CaseError(_("请写明结果。"), field="result")
    fresh.done_at, fresh.done_by, fresh.result = now(), by.user, result.strip()
    fresh.save(update_fields=["done_at", "done_by", "result"])
    return fresh


@transaction.atomic
def record_incident_consent(
    member: IncidentCase, *, given: bool, source: str, by: Actor
) -> IncidentCase:
    """Record whether a case's consumer agrees to a plan common to the incident's cases.

    Raises CaseError without a source, StepForbidden.
    """
    _locked(member.incident, by, IncidentState.CONFIRMED)
    if not source.strip():
        raise CaseError(_("请写明消费者怎样表示的。"), field="source")
    fresh = IncidentCase.objects.select_for_update().get(pk=member.pk)
    fresh.consent, fresh.consent_source = given, source.strip()
    fresh.consent_at, fresh.recorded_by = now(), by.user
    fresh.save(update_fields=["consent", "consent_source", "consent_at", "recorded_by"])
    data = {"incident": fresh.incident_id, "given": given}
    touch(fresh.case, "incident_consent", by=by, data=data)
    return fresh
