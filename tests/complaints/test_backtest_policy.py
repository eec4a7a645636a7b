"""Back-test: policies are checked to the last key before any line of a log is read."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from complaints.backtest import PolicyRefused, read_policy, replay_log
from complaints.clock_arithmetic import OFFICE_HOURS, WorkingCalendar
from complaints.states import BudgetUnit
from tests.complaints.replaying import log_file, policy_data


def refused(**changes):
    with pytest.raises(PolicyRefused) as caught:
        read_policy(policy_data(**changes))
    return caught.value


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"colour": "red"}, "colour"),
        ({"columns": None}, "columns"),
        ({"columns": ["case"]}, "columns"),
        ({"columns": {"case": "case", "event": "event"}}, "columns.time"),
        ({"columns": {"case": "case", "event": 3, "time": "time"}}, "columns.event"),
        ({"start": None}, "start"),
        ({"stop": None}, "stop"),
        ({"stop": "out"}, "stop"),
        ({"stop": {}}, "stop"),
        ({"stop": {"event": "out", "any": True}}, "stop"),
        ({"stop": {"any": False}}, "stop.any"),
        ({"stop": {"event": " "}}, "stop.event"),
        ({"stop": {"events": []}}, "stop.events"),
        ({"stop": {"events": ["out", 3]}}, "stop.events"),
        ({"stop": {"match": {}}}, "stop.match"),
        ({"stop": {"match": {"event": 3}}}, "stop.match.event"),
        ({"stop": {"event": "out", "occurrence": "second"}}, "stop.occurrence"),
        ({"stop": {"column": "to", "event": "out"}}, "stop.event"),
        ({"pause": {"event": "wait", "occurrence": "first"}}, "pause.occurrence"),
        ({"pause": None}, "resume"),
        ({"deadline": {"column": "by"}}, "budget"),
        ({"deadline": {"event": "by"}, "budget": None}, "deadline.event"),
        ({"budget": 4}, "budget"),
        ({"budget": {"amount": 4}}, "budget.unit"),
        ({"budget": {"amount": 4, "unit": "fixed"}}, "budget.unit"),
        ({"budget": {"unit": "elapsed_hours"}}, "budget.amount"),
        ({"budget": {"amount": 0, "unit": "elapsed_hours"}}, "budget.amount"),
        ({"budget": {"amount": True, "unit": "elapsed_hours"}}, "budget.amount"),
        ({"budget": {"amount": "NaN", "unit": "elapsed_hours"}}, "budget.amount"),
        ({"budget": {"amount": 1.5, "unit": "working_days"}}, "budget.amount"),
        ({"budget": {"amount": 1, "unit": "months", "rolls": "no"}}, "budget.rolls"),
        ({"budget": {"amount": 101, "unit": "years"}}, "budget.amount"),
        ({"within_hours": 24}, "within_hours"),
        ({"within_hours": [24, "x"]}, "within_hours[1]"),
        ({"within_days": [1.5]}, "within_days[0]"),
        ({"percentiles": [101]}, "percentiles[0]"),
        ({"group_by": [3]}, "group_by"),
        ({"group_by_start": "week"}, "group_by_start"),
        ({"as_of": "soon"}, "as_of"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"date_format": "iso"}, "date_format"),
        ({"calendar": {"zone": "Mars/Olympus"}}, "calendar.zone"),
        ({"calendar": {"week": [[], [], [], [], [], [], []]}}, "calendar.week"),
        ({"calendar": {"week": 5}}, "calendar.week"),
        ({"calendar": {"week": [1, 2, 3, 4, 5, 6, 7]}}, "calendar"),
        ({"calendar": {"rest_days": ["someday"]}}, "calendar.rest_days"),
        ({"calendar": {"rest_days": 5}}, "calendar"),
        ({"calendar": {"holidays": []}}, "calendar.holidays"),
        ({"clocks": []}, "start"),
    ],
    ids=lambda value: json.dumps(value)[:60] if isinstance(value, dict) else value,
)
def test_what_cannot_be_meant_is_refused_with_its_place(changes, where):
    refusal = refused(**changes)

    assert refusal.where == where
    assert where in str(refusal)


@pytest.mark.parametrize("data", [None, [], "x", 3])
def test_a_policy_is_an_object(data):
    with pytest.raises(PolicyRefused):
        read_policy(data)


def test_the_place_of_a_clock_is_its_number():
    clock = {"start": {"any": True}, "stop": {"event": "out"}}
    data = {"columns": policy_data()["columns"], "clocks": [clock, clock | {"budget": {}}]}

    with pytest.raises(PolicyRefused) as caught:
        read_policy(data)
    assert caught.value.where == "clocks[1].budget.unit"


@pytest.mark.parametrize("count", [0, 13])
def test_there_are_some_clocks_but_not_too_many(count):
    clock = {"start": {"any": True}, "stop": {"event": "out"}}
    data = {"columns": policy_data()["columns"], "clocks": [clock] * count}

    with pytest.raises(PolicyRefused) as caught:
        read_policy(data)
    assert caught.value.where == "clocks"


def test_the_columns_a_policy_needs_are_each_named_once():
    policy = read_policy(
        policy_data(
            start={"column": "from"},
            stop={"match": {"status": "done", "event": "out"}},
            deadline={"column": "by"},
            budget=None,
            group_by=["channel", "status"],
        )
    )

    assert policy.needed_columns() == (
        "case",
        "event",
        "time",
        "from",
        "by",
        "channel",
        "status",
    )


def test_a_calendar_that_rests_for_a_year_is_refused_when_it_matters(tmp_path):
    days = [str(date(2024, 3, 1) + timedelta(days=number)) for number in range(600)]
    policy = read_policy(
        policy_data(calendar={"rest_days": days}, budget={"amount": 1, "unit": "working_hours"})
    )

    with pytest.raises(PolicyRefused) as caught:
        replay_log(log_file(tmp_path, "A,in,2024-03-05"), policy)
    assert caught.value.where == "calendar.week"


@pytest.mark.parametrize("unit", [unit for unit in BudgetUnit if unit != BudgetUnit.FIXED])
def test_the_largest_budgets_stay_within_the_calendar(tmp_path, unit):
    most = {"years": 100, "months": 1200, "weeks": 5000}.get(unit, 36_000)
    policy = read_policy(policy_data(budget={"amount": most, "unit": unit}))

    report = replay_log(log_file(tmp_path, "A,in,2200-12-31"), policy)
    assert report.clocks[0].replays[0].due.year >= 2204


def test_a_calendar_is_the_one_that_clocks_use():
    calendar = WorkingCalendar.from_data(
        {"zone": "Europe/Rome", "rest_days": ["2024-12-25"], "week": OFFICE_HOURS}
    )
    policy = read_policy(policy_data(calendar=calendar.as_data()))

    assert policy.calendar.version == calendar.version
    assert policy.calendar.as_data() == calendar.as_data()
