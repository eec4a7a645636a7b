"""Clocks that follow events: a regulator's term, triage, the notice of a finding, data requests.

Every published policy of such a kind that fits the case runs a clock of its own: it starts with the
event that the policy names and stops with the first of those that end it.
"""

from __future__ import annotations

from complaints.actors import Actor
from complaints.models import Case, ClockPolicy
from complaints.moments import now
from complaints.selectors.policies import newest_fitting, published_policies, working_calendar
from complaints.services.clocks import live_clocks, refresh_next_due, start_clock, stop_clocks
from complaints.states import EVENT_CLOCKS


def follow_event(case: Case, kind: str, *, by: Actor) -> bool:
    """Stop and start what an event of `kind` stops and starts on a locked Case; say if anything.

    The Case's next due moment is set, not saved.
    """
    policies = [policy for policy in published_policies() if policy.kind in EVENT_CLOCKS]
    fitting = _starting(case, kind, policies)
    if not fitting and not any(kind in policy.stop_events for policy in policies):
        return False
    live = [clock for clock in live_clocks(case) if clock.kind in EVENT_CLOCKS]
    ending = [clock for clock in live if kind in clock.policy.stop_events]
    stop_clocks(case, ending, by=by, cause=kind)
    running = {clock.subject for clock in live if clock not in ending}
    starting = [policy for policy in fitting if policy.code not in running]
    for policy in starting:
        start_clock(case, policy.kind, by=by, cause=kind, subject=policy.code, policy=policy)
    if not ending and not starting:
        return False
    refresh_next_due(case)
    return True


def _starting(case: Case, kind: str, policies: list[ClockPolicy]) -> list[ClockPolicy]:
    calendar = working_calendar()
    return newest_fitting(
        [policy for policy in policies if policy.start_event == kind],
        case,
        started_on=calendar.local_date(now()),
        received_on=calendar.local_date(case.received_at),
    )
