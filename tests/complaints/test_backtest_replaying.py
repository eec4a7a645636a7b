"""Back-test: what small logs make of a clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from complaints.backtest import read_policy, replay_log
from tests.complaints.replaying import log_file, only_case, policy_data, report_of

HOUR = timedelta(hours=1)
AS_OF = "2024-03-05T20:00Z"


def at(hour, minute=0, day=5):
    return datetime(2024, 3, day, hour, minute, tzinfo=UTC)


def lines(*events, case="A"):
    """Lines of one case; an event is its name and its hour (and minutes) on 5 March 2024."""
    return [f"{case},{name},2024-03-05T{clock}Z" for name, clock in events]


def replayed(tmp_path, *events, **changes):
    path = log_file(tmp_path, *lines(*events))
    return only_case(report_of(path, **{"as_of": AS_OF} | changes))


def test_a_clock_runs_from_its_start_to_its_stop(tmp_path):
    one = replayed(tmp_path, ("in", "08:00"), ("note", "09:00"), ("out", "11:30"))

    assert (one.started, one.stopped, one.due) == (at(8), at(11, 30), at(12))
    assert one.gross == one.consumed == 3.5 * HOUR
    assert (one.verdict, one.flags) == ("on_time", ())


def test_a_stop_at_the_due_moment_is_on_time_and_one_second_later_is_late(tmp_path):
    assert replayed(tmp_path, ("in", "08:00"), ("out", "12:00")).verdict == "on_time"
    assert replayed(tmp_path, ("in", "08:00"), ("out", "12:00:01")).verdict == "late"


def test_a_pause_moves_the_due_moment(tmp_path):
    one = replayed(tmp_path, ("in", "08:00"), ("wait", "09:00"), ("go", "11:00"), ("out", "13:30"))

    assert (one.due, one.paused, one.pauses) == (at(14), 2 * HOUR, 1)
    assert (one.gross, one.consumed, one.verdict) == (5.5 * HOUR, 3.5 * HOUR, "on_time")


def test_a_missing_stop_is_measured_up_to_the_moment_asked_for(tmp_path):
    one = replayed(tmp_path, ("in", "08:00"))

    assert (one.stopped, one.verdict, one.consumed) == (None, "", 12 * HOUR)
    assert (one.as_of.state, one.as_of.overdue) == ("running", True)


def test_without_a_moment_cases_are_seen_as_of_the_last_event(tmp_path):
    path = log_file(tmp_path, *lines(("in", "08:00")), *lines(("in", "10:00"), case="B"))
    report = report_of(path)

    assert report.as_of == at(10)
    assert [one.consumed for one in report.clocks[0].replays] == [2 * HOUR, 0 * HOUR]


def test_a_stop_before_the_start_does_not_count(tmp_path):
    one = replayed(tmp_path, ("out", "07:00"), ("in", "08:00"), ("out", "10:00"))
    assert (one.stopped, one.flags) == (at(10), ())

    one = replayed(tmp_path, ("out", "07:00"), ("in", "08:00"))
    assert (one.stopped, one.flags) == (None, ("stop_before_start",))


def test_a_stop_without_a_start_is_flagged(tmp_path):
    one = replayed(tmp_path, ("note", "07:00"), ("out", "08:00"))

    assert (one.started, one.stopped, one.flags) == (None, None, ("stop_without_start",))
    assert one.as_of.state == "not_started"


def test_a_column_is_taken_at_its_word_even_before_the_start(tmp_path):
    path = log_file(
        tmp_path,
        "A,x,2024-03-05T08:00Z,2024-03-05T09:00Z,2024-03-05T08:30Z,2024-03-05T12:00Z",
        header="case,event,time,from,to,by",
    )
    one = only_case(
        report_of(
            path,
            start={"column": "from"},
            stop={"column": "to"},
            deadline={"column": "by"},
            budget=None,
        )
    )

    assert (one.started, one.stopped, one.due) == (at(9), at(8, 30), at(12))
    assert (one.consumed, one.verdict) == (0 * HOUR, "on_time")
    assert one.flags == ("stop_before_start",)


@pytest.mark.parametrize(("occurrence", "hour"), [("first", 9), ("last", 13)])
def test_first_and_last_occurrence(tmp_path, occurrence, hour):
    one = replayed(
        tmp_path,
        ("in", "08:00"),
        ("out", "09:00"),
        ("in", "10:00"),
        ("out", "13:00"),
        stop={"event": "out", "occurrence": occurrence},
    )
    assert (one.started, one.stopped) == (at(8), at(hour))


def test_the_last_start_counts_where_it_is_asked_for(tmp_path):
    events = [("in", "08:00"), ("out", "09:00"), ("in", "10:00"), ("out", "13:00")]
    one = replayed(tmp_path, *events, start={"event": "in", "occurrence": "last"})

    assert (one.started, one.stopped, one.consumed) == (at(10), at(13), 3 * HOUR)


def test_a_pause_that_is_never_resumed_leaves_no_due_moment(tmp_path):
    one = replayed(tmp_path, ("in", "08:00"), ("wait", "09:00"), ("note", "10:00"))

    assert (one.due, one.consumed, one.paused) == (None, 1 * HOUR, 11 * HOUR)
    assert one.flags == ("pause_never_resumed",)
    assert (one.as_of.state, one.as_of.due, one.as_of.overdue) == ("paused", None, False)


def test_a_clock_that_was_late_before_its_pause_stays_overdue(tmp_path):
    one = replayed(tmp_path, ("in", "08:00"), ("wait", "13:00"))

    assert (one.as_of.state, one.as_of.overdue, one.consumed) == ("paused", True, 5 * HOUR)


def test_a_stop_ends_the_pause_it_falls_into(tmp_path):
    one = replayed(tmp_path, ("in", "08:00"), ("wait", "11:00"), ("out", "19:00"))

    assert (one.consumed, one.paused, one.due) == (3 * HOUR, 8 * HOUR, at(20))
    assert (one.verdict, one.flags) == ("on_time", ())


def test_a_second_pause_and_a_second_resume_change_nothing(tmp_path):
    one = replayed(
        tmp_path,
        ("in", "08:00"),
        ("wait", "09:00"),
        ("wait", "09:30"),
        ("go", "10:00"),
        ("go", "10:30"),
        ("out", "11:00"),
    )
    assert (one.paused, one.pauses, one.consumed) == (1 * HOUR, 1, 2 * HOUR)


def test_any_event_ends_a_pause_unless_it_pauses_again(tmp_path):
    one = replayed(
        tmp_path,
        ("in", "08:00"),
        ("wait", "09:00"),
        ("wait", "09:30"),
        ("note", "10:00"),
        ("out", "11:00"),
        resume={"any": True},
    )
    assert (one.paused, one.pauses) == (1 * HOUR, 1)


def test_pauses_outside_the_clocks_life_do_not_count(tmp_path):
    one = replayed(
        tmp_path,
        ("wait", "07:00"),
        ("in", "08:00"),
        ("go", "08:30"),
        ("out", "10:00"),
        ("wait", "11:00"),
        ("go", "12:00"),
    )
    assert (one.paused, one.consumed, one.gross) == (HOUR / 2, 1.5 * HOUR, 2 * HOUR)


def test_the_same_line_twice_changes_nothing(tmp_path):
    events = [("in", "08:00"), ("wait", "09:00"), ("go", "10:00"), ("out", "11:00")]
    once = replayed(tmp_path, *events)
    twice = replayed(tmp_path, *[event for event in events for _time in range(2)])

    assert once == twice


def test_lines_in_any_order_give_the_same(tmp_path):
    a = lines(("in", "08:00"), ("wait", "09:00"), ("go", "10:00"), ("out", "11:00"))
    b = lines(("in", "08:30"), ("out", "09:30"), case="B")
    tidy = report_of(log_file(tmp_path, *a, *b), as_of=AS_OF)
    mixed = report_of(log_file(tmp_path, b[1], a[3], a[0], b[0], a[2], a[1]), as_of=AS_OF)

    assert (tidy.sorted_by_case, mixed.sorted_by_case) == (True, False)
    by_case = {one.case: one for one in mixed.clocks[0].replays}
    assert [by_case["A"], by_case["B"]] == list(tidy.clocks[0].replays)
    assert tidy.clocks[0].totals == mixed.clocks[0].totals


def test_a_line_must_match_every_column_that_is_named(tmp_path):
    path = log_file(
        tmp_path,
        "A,in,2024-03-05T08:00Z,x",
        "A,state,2024-03-05T09:00Z,waiting",
        "A,state,2024-03-05T10:00Z,working",
        "A,other,2024-03-05T10:30Z,waiting",
        "A,out,2024-03-05T11:00Z,x",
        header="case,event,time,status",
    )
    one = only_case(
        report_of(
            path,
            pause={"match": {"event": "state", "status": ["waiting", "asleep"]}},
            resume={"any": True},
        )
    )
    assert (one.paused, one.consumed) == (1 * HOUR, 2 * HOUR)


def test_what_came_later_is_not_known_at_the_moment_asked_for(tmp_path):
    events = [("in", "08:00"), ("wait", "09:00"), ("go", "11:00"), ("out", "13:00")]
    seen = {
        hour: replayed(tmp_path, *events, as_of=f"2024-03-05T{hour}Z").as_of
        for hour in ("07:59", "08:30", "10:00", "12:30", "13:00")
    }

    assert [one.state for one in seen.values()] == [
        "not_started",
        "running",
        "paused",
        "running",
        "stopped",
    ]
    assert seen["08:30"].due == at(12)
    assert seen["12:30"].due == at(14)
    assert seen["10:00"].consumed == 1 * HOUR


def test_open_cases_are_counted_by_what_threatens_them(tmp_path):
    path = log_file(
        tmp_path,
        "late,in,2024-02-20T08:00Z",
        "soon,in,2024-03-01T08:00Z",
        "far,in,2024-03-05T08:00Z",
        "paused,in,2024-03-05T08:00Z",
        "paused,wait,2024-03-05T09:00Z",
        "done,in,2024-03-01T08:00Z",
        "done,out,2024-03-02T08:00Z",
        "future,in,2024-03-06T08:00Z",
    )
    report = report_of(
        path,
        as_of=AS_OF,
        within_days=[3, 30],
        budget={"amount": 7, "unit": "calendar_days"},
    )
    totals = report.clocks[0].totals

    assert dict(totals.standing) == {
        "not_started": 1,
        "stopped": 1,
        "open": 4,
        "paused": 1,
        "overdue": 1,
    }
    assert totals.due_within == ((3, 1), (30, 2))


def test_elapsed_hours_ignore_a_change_of_the_clocks(tmp_path):
    path = log_file(tmp_path, "A,in,2024-03-30 22:00", "A,out,2024-03-31 03:00")
    one = only_case(report_of(path, calendar={"zone": "Europe/Berlin"}))

    assert (one.gross, one.verdict) == (4 * HOUR, "on_time")


def test_working_hours_follow_the_wall_clock_over_a_change(tmp_path):
    path = log_file(tmp_path, "A,in,2024-03-29 17:00", "A,out,2024-04-01 12:00")
    one = only_case(
        report_of(
            path,
            calendar={"zone": "Europe/Berlin"},
            budget={"amount": 4, "unit": "working_hours"},
        )
    )

    assert one.consumed == 4 * HOUR
    assert one.due == datetime(2024, 4, 1, 10, tzinfo=UTC)
    assert one.verdict == "on_time"


def test_of_an_hour_that_comes_twice_the_first_is_meant(tmp_path):
    path = log_file(tmp_path, "A,in,2024-10-27 02:30", "A,out,2024-10-27 03:30")
    one = only_case(report_of(path, time_zone="Europe/Berlin"))

    assert one.gross == 2 * HOUR


def test_groups_are_counted_apart(tmp_path):
    path = log_file(
        tmp_path,
        "A,in,2024-03-05T08:00Z,web",
        "A,out,2024-03-05T09:00Z,changed",
        "B,in,2024-03-05T08:00Z,web",
        "B,out,2024-03-05T18:00Z,web",
        "C,in,2024-04-05T08:00Z,",
        header="case,event,time,channel",
    )
    report = report_of(path, group_by=["channel"], group_by_start="month")

    assert [
        (group.values, group.totals.on_time, group.totals.late, group.totals.never_stopped)
        for group in report.clocks[0].groups
    ] == [(("", "2024-04"), 0, 0, 1), (("web", "2024-03"), 1, 1, 0)]


def test_an_event_that_never_occurs_is_told(tmp_path):
    report = report_of(log_file(tmp_path, *lines(("in", "08:00"), ("Out", "09:00"))), name="反应")

    assert report.warnings == (
        "整个文件里没有一行符合「反应: stop」。",
        "整个文件里没有一行符合「反应: pause」。",
        "整个文件里没有一行符合「反应: resume」。",
    )


def test_several_clocks_run_over_one_log(tmp_path):
    path = log_file(tmp_path, *lines(("in", "08:00"), ("wait", "09:00"), ("out", "11:00")))
    policy = read_policy(
        {
            "columns": policy_data()["columns"],
            "clocks": [
                {"name": "答复", "start": {"any": True}, "stop": {"event": "wait"}},
                {"start": {"event": "wait"}, "stop": {"events": ["out", "end"]}},
            ],
        }
    )
    first, second = replay_log(path, policy).clocks

    assert (first.rule.name, first.replays[0].gross) == ("答复", 1 * HOUR)
    assert (second.rule.name, second.replays[0].gross) == ("2", 2 * HOUR)


def test_percentiles_lie_on_the_line_between_two_cases(tmp_path):
    path = log_file(
        tmp_path,
        *(
            line
            for case, end in (("A", "09:00"), ("B", "10:00"), ("C", "13:00"))
            for line in lines(("in", "08:00"), ("out", end), case=case)
        ),
    )
    spread = report_of(path, percentiles=[25, 50, 90]).clocks[0].totals.gross

    assert spread.percentiles == ((25, 1.5), (50, 2.0), (90, 4.4))
    assert (spread.mean, spread.longest) == (2.666667, 5.0)


def test_the_latest_cases_come_first(tmp_path):
    path = log_file(
        tmp_path,
        *(
            line
            for case, end in (("A", "13:00"), ("B", "10:00"), ("C", "19:00"))
            for line in lines(("in", "08:00"), ("out", end), case=case)
        ),
    )
    (clock,) = report_of(path).clocks

    assert [one.case for one in clock.worst(5)] == ["C", "A"]
    (unpromised,) = report_of(path, budget=None).clocks
    assert [one.case for one in unpromised.worst(2)] == ["C", "A"]


def test_everything_can_be_written_as_json(tmp_path):
    path = log_file(tmp_path, *lines(("in", "08:00"), ("wait", "09:00"), ("out", "11:00")))
    data = json.loads(json.dumps(report_of(path, as_of=AS_OF, within_hours=[1, 4]).as_json()))

    assert data["as_of"] == "2024-03-05T20:00:00Z"
    assert data["clocks"][0]["cases"] == [
        {
            "case": "A",
            "groups": {},
            "started": "2024-03-05T08:00:00Z",
            "stopped": "2024-03-05T11:00:00Z",
            "pauses": 1,
            "paused_hours": 2.0,
            "gross_hours": 3.0,
            "consumed_hours": 1.0,
            "due": "2024-03-05T14:00:00Z",
            "result": "on_time",
            "flags": [],
            "as_of": {
                "state": "stopped",
                "due": "2024-03-05T14:00:00Z",
                "consumed_hours": 1.0,
                "overdue": False,
            },
        }
    ]
    assert data["clocks"][0]["totals"]["within"] == [
        {"hours": 1.0, "gross": 0, "consumed": 1},
        {"hours": 4.0, "gross": 1, "consumed": 1},
    ]
