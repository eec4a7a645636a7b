"""How much time for pauses the rules of a clock still leave, and which proofs are used up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.dateparse import parse_datetime

from complaints.clock_arithmetic.pauses import latest_end, pause_cost
from complaints.models import Case, Clock, ClockEntry, Evidence
from complaints.selectors.policies import calendar_at
from complaints.states import EVENT_CLOCKS, LedgerAction


@dataclass(frozen=True)
class PauseRoom:
    """What is left for one cause, and for all causes of a clock together."""

    clock: Clock
    begin: datetime
    cause: timedelta
    together: timedelta

    def has_room(self, until: datetime) -> bool:
        """Say whether a pause may last until a moment."""
        return self._cost(until) <= min(self.cause, self.together)

    def is_short_together(self, until: datetime) -> bool:
        """Say whether it is all causes together that leave no room."""
        return self._cost(until) <= self.cause

    @property
    def latest(self) -> datetime:
        """Until when a pause may last at most; its begin if nothing is left."""
        calendar = calendar_at(self.clock.calendar_version)
        left = min(self.cause, self.together)
        return latest_end(self.begin, left, unit=self.clock.policy.unit, calendar=calendar)

    def _cost(self, until: datetime) -> timedelta:
        return _cost(self.clock, self.begin, until)


def pause_room(clock: Clock, rule: Mapping[str, Any], *, begin: datetime) -> PauseRoom:
    """Return what a pause from `begin` on may cost by a rule of the clock's policy.

    Earlier clocks of the same promise in the same case count too: a new offer or a second
    investigation brings no fresh cap. All causes together may take no more than the largest cap.
    """
    costs = [(cause, _cost(clock, since, end)) for cause, since, end in _pauses(clock)]
    used = sum((cost for cause, cost in costs if cause == rule["cause"]), timedelta(0))
    whole = sum((cost for _cause, cost in costs), timedelta(0))
    return PauseRoom(
        clock=clock,
        begin=begin,
        cause=timedelta(days=int(rule["cap_days"])) - used,
        together=timedelta(days=largest_cap(clock)) - whole,
    )


def largest_cap(clock: Clock) -> int:
    """Return the days for which a clock may rest by people's pauses for all causes together."""
    return max(int(rule["cap_days"]) for rule in clock.policy.pause_rules)


def is_used_proof(case: Case, proof: Evidence) -> bool:
    """Say whether the file of a proof has proved a pause in this case before."""
    lines = ClockEntry.objects.filter(clock__case=case, action=LedgerAction.PAUSE, cause="paused")
    used = [line.get("proof") for line in lines.values_list("detail", flat=True)]
    same = case.evidence.filter(pk__in=[found for found in used if found])
    return same.filter(file__sha256=proof.file.sha256).exists()


def _cost(clock: Clock, begin: datetime, end: datetime) -> timedelta:
    calendar = calendar_at(clock.calendar_version)
    return pause_cost(begin, end, unit=clock.policy.unit, calendar=calendar)


def _pauses(clock: Clock) -> Iterator[tuple[str, datetime, datetime]]:
    """Yield cause, begin and end of each pause by a person; what a step aside added is not theirs.

    Promises that follow events run side by side: each has its own.
    """
    same = Clock.objects.filter(case=clock.case_id, kind=clock.kind)
    if clock.kind in EVENT_CLOCKS:
        same = same.filter(subject=clock.subject)
    lines = list(ClockEntry.objects.filter(clock__in=same).order_by("clock", "id"))
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        until = parse_datetime(line.detail.get("until") or "")
        if line.action == LedgerAction.PAUSE and "pause" in line.detail and until is not None:
            ended = after.at if after and after.clock_id == line.clock_id else until
            yield line.detail["pause"], line.at, min(ended, until)
