"""Missed promises: an item opens by itself, its owner may explain, another manager decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.actors import Actor
from complaints.clock_arithmetic import Budget, LedgerEntry, due_moment
from complaints.errors import CaseError, StepForbidden
from complaints.models import AccountabilityItem, Case, Clock, Notification
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import team_calendar
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.states import AccountabilityStatus, BudgetUnit, LedgerAction

REPLY_DAYS = Decimal(3)
DECISION_DAYS = Decimal(3)


def _working_days_after(moment: datetime, days: Decimal, *, case: Case) -> datetime:
    budget, calendar = Budget(days, BudgetUnit.WORKING_DAYS), team_calendar(case.team_id)
    due = due_moment(budget, [LedgerEntry(LedgerAction.START, moment)], calendar)
    if due is None:
        raise RuntimeError("A clock that was only started is never paused.")
    return due


def _give_to(item: AccountabilityItem, owner: User | None, *, moment: datetime) -> None:
    item.owner = owner
    item.reply_by = item.decide_by = None
    if owner is not None:
        item.reply_by = _working_days_after(moment, REPLY_DAYS, case=item.case)
        item.decide_by = _working_days_after(item.reply_by, DECISION_DAYS, case=item.case)


def open_items(breaches: Sequence[tuple[Case, Clock]]) -> list[AccountabilityItem]:
    """Open the items of breaches and tell their owners on the desk; a breach's mail tells too.

    Whoever owns the case answers for it, else the team's manager, else nobody until a manager
    names somebody. The caller holds the Cases' locks.
    """
    moment = now()
    items = [
        AccountabilityItem(case=case, clock=clock, opened_at=moment) for case, clock in breaches
    ]
    for item in items:
        _give_to(item, item.case.owner or _manager_of(item.case), moment=moment)
    AccountabilityItem.objects.bulk_create(items)
    Notification.objects.bulk_create(
        Notification(
            user=item.owner,
            case=item.case,
            kind="accountability_opened",
            data=item_data(item),
            at=moment,
        )
        for item in items
        if item.owner is not None
    )
    return items


def _manager_of(case: Case) -> User | None:
    return case.team.manager if case.team else None


def item_told(clock: Clock) -> dict[str, object]:
    """Return what a mail about a breach says of its item, {} where there is none."""
    item = AccountabilityItem.objects.filter(clock=clock, decided_at=None).first()
    return item_data(item) if item is not None else {}


def item_data(item: AccountabilityItem) -> dict[str, object]:
    """Return what a mail says of an item."""
    return {**_data(item), "reply_by": item.reply_by.isoformat() if item.reply_by else ""}


def _locked(item: AccountabilityItem) -> AccountabilityItem:
    locked_case(item.case)
    return (
        AccountabilityItem.objects.select_for_update(of=("self",))
        .select_related("case__team__manager", "clock", "owner")
        .get(pk=item.pk)
    )


def _data(item: AccountabilityItem) -> dict[str, object]:
    return {"item": item.pk, "clock": item.clock.kind}


def _check_manager(by: Actor) -> None:
    if not has_permission(by, Permission.DECIDE_ACCOUNTABILITY):
        raise StepForbidden(_("只有主管可以决定。"))


def _check_undecided(item: AccountabilityItem) -> None:
    if item.status == AccountabilityStatus.DECIDED:
        raise CaseError(_("这件事已经决定。"))


def _check_cause(cause: str, note: str) -> None:
    if cause not in AccountabilityItem.Cause.values:
        raise CaseError(_("请选一个原因。"), field="cause")
    if cause == AccountabilityItem.Cause.OTHER and not note.strip():
        raise CaseError(_("选了其他原因，请写明是什么。"), field="cause_note")


@transaction.atomic
def assign_item(item: AccountabilityItem, *, by: Actor, owner: User) -> AccountabilityItem:
    """Name who answers for an item that nobody has explained yet; their time begins now.

    Raises StepForbidden for anybody but a manager, CaseError once there is a reply or a decision.
    """
    _check_manager(by)
    item = _locked(item)
    _check_undecided(item)
    if item.status != AccountabilityStatus.OPEN:
        raise CaseError(_("责任人已经说明，不能再换人。"), field="owner")
    if item.owner_id == owner.pk:
        raise CaseError(_("已经是这位同事负责。"), field="owner")
    _give_to(item, owner, moment=now())
    item.save(update_fields=["owner", "reply_by", "decide_by"])
    case = touch(
        item.case, "accountability_assigned", by=by, data={**_data(item), "owner": owner.pk}
    )
    tell_staff(
        case,
        "accountability_opened",
        users=[owner],
        key=f"item:{item.pk}:owner:{case.version}",
        data=item_data(item),
        by_mail=True,
    )
    return item


@transaction.atomic
def reply_to_item(
    item: AccountabilityItem, *, by: Actor, reply: str, cause: str, cause_note: str = ""
) -> AccountabilityItem:
    """Record the owner's explanation, until somebody has decided. StepForbidden for others."""
    item = _locked(item)
    if by.user is None or item.owner_id != by.user.pk:
        raise StepForbidden(_("只有责任人可以说明。"))
    _check_undecided(item)
    if not reply.strip():
        raise CaseError(_("请写明原因。"), field="reply")
    _check_cause(cause, cause_note)
    first, moment = item.replied_at is None, now()
    item.reply, item.cause, item.cause_note = reply, cause, cause_note.strip()
    item.status = AccountabilityStatus.REPLIED
    if first:
        item.replied_at = moment
        item.decide_by = _working_days_after(moment, DECISION_DAYS, case=item.case)
    item.save(update_fields=["reply", "cause", "cause_note", "replied_at", "decide_by", "status"])
    case = touch(item.case, "accountability_replied", by=by, data={**_data(item), "cause": cause})
    manager = item.case.team.manager if item.case.team else None
    if first and manager is not None and manager.pk != item.owner_id:
        tell_staff(
            case,
            "accountability_replied",
            users=[manager],
            key=f"item:{item.pk}:reply",
            data=_data(item),
        )
    return item


@transaction.atomic
def decide_item(
    item: AccountabilityItem,
    *,
    by: Actor,
    outcome: str,
    decision: str,
    cause: str,
    cause_note: str = "",
    measure: str = "",
    measure_owner: User | None = None,
    measure_until: date | None = None,
) -> AccountabilityItem:
    """Record a manager's decision, its reason, the cause found, and what will be changed.

    Nobody decides about their own item (StepForbidden), nor before the owner has replied or their
    time to do so is over (CaseError that names the day). A measure needs a person and a day.
    """
    _check_manager(by)
    item = _locked(item)
    if item.owner_id == by.person.pk:
        raise StepForbidden(_("不能决定自己的事项。"))
    _check_undecided(item)
    _check_heard(item)
    _check_decision(outcome, decision, cause, cause_note)
    _check_measure(measure, measure_owner, measure_until)
    item.outcome, item.decision, item.cause, item.cause_note = outcome, decision, cause, cause_note
    item.measure, item.measure_owner = measure.strip(), measure_owner
    item.measure_until = measure_until
    item.decided_by, item.decided_at = by.person, now()
    item.status = AccountabilityStatus.DECIDED
    item.save()
    data = {**_data(item), "outcome": outcome, "cause": cause}
    case = touch(item.case, "accountability_decided", by=by, data=data)
    _tell_decision(item, case)
    return item


def _check_heard(item: AccountabilityItem) -> None:
    if item.owner is None:
        raise CaseError(_("还没有责任人。先指定由谁说明，再作决定。"))
    if item.may_be_decided(now()) or item.reply_by is None:
        return
    moment = timezone.localtime(item.reply_by).strftime("%Y-%m-%d %H:%M")
    raise CaseError(_("责任人可以说明到 %(moment)s，在此之前还不能决定。") % {"moment": moment})


def _check_decision(outcome: str, decision: str, cause: str, cause_note: str) -> None:
    if outcome not in AccountabilityItem.Outcome.values:
        raise CaseError(_("请选一个结论。"), field="outcome")
    if not decision.strip():
        raise CaseError(_("请写明理由。"), field="decision")
    _check_cause(cause, cause_note)


def _check_measure(measure: str, owner: User | None, until: date | None) -> None:
    if not measure.strip():
        if owner is not None or until is not None:
            raise CaseError(_("请写明改进什么。"), field="measure")
        return
    if owner is None:
        raise CaseError(_("请选由谁完成这项措施。"), field="measure_owner")
    if until is None:
        raise CaseError(_("请填写什么时候完成。"), field="measure_until")
    if until < timezone.localdate(now()):
        raise CaseError(_("完成期限不能早于今天。"), field="measure_until")


def _tell_decision(item: AccountabilityItem, case: Case) -> None:
    if item.owner is not None:
        tell_staff(
            case,
            "accountability_decided",
            users=[item.owner],
            key=f"item:{item.pk}:decision",
            data={**_data(item), "outcome": item.outcome},
            by_mail=True,
        )
    if item.measure_owner is not None:
        until = item.measure_until.isoformat() if item.measure_until else ""
        tell_staff(
            case,
            "accountability_measure",
            users=[item.measure_owner],
            key=f"item:{item.pk}:measure",
            data={**_data(item), "until": until},
            by_mail=True,
        )


@transaction.atomic
def finish_measure(item: AccountabilityItem, *, by: Actor) -> AccountabilityItem:
    """Record that the measure is done; by whom it was to be done, or by a manager."""
    item = _locked(item)
    is_theirs = item.measure_owner_id is not None and item.measure_owner_id == by.person.pk
    if not is_theirs and not has_permission(by, Permission.DECIDE_ACCOUNTABILITY):
        raise StepForbidden(_("只有负责这项措施的人或主管可以确认完成。"))
    if not item.has_open_measure:
        raise CaseError(_("没有待完成的改进措施。"))
    item.measure_done_at, item.measure_done_by = now(), by.person
    item.save(update_fields=["measure_done_at", "measure_done_by"])
    touch(item.case, "accountability_measure_done", by=by, data=_data(item))
    return item
