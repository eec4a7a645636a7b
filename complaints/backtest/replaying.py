"""One case, one clock: the ledger that the log makes, and what the arithmetic says of it.

A clock starts once, rests only between its start and its stop, and stops once. A pause while it
rests and a resume while it runs change nothing. A clock that stops while it rests has rested until
it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from complaints.backtest.logs import Trace, column_moment
from complaints.backtest.policy import FIRST, START_GROUPS, Mark, Policy
from complaints.backtest.surveys import PAUSE, RESUME, ROLES, START, STOP, Survey
from complaints.clock_arithmetic import (
    Budget,
    LedgerEntry,
    Rests,
    due_moment,
    running_time,
    working_time,
)
from complaints.states import BudgetUnit, LedgerAction

ZERO = timedelta(0)
ON_TIME, LATE = "on_time", "late"
NOT_STARTED, RUNNING, PAUSED, STOPPED = "not_started", "running", "paused", "stopped"
STOP_BEFORE_START = "stop_before_start"
STOP_WITHOUT_START = "stop_without_start"
PAUSED_AT_THE_END = "pause_never_resumed"
NO_DEADLINE = "no_deadline"
FAR = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Snapshot:
    """How a clock stood at one moment, knowing nothing of what came after it."""

    state: str
    due: datetime | None = None
    consumed: timedelta = ZERO
    overdue: bool = False


@dataclass(frozen=True)
class Replay:
    """What became of one clock in one case."""

    case: str
    groups: tuple[str, ...]
    started: datetime | None = None
    stopped: datetime | None = None
    paused: timedelta = ZERO
    pauses: int = 0
    gross: timedelta = ZERO
    consumed: timedelta = ZERO
    due: datetime | None = None
    verdict: str = ""
    flags: tuple[str, ...] = ()
    as_of: Snapshot = field(default_factory=lambda: Snapshot(NOT_STARTED))

    @property
    def lateness(self) -> timedelta:
        """How long after its due moment the clock stopped, or what it took where none was set."""
        if self.stopped and self.due:
            return self.stopped - self.due
        return self.consumed


@dataclass(frozen=True)
class _Run:
    """A clock's life in one case: when it started and stopped, and the spans in which it rested."""

    start: datetime
    stop: datetime | None
    rests: tuple[tuple[datetime, datetime | None], ...]

    def ledger(self, until: datetime) -> list[LedgerEntry]:
        """Return the ledger up to a moment; a rest that is open there ends there."""
        lines = [LedgerEntry(LedgerAction.START, self.start)]
        for begin, end in self.rests:
            if begin >= until:
                break
            lines.append(LedgerEntry(LedgerAction.PAUSE, begin))
            lines.append(LedgerEntry(LedgerAction.RESUME, min(end or until, until)))
        if self.stop is not None and self.stop <= until:
            lines.append(LedgerEntry(LedgerAction.STOP, self.stop))
        return lines

    @property
    def resting(self) -> bool:
        return self.stop is None and bool(self.rests) and self.rests[-1][1] is None


def replay(trace: Trace, policy: Policy, found: Survey, *, clock: int, as_of: datetime) -> Replay:
    """Replay one clock of the policy over one case, wholly and as it stood at `as_of`."""
    case = _Case(trace, policy, found, clock)
    whole = case.outcome(as_of)
    return replace(whole, as_of=case.snapshot(as_of, whole))


class _Case:
    """A trace seen by one clock."""

    def __init__(self, trace: Trace, policy: Policy, found: Survey, clock: int) -> None:
        self._trace, self._rule, self._clock = trace, policy.clocks[clock], clock
        self._calendar = policy.calendar
        self._columns = {
            mark: column_moment(trace, mark, policy, found)
            for mark in self._rule.marks
            if mark.column
        }
        self._starts = self._moments(self._rule.start, START)
        self._stops = self._moments(self._rule.stop, STOP)
        self._whole = self._run(FAR)

    def outcome(self, as_of: datetime) -> Replay:
        """Tell the whole story; a clock that never stops is measured up to `as_of`."""
        run = self._whole
        groups = self._groups(run.start if run else None)
        if run is None:
            flags = (STOP_WITHOUT_START,) if self._stops else ()
            return Replay(case=self._trace.case, groups=groups, flags=flags)
        end = run.stop or as_of
        ledger = run.ledger(end)
        due = None if run.resting else self._due(run.ledger(run.stop or FAR))
        gross = self._time(ledger[:1], end)
        return Replay(
            case=self._trace.case,
            groups=groups,
            started=run.start,
            stopped=run.stop,
            paused=Rests.of(ledger).within(run.start, end),
            pauses=len(run.rests),
            gross=gross,
            consumed=self._time(ledger, end) if run.rests else gross,
            due=due,
            verdict=_verdict(run.stop, due),
            flags=tuple(self._flags(run)),
        )

    def _groups(self, start: datetime | None) -> tuple[str, ...]:
        columns = tuple(self._trace.column(column) for column in self._rule.group_by)
        if not self._rule.group_by_start:
            return columns
        form = START_GROUPS[self._rule.group_by_start]
        return (*columns, self._calendar.local_date(start).strftime(form) if start else "")

    def snapshot(self, as_of: datetime, whole: Replay) -> Snapshot:
        """Tell how the clock stood at a moment; `whole` is its story told to the end."""
        run = self._run(as_of)
        if run is None:
            return Snapshot(NOT_STARTED)
        if run.stop is not None and run == self._whole:
            return Snapshot(STOPPED, whole.due, whole.consumed)
        ledger = run.ledger(run.stop or as_of)
        due, consumed = self._due(ledger), self._time(ledger, as_of)
        if run.stop is not None:
            return Snapshot(STOPPED, due, consumed)
        overdue = due is not None and due < as_of
        if run.resting:
            return Snapshot(PAUSED, None, consumed, overdue)
        return Snapshot(RUNNING, due, consumed, overdue)

    def _moments(self, mark: Mark, role: int) -> list[datetime]:
        if not mark.column:
            return self._trace.moments(self._clock, role)
        moment = self._columns[mark]
        return [] if moment is None else [moment]

    def _run(self, until: datetime) -> _Run | None:
        """Return the clock's life as it was known at a moment."""
        starts = [moment for moment in self._starts if moment <= until]
        if not starts:
            return None
        start = starts[0] if self._rule.start.occurrence == FIRST else starts[-1]
        stops = [moment for moment in self._stops if moment <= until]
        if not self._rule.stop.column:  # a column is the case's own word, even before the start
            stops = [moment for moment in stops if moment >= start]
        stop = None
        if stops:
            stop = stops[0] if self._rule.stop.occurrence == FIRST else stops[-1]
        return _Run(start, stop, tuple(self._rests(start, stop, until)))

    def _rests(
        self, start: datetime, stop: datetime | None, until: datetime
    ) -> Iterator[tuple[datetime, datetime | None]]:
        if self._rule.pause is None:
            return
        for begin, end in self._pauses(until):
            begin = max(begin, start)
            if stop is not None:
                end = min(end or stop, stop)
            if end is None or begin < end:
                yield begin, end

    def _pauses(self, until: datetime) -> Iterator[tuple[datetime, datetime | None]]:
        """Yield the spans from a pause to its resume, those that touch as one."""
        pause, resume = (1 << (self._clock * len(ROLES) + role) for role in (PAUSE, RESUME))
        since: datetime | None = None
        for moment, roles in self._trace.events:
            if moment > until:
                break
            if since is None:
                since = moment if roles & pause else None
            elif roles & resume and not roles & pause:
                yield since, moment
                since = None
        if since is not None:
            yield since, None

    def _due(self, ledger: list[LedgerEntry]) -> datetime | None:
        if self._rule.deadline is not None:
            until = self._columns[self._rule.deadline]
            if until is None:
                return None
            fixed = Budget(amount=Decimal(0), unit=BudgetUnit.FIXED, until=until)
            return due_moment(fixed, ledger, self._calendar)
        if self._rule.budget is None:
            return None
        return due_moment(self._rule.budget, ledger, self._calendar)

    def _time(self, ledger: list[LedgerEntry], until: datetime) -> timedelta:
        if self._rule.working:
            return working_time(ledger, self._calendar, until=until)
        return running_time(ledger, until=until)

    def _flags(self, run: _Run) -> Iterator[str]:
        early = any(stop < run.start for stop in self._stops)
        if early and (run.stop is None or run.stop < run.start):
            yield STOP_BEFORE_START
        if run.resting:
            yield PAUSED_AT_THE_END
        if self._rule.deadline is not None and self._columns[self._rule.deadline] is None:
            yield NO_DEADLINE


def _verdict(stop: datetime | None, due: datetime | None) -> str:
    if stop is None or due is None:
        return ""
    return ON_TIME if stop <= due else LATE
