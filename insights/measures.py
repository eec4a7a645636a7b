"""What each figure counts, written once: the list behind a figure is the figure's own query.

Imported history is left out: its promises were not ours. Whether a promise was kept is read from
moments (stopped at, due at), never from whether a timer fired.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from agreements.models import FollowUp, Payment
from complaints.models import Case, Clock
from complaints.states import NOBODYS_FAULT, ClockKind, ClockState, Stage
from insights.periods import Period

MEASURES = ("new", "acknowledged", "acknowledged_late", "closed", "paid", "rated", "late")
OUTCOMES = ("open", "agreed", "ended", "withdrawn")

_AGREED = (Stage.AGREED, Stage.FULFILLING, Stage.BREACHED, Stage.FOLLOWING_UP)


def own_cases() -> QuerySet[Case]:
    """Return the cases that came to us, without imported history."""
    return Case.objects.filter(imported_at__isnull=True)


def our_promises(period: Period, *, moment: datetime) -> QuerySet[Clock]:
    """Return the clocks that were ours to keep and fell due within the period."""
    over = Q(state=ClockState.STOPPED) | Q(due_at__lt=moment)
    return Clock.objects.filter(
        over,
        case__imported_at__isnull=True,
        due_at__gte=period.starts,
        due_at__lt=period.ends,
    ).exclude(kind__in=NOBODYS_FAULT)


KEPT = Q(state=ClockState.STOPPED, stopped_at__lte=F("due_at"))


def acknowledgements(period: Period, *, moment: datetime) -> QuerySet[Clock]:
    """Return the 24-hour clocks of cases received within the period whose outcome is known."""
    known = Q(state=ClockState.STOPPED) | Q(due_at__lt=moment)
    return Clock.objects.filter(
        known,
        kind=ClockKind.ACKNOWLEDGEMENT,
        case__imported_at__isnull=True,
        case__received_at__gte=period.starts,
        case__received_at__lt=period.ends,
    )


def payments(period: Period) -> QuerySet[Payment]:
    """Return what was paid within the period and did not come back."""
    return Payment.objects.filter(
        paid_at__gte=period.starts, paid_at__lt=period.ends, returned_at__isnull=True
    )


def ratings(period: Period) -> QuerySet[FollowUp]:
    """Return the follow-ups that were answered with a rating within the period."""
    return FollowUp.objects.filter(
        rating__isnull=False, answered_at__gte=period.starts, answered_at__lt=period.ends
    )


def received_in(period: Period) -> QuerySet[Case]:
    """Return the cases received within the period."""
    return own_cases().filter(received_at__gte=period.starts, received_at__lt=period.ends)


def closed_in(period: Period) -> QuerySet[Case]:
    """Return the cases closed within the period."""
    return own_cases().filter(
        stage=Stage.CLOSED, closed_at__gte=period.starts, closed_at__lt=period.ends
    )


def outcome_filter(outcome: str) -> Q:
    """Return the condition for one part of the weekly bars; the parts cover every case once."""
    signed = Q(amount_agreed__isnull=False)
    agreed = Q(stage__in=_AGREED) | (Q(stage=Stage.CLOSED) & signed)
    ended = Q(stage=Stage.DECLINED) | (Q(stage=Stage.CLOSED) & ~signed)
    withdrawn = Q(stage__in=(Stage.WITHDRAWN, Stage.MERGED))
    return {
        "agreed": agreed,
        "ended": ended,
        "withdrawn": withdrawn,
        "open": ~(agreed | ended | withdrawn),
    }[outcome]


def cases_behind(
    measure: str, period: Period, *, moment: datetime, outcome: str = ""
) -> QuerySet[Case]:
    """Return the cases behind a figure. Raises KeyError for an unknown measure or outcome."""
    if measure == "new":
        cases = received_in(period)
        return cases.filter(outcome_filter(outcome)) if outcome else cases
    if measure == "closed":
        return closed_in(period)
    related = {
        "acknowledged": lambda: acknowledgements(period, moment=moment),
        "acknowledged_late": lambda: acknowledgements(period, moment=moment).exclude(KEPT),
        "late": lambda: our_promises(period, moment=moment).exclude(KEPT),
        "rated": lambda: ratings(period),
    }
    if measure == "paid":
        behind: QuerySet = payments(period).filter(obligation__agreement__case=OuterRef("pk"))
    else:
        behind = related[measure]().filter(case=OuterRef("pk"))
    return Case.objects.filter(Exists(behind))
