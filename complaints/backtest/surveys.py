"""The first reading of a log, which believes nothing.

It checks every line, learns how each column writes its moments, whether the lines of a case stand
together, and which of the policy's events occur at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from complaints.backtest.policy import Matcher, Policy
from complaints.backtest.refusals import MOST_FAULTS, Fault, LogRefused
from complaints.backtest.times import DAY_FIRST, MONTH_FIRST, Ambiguous, DateEvidence, read_moment
from complaints.importing.records import Record, open_table
from complaints.importing.refusals import FileRefused

ROLES = ("start", "stop", "pause", "resume")
START, STOP, PAUSE, RESUME = range(len(ROLES))


@dataclass(frozen=True)
class Survey:
    """What the first reading found out about a log."""

    formats: dict[str, str]
    rows: int
    sorted_by_case: bool
    latest: datetime
    unmatched: tuple[str, ...]
    """The clocks and roles of the policy for which no line of the log counts."""


@dataclass(frozen=True)
class RoleMatcher:
    """Which lines play a role for a clock, and the bit that says so."""

    clock: int
    role: int
    matcher: Matcher

    @property
    def bit(self) -> int:
        return 1 << (self.clock * len(ROLES) + self.role)


def role_matchers(policy: Policy) -> list[RoleMatcher]:
    """Return the matchers of all clocks of a policy."""
    found = []
    for number, clock in enumerate(policy.clocks):
        resume = clock.resume if clock.pause else None
        matchers = (clock.start.matcher, clock.stop.matcher, clock.pause, resume)
        found += [
            RoleMatcher(number, role, matcher)
            for role, matcher in enumerate(matchers)
            if matcher is not None
        ]
    return found


@contextmanager
def opened(path: Path, policy: Policy) -> Iterator[Iterator[Record]]:
    """Open a log for one reading; LogRefused when its header lacks a column of the policy."""
    try:
        with open_table(path, [policy.needed_columns()]) as records:
            yield records
    except FileRefused as refusal:
        raise LogRefused(Fault(0, "", refusal.reason)) from refusal


def survey(path: Path, policy: Policy, *, most_rows: int | None = None) -> Survey:
    """Read a log through once and say how it is to be read.

    Raises LogRefused with the lines and columns at fault, OSError when the file can't be opened.
    """
    surveyor = _Surveyor(policy)
    with opened(path, policy) as records:
        for record in records:
            surveyor.look_at(record)
            if most_rows is not None and surveyor.rows > most_rows:
                raise LogRefused(Fault(0, "", _too_long(most_rows)))
            if len(surveyor.faults) >= MOST_FAULTS:
                break
    if surveyor.faults:
        raise LogRefused(*surveyor.faults[:MOST_FAULTS])
    if not surveyor.rows:
        raise LogRefused(Fault(0, "", _("只有表头，没有事件。")))
    formats = {name: _format(name, seen) for name, seen in surveyor.evidence.items()}
    return Survey(
        formats=formats,
        rows=surveyor.rows,
        sorted_by_case=surveyor.sorted_by_case,
        latest=surveyor.evidence[policy.columns.time].latest or _latest(path, policy, formats),
        unmatched=tuple(surveyor.unmatched()),
    )


class _Surveyor:
    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self.evidence = {
            column: DateEvidence(policy.zone, policy.date_format)
            for column in policy.moment_columns()
        }
        self.rows = 0
        self.sorted_by_case = True
        self.faults: list[Fault] = []
        self._cases: set[str] = set()
        self._current: str | None = None
        self._unseen = role_matchers(policy)

    def look_at(self, record: Record) -> None:
        """Take one line into account."""
        self.rows += 1
        if record.problem:
            self.faults.append(Fault(record.line, "", record.problem))
            return
        cells, columns = record.cells, self._policy.columns
        for column in (columns.case, columns.time):
            if not cells[column]:
                self.faults.append(Fault(record.line, column, _("这一格是空的。")))
        for column, seen in self.evidence.items():
            text = cells[column]
            if text and not seen.add(text):
                reason = _("「%(text)s」读不成时间。") % {"text": text[:40]}
                self.faults.append(Fault(record.line, column, reason))
        if cells[columns.case] != self._current:
            self._current = cells[columns.case]
            self.sorted_by_case &= self._current not in self._cases
            self._cases.add(self._current)
        if self._unseen:
            self._unseen = [one for one in self._unseen if not one.matcher.matches(cells)]

    def unmatched(self) -> Iterator[str]:
        """Name the clocks and roles for which no line counted."""
        for one in self._unseen:
            yield f"{self._policy.clocks[one.clock].name}: {ROLES[one.role]}"


def _latest(path: Path, policy: Policy, formats: dict[str, str]) -> datetime:
    column, zone = policy.columns.time, policy.zone
    with opened(path, policy) as records:
        return max(read_moment(r.cells[column], formats[column], zone) for r in records)


def _format(column: str, seen: DateEvidence) -> str:
    try:
        return seen.decide()
    except Ambiguous as error:
        reason = _(
            "「%(column)s」列分不清日期是月/日还是日/月。"
            "请在规则里写明 date_format（%(month)s 或 %(day)s）。"
        ) % {"column": column, "month": MONTH_FIRST, "day": DAY_FIRST}
        raise LogRefused(Fault(0, column, reason)) from error


def _too_long(most_rows: int) -> str:
    return _("文件超过 %(most)d 行。请分成几份，或者用命令试算。") % {"most": most_rows}
