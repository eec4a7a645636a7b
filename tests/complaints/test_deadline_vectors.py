"""Due moments counted by hand: holidays, make-up days, lunch breaks, summer time, pauses, months.

The expected moments come from a separate count, day by day and minute by minute, that shares no
code with the project. Rows that name a rival hold what its users reported as wrong there.
"""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from complaints.clock_arithmetic import (
    Budget,
    LedgerEntry,
    WorkingCalendar,
    due_moment,
    used,
)
from complaints.states import BudgetUnit, LedgerAction

FOLDER = Path(__file__).parent / "vectors"
CALENDARS = {
    key: WorkingCalendar.from_data(data)
    for key, data in json.loads((FOLDER / "calendars.json").read_text()).items()
}
with (FOLDER / "deadlines.csv").open(newline="") as lines:
    VECTORS = list(csv.DictReader(lines))


def ledger_of(row: dict[str, str]) -> list[LedgerEntry]:
    """Return the ledger that a row describes."""
    ledger = [LedgerEntry(LedgerAction.START, datetime.fromisoformat(row["start"]))]
    for pause in row["pauses"].split():
        begin, end = (datetime.fromisoformat(moment) for moment in pause.split("/"))
        ledger.append(LedgerEntry(LedgerAction.PAUSE, begin))
        ledger.append(LedgerEntry(LedgerAction.RESUME, end))
    return ledger


def budget_of(row: dict[str, str]) -> Budget:
    """Return the budget that a row describes."""
    return Budget(Decimal(row["amount"]), row["unit"], rolls=row["rolls"] == "yes")


def test_there_are_over_two_hundred() -> None:
    assert len({tuple(row.values()) for row in VECTORS}) > 200


@pytest.mark.parametrize("number", range(len(VECTORS)))
def test_due_moment_is_the_one_counted_by_hand(number: int) -> None:
    row = VECTORS[number]
    calendar = CALENDARS[row["calendar"]]
    due = due_moment(budget_of(row), ledger_of(row), calendar)
    assert due is not None
    assert due.astimezone(UTC) == datetime.fromisoformat(row["due"]).astimezone(UTC), row["why"]


@pytest.mark.parametrize(
    "number",
    [
        number
        for number, row in enumerate(VECTORS)
        if row["unit"] in (BudgetUnit.ELAPSED_HOURS, BudgetUnit.WORKING_HOURS)
    ],
)
def test_the_budget_is_used_up_exactly_when_due(number: int) -> None:
    row = VECTORS[number]
    due = datetime.fromisoformat(row["due"])
    spent = used(budget_of(row), ledger_of(row), CALENDARS[row["calendar"]], until=due)
    assert spent == Decimal(row["amount"]), row["why"]
