"""When a clock ran and when it rested, read from its ledger."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from complaints.states import LedgerAction

Span = tuple[datetime, datetime]
ZERO = timedelta(0)


@dataclass(frozen=True)
class LedgerEntry:
    """One line of a clock's ledger: `start`, `pause`, `resume`, `stop` or `recalculate`."""

    action: str
    at: datetime


@dataclass(frozen=True)
class Rests:
    """The spans in which a clock rested; the last one may be open."""

    spans: tuple[tuple[datetime, datetime | None], ...] = ()

    @classmethod
    def of(cls, ledger: Sequence[LedgerEntry]) -> Rests:
        """Read a ledger; a pause while resting and a resume while running change nothing."""
        spans: list[tuple[datetime, datetime | None]] = []
        for entry in ledger:
            resting = bool(spans) and spans[-1][1] is None
            if entry.action == LedgerAction.PAUSE and not resting:
                spans.append((entry.at, None))
            elif entry.action == LedgerAction.RESUME and resting:
                spans[-1] = (spans[-1][0], entry.at)
        return cls(tuple(spans))

    @property
    def open(self) -> bool:
        """Say whether the clock rests at the ledger's end."""
        return bool(self.spans) and self.spans[-1][1] is None

    def covers(self, moment: datetime) -> bool:
        """Say whether the clock rested up to `moment`."""
        return any(begin < moment and (end is None or moment <= end) for begin, end in self.spans)

    def within(self, begin: datetime, end: datetime) -> timedelta:
        """Return how long the clock rested between two moments."""
        return sum((stop - start for start, stop in self._clipped(begin, end)), ZERO)

    def running(self, begin: datetime, end: datetime) -> Iterator[Span]:
        """Yield the parts of a span in which the clock ran, in order."""
        for rest_begin, rest_end in self._clipped(begin, end):
            if begin < rest_begin:
                yield begin, rest_begin
            begin = max(begin, rest_end)
        if begin < end:
            yield begin, end

    def _clipped(self, begin: datetime, end: datetime) -> Iterator[Span]:
        for start, stop in self.spans:
            start, stop = max(start, begin), min(stop or end, end)
            if start < stop:
                yield start, stop


def running_time(ledger: Sequence[LedgerEntry], *, until: datetime) -> timedelta:
    """Return how long the clock has run up to `until`, or to its stop if that was earlier."""
    begin, end = ledger[0].at, last_moment(ledger, until=until)
    if end <= begin:
        return ZERO
    return end - begin - Rests.of(ledger).within(begin, end)


def last_moment(ledger: Sequence[LedgerEntry], *, until: datetime) -> datetime:
    """Return `until`, or the moment of the stop if that was earlier."""
    stop = next((entry.at for entry in ledger if entry.action == LedgerAction.STOP), until)
    return min(stop, until)
