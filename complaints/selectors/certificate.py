"""The clock certificate of a case: each promise of time, its ledger, and how it was computed.

It holds codes, numbers and moments and no personal text, so that it can be handed to anybody.
`scripts/verify_clock_certificate.py` computes it anew from itself, without this code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings

from complaints.clock_arithmetic import (
    Budget,
    LedgerEntry,
    due_moment,
    rung_moments,
    used,
)
from complaints.clock_arithmetic.deadlines import HOURLY_UNITS
from complaints.clock_arithmetic.ledgers import Rests
from complaints.clock_arithmetic.reckoning import Reckoning, reckon
from complaints.models import Case, Clock, ClockEntry, ClockPolicy, Timer
from complaints.selectors.certificate_words import in_each_language, reckoning_words, verdict_words
from complaints.selectors.policies import FACTS, budget_of, calendar_at, ladder_of
from complaints.states import EVENT_CLOCKS, NOBODYS_FAULT, ClockKind, ClockState, LedgerAction

FORMAT = "redress-clock-certificate/1"
RUNS_ON = frozenset({LedgerAction.START, LedgerAction.RESUME, LedgerAction.RECALCULATE})
"""The lines with which a new generation of rungs is armed."""


def certificate_of(case: Case, *, at: datetime) -> dict[str, Any]:
    """Return the certificate of a case as it stands, issued `at`; JSON can carry all of it."""
    clocks = list(
        Clock.objects.filter(case=case)
        .select_related("policy__calendar")
        .prefetch_related("ledger__policy__calendar", "ledger__actor", "timers")
        .order_by("pk")
    )
    lines = [line for clock in clocks for line in _ledger(clock)]
    document = {
        "format": FORMAT,
        "case": case.reference,
        "issued_at": moment_text(at),
        "zone": settings.TIME_ZONE,
        "chain": {"sequence": case.event_count, "hash": case.last_event_hash},
        "policies": {policy_name(line.policy): _policy(line.policy) for line in lines},
        "calendars": {
            version: calendar_at(version).as_data()
            for version in sorted({line.calendar_version for line in lines})
        },
        "clocks": [_clock(clock, case, at) for clock in clocks],
    }
    return document | {"sha256": fingerprint(document)}


def canonical(document: Any) -> str:
    """Return JSON in the one form that is hashed: ASCII, sorted keys, no spaces."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def fingerprint(document: dict[str, Any]) -> str:
    """Return the SHA-256 over all of a certificate but its own fingerprint."""
    rest = {key: value for key, value in document.items() if key != "sha256"}
    return hashlib.sha256(canonical(rest).encode()).hexdigest()


def moment_text(moment: datetime | None) -> str | None:
    """Return a moment as the certificate writes it: ISO 8601, UTC, with its offset."""
    return moment.astimezone(UTC).isoformat() if moment else None


def policy_name(policy: ClockPolicy) -> str:
    """Return the name under which a certificate lists a version of a policy."""
    return f"{policy.code}:{policy.version}"


def _policy(policy: ClockPolicy) -> dict[str, Any]:
    return {
        "code": policy.code,
        "version": policy.version,
        "name": policy.name,
        "amount": str(policy.amount),
        "unit": policy.unit,
        "rolls": policy.rolls,
        "conditions": policy.conditions,
        "calendar": policy.calendar.key if policy.calendar else None,
        "dated_by": policy.dated_by,
        "effective_from": _day_text(policy.effective_from),
        "effective_to": _day_text(policy.effective_to),
        "source": policy.source,
        "source_status": policy.source_status,
        "ladder": policy.ladder,
        "pause_rules": policy.pause_rules,
    }


def _day_text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _ledger(clock: Clock) -> list[ClockEntry]:
    return sorted(clock.ledger.all(), key=lambda line: line.pk)


def _clock(clock: Clock, case: Case, at: datetime) -> dict[str, Any]:
    rows = _ledger(clock)
    ledger = [LedgerEntry(row.action, row.at) for row in rows]
    lines = [_line(clock, row, ledger[: index + 1]) for index, row in enumerate(rows)]
    calendar = calendar_at(rows[-1].calendar_version)
    budget = budget_of(rows[-1].policy, until=clock.fixed_due_at)
    verdict, found = _verdict(clock, ledger, _dues(lines), at), reckon(budget, ledger, calendar)
    return {
        "id": clock.pk,
        "kind": clock.kind,
        "name": in_each_language(lambda: _name(clock)),
        "subject": clock.subject,
        "ours": clock.kind not in NOBODYS_FAULT,
        "policy": policy_name(clock.policy),
        "calendar": clock.calendar_version,
        "conditions": _conditions(clock.policy, case),
        "fixed_due_at": moment_text(clock.fixed_due_at),
        "state": clock.state,
        "started_at": moment_text(clock.started_at),
        "stopped_at": moment_text(clock.stopped_at),
        "stop_cause": clock.stop_cause,
        "due_at": moment_text(clock.due_at),
        "ledger": lines,
        "timers": [_timer(timer) for timer in sorted(clock.timers.all(), key=lambda row: row.pk)],
        "reckoning": _reckoning(budget, found)
        | {"used": str(used(budget, ledger, calendar, until=at))},
        "reckoning_words": in_each_language(
            lambda: reckoning_words(
                budget, found, start=ledger[0].at, due=clock.due_at, calendar=calendar
            )
        ),
        "verdict": verdict,
        "verdict_words": in_each_language(lambda: verdict_words(verdict)),
    }


def _name(clock: Clock) -> str:
    """Return what a clock is called; several that follow events run at once, so by their policy."""
    by_policy = clock.policy.title if clock.kind in EVENT_CLOCKS else ""
    return by_policy or str(ClockKind(clock.kind).label)


def _conditions(policy: ClockPolicy, case: Case) -> dict[str, Any]:
    return {
        name: {"accepted": accepted, "case": FACTS[name](case)}
        for name, accepted in policy.conditions.items()
    }


def _line(clock: Clock, row: ClockEntry, ledger: Sequence[LedgerEntry]) -> dict[str, Any]:
    """Return one line with the due moment and the rungs as they were after it."""
    calendar = calendar_at(row.calendar_version)
    budget = budget_of(row.policy, until=clock.fixed_due_at)
    rungs: Iterable[tuple[str, datetime]] = ()
    if row.action in RUNS_ON:
        rungs = rung_moments(ladder_of(row.policy), budget=budget, ledger=ledger, calendar=calendar)
    return {
        "action": row.action,
        "at": moment_text(row.at),
        "cause": row.cause,
        "detail": row.detail,
        "roles": sorted(row.actor.roles) if row.actor else [],
        "policy": policy_name(row.policy),
        "calendar": row.calendar_version,
        "due_at": moment_text(due_moment(budget, ledger, calendar)),
        "rungs": [[rung, moment_text(moment)] for rung, moment in rungs],
    }


def _timer(timer: Timer) -> dict[str, Any]:
    return {
        "generation": timer.generation,
        "rung": timer.rung,
        "due_at": moment_text(timer.due_at),
        "status": timer.status,
        "fired_at": moment_text(timer.fired_at),
    }


def _dues(lines: Sequence[dict[str, Any]]) -> Iterator[datetime]:
    return (datetime.fromisoformat(line["due_at"]) for line in lines if line["due_at"])


def _reckoning(budget: Budget, found: Reckoning) -> dict[str, Any]:
    return {
        "counted_spans": [[moment_text(begin), moment_text(end)] for begin, end in found.spans],
        "counted_days": [day.isoformat() for day in found.days],
        "counted": _counted(budget, found),
        "rested": [[moment_text(begin), moment_text(end)] for begin, end in found.rests],
        "counted_to": _day_text(found.counted_to),
        "last_day": _day_text(found.last_day),
    }


def _counted(budget: Budget, found: Reckoning) -> str:
    """Return what was counted: days, or seconds to the microsecond."""
    if budget.unit in HOURLY_UNITS:
        micro = found.time_count // timedelta(microseconds=1)
        return f"{micro // 1_000_000}.{micro % 1_000_000:06d} s"
    return f"{len(found.days)} d"


def _verdict(
    clock: Clock, ledger: Sequence[LedgerEntry], dues: Iterable[datetime], at: datetime
) -> dict[str, Any]:
    """Judge a clock by its last due moment, at its stop, at its present rest, or now."""
    rests, due = Rests.of(ledger), list(dues)[-1]
    judged = rests.spans[-1][0] if rests.open else clock.stopped_at or at
    late = max(judged - due, timedelta(0))
    words = {
        ClockState.STOPPED: ("on_time", "late"),
        ClockState.RUNNING: ("running", "running_late"),
        ClockState.PAUSED: ("paused", "paused_late"),
    }[ClockState(clock.state)]
    return {
        "word": words[bool(late)] if clock.kind not in NOBODYS_FAULT else "not_ours",
        "judged_at": moment_text(judged),
        "due_at": moment_text(due),
        "late_seconds": int(late.total_seconds()),
        "left_seconds": int(max(due - judged, timedelta(0)).total_seconds()),
    }
