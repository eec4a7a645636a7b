"""The second reading of a log: each case with its events, in order of time.

Where the lines of a case stand together, one case is held at a time; where they don't, sixteen
bytes are held of each event.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path

from complaints.backtest.policy import FIRST, LAST, Mark, Policy
from complaints.backtest.surveys import ROLES, Survey, opened, role_matchers
from complaints.backtest.times import read_moment

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
Row = tuple[str, int, int, list[tuple[str, str]]]


@dataclass(frozen=True)
class Trace:
    """A case of the log: its events in order, and what its columns said first and last.

    An event is its moment and a bit for each role that it plays for a clock.
    """

    case: str
    events: list[tuple[datetime, int]]
    columns: dict[tuple[str, str], str]

    def moments(self, clock: int, role: int) -> list[datetime]:
        """Return when the case had an event that plays the role for the clock of that number."""
        bit = 1 << (clock * len(ROLES) + role)
        return [moment for moment, roles in self.events if roles & bit]

    def column(self, name: str, occurrence: str = FIRST) -> str:
        """Return what a column holds in the case's first or last line that fills it."""
        return self.columns.get((name, occurrence), "")


def traces(path: Path, policy: Policy, found: Survey) -> Iterator[Trace]:
    """Yield each case of a surveyed log; events of the same moment stay in the file's order."""
    rows = _rows(path, policy, found)
    if found.sorted_by_case:
        for case, lines in groupby(rows, key=lambda row: row[0]):
            collector = _Collector()
            for line in lines:
                collector.add(line)
            yield collector.trace(case)
        return
    collectors: dict[str, _Collector] = {}
    for row in rows:
        collectors.setdefault(row[0], _Collector()).add(row)
    while collectors:
        case = next(iter(collectors))
        yield collectors.pop(case).trace(case)


def column_moment(trace: Trace, mark: Mark, policy: Policy, found: Survey) -> datetime | None:
    """Return the moment that a column holds for the case, None where it is never filled."""
    text = trace.column(mark.column, mark.occurrence)
    return read_moment(text, found.formats[mark.column], policy.zone) if text else None


class _Collector:
    """One case while it is read: packed events, and the values of the columns that matter."""

    def __init__(self) -> None:
        self._packed = array("q")
        self._edges: dict[tuple[str, str], tuple[int, str]] = {}

    def add(self, row: Row) -> None:
        _case, micros, roles, kept = row
        self._packed.append(micros)
        self._packed.append(roles)
        for column, value in kept:
            if value:
                self._keep(column, micros, value)

    def _keep(self, column: str, micros: int, value: str) -> None:
        first, last = self._edges.get((column, FIRST)), self._edges.get((column, LAST))
        if first is None or micros < first[0]:
            self._edges[column, FIRST] = (micros, value)
        if last is None or micros >= last[0]:
            self._edges[column, LAST] = (micros, value)

    def trace(self, case: str) -> Trace:
        pairs = list(zip(self._packed[::2], self._packed[1::2], strict=True))
        pairs.sort(key=lambda pair: pair[0])
        return Trace(
            case=case,
            events=[(EPOCH + micros * MICROSECOND, roles) for micros, roles in pairs],
            columns={edge: value for edge, (_micros, value) in self._edges.items()},
        )


def _rows(path: Path, policy: Policy, found: Survey) -> Iterator[Row]:
    columns, zone, date_format = policy.columns, policy.zone, found.formats[policy.columns.time]
    matchers = [(one.bit, one.matcher.matches) for one in role_matchers(policy)]
    kept = {mark.column for clock in policy.clocks for mark in clock.marks if mark.column}
    kept |= {column for clock in policy.clocks for column in clock.group_by}
    with opened(path, policy) as records:
        for record in records:
            cells = record.cells
            moment = read_moment(cells[columns.time], date_format, zone)
            roles = 0
            for bit, matches in matchers:
                if matches(cells):
                    roles |= bit
            values = [(column, cells[column]) for column in kept]
            yield cells[columns.case], (moment - EPOCH) // MICROSECOND, roles, values
