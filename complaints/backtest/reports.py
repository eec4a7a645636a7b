"""A whole back-test: read, replay, count, and the answer as plain data."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from complaints.backtest.logs import traces
from complaints.backtest.policy import ClockRule, Policy
from complaints.backtest.refusals import PolicyRefused
from complaints.backtest.replaying import LATE, Replay, replay
from complaints.backtest.surveys import survey
from complaints.backtest.totals import Totals, groups_of, in_hours, totals_of
from complaints.clock_arithmetic import CalendarError


@dataclass(frozen=True)
class Group:
    """The cases that hold the same values in the grouping columns."""

    values: tuple[str, ...]
    totals: Totals


@dataclass(frozen=True)
class ClockReport:
    """One clock of the policy over the whole log."""

    rule: ClockRule
    totals: Totals
    groups: tuple[Group, ...]
    replays: tuple[Replay, ...]

    def worst(self, most: int) -> list[Replay]:
        """Return the cases that stopped longest after their due moment, the worst first.

        Where a clock has no due moment, these are the cases that took longest.
        """
        stopped = (one for one in self.replays if one.stopped)
        if self.totals.on_time or self.totals.late:
            stopped = (one for one in self.replays if one.verdict == LATE)
        return heapq.nlargest(most, stopped, key=lambda one: one.lateness)

    def as_json(self) -> dict[str, Any]:
        """Return the clock's totals, groups and cases as plain values."""
        return {
            "name": self.rule.name,
            "working_hours": self.rule.working,
            "totals": self.totals.as_json(),
            "groups": [
                {
                    "values": dict(zip(self.rule.groupings, group.values, strict=True)),
                    "totals": group.totals.as_json(),
                }
                for group in self.groups
            ],
            "cases": [case_as_json(one, self.rule) for one in self.replays],
        }


@dataclass(frozen=True)
class Report:
    """What a back-test found."""

    policy: Policy
    as_of: datetime
    cases: int
    events: int
    sorted_by_case: bool
    warnings: tuple[str, ...]
    clocks: tuple[ClockReport, ...]

    def as_json(self) -> dict[str, Any]:
        """Return everything as plain values; moments are ISO 8601 in UTC, spans are hours."""
        return {
            "cases": self.cases,
            "events": self.events,
            "as_of": _iso(self.as_of),
            "calendar": self.policy.calendar.as_data(),
            "calendar_version": self.policy.calendar.version,
            "warnings": list(self.warnings),
            "clocks": [clock.as_json() for clock in self.clocks],
        }


def replay_log(path: Path, policy: Policy, *, most_rows: int | None = None) -> Report:
    """Replay a policy's clocks over a log, a `.csv` or `.csv.gz` file.

    Without a moment in the policy, cases are seen as of the log's last event. Raises LogRefused
    when the log can't be trusted (nothing is counted then), PolicyRefused when the calendar has no
    working time for a year, OSError when the log can't be opened.
    """
    try:
        return _replay_log(path, policy, most_rows)
    except CalendarError as error:
        raise PolicyRefused(
            f"calendar.{error.field}", _("连续一年没有工作时间，算不出到期时间。")
        ) from error


def _replay_log(path: Path, policy: Policy, most_rows: int | None) -> Report:
    found = survey(path, policy, most_rows=most_rows)
    as_of = policy.as_of or found.latest
    replays: list[list[Replay]] = [[] for _clock in policy.clocks]
    for trace in traces(path, policy, found):
        for clock, those in enumerate(replays):
            those.append(replay(trace, policy, found, clock=clock, as_of=as_of))
    return Report(
        policy=policy,
        as_of=as_of,
        cases=len(replays[0]),
        events=found.rows,
        sorted_by_case=found.sorted_by_case,
        warnings=tuple(_nothing_matches(place) for place in found.unmatched),
        clocks=tuple(
            _clock_report(rule, those, policy, as_of)
            for rule, those in zip(policy.clocks, replays, strict=True)
        ),
    )


def _clock_report(
    rule: ClockRule, replays: list[Replay], policy: Policy, as_of: datetime
) -> ClockReport:
    def totals(those: list[Replay]) -> Totals:
        return totals_of(those, rule, as_of=as_of, within_days=policy.within_days)

    groups = groups_of(replays) if rule.groupings else {}
    return ClockReport(
        rule=rule,
        totals=totals(replays),
        groups=tuple(Group(values, totals(those)) for values, those in groups.items()),
        replays=tuple(replays),
    )


def _nothing_matches(place: str) -> str:
    return _("整个文件里没有一行符合「%(place)s」。") % {"place": place}


def case_as_json(one: Replay, rule: ClockRule) -> dict[str, Any]:
    """Return one case of a clock as plain values."""
    return {
        "case": one.case,
        "groups": dict(zip(rule.groupings, one.groups, strict=True)),
        "started": _iso(one.started),
        "stopped": _iso(one.stopped),
        "pauses": one.pauses,
        "paused_hours": in_hours(one.paused),
        "gross_hours": in_hours(one.gross),
        "consumed_hours": in_hours(one.consumed),
        "due": _iso(one.due),
        "result": one.verdict or None,
        "flags": list(one.flags),
        "as_of": {
            "state": one.as_of.state,
            "due": _iso(one.as_of.due),
            "consumed_hours": in_hours(one.as_of.consumed),
            "overdue": one.as_of.overdue,
        },
    }


def _iso(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
