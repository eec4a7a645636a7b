"""The three public process logs: the known totals, and a second reckoning case by case."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from complaints.backtest import read_policy, replay_log
from tests.shared_data import FOLDER

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]

POLICIES = Path(__file__).resolve().parents[2] / "docs" / "back-test"
LOGS = {
    "helpdesk": "log_helpdesk_italy.csv.gz",
    "incidents": "log_bpi2013_incidents.csv.gz",
    "permits": "log_env_permit.csv.gz",
}
CASE, EVENT, TIME = "case:concept:name", "concept:name", "time:timestamp"
HOUR, DAY = pd.Timedelta(hours=1), pd.Timedelta(days=1)
WORKED = pd.Timedelta(hours=9)


@cache
def reference(name):
    return json.loads((FOLDER / "reference_dev.json").read_text())[name]


@cache
def report(name):
    policy = read_policy(json.loads((POLICIES / f"{name}.json").read_text()))
    return replay_log(FOLDER / LOGS[name], policy).as_json()


def clock(name, number=0):
    return report(name)["clocks"][number]


@cache
def events(name):
    """The log as pandas reads it, in order of case, moment and file; `wall` is as written."""
    rows = pd.read_csv(FOLDER / LOGS[name], dtype=str, keep_default_na=False)
    rows["at"] = pd.to_datetime(rows[TIME], utc=True, format="ISO8601")
    rows["wall"] = pd.to_datetime(rows[TIME].str.slice(0, 23), format="ISO8601")
    rows["place"] = range(len(rows))
    return rows.sort_values([CASE, "at", "place"], ignore_index=True)


@cache
def replayed(name, number=0):
    """The cases of a clock as a table with the case as its index."""
    table = pd.json_normalize(clock(name, number)["cases"]).set_index("case").sort_index()
    for column in ("started", "stopped", "due", "as_of.due"):
        table[column] = pd.to_datetime(table[column], utc=True, format="ISO8601")
    return table


def assert_same(found, expected):
    """Hours agree to the microsecond's rounding, all else exactly; the cases are the same."""
    expected = expected.reindex(found.index)
    if found.dtype.kind == "f":
        assert np.allclose(found, expected, rtol=0, atol=1e-6, equal_nan=True)
    else:
        assert (found.isna() == expected.isna()).all()
        assert (found.dropna() == expected.dropna()).all()


def in_hours(spans):
    return spans / HOUR


def milestones(stop, occurrence):
    rows = events("helpdesk")
    started = rows.groupby(CASE)[["at", "wall"]].first()
    stopped = rows[rows[EVENT] == stop].groupby(CASE)[["at", "wall"]].agg(occurrence)
    return started, stopped.reindex(started.index)


@pytest.mark.parametrize("name", LOGS)
def test_every_case_and_every_event_is_counted(name):
    assert report(name)["cases"] == reference_of(name)["cases"]
    assert report(name)["events"] == reference_of(name)["events"]
    assert report(name)["warnings"] == []


def reference_of(name):
    return reference({"incidents": "bpi2013", "permits": "env_permit"}.get(name, name))


def test_the_help_desks_totals_are_the_known_ones():
    known = reference("helpdesk")
    acknowledged, working, resolved, closed = (
        clock("helpdesk", number)["totals"] for number in range(4)
    )
    months = {group["values"]["start_month"]: group for group in clock("helpdesk")["groups"]}

    assert {
        "ack_cases": acknowledged["stopped"],
        "ack_le_2h": acknowledged["within"][0]["gross"],
        "ack_le_24h": acknowledged["within"][1]["gross"],
        "ack_median_h": acknowledged["gross_hours"]["p50"],
        "ack_business_le_9h": working["within"][0]["consumed"],
        "ack_business_median_h": working["consumed_hours"]["p50"],
        "resolve_cases": resolved["stopped"],
        "resolve_le_7d": resolved["on_time"],
        "resolve_median_h": resolved["gross_hours"]["p50"],
        "resolve_p90_h": resolved["gross_hours"]["p90"],
        "closed_cases": closed["stopped"],
        "by_first_month": {month: group["totals"]["cases"] for month, group in months.items()},
    }.items() <= known.items()


def test_the_incidents_totals_are_the_known_ones():
    known, found = reference("bpi2013"), clock("incidents")["totals"]

    assert {
        "completed": found["stopped"],
        "gross_median_h": found["gross_hours"]["p50"],
        "net_median_h": found["consumed_hours"]["p50"],
        "gross_le_7d": found["within"][1]["gross"],
        "net_le_7d": found["within"][1]["consumed"],
        "paused_cases": found["paused"]["cases"],
        "paused_total_h": round(found["paused"]["hours"], 4),
    }.items() <= known.items()
    assert found["on_time"] == known["net_le_7d"]
    assert {
        group["values"]["impact"]: {
            "n": group["totals"]["stopped"],
            "net_le_24h": group["totals"]["within"][0]["consumed"],
            "net_le_7d": group["totals"]["within"][1]["consumed"],
            "net_median_h": group["totals"]["consumed_hours"]["p50"],
        }
        for group in clock("incidents")["groups"]
    } == known["by_impact"]


def test_the_permits_totals_are_the_known_ones():
    known, found = reference("env_permit"), clock("permits")["totals"]

    assert {
        "ended": found["stopped"],
        "missing_enddate": found["never_stopped"],
        "on_time": found["on_time"],
        "late": found["late"],
        "duration_median_h": found["gross_hours"]["p50"],
    }.items() <= known.items()
    assert {
        group["values"]["case:channel"]: {
            "n": group["totals"]["cases"],
            "late": group["totals"]["late"],
        }
        for group in clock("permits")["groups"]
    } == known["by_channel"]
    assert {
        "open": found["as_of"]["open"],
        "open_overdue": found["as_of"]["overdue"],
        "breach_in_next_7d": found["as_of"]["due_within"][0]["cases"],
    } == known["snapshot_2011_06_30"]


@pytest.mark.parametrize(
    ("number", "stop", "occurrence", "hours"),
    [
        (0, "Take in charge ticket", "first", 24),
        (2, "Resolve ticket", "last", 168),
        (3, "Closed", "last", None),
    ],
)
def test_each_ticket_agrees_with_pandas(number, stop, occurrence, hours):
    started, stopped = milestones(stop, occurrence)
    found = replayed("helpdesk", number)

    assert_same(found["started"], started["at"])
    assert_same(found["stopped"], stopped["at"])
    took = (stopped["at"] - started["at"]).fillna(events("helpdesk")["at"].max() - started["at"])
    assert_same(found["consumed_hours"], in_hours(took))
    if hours:
        due = started["at"] + hours * HOUR
        assert_same(found["due"], due)
        verdict = pd.Series(np.where(stopped["at"] <= due, "on_time", "late"), index=due.index)
        assert_same(found["result"], verdict.where(stopped["at"].notna()))


def worked_before(wall):
    """Working time before a moment on the wall clock, Monday to Friday from nine to six."""
    days = wall.to_numpy().astype("datetime64[D]")
    whole = pd.Series(np.busday_count("1970-01-01", days), index=wall.index) * WORKED
    today = (wall - wall.dt.normalize() - 9 * HOUR).clip(lower=0 * HOUR, upper=WORKED)
    return whole + today.where(np.is_busday(days), 0 * HOUR)


def when_worked(total):
    """The first moment on the wall clock before which that much time has been worked."""
    days = np.ceil(total / WORKED).astype(int) - 1
    dates = np.busday_offset("1970-01-01", days.to_numpy(), roll="forward")
    return pd.Series(pd.to_datetime(dates), index=total.index) + 9 * HOUR + total - days * WORKED


def test_each_tickets_working_hours_agree_with_pandas():
    started, stopped = milestones("Take in charge ticket", "first")
    found = replayed("helpdesk", 1)
    answered = stopped.index[stopped["at"].notna()]

    took = worked_before(stopped["wall"][answered]) - worked_before(started["wall"][answered])
    assert_same(found["consumed_hours"][answered], in_hours(took))
    due = when_worked(worked_before(started["wall"]) + WORKED)
    on_the_wall = found["due"].dt.tz_convert("Europe/Helsinki").dt.tz_localize(None)
    assert_same(on_the_wall, due)
    late = stopped["wall"][answered] > due[answered]
    assert_same(found["result"][answered] == "late", late)


def test_each_incident_agrees_with_pandas():
    rows = events("incidents")
    started = rows.groupby(CASE)["at"].first()
    completed = rows[rows[EVENT] == "Completed"].groupby(CASE)["at"].first()
    completed = completed.reindex(started.index)
    waits = (rows[EVENT] == "Accepted") & (rows["lifecycle:transition"] == "Wait - User")
    span = rows.groupby(CASE)["at"].shift(-1) - rows["at"]
    before = rows["at"] < rows[CASE].map(completed)
    paused = span[waits & before].groupby(rows[CASE]).sum().reindex(started.index)
    paused = paused.fillna(0 * HOUR)
    found = replayed("incidents")
    done = completed.index[completed.notna()]

    assert_same(found["started"], started)
    assert_same(found["stopped"], completed)
    assert_same(found["paused_hours"][done], in_hours(paused[done]))
    gross = completed - started
    assert_same(found["gross_hours"][done], in_hours(gross[done]))
    assert_same(found["consumed_hours"][done], in_hours((gross - paused)[done]))
    verdict = pd.Series(np.where(gross - paused <= 7 * DAY, "on_time", "late"), index=gross.index)
    assert_same(found["result"], verdict.where(completed.notna()))
    impact = rows.groupby(CASE)["impact"].first()
    assert_same(found["groups.impact"], impact)


def test_each_permit_agrees_with_pandas():
    rows = events("permits").groupby(CASE).first()
    started, ended, due = (
        pd.to_datetime(rows[f"case:{name}"].replace("", None), utc=True, format="ISO8601")
        for name in ("startdate", "enddate", "deadline")
    )
    found = replayed("permits")
    done = ended.index[ended.notna()]

    assert_same(found["started"], started)
    assert_same(found["stopped"], ended)
    assert_same(found["due"], due)
    took = (ended - started).clip(lower=0 * HOUR)
    assert_same(found["consumed_hours"][done], in_hours(took[done]))
    verdict = pd.Series(np.where(ended <= due, "on_time", "late"), index=due.index)
    assert_same(found["result"], verdict.where(ended.notna()))
    as_of = pd.Timestamp("2011-06-30T00:00Z")
    states = np.select(
        [started > as_of, ended <= as_of], ["not_started", "stopped"], default="running"
    )
    assert_same(found["as_of.state"], pd.Series(states, index=due.index))
    assert_same(found["as_of.overdue"], pd.Series(states == "running", due.index) & (due < as_of))
