"""Splitting a sum into instalments: days and amounts, to the cent. Pure."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal

CENT = Decimal("0.01")
MOST_INSTALMENTS = 24
WEEKLY, FORTNIGHTLY, MONTHLY = "week", "fortnight", "month"
_DAYS = {WEEKLY: 7, FORTNIGHTLY: 14}


def amounts(total: Decimal, count: int) -> tuple[Decimal, ...]:
    """Split an amount into parts that differ by a cent at most, the larger ones first.

    Their sum is the amount. Raises ValueError when a part would be nothing.
    """
    cents = int((total / CENT).to_integral_exact())
    if count < 1 or cents < count:
        raise ValueError(count)
    least, more = divmod(cents, count)
    return tuple((least + (place < more)) * CENT for place in range(count))


def days(first: date, count: int, *, every: str) -> tuple[date, ...]:
    """Return the days of instalments; of a month without such a day its last one."""
    if every == MONTHLY:
        return tuple(_months_after(first, months) for months in range(count))
    return tuple(first + timedelta(days=_DAYS[every] * place) for place in range(count))


def _months_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(first.day, last))
