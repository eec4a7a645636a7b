"""Clock policies and working calendars, kept in memory for a minute (versions never change)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, Value

from accounts.models import Team
from complaints.clock_arithmetic import Budget, RungRule, WorkingCalendar, is_estimate
from complaints.models import (
    BusinessCalendar,
    CalendarVersion,
    Case,
    Clock,
    ClockPolicy,
)
from complaints.selectors.memory import forget, remembered
from complaints.states import DatedBy, PolicyState

DEFAULT_CALENDAR = "default"


def forget_policies() -> None:
    """Read policies and calendars anew at the next look (after a change, and between tests)."""
    forget()


FACTS: dict[str, Callable[[Case], str]] = {
    "severity": lambda case: case.severity,
    "urgency": lambda case: case.urgency,
    "channel": lambda case: case.channel,
    "customer_tier": lambda case: case.consumer.tier,
    "product_line": lambda case: case.product.category if case.product else "",
    "market": lambda case: case.market,
}
"""What a policy's conditions can ask of a Case; an empty value is in no list."""
CONDITION_OF = {"product": "product_line"}
"""The conditions that are called otherwise than the field that they look at."""


def fits(policy: ClockPolicy, case: Case | None) -> bool:
    """Say whether every condition of a policy accepts a Case; without one, that it has none."""
    if case is None:
        return not policy.conditions
    return all(FACTS[name](case) in accepted for name, accepted in policy.conditions.items())


def in_force(policy: ClockPolicy, on: date) -> bool:
    """Say whether a policy's version counts on a day."""
    ended = policy.effective_to is not None and policy.effective_to < on
    return policy.effective_from <= on and not ended


def rules_depend_on(fields: Collection[str]) -> bool:
    """Say whether a change of these fields of a Case can choose another policy or calendar."""
    if "team" in fields and _held_calendars().teams:
        return True
    asked = {name for policy in published_policies() for name in policy.conditions}
    return not asked.isdisjoint(CONDITION_OF.get(field, field) for field in fields)


def published_policies() -> list[ClockPolicy]:
    """Return every published version, the newest of each code first."""
    return remembered("policies", _load_policies)


def _load_policies() -> list[ClockPolicy]:
    published = ClockPolicy.objects.filter(state=PolicyState.PUBLISHED)
    return list(published.select_related("calendar__current").order_by("code", "-version"))


def newest_fitting(
    policies: Iterable[ClockPolicy], case: Case | None, *, started_on: date, received_on: date
) -> list[ClockPolicy]:
    """Return, of each code, the newest version in force that fits, most conditions first.

    A policy dated by receipt counts by the day of the receipt, others by the clock's first day.
    """
    newest: dict[str, ClockPolicy] = {}
    for policy in policies:
        on = received_on if policy.dated_by == DatedBy.RECEIPT else started_on
        held = newest.get(policy.code)
        if in_force(policy, on) and (held is None or held.version < policy.version):
            newest[policy.code] = policy
    fitting = [policy for policy in newest.values() if fits(policy, case)]
    return sorted(fitting, key=lambda policy: (-len(policy.conditions), policy.code))


def policy_for(
    case: Case, kind: str, *, start: datetime, among: Sequence[ClockPolicy] | None = None
) -> ClockPolicy:
    """Return the policy that counts for a case's clock; LookupError when there is none.

    `among` stands in for the published versions, to see what others would mean.
    """
    calendar = working_calendar()
    policies = published_policies() if among is None else among
    found = newest_fitting(
        (policy for policy in policies if policy.kind == kind),
        case,
        started_on=calendar.local_date(start),
        received_on=calendar.local_date(case.received_at),
    )
    if not found:
        raise LookupError(f"no clock policy for {kind} on {start:%F}")
    return found[0]


def policy_in_force(kind: str, *, on: date) -> ClockPolicy:
    """Return the policy for an ordinary case on a day; LookupError when there is none."""
    found = newest_fitting(
        (policy for policy in published_policies() if policy.kind == kind),
        None,
        started_on=on,
        received_on=on,
    )
    if not found:
        raise LookupError(f"no clock policy for {kind} on {on}")
    return found[0]


def working_calendar() -> WorkingCalendar:
    """Return the company's usual working calendar."""
    return _calendars()[DEFAULT_CALENDAR]


def working_calendar_named(key: str) -> WorkingCalendar:
    """Return the current version of one calendar; KeyError when there is none of that key."""
    return _calendars()[key]


def calendar_for(policy: ClockPolicy, *, team_id: int | None) -> WorkingCalendar:
    """Return the calendar of a policy: its own, else the team's, else the usual one."""
    if policy.calendar is not None:
        return working_calendar_named(policy.calendar.key)
    return team_calendar(team_id)


def team_calendar(team_id: int | None) -> WorkingCalendar:
    """Return the calendar that a team works by, else the usual one."""
    held = _held_calendars()
    return held.calendars[held.teams.get(team_id, DEFAULT_CALENDAR)]


def calendar_at(version: str) -> WorkingCalendar:
    """Return a calendar as it stood; LookupError for a version that never was."""
    for calendar in _calendars().values():
        if calendar.version == version:
            return calendar
    data = CalendarVersion.objects.filter(pk=version).values_list("data", flat=True).first()
    if data is None:
        raise LookupError(f"no calendar version {version}")
    return WorkingCalendar.from_data(data)


@dataclass(frozen=True)
class _Held:
    calendars: dict[str, WorkingCalendar]
    teams: dict[int | None, str]


def _calendars() -> Mapping[str, WorkingCalendar]:
    return _held_calendars().calendars


def _held_calendars() -> _Held:
    return remembered("calendars", _load_calendars)


def _load_calendars() -> _Held:
    rows = BusinessCalendar.objects.annotate(
        for_teams=ArrayAgg("teams", filter=Q(teams__isnull=False), default=Value([]))
    ).values_list("key", "current__data", "for_teams")
    return _Held(
        calendars={key: WorkingCalendar.from_data(data) for key, data, _teams in rows},
        teams={team: key for key, _data, teams in rows for team in teams},
    )


def default_team_id() -> int | None:
    """Return the team that new cases go to, if one is marked so."""
    return remembered(
        "team", lambda: Team.objects.filter(is_default=True).values_list("pk", flat=True).first()
    )


def budget_of(policy: ClockPolicy, *, until: datetime | None = None) -> Budget:
    """Return a policy's budget as the arithmetic takes it."""
    return Budget(amount=policy.amount, unit=policy.unit, until=until, rolls=policy.rolls)


def is_provisional(clock: Clock) -> bool:
    """Say whether a clock's due moment is an estimate, by a calendar not published that far.

    A clock that a new wording did not move keeps the version that it was counted by; what the
    calendar says now is what counts.
    """
    budget = budget_of(clock.policy, until=clock.fixed_due_at)
    if clock.due_at is None or not budget.follows_calendar:
        return False
    calendar = calendar_at(clock.calendar_version)
    return is_estimate(budget, clock.due_at, _calendars().get(calendar.key, calendar))


def ladder_of(policy: ClockPolicy) -> list[RungRule]:
    """Return a policy's rungs as the arithmetic takes them."""
    return [
        RungRule(
            rung=row["rung"],
            fraction=Decimal(row["fraction"]) if "fraction" in row else None,
            after_hours=Decimal(row["after_hours"]) if "after_hours" in row else None,
            tell=tuple(row.get("tell", ())),
            effect=row.get("effect", ""),
        )
        for row in policy.ladder
    ]


def running_clocks(case_id: int) -> list[Clock]:
    """Return a case's running clocks, the next due first."""
    return list(
        Clock.objects.filter(case_id=case_id, state="running")
        .select_related("policy")
        .order_by("due_at", "id")
    )
