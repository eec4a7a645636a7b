"""What our late payments cost, reckoned once they are made, and owed like the payment itself."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from agreements.days import today, working_days_after
from agreements.models import LateCharge, Obligation
from agreements.money import as_text
from agreements.periods import LATE_CHARGE_DAYS
from agreements.selectors.lateness import Lateness, lateness_of
from agreements.selectors.performance import outstanding_money
from agreements.states import ObligationKind
from compensation.services.funds import commit_owed
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.clocks import start_clock
from complaints.services.outbox import tell_consumer
from complaints.services.stage_clocks import save_next_due
from complaints.states import ClockKind, Stage


def charge_lateness(obligation: Obligation, case: Case, *, by: Actor, at: datetime) -> Case:
    """Write down what a payment cost that was made in full too late, and owe it too.

    Payments may be recorded in any order: it is reckoned until the day of the latest one.
    The caller holds the case's lock and has not marked the breach as mended yet. Nothing happens
    for what came in time, costs nothing by the agreement, or was reckoned before.
    """
    calendar = working_calendar()
    paid = obligation.payments.filter(returned_at=None).values_list("paid_at", flat=True)
    settled = max(calendar.local_date(moment) for moment in [at, *paid])
    found = lateness_of(obligation, until=settled)
    if found is None or not found.sum.days:
        return case
    if LateCharge.objects.filter(late=obligation, due_was=found.due_was).exists():
        return case
    charge = _owe(found) if found.sum.amount > 0 else None
    row = LateCharge.objects.create(
        late=obligation,
        charge=charge,
        due_was=found.due_was,
        settled_on=found.sum.spans[-1].last,
        basis=found.basis,
        daily_percent=found.terms.daily_percent,
        grace_days=found.terms.grace_days,
        cap_percent=found.terms.cap_percent,
        days=found.sum.days,
        amount=found.sum.amount,
        currency=obligation.currency,
        capped=found.sum.capped,
        spans=_as_rows(found),
        made_at=now(),
    )
    return _tell(case, row, by=by) if charge is not None else case


def _as_rows(found: Lateness) -> list[dict[str, Any]]:
    return [
        {
            "first": span.first.isoformat(),
            "last": span.last.isoformat(),
            "days": span.days,
            "unpaid": as_text(span.unpaid),
        }
        for span in found.sum.spans
    ]


def _owe(found: Lateness) -> Obligation:
    agreement = found.obligation.agreement
    last = agreement.obligations.aggregate(last=Max("position"))["last"] or 0
    with translation.override(agreement.language):
        words = _("逾期 %(days)d 天的违约金：%(text)s") % {
            "days": found.sum.days,
            "text": found.obligation.description,
        }
    return Obligation.objects.create(
        agreement=agreement,
        position=last + 1,
        kind=ObligationKind.PAYMENT,
        description=words[:300],
        amount=found.sum.amount,
        currency=found.obligation.currency,
        due_on=working_days_after(today(), LATE_CHARGE_DAYS),
    )


def _tell(case: Case, row: LateCharge, *, by: Actor) -> Case:
    charge = row.charge
    if charge is None:
        raise LookupError(row.pk)
    commit_owed(case, by=by, owed=_committed(case))
    data = {
        "obligation": row.late_id,
        "charge": charge.pk,
        "amount": as_text(row.amount),
        "currency": row.currency,
        "days": row.days,
        "due": charge.due_on.isoformat(),
    }
    case = touch(case, "late_charged", by=by, data=data, for_consumer=True)
    if case.stage == Stage.FULFILLING:
        start_clock(
            case,
            ClockKind.OBLIGATION,
            by=by,
            cause="late_charged",
            subject=charge.subject,
            until=charge.due_at,
        )
        save_next_due(case)
    tell_consumer(case, "late_charged", key=f"late_charge:{row.pk}", data=data)
    return case


def _committed(case: Case) -> Decimal:
    return sum((duty.outstanding for duty in outstanding_money(case)), Decimal(0))
