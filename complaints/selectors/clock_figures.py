"""How well each time limit is kept: read from moments, never from whether a timer fired.

The clocks of a figure are those that started within its span; imported history and what waits for
the consumer are left out, these promises were not ours.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncWeek

from complaints.clock_arithmetic import LedgerEntry, WorkingCalendar, running_time, used
from complaints.clock_arithmetic.deadlines import HOURLY_UNITS
from complaints.models import Case, Clock, ClockEntry, ClockPolicy
from complaints.selectors.policies import budget_of, calendar_at
from complaints.selectors.queue import SOON
from complaints.states import NOBODYS_FAULT, ClockKind, ClockState, LedgerAction, PolicyState

MEASURED = 200
"""Of so many clocks of a policy, the newest that stopped, the use of the budget is measured."""
PARTS = ("started", "kept", "late", "open", "risk", "paused")


@dataclass(frozen=True)
class Span:
    """The clocks that a figure speaks of: started from `starts` on, before `ends`, of a team."""

    starts: datetime
    ends: datetime
    team_id: int | None = None


@dataclass(frozen=True)
class ClockFigures:
    """One policy's clocks of a span; `median` and `ninety` are per cent of the budget used."""

    code: str
    kind: str
    name: str
    started: int
    kept: int
    late: int
    open: int
    risk: int
    paused: int
    median: float | None
    ninety: float | None

    @property
    def known(self) -> int:
        """How many are known to be kept or late."""
        return self.kept + self.late


def clocks_of(span: Span) -> QuerySet[Clock]:
    """Return the clocks of a span."""
    clocks = Clock.objects.filter(
        case__imported_at__isnull=True, started_at__gte=span.starts, started_at__lt=span.ends
    ).exclude(kind__in=NOBODYS_FAULT)
    return clocks.filter(case__team=span.team_id) if span.team_id else clocks


def part(name: str, *, moment: datetime) -> Q:
    """Return the condition for a part of the clocks. Raises KeyError for an unknown one."""
    stopped, running = Q(state=ClockState.STOPPED), Q(state=ClockState.RUNNING)
    missed = Q(late_at__isnull=False)
    # A clock that rests, or was stopped while it rested, has no due moment but what it missed.
    return {
        "started": Q(),
        "kept": stopped & ~missed & (Q(stopped_at__lte=F("due_at")) | Q(due_at=None)),
        "late": missed | stopped & Q(stopped_at__gt=F("due_at")) | running & Q(due_at__lte=moment),
        "open": ~stopped,
        "risk": running & Q(due_at__gt=moment, due_at__lt=moment + SOON),
        "paused": Q(
            Exists(ClockEntry.objects.filter(clock=OuterRef("pk"), action=LedgerAction.PAUSE))
        ),
    }[name]


def clock_figures(span: Span, *, moment: datetime) -> list[ClockFigures]:
    """Return the figures of every policy that had clocks in a span, in the order of the kinds."""
    counted = (
        clocks_of(span)
        .annotate(was_paused=part("paused", moment=moment))
        .values("policy__code", "kind")
        .annotate(
            paused=Count("pk", filter=Q(was_paused=True)),
            **{
                name: Count("pk", filter=part(name, moment=moment))
                for name in ("kept", "late", "open", "risk")
            },
            started=Count("pk"),
        )
    )
    shares, names = _shares(span), _names()
    rows = [
        ClockFigures(
            code=row["policy__code"],
            kind=row["kind"],
            name=names.get(row["policy__code"]) or ClockKind(row["kind"]).label,
            median=_median(shares.get(row["policy__code"], ())),
            ninety=_ninety(shares.get(row["policy__code"], ())),
            **{name: row[name] for name in PARTS},
        )
        for row in counted
    ]
    kinds = list(ClockKind.values)
    return sorted(rows, key=lambda row: (kinds.index(row.kind), row.code))


def _names() -> dict[str, str]:
    published = ClockPolicy.objects.filter(state=PolicyState.PUBLISHED).order_by("version")
    return dict(published.values_list("code", "name"))


def _shares(span: Span) -> dict[str, list[float]]:
    place = Window(
        RowNumber(), partition_by=[F("policy__code")], order_by=[F("started_at").desc(), "pk"]
    )
    newest = (
        clocks_of(span)
        .filter(state=ClockState.STOPPED, due_at__isnull=False)
        .annotate(place=place)
        .filter(place__lte=MEASURED)
        .select_related("policy")
        .prefetch_related("ledger")
    )
    found: dict[str, list[float]] = {}
    calendars: dict[str, WorkingCalendar] = {}
    for clock in newest:
        if clock.calendar_version not in calendars:
            calendars[clock.calendar_version] = calendar_at(clock.calendar_version)
        share = used_share(clock, calendars[clock.calendar_version])
        if share is not None:
            found.setdefault(clock.policy.code, []).append(share)
    return found


def used_share(clock: Clock, calendar: WorkingCalendar) -> float | None:
    """Return how much of its budget a stopped clock had used, in per cent; None if it had none.

    Hours are counted as the budget counts them; of days, weeks and agreed moments it is the share
    of the time in which the clock could run.
    """
    lines = sorted(clock.ledger.all(), key=lambda line: line.pk)
    ledger = [LedgerEntry(line.action, line.at) for line in lines]
    budget, due = budget_of(clock.policy, until=clock.fixed_due_at), clock.due_at
    if due is None or clock.stopped_at is None:
        return None
    if budget.until is None and budget.unit in HOURLY_UNITS:
        spent = used(budget, ledger, calendar, until=clock.stopped_at)
        return float(100 * spent / budget.amount) if budget.amount else None
    running = [line for line in ledger if line.action != LedgerAction.STOP]
    whole = running_time(running, until=due)
    return 100 * (running_time(running, until=clock.stopped_at) / whole) if whole else None


def _median(shares: Iterable[float]) -> float | None:
    found = sorted(shares)
    return statistics.median(found) if found else None


def _ninety(shares: Iterable[float]) -> float | None:
    found = sorted(shares)
    return found[ceil(len(found) * 0.9) - 1] if found else None


def weekly_clocks(span: Span, *, moment: datetime) -> dict[date, dict[str, int]]:
    """Return by Monday how many clocks started and were kept, were late, or still run in time."""
    counted = (
        clocks_of(span)
        .annotate(week=TruncWeek("started_at"))
        .values("week")
        .annotate(
            kept=Count("pk", filter=part("kept", moment=moment)),
            late=Count("pk", filter=part("late", moment=moment)),
            started=Count("pk"),
        )
    )
    return {
        row["week"].date(): {
            "kept": row["kept"],
            "late": row["late"],
            "waiting": row["started"] - row["kept"] - row["late"],
        }
        for row in counted
    }


def cases_behind_clocks(
    span: Span, *, name: str, moment: datetime, code: str, kind: str
) -> QuerySet[Case]:
    """Return the cases behind one number. Raises KeyError for an unknown part."""
    clocks = clocks_of(span).filter(part(name, moment=moment), policy__code=code, kind=kind)
    return Case.objects.filter(Exists(clocks.filter(case=OuterRef("pk"))))
