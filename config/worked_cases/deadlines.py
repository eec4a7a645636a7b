"""Deadlines of worked cases, by the arithmetic that runs the clocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from compensation.rules.engine import UNPUBLISHED
from compensation.rules.facts import FactError, Facts, check, day, read_facts, token
from complaints.clock_arithmetic import Budget, LedgerEntry, due_moment
from complaints.states import BudgetUnit, LedgerAction
from config.worked_cases.calendars import published_calendar

HOURS, WORKING = BudgetUnit.ELAPSED_HOURS, BudgetUnit.WORKING_DAYS
DAYS, WEEKS = BudgetUnit.CALENDAR_DAYS, BudgetUnit.WEEKS
MONTHS, YEARS = BudgetUnit.MONTHS, BudgetUnit.YEARS
INSTANT = timedelta(microseconds=1)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?([+-]\d{2}:\d{2}|Z)", re.ASCII)


@dataclass(frozen=True)
class Preset:
    """A limit; `exceptional` is a longer one for cases that the source allows.

    It is the law for what starts from `since` to `until`, both included, None where open.
    """

    amount: int
    unit: str
    region: str = "CN"
    exceptional: int = 0
    restarts: bool = False
    since: date | None = None
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether the limit is the law for what starts on a day."""
        begun = self.since is None or self.since <= day
        return begun and (self.until is None or day <= self.until)

    def budget(self, amount: int) -> Budget:
        """Return the budget; outside China a last day of rest stays where it is."""
        return Budget(Decimal(amount), self.unit, rolls=self.region == "CN")


NEW_PROCEDURE = date(2026, 4, 15)
OLD_PROCEDURE = date(2026, 4, 14)
"""The days on which Order 121 came for Order 20."""

PRESETS = {
    "seed_ack": Preset(24, HOURS),
    "seed_emergency": Preset(2, HOURS),
    "seed_solution": Preset(24, HOURS),
    "seed_investigation": Preset(5, WORKING),
    "seed_review": Preset(5, WORKING),
    "merchant_refusal": Preset(15, DAYS),
    "refund_no_reason": Preset(7, DAYS),
    "cn_reg_accept": Preset(7, WORKING),
    "cn_mediation_old": Preset(45, WORKING, until=OLD_PROCEDURE),
    "cn_mediation": Preset(60, DAYS, since=NEW_PROCEDURE),
    "cn_mediation_notice": Preset(7, WORKING, until=OLD_PROCEDURE),
    "cn_lead_check": Preset(15, WORKING, exceptional=30, until=OLD_PROCEDURE),
    "cn_report_notice": Preset(5, WORKING, until=OLD_PROCEDURE),
    "cn_accept_limit": Preset(3, YEARS),
    "cn_judicial_confirmation": Preset(30, DAYS),
    "cn_limitation": Preset(3, YEARS, restarts=True),
    "cn_product_limitation": Preset(2, YEARS, restarts=True),
    "cn_product_longstop": Preset(10, YEARS),
    "cn_car_answer": Preset(10, WORKING),
    "cn_car_done": Preset(20, WORKING),
    "uk_ack": Preset(5, WORKING, "GB"),
    "uk_src": Preset(3, WORKING, "GB"),
    "uk_final": Preset(8, WEEKS, "GB"),
    "uk_psd": Preset(15, WORKING, "GB", exceptional=35),
    "uk_fos": Preset(6, MONTHS, "GB"),
    "eu_adr": Preset(90, DAYS, "EU"),
    "eu_adr_refuse": Preset(3, WEEKS, "EU"),
}


def _when(field: str, raw: Any) -> date | datetime:
    """Read a day, or a moment with its offset."""
    if not isinstance(raw, str) or "T" not in raw:
        return day(field, raw)
    if not _MOMENT.fullmatch(raw):
        raise FactError(field, "must be a moment like 2026-11-20T17:30:00+08:00")
    day(field, raw[:10])
    try:
        return datetime.fromisoformat(raw)
    except ValueError as error:
        raise FactError(field, "must be a moment like 2026-11-20T17:30:00+08:00") from error


def _done(field: str, raw: Any) -> list[date | datetime]:
    several = raw if isinstance(raw, list) else [raw]
    return [_when(f"{field}[{number}]", one) for number, one in enumerate(several)]


SCHEMA = {
    "preset": token(*PRESETS),
    "start": _when,
    "done": _done,
    "excluded_from": day,
    "excluded_to": day,
    "interrupted_on": day,
}


def deadline(raw: Any) -> dict[str, Any]:
    """Return when a limit ends. Raises FactError."""
    facts = read_facts(raw, SCHEMA)
    preset = PRESETS[facts.need("preset")]
    begun = facts.need("start")
    due = _due(preset, preset.amount, begun, facts)
    if "interrupted_on" in facts:
        due = _restarted(preset, begun, facts, due)
    zone = begun.tzinfo if isinstance(begun, datetime) else None
    found: dict[str, Any] = {"due": _written(preset, due, zone)}
    if preset.exceptional:
        late = _due(preset, preset.exceptional, begun, facts)
        found["exceptional_due"] = _written(preset, late, zone)
    if "done" in facts:
        found["breached"] = [_is_late(preset, one, due) for one in facts.need("done")]
    return found | _warned(facts.need("preset"), preset, begun, due)


def _warned(name: str, preset: Preset, begun: date | datetime, due: datetime) -> dict[str, Any]:
    """Say what a person should know: another limit was the law, a year's holidays are not known."""
    calendar, warnings = published_calendar(preset.region), []
    if not preset.holds_on(_day_of(preset, begun)):
        warnings.append("preset_not_in_force")
    if name == "cn_product_limitation":
        warnings.append("civil_code_gives_3_years")
    counted = preset.unit == WORKING or (preset.unit != HOURS and preset.region == "CN")
    if counted and calendar.is_provisional(calendar.local_date(due - INSTANT)):
        warnings.append(UNPUBLISHED)
    return {"warning": warnings[0], "warnings": warnings} if warnings else {}


def _day_of(preset: Preset, when: date | datetime) -> date:
    if isinstance(when, datetime):
        return published_calendar(preset.region).local_date(when)
    return when


def _midnight(preset: Preset, when: date | datetime) -> datetime:
    if isinstance(when, datetime):
        return when
    zone = ZoneInfo(published_calendar(preset.region).zone)
    return datetime.combine(when, time.min, tzinfo=zone)


def _due(preset: Preset, amount: int, begun: date | datetime, facts: Facts) -> datetime:
    if preset.unit == HOURS and not isinstance(begun, datetime):
        raise FactError("start", "must be a moment: hours run from it")
    ledger = [LedgerEntry(LedgerAction.START, _midnight(preset, begun))]
    if facts.any("excluded_from", "excluded_to"):
        first, last = facts.need("excluded_from"), facts.need("excluded_to")
        check("excluded_to", first <= last, "is before excluded_from")
        check("excluded_from", _midnight(preset, first) >= ledger[0].at, "is before start")
        ledger += [
            LedgerEntry(LedgerAction.PAUSE, _midnight(preset, first)),
            LedgerEntry(LedgerAction.RESUME, _midnight(preset, last + timedelta(days=1))),
        ]
    due = due_moment(preset.budget(amount), ledger, published_calendar(preset.region))
    if due is None:
        raise AssertionError("a pause that was resumed still rests")
    return due


def _restarted(preset: Preset, begun: date | datetime, facts: Facts, due: datetime) -> datetime:
    """Start anew with a demand made in time (民法典 art 195); later it changes nothing."""
    again = facts.need("interrupted_on")
    check("interrupted_on", preset.restarts, "does not restart this limit")
    moment = _midnight(preset, again)
    check("interrupted_on", moment >= _midnight(preset, begun), "is before start")
    return _due(preset, preset.amount, again, facts) if moment < due else due


def _written(preset: Preset, due: datetime, zone: Any) -> str:
    if preset.unit == HOURS:
        return due.astimezone(zone).isoformat()
    return published_calendar(preset.region).local_date(due - INSTANT).isoformat()


def _is_late(preset: Preset, done: date | datetime, due: datetime) -> bool:
    if isinstance(done, datetime):
        return done > due
    return _midnight(preset, done) >= due
