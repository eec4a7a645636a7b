"""What happens on the way: warnings at a share of the budget, the breach, escalations after it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from complaints.clock_arithmetic.calendars import WorkingCalendar
from complaints.clock_arithmetic.deadlines import HOURLY_UNITS, Budget, due_moment
from complaints.clock_arithmetic.ledgers import LedgerEntry, Rests

BREACH = "breach"
_NAME = re.compile(r"(?:warn_([1-9][0-9]?)|escalation_([1-9]))")


@dataclass(frozen=True)
class RungRule:
    """When a rung is reached: at a share of the budget, or some hours after the due moment.

    `tell` lists who is told (`owner`, `team_manager`, or a role), `effect` what changes.
    """

    rung: str
    fraction: Decimal | None = None
    after_hours: Decimal | None = None
    tell: tuple[str, ...] = ()
    effect: str = ""


def known_rung(name: str) -> bool:
    """Say whether `name` is `warn_1` to `warn_99`, `breach`, or `escalation_1` to `_9`."""
    return name == BREACH or bool(_NAME.fullmatch(name))


def is_warning(rung: str) -> bool:
    """Say whether a rung comes before the due moment."""
    return rung.startswith("warn_")


def is_escalation(rung: str) -> bool:
    """Say whether a rung comes after the breach."""
    return rung.startswith("escalation_")


def rung_order(rung: str) -> tuple[int, int]:
    """Return a key that sorts rungs as they follow each other; ValueError for an unknown one."""
    if rung == BREACH:
        return (1, 0)
    found = _NAME.fullmatch(rung)
    if found is None:
        raise ValueError(f"unknown rung {rung!r}")
    percent, level = found.groups()
    return (0, int(percent)) if percent else (2, int(level))


def rung_moments(
    rules: Iterable[RungRule],
    *,
    budget: Budget,
    ledger: Sequence[LedgerEntry],
    calendar: WorkingCalendar,
) -> list[tuple[str, datetime]]:
    """Return each rung with its moment, in order of time; none while the clock is paused.

    A share of an hourly budget is that share of the hours; a share of a budget of days, or of a
    span agreed beforehand, is that share of the time in which the clock runs until it is due.
    """
    due = due_moment(budget, ledger, calendar)
    if due is None:
        return []
    moments = []
    for rule in rules:
        if rule.fraction is None:
            moment = due.astimezone(UTC) + timedelta(hours=float(rule.after_hours or 0))
        elif rule.fraction == 1:
            moment = due
        elif budget.until is None and budget.unit in HOURLY_UNITS:
            part = replace(budget, amount=budget.amount * rule.fraction)
            moment = due_moment(part, ledger, calendar) or due
        else:
            moment = _share_of_running(ledger, due, rule.fraction)
        moments.append((rule.rung, moment))
    return sorted(moments, key=lambda pair: (pair[1], rung_order(pair[0])))


def _share_of_running(ledger: Sequence[LedgerEntry], due: datetime, share: Decimal) -> datetime:
    start, rests = ledger[0].at, Rests.of(ledger)
    spans = list(rests.running(start, due))
    left = sum((end - begin for begin, end in spans), timedelta(0)) * float(share)
    for begin, end in spans:
        if left <= end - begin:
            return begin + left
        left -= end - begin
    return due
