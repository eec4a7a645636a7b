"""Clock policies and the working calendar, kept in memory for a minute (rows never change)."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import Team
from complaints.clock_arithmetic import Budget, RungRule, WorkingCalendar
from complaints.models import CalendarDay, Clock, ClockPolicy

_KEEP_SECONDS = 60.0
_kept: dict[str, tuple[float, Any]] = {}


def _remembered(name: str, load: Callable[[], Any]) -> Any:
    held = _kept.get(name)
    if held is None or time.monotonic() - held[0] > _KEEP_SECONDS:
        held = (time.monotonic(), load())
        _kept[name] = held
    return held[1]


def forget_policies() -> None:
    """Read policies and calendar anew at the next look (after a change, and between tests)."""
    _kept.clear()


def policy_in_force(kind: str, *, on: date) -> ClockPolicy:
    """Return the newest policy for `kind` in force on `on`; LookupError when there is none."""
    policies = _remembered("policies", lambda: list(ClockPolicy.objects.order_by("-version")))
    for policy in policies:
        ended = policy.effective_to is not None and policy.effective_to < on
        if policy.kind == kind and policy.effective_from <= on and not ended:
            return policy
    raise LookupError(f"no clock policy for {kind} on {on}")


def working_calendar() -> WorkingCalendar:
    """Return the working calendar; its version names the days that it was made of."""
    return _remembered("calendar", _load_calendar)


def _load_calendar() -> WorkingCalendar:
    days = list(CalendarDay.objects.order_by("day").values_list("day", "is_working"))
    if not days:
        return WorkingCalendar()
    raw = ";".join(f"{day}{working}" for day, working in days)
    return WorkingCalendar(
        rest_days=frozenset(day for day, working in days if not working),
        make_up_days=frozenset(day for day, working in days if working),
        version=hashlib.sha256(raw.encode()).hexdigest()[:16],
    )


def default_team_id() -> int | None:
    """Return the team that new cases go to, if one is marked so."""
    return _remembered(
        "team", lambda: Team.objects.filter(is_default=True).values_list("pk", flat=True).first()
    )


def budget_of(policy: ClockPolicy, *, until: datetime | None = None) -> Budget:
    """Return a policy's budget as the arithmetic takes it."""
    return Budget(amount=policy.amount, unit=policy.unit, until=until)


def ladder_of(policy: ClockPolicy) -> list[RungRule]:
    """Return a policy's rungs as the arithmetic takes them."""
    return [
        RungRule(
            rung=row["rung"],
            fraction=Decimal(row["fraction"]) if "fraction" in row else None,
            after_hours=Decimal(row["after_hours"]) if "after_hours" in row else None,
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
