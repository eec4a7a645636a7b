"""The rules that a clock would have now, by its case and the day that dates it."""

from __future__ import annotations

from collections.abc import Sequence

from complaints.clock_arithmetic import WorkingCalendar
from complaints.models import Case, Clock, ClockPolicy
from complaints.selectors.policies import (
    calendar_for,
    newest_fitting,
    policy_for,
    published_policies,
    working_calendar,
)
from complaints.states import EVENT_CLOCKS


def policy_now(
    case: Case, clock: Clock, *, among: Sequence[ClockPolicy] | None = None
) -> ClockPolicy:
    """Return the version that counts for a clock among the published ones, or among others."""
    if clock.kind not in EVENT_CLOCKS:
        return policy_for(case, clock.kind, start=clock.started_at, among=among)
    calendar = working_calendar()
    # Several clocks may run by one policy, each for a body of its own: "external_deadline:7".
    code = clock.subject.partition(":")[0]
    found = newest_fitting(
        [p for p in (published_policies() if among is None else among) if p.code == code],
        case,
        started_on=calendar.local_date(clock.started_at),
        received_on=calendar.local_date(case.received_at),
    )
    return found[0] if found else clock.policy


def changed_rules(case: Case, clock: Clock) -> tuple[ClockPolicy, WorkingCalendar] | None:
    """Return the published rules of a clock if they are others than those it runs by."""
    policy = policy_now(case, clock)
    calendar = calendar_for(policy, team_id=case.team_id)
    if policy.pk == clock.policy_id and calendar.version == clock.calendar_version:
        return None
    return policy, calendar
