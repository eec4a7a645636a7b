"""Verifying clock certificates as a stranger would, and random clocks to certify."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import itertools
import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from complaints.actors import Actor
from complaints.clock_arithmetic import WorkingCalendar
from complaints.models import BusinessCalendar, CalendarVersion, Case, Clock, ClockPolicy
from complaints.moments import now, shift_to
from complaints.selectors.certificate import fingerprint
from complaints.selectors.policies import calendar_at, forget_policies
from complaints.services.clocks import (
    pause_clocks,
    recalculate_clock,
    resume_clocks,
    start_clock,
    stop_clocks,
)
from complaints.states import ClockKind, ClockState, PolicyState

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "verify_clock_certificate.py"
_spec = importlib.util.spec_from_file_location("verify_clock_certificate", SCRIPT)
assert _spec is not None
assert _spec.loader is not None
script = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(script)
SYSTEM = Actor.system()
_numbers = itertools.count(1)

UNITS = ["elapsed_hours", "working_hours", "working_days", "calendar_days", "weeks", "months"]
ZONES = ["Asia/Shanghai", "Europe/London", "America/New_York", "Asia/Kathmandu", "UTC"]
WEEKS = [
    [[["09:00", "18:00"]]] * 5 + [[], []],
    [[["08:30", "12:00"], ["13:30", "17:30"]]] * 6 + [[]],
    [[["00:00", "24:00"]]] * 7,
    [[["22:00", "24:00"]], [], [["01:30", "03:00"]], [], [["09:00", "10:00"]], [], []],
]
LADDER = [
    {"rung": "warn_50", "fraction": "0.5"},
    {"rung": "warn_80", "fraction": "0.8"},
    {"rung": "breach", "fraction": "1"},
    {"rung": "escalation_1", "after_hours": "7.5"},
]
DAYS = st.dates(date(2026, 11, 1), date(2027, 12, 31)).map(str)
AMOUNTS = {
    "elapsed_hours": st.decimals(Decimal("0.25"), Decimal(300), places=2),
    "working_hours": st.decimals(Decimal("0.25"), Decimal(80), places=2),
}


@st.composite
def calendars(draw: st.DrawFn) -> dict[str, Any]:
    """A calendar with some days off and some made up for."""
    rest = draw(st.sets(DAYS, max_size=6))
    return {
        "key": "drawn",
        "zone": draw(st.sampled_from(ZONES)),
        "week": draw(st.sampled_from(WEEKS)),
        "rest_days": sorted(rest),
        "make_up_days": sorted(draw(st.sets(DAYS, max_size=4)) - rest),
        "published_to": draw(st.sampled_from([None, "2026-12-31"])),
    }


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    """A budget with its calendar."""
    unit = draw(st.sampled_from(UNITS))
    amount = draw(AMOUNTS.get(unit, st.integers(1, 12).map(Decimal)))
    return {
        "unit": unit,
        "amount": amount,
        "rolls": draw(st.booleans()),
        "calendar": draw(calendars()),
    }


ACTIONS = st.sampled_from(["pause", "resume", "resume", "recalculate", "nothing"])
LIVES = st.fixed_dictionaries(
    {
        "start": st.datetimes(datetime(2026, 10, 20), datetime(2027, 11, 30)),
        "rules": st.lists(rules(), min_size=2, max_size=3),
        "steps": st.lists(
            st.tuples(ACTIONS, st.timedeltas(timedelta(minutes=1), timedelta(days=4))), max_size=7
        ),
        "agreed": st.sampled_from([None, None, None, timedelta(days=9)]),
        "ends": st.booleans(),
    }
)


def policy_of(rule: dict[str, Any]) -> ClockPolicy:
    """Store a drawn budget as a published version, with its calendar."""
    number = next(_numbers)
    key = f"drawn-{number}"
    calendar = WorkingCalendar.from_data({**rule["calendar"], "key": key})
    version, _new = CalendarVersion.objects.get_or_create(
        version=calendar.version, defaults={"data": calendar.as_data(), "created_at": now()}
    )
    place = BusinessCalendar.objects.create(key=key, name=key, current=version)
    forget_policies()
    return ClockPolicy.objects.create(
        code=key,
        version=1,
        state=PolicyState.PUBLISHED,
        kind=ClockKind.REGULATOR,
        amount=rule["amount"],
        unit=rule["unit"],
        rolls=rule["rolls"],
        calendar=place,
        ladder=LADDER,
        source="抽出来的规则",
        effective_from=date(2000, 1, 1),
    )


def live(case: Case, life: dict[str, Any]) -> Clock:
    """Start a clock in a case and do to it what was drawn."""
    policies = [policy_of(rule) for rule in life["rules"]]
    shift_to(life["start"].replace(tzinfo=UTC))
    until = now() + life["agreed"] if life["agreed"] else None
    clock = start_clock(
        case,
        ClockKind.REGULATOR,
        by=SYSTEM,
        cause="received",
        subject=policies[0].code,
        until=until,
        policy=policies[0],
    )
    others = itertools.cycle([*policies[1:], policies[0]])
    for action, later in life["steps"]:
        shift_to(now() + later)
        _act(case, clock, action, others)
    if life["ends"]:
        stop_clocks(case, [clock], by=SYSTEM, cause="close")
    return Clock.objects.get(pk=clock.pk)


def _act(case: Case, clock: Clock, action: str, others: Any) -> None:
    if action == "pause":
        pause_clocks(case, [clock], by=SYSTEM, cause="withdraw", depth=1)
    elif action == "resume":
        resume_clocks(case, [clock], by=SYSTEM, cause="reopen")
    elif action == "recalculate" and clock.state == ClockState.RUNNING:
        policy = next(others)
        calendar = calendar_at(policy.calendar.current_id)
        cause = "policy_published"
        recalculate_clock(clock, policy=policy, calendar=calendar, by=SYSTEM, cause=cause)


def verified(document: dict[str, Any], folder: Path) -> tuple[int, str]:
    """Run the script on a certificate in a process of its own; return its end and its words."""
    path = folder / "certificate.json"
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2), encoding="utf-8")
    command = [sys.executable, "-I", str(SCRIPT), str(path)]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
    assert answer.stderr == ""
    return answer.returncode, answer.stdout


def agrees(document: dict[str, Any]) -> tuple[bool, str]:
    """Verify in this process, as the script does; return the answer and its words."""
    said = io.StringIO()
    raw = json.loads(json.dumps(document))
    with contextlib.redirect_stdout(said):
        try:
            return script._verify(raw), said.getvalue()
        except script.UNREADABLE as error:
            return False, repr(error)


def forged(document: dict[str, Any]) -> dict[str, Any]:
    """Return a changed certificate with a fingerprint that fits again."""
    return document | {"sha256": fingerprint(document)}
