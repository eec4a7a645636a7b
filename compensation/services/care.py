"""Care tasks: opened from the template, given to somebody, reminded of, done or not needed.

A note is sealed under the consumer's key: when the person is erased it can't be read any more.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from compensation.models import CareCause, CareKind, CareLook, CareTask, CareTemplate
from compensation.selectors.care import (
    care_of,
    cases_without_care,
    causes_of,
    may_read_note,
    template_lines,
    unbooked_care,
)
from compensation.selectors.funds import finance_staff
from compensation.services.funds import FundShort, pay_care, reserve_for_offers
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.people import managers_of
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff

LONGEST_NOTE = 3000
REMIND_BEFORE = timedelta(hours=2)
Status = CareTask.Status


def open_waiting(*, limit: int = 100) -> int:
    """Open the tasks of cases that ask for care; returns how many cases. Safe to run at once."""
    return sum(bool(start_care(case, by=Actor.system())) for case in cases_without_care()[:limit])


@transaction.atomic
def start_care(case: Case, *, by: Actor, cause: str = "") -> list[CareTask]:
    """Open what the template asks for, for one cause or for all that the case tells.

    Where two causes ask for the same thing the earlier moment counts. What is open stays as it is.
    Raises CaseError for an unknown cause, StepForbidden for staff who handle no cases.
    """
    if by.user is not None and not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    if cause and cause not in CareCause.values:
        raise CaseError(_("请选一项"), field="cause")
    case = locked_case(case)
    causes = [cause] if cause else causes_of(case)
    held = set(care_of(case).values_list("kind", flat=True))
    wanted: dict[str, CareTemplate] = {}
    for line in template_lines().filter(cause__in=causes, is_active=True).order_by("hours", "pk"):
        if line.kind not in held:
            wanted.setdefault(line.kind, line)
    moment = now()
    tasks = CareTask.objects.bulk_create(
        CareTask(
            case=case,
            cause=line.cause,
            kind=line.kind,
            guidance=line.guidance,
            most_cost=line.most_cost,
            owner=case.owner,
            opened_at=moment,
            due_at=moment + timedelta(hours=line.hours),
        )
        for line in wanted.values()
    )
    if tasks:
        reserve_for_offers(case, by=by)
        case = touch(case, "care_opened", by=by, data={"kinds": sorted(wanted), "causes": causes})
        tell_staff(
            case,
            "care_opened",
            users=_responsible(case, case.owner),
            key=f"care:{case.pk}:{case.event_count}",
        )
    return tasks


def _responsible(case: Case, owner: User | None) -> list[User]:
    return [owner] if owner is not None and owner.is_active else managers_of(case)


def _locked(task: CareTask) -> tuple[Case, CareTask]:
    case = locked_case(task.case)
    fresh = CareTask.objects.select_for_update(of=("self",)).select_related("owner").get(pk=task.pk)
    fresh.case = case
    return case, fresh


def _handler(by: Actor, task: CareTask) -> User:
    if by.user is None or not (
        has_permission(by, Permission.HANDLE_CASE) or by.user.pk == task.owner_id
    ):
        raise StepForbidden(_("你的角色不能做这件事。"))
    return by.user


@transaction.atomic
def give_care_to(task: CareTask, *, by: Actor, owner: User) -> CareTask:
    """Make somebody responsible for a task, and tell them. Raises CaseError when it is closed."""
    case, task = _locked(task)
    user = _handler(by, task)
    if task.status != Status.OPEN:
        raise CaseError(_("这件事已经办完了。"))
    if not owner.is_active:
        raise CaseError(_("这位同事已经不在岗。"), field="owner")
    if task.owner_id == owner.pk:
        return task
    task.owner = owner
    task.save(update_fields=["owner"])
    data = {"task": task.pk, "kind": task.kind, "owner": owner.pk}
    case = touch(case, "care_given", by=by, data=data)
    if owner.pk != user.pk:
        key = f"care:{task.pk}:{case.event_count}"
        tell_staff(case, "care_given", users=[owner], key=key, data={"task": task.pk})
    return task


@transaction.atomic
def finish_care(
    task: CareTask, *, by: Actor, cost: Decimal = Decimal(0), note: str = ""
) -> CareTask:
    """Say that a task was done, what it cost, and what only a few should read.

    The cost is booked to the case's fund; where that has too little, finance is told and it is
    booked later. Raises CaseError for a cost that can't be or is over the template's limit (a
    manager may go beyond it), and when it is closed.
    """
    case, task = _locked(task)
    _handler(by, task)
    if not cost.is_finite() or cost < 0 or cost != cost.quantize(Decimal("0.01")):
        raise CaseError(_("金额不能小于 0，最多两位小数。"), field="cost")
    if cost > Decimal("99999999"):
        raise CaseError(_("金额太大，请核对。"), field="cost")
    if cost > task.most_cost and not has_permission(by, Permission.READ_CARE_NOTES):
        raise CaseError(
            _("超过模板的费用上限 %(most)s，要由主管登记。") % {"most": task.most_cost},
            field="cost",
        )
    return _close(case, task, Status.DONE, by=by, cost=cost, note=note)


@transaction.atomic
def skip_care(task: CareTask, *, by: Actor, reason: str) -> CareTask:
    """Say why a task is not needed. Raises CaseError without a reason, and when it is closed."""
    case, task = _locked(task)
    _handler(by, task)
    if not reason.strip():
        raise CaseError(_("请写明理由。"), field="reason")
    task.reason = reason.strip()[:300]
    return _close(case, task, Status.NOT_NEEDED, by=by)


def _close(
    case: Case,
    task: CareTask,
    status: str,
    *,
    by: Actor,
    cost: Decimal = Decimal(0),
    note: str = "",
) -> CareTask:
    if task.status != Status.OPEN:
        raise CaseError(_("这件事已经办完了。"))
    if len(note) > LONGEST_NOTE:
        raise CaseError(_("内容太长，最多 %(most)d 字。") % {"most": LONGEST_NOTE}, field="note")
    task.status, task.cost = status, cost
    task.closed_by, task.closed_at = by.person, now()
    if note.strip():
        task.note_sealed = sealing.seal(case.consumer.key_sealed, {"note": note.strip()})
    task.save()
    case = touch(
        case, "care_closed", by=by, data={"task": task.pk, "kind": task.kind, "status": status}
    )
    if not _book(case, task, by=by):
        tell_staff(
            case,
            "care_unbooked",
            users=finance_staff(),
            key=f"care_unbooked:{task.pk}",
            data={"task": task.pk},
        )
    reserve_for_offers(case, by=by)
    return task


def _book(case: Case, task: CareTask, *, by: Actor) -> bool:
    """Book a finished task's cost to the case's fund; say whether nothing is left to book."""
    if not task.cost:
        return True
    try:
        with transaction.atomic():
            pay_care(case, by=by, amount=task.cost, key=f"care:{task.pk}")
    except FundShort:
        return False
    task.booked_at = now()
    task.save(update_fields=["booked_at"])
    return True


def book_waiting(*, limit: int = 100) -> int:
    """Book the costs that a fund had too little for; returns how many. Safe to run twice."""
    return sum(_book_later(row) for row in unbooked_care()[:limit])


@transaction.atomic
def _book_later(row: CareTask) -> bool:
    case, task = _locked(row)
    return task.booked_at is None and _book(case, task, by=Actor.system())


@transaction.atomic
def read_note(task: CareTask, *, by: Actor) -> str:
    """Return a task's note, and write down who read it. Raises StepForbidden without the right.

    "" where nothing was written, or the consumer's data were erased.
    """
    task = CareTask.objects.select_related("case__consumer").get(pk=task.pk)
    if not may_read_note(task, by):
        raise StepForbidden(_("备注只给办这件事的人和主管看。"))
    CareLook.objects.create(task=task, by=by.person, at=now())
    told = sealing.unseal(task.case.consumer.key_sealed, task.note_sealed)
    return str(told["note"]) if told else ""


def remind_care(*, limit: int = 200) -> int:
    """Tell who is responsible that a task is due soon, or late (managers too), each once."""
    moment = now()
    due = Q(reminded_at=None, due_at__lte=moment + REMIND_BEFORE)
    late = Q(late_told_at=None, due_at__lte=moment)
    rows = CareTask.objects.filter(due | late, status=Status.OPEN).order_by("due_at")[:limit]
    return sum(_remind(task) for task in rows.select_related("case"))


@transaction.atomic
def _remind(row: CareTask) -> bool:
    case, task = _locked(row)
    moment, told = now(), False
    if task.status != Status.OPEN or not case.is_open:
        return False
    data = {"task": task.pk}
    if task.due_at <= moment and task.late_told_at is None:
        people = {user.pk: user for user in [*_responsible(case, task.owner), *managers_of(case)]}
        tell_staff(
            case, "care_late", users=list(people.values()), key=f"care_late:{task.pk}", data=data
        )
        task.late_told_at, task.reminded_at, told = moment, task.reminded_at or moment, True
    elif task.reminded_at is None:
        users = _responsible(case, task.owner)
        tell_staff(case, "care_due", users=users, key=f"care_due:{task.pk}", data=data)
        task.reminded_at, told = moment, True
    task.save(update_fields=["reminded_at", "late_told_at"])
    return told


def change_template(
    line: CareTemplate, *, by: Actor, hours: int, most_cost: Decimal, guidance: str, is_active: bool
) -> CareTemplate:
    """Change a line of the template; tasks that are open stay as they are."""
    _editor(by)
    if not 1 <= hours <= 720:
        raise CaseError(_("小时数要在 1 到 720 之间。"), field="hours")
    if most_cost < 0:
        raise CaseError(_("金额不能小于 0，最多两位小数。"), field="most_cost")
    line.hours, line.most_cost = hours, most_cost
    line.guidance, line.is_active = guidance.strip(), is_active
    line.save()
    return line


def add_template_line(
    *, by: Actor, cause: str, kind: str, hours: int, most_cost: Decimal, guidance: str = ""
) -> CareTemplate:
    """Add a line to the template. Raises CaseError for one that is there, or can't be."""
    _editor(by)
    if cause not in CareCause.values or kind not in CareKind.values:
        raise CaseError(_("请选一项"), field="kind")
    if CareTemplate.objects.filter(cause=cause, kind=kind).exists():
        raise CaseError(_("模板里已经有这一项。"), field="kind")
    line = CareTemplate(cause=cause, kind=kind)
    return change_template(
        line, by=by, hours=hours, most_cost=most_cost, guidance=guidance, is_active=True
    )


def _editor(by: Actor) -> None:
    if by.user is None or not has_permission(by, Permission.MANAGE_TEMPLATES):
        raise StepForbidden(_("你的角色不能修改模板。"))
