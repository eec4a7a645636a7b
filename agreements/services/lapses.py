"""What the consumer promised and did not do in time: a reminder, grace, then a person decides.

Nothing is charged and nothing of ours stops by itself. What we owe the consumer goes on.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.days import today, working_days_after
from agreements.models import ConsumerLapse, GoodsReturn, Obligation
from agreements.periods import CONSUMERS_GRACE_DAYS
from agreements.selectors.lateness import lapse_of
from agreements.selectors.performance import consumers_overdue
from agreements.services.consumers_clock import restart_consumers_clock, stop_consumers_clock
from agreements.services.rights import require
from agreements.states import LapseOutcome, ObligationStatus
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.people import responsible_for
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_consumer, tell_staff
from complaints.states import Stage

REMINDED_IN = (Stage.FULFILLING, Stage.FOLLOWING_UP)
"""While we are in breach ourselves, or somebody else decides, the consumer is not pressed."""


@transaction.atomic
def remind_consumer(case: Case, *, by: Actor) -> list[ConsumerLapse]:
    """Open a lapse for each thing of the consumer's that is overdue, and remind once of each.

    Returns what was opened; nothing for a second call, or in a stage in which nobody is pressed.
    """
    case = locked_case(case)
    if case.stage not in REMINDED_IN:
        return []
    opened = []
    for duty in consumers_overdue().filter(agreement__case=case):
        lapse = ConsumerLapse.objects.create(
            obligation=duty,
            opened_at=now(),
            due_was=duty.due_on,
            grace_until=working_days_after(today(), CONSUMERS_GRACE_DAYS),
        )
        data = {"obligation": duty.pk, "due": duty.due_on.isoformat()}
        data["until"] = lapse.grace_until.isoformat()
        case = touch(case, "consumer_lapsed", by=by, data=data, for_consumer=True)
        until = working_calendar().end_of(lapse.grace_until)
        case = restart_consumers_clock(case, duty, by=by, cause="consumer_lapsed", until=until)
        tell_consumer(case, "consumer_lapse", key=f"lapse:{lapse.pk}", data=data)
        tell_staff(
            case,
            "consumer_lapsed",
            users=responsible_for(case),
            key=f"lapse:{lapse.pk}:staff",
            data=data,
        )
        opened.append(lapse)
    return opened


@transaction.atomic
def tell_of_grace(lapse: ConsumerLapse, *, by: Actor) -> bool:
    """Tell once that the consumer's time is over and a person has to decide; say if it was told.

    Goods that are on their way need no decision: they are looked at when they arrive.
    """
    case = locked_case(lapse.obligation.agreement.case)
    lapse = ConsumerLapse.objects.select_related("obligation").get(pk=lapse.pk)
    if lapse.closed_at or lapse.grace_told_at or lapse.grace_until >= today():
        return False
    sent = GoodsReturn.objects.filter(obligation=lapse.obligation, handed_over_at__isnull=False)
    if sent.exists():
        return False
    lapse.grace_told_at = now()
    lapse.save(update_fields=["grace_told_at"])
    data = {"obligation": lapse.obligation_id}
    case = touch(case, "consumer_grace_over", by=by, data=data)
    case = stop_consumers_clock(case, lapse.obligation, by=by, cause="consumer_grace_over")
    tell_staff(
        case,
        "consumer_grace_over",
        users=responsible_for(case),
        key=f"lapse:{lapse.pk}:grace",
        data=data,
        by_mail=True,
    )
    return True


@transaction.atomic
def settle_lapse(
    case: Case,
    obligation_id: int,
    *,
    by: Actor,
    outcome: str,
    note: str,
    new_due: date | None = None,
    seen: int | None = None,
) -> Case:
    """Say what becomes of a lapse: a new day, given up, or taken to somebody who decides.

    To give something up takes an approver; to take it elsewhere, the end of the consumer's time.
    Raises CaseError without an open lapse, words, or a day that is ahead.
    """
    require(by, Permission.HANDLE_CASE)
    case = locked_case(case, seen=seen)
    lapse = lapse_of(case, obligation_id)
    if lapse is None:
        raise CaseError(_("这一项没有等待处理的逾期。"))
    _check(lapse, by=by, outcome=outcome, note=note, new_due=new_due)
    duty = lapse.obligation
    if outcome == LapseOutcome.EXTENDED and new_due is not None:
        duty.due_on = new_due
        duty.save(update_fields=["due_on"])
    elif outcome == LapseOutcome.WAIVED:
        duty.status = ObligationStatus.WAIVED
        duty.save(update_fields=["status"])
    _close(lapse, by=by, outcome=outcome, note=note)
    data = {"obligation": duty.pk, "outcome": outcome}
    if new_due is not None and outcome == LapseOutcome.EXTENDED:
        data["due"] = new_due.isoformat()
    text = {"note": note.strip()}
    case = touch(case, "lapse_settled", by=by, data=data, text=text, for_consumer=True)
    case = _clock_after(case, duty, by=by, outcome=outcome)
    if outcome != LapseOutcome.PURSUED:
        tell_consumer(case, "lapse_settled", key=f"lapse:{lapse.pk}:settled", data=data)
    return case


def _clock_after(case: Case, duty: Obligation, *, by: Actor, outcome: str) -> Case:
    if outcome == LapseOutcome.EXTENDED:
        return restart_consumers_clock(case, duty, by=by, cause="lapse_settled", until=duty.due_at)
    return stop_consumers_clock(case, duty, by=by, cause="lapse_settled")


def _check(
    lapse: ConsumerLapse, *, by: Actor, outcome: str, note: str, new_due: date | None
) -> None:
    if outcome not in (LapseOutcome.EXTENDED, LapseOutcome.WAIVED, LapseOutcome.PURSUED):
        raise CaseError(_("请选一项。"), field="outcome")
    if not note.strip():
        raise CaseError(_("请写明理由。"), field="note")
    if outcome == LapseOutcome.WAIVED:
        require(by, Permission.APPROVE_PLAN)
    if outcome == LapseOutcome.EXTENDED and (new_due is None or new_due < today()):
        raise CaseError(_("请填写新的日期，不能早于今天。"), field="new_due")
    if outcome == LapseOutcome.PURSUED and lapse.grace_until >= today():
        words = _("消费者可以办到 %(day)s，在此之前不能这样处理。")
        raise CaseError(words % {"day": lapse.grace_until.isoformat()}, field="outcome")


def performed_after_all(obligation: Obligation, *, by: Actor) -> None:
    """Close the lapse of an obligation that was performed; the caller holds the case's lock."""
    for lapse in ConsumerLapse.objects.filter(obligation=obligation, closed_at=None):
        _close(lapse, by=by, outcome=LapseOutcome.PERFORMED, note="")


def _close(lapse: ConsumerLapse, *, by: Actor, outcome: str, note: str) -> None:
    lapse.outcome, lapse.note = outcome, note.strip()
    lapse.closed_at, lapse.closed_by = now(), by.user
    lapse.save(update_fields=["outcome", "note", "closed_at", "closed_by"])
