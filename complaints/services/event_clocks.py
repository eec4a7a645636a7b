"""Clocks that follow events: a regulator's term, triage, the notice of a finding, data requests.

Every published policy of such a kind that fits the case runs a clock of its own: it starts with the
event that the policy names and stops with the first of those that end it.
"""

from __future__ import annotations

from complaints.actors import Actor
from complaints.models import Case, ClockPolicy
from complaints.moments import now
from complaints.selectors.policies import newest_fitting, published_policies, working_calendar
from complaints.services.clocks import (
    live_clocks,
    open_clocks,
    plan_clock,
    refresh_next_due,
    start_clock,
    stop_clocks,
)
from complaints.services.stage_clocks import save_next_due
from complaints.states import EVENT_CLOCKS

RECEIPT = "received"


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


def start_missing(case: Case, *, by: Actor) -> Case:
    """Start, from the receipt on, the terms that fit a locked open Case only now.

    A term that ran before is not started again. Returns the Case as it now is.
    """
    known = set(case.clocks.filter(kind__in=EVENT_CLOCKS).values_list("subject", flat=True))
    policies = [policy for policy in published_policies() if policy.kind in EVENT_CLOCKS]
    missing = [
        plan_clock(case, policy.kind, at=case.received_at, subject=policy.code, policy=policy)
        for policy in _starting(case, RECEIPT, policies)
        if policy.code not in known
    ]
    if missing and case.is_open:
        open_clocks(missing, by=by, cause="facts_changed", arm_from=now())
        save_next_due(case)
    return case


def _starting(case: Case, kind: str, policies: list[ClockPolicy]) -> list[ClockPolicy]:
    calendar = working_calendar()
    return newest_fitting(
        [policy for policy in policies if policy.start_event == kind],
        case,
        started_on=calendar.local_date(now()),
        received_on=calendar.local_date(case.received_at),
    )
