"""What late money costs, as agreed: so much of the unpaid sum for every day. Pure arithmetic.

Day count: calendar days. The day on which a sum was due is not counted, the day on which it is paid
is; a part that was paid lowers the sum from the day after its payment. Nothing is compounded. The
sum of all days is rounded once, half up, to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal(0)
HUNDRED = Decimal(100)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class LateTerms:
    """What was agreed for lateness: a percentage a day, days of grace, a cap in percent.

    Whoever pays within the grace owes nothing; afterwards every day counts from the first. The cap
    is a share of the sum that was overdue; without one there is none.
    """

    daily_percent: Decimal
    grace_days: int = 0
    cap_percent: Decimal | None = None

    def __post_init__(self) -> None:
        if self.daily_percent < 0 or self.grace_days < 0 or (self.cap_percent or ZERO) < 0:
            raise ValueError("terms of lateness are never negative")


@dataclass(frozen=True)
class Span:
    """Days in a row, first and last counted, on which the same sum was unpaid."""

    first: date
    last: date
    unpaid: Decimal

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class LateSum:
    """What lateness comes to until a day, with the spans that it is made of."""

    spans: tuple[Span, ...]
    amount: Decimal
    capped: bool = False
    in_grace: bool = False

    @property
    def days(self) -> int:
        """On how many days something was unpaid that had been due."""
        return sum(span.days for span in self.spans)


def late_sum(
    terms: LateTerms,
    *,
    owed: Decimal,
    due_on: date,
    paid: Sequence[tuple[date, Decimal]],
    until: date,
) -> LateSum:
    """Return what a sum that was due on a day costs by lateness up to `until`, that day counted.

    `paid` holds day and amount of every payment, in any order. Raises ValueError when more was paid
    than was owed.
    """
    if owed < 0 or any(amount < 0 for _day, amount in paid):
        raise ValueError("amounts are never negative")
    if sum((amount for _day, amount in paid), ZERO) > owed:
        raise ValueError("more was paid than was owed")
    spans = _spans(owed, due_on=due_on, paid=paid, until=until)
    if not spans:
        return LateSum((), ZERO.quantize(CENT))
    if spans[-1].last <= due_on + terms.grace_days * ONE_DAY:
        return LateSum(spans, ZERO.quantize(CENT), in_grace=terms.grace_days > 0)
    exact = sum((span.unpaid * span.days for span in spans), ZERO) * terms.daily_percent / HUNDRED
    cap = None if terms.cap_percent is None else spans[0].unpaid * terms.cap_percent / HUNDRED
    capped = cap is not None and exact > cap
    amount = cap if capped and cap is not None else exact
    return LateSum(spans, amount.quantize(CENT, ROUND_HALF_UP), capped=capped)


def _spans(
    owed: Decimal, *, due_on: date, paid: Sequence[tuple[date, Decimal]], until: date
) -> tuple[Span, ...]:
    """Return the days on which something was unpaid, in order, one span for each sum."""
    unpaid = owed - sum((amount for day, amount in paid if day <= due_on), ZERO)
    spans: list[Span] = []
    first = due_on + ONE_DAY
    later = sorted(day for day, _amount in paid if due_on < day <= until)
    for last in [*dict.fromkeys(later), until]:
        if unpaid > 0 and first <= last:
            spans.append(Span(first, last, unpaid))
            first = last + ONE_DAY
        unpaid -= sum((amount for day, amount in paid if day == last and day > due_on), ZERO)
    return tuple(spans)
