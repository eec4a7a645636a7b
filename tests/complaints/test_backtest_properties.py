"""Back-test: a log that tells a ledger line by line replays to what the ledger itself says."""

from __future__ import annotations

import random
import tempfile
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from complaints.clock_arithmetic import (
    Budget,
    LedgerEntry,
    Rests,
    WorkingCalendar,
    due_moment,
    running_time,
    working_time,
)
from complaints.states import BudgetUnit, LedgerAction
from tests.complaints.replaying import log_file, report_of

pytestmark = pytest.mark.slow

NAMES = {
    LedgerAction.START: "in",
    LedgerAction.PAUSE: "wait",
    LedgerAction.RESUME: "go",
    LedgerAction.STOP: "out",
}
CALENDAR = WorkingCalendar(zone="Europe/Berlin")
AS_OF = datetime(2025, 6, 1, tzinfo=UTC)
UNITS = [unit for unit in BudgetUnit if unit != BudgetUnit.FIXED]


@st.composite
def ledgers(draw):
    """A start, any pauses and resumes in any order, and perhaps a stop; each at its own moment."""
    hours = st.integers(min_value=1, max_value=100 * 3600)
    moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=draw(hours) * 60)
    ledger = [LedgerEntry(LedgerAction.START, moment)]
    actions = draw(st.lists(st.sampled_from([LedgerAction.PAUSE, LedgerAction.RESUME]), max_size=6))
    for action in actions + draw(st.sampled_from([[], [LedgerAction.STOP]])):
        moment += timedelta(seconds=draw(hours))
        ledger.append(LedgerEntry(action, moment))
    return ledger


def log_lines(ledgers_by_case, shuffle):
    lines = [
        f"{case},{NAMES[entry.action]},{entry.at.isoformat()}"
        for case, ledger in ledgers_by_case.items()
        for entry in ledger
    ]
    shuffle.shuffle(lines)
    return lines


def expected(ledger, budget):
    """What the arithmetic says of the ledger: the due moment, and the time used."""
    stopped = ledger[-1].action == LedgerAction.STOP
    if stopped and Rests.of(ledger).open:
        ledger = [*ledger[:-1], LedgerEntry(LedgerAction.RESUME, ledger[-1].at), ledger[-1]]
    if budget.unit == BudgetUnit.WORKING_HOURS:
        consumed = working_time(ledger, CALENDAR, until=AS_OF)
    else:
        consumed = running_time(ledger, until=AS_OF)
    return due_moment(budget, ledger, CALENDAR), consumed


@settings(max_examples=60, deadline=None)
@given(
    told=st.lists(ledgers(), min_size=1, max_size=5),
    unit=st.sampled_from(UNITS),
    amount=st.integers(min_value=1, max_value=30),
    rolls=st.booleans(),
    seed=st.integers(),
)
def test_a_log_of_ledgers_replays_to_what_they_say(told, unit, amount, rolls, seed):
    by_case = {f"c{number}": ledger for number, ledger in enumerate(told)}
    budget = Budget(amount=Decimal(amount), unit=unit, rolls=rolls)
    with tempfile.TemporaryDirectory() as folder:
        path = log_file(Path(folder), *log_lines(by_case, random.Random(seed)))
        report = report_of(
            path,
            calendar={"zone": CALENDAR.zone},
            as_of=AS_OF.isoformat(),
            budget={"amount": amount, "unit": str(unit), "rolls": rolls},
        )
    replays = {one.case: one for one in report.clocks[0].replays}

    assert replays.keys() == by_case.keys()
    for case, ledger in by_case.items():
        one = replays[case]
        assert (one.due, one.consumed) == expected(ledger, budget)
        if one.stopped and one.due:
            assert one.verdict == ("on_time" if one.stopped <= one.due else "late")
