"""Back-test: files that are odd, broken or not logs at all."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from complaints.backtest import LogRefused, logs, read_policy, replay_log
from complaints.backtest.surveys import survey
from tests.complaints.replaying import log_file, only_case, policy_data, report_of


def refusal(path, **changes):
    with pytest.raises(LogRefused) as caught:
        report_of(path, **changes)
    return str(caught.value)


def started(tmp_path, *times, **changes):
    """When clocks start that begin at these times as written."""
    rows = [f'c{number},in,"{text}"' for number, text in enumerate(times)]
    report = report_of(log_file(tmp_path, *rows), **{"pause": None, "resume": None} | changes)
    return [one.started for one in report.clocks[0].replays]


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-03-05T08:00:00+08:00", utc(2024, 3, 5)),
        ("2024-03-05T08:00:00.250Z", utc(2024, 3, 5, 8, 0, 0, 250_000)),
        ("2024-03-05 08:00 +0100", utc(2024, 3, 5, 7)),
        ("2024-03-05 08:00", utc(2024, 3, 5)),
        ("2024-03-05", utc(2024, 3, 4, 16)),
        ("2024/3/5 08:00:09", utc(2024, 3, 5, 0, 0, 9)),
        ("2024.3.5 8:00 PM", utc(2024, 3, 5, 12)),
        ("2024年3月5日 08:00", utc(2024, 3, 5)),
        ("2024年3月5日", utc(2024, 3, 4, 16)),
        ("3/25/2024 08:00", utc(2024, 3, 25)),
        ("25.03.24 08:00", utc(2024, 3, 25)),
        ("3/25/2024 12:00 AM", utc(2024, 3, 24, 16)),
    ],
)
def test_moments_may_be_written_in_many_ways(tmp_path, text, moment):
    assert started(tmp_path, text) == [moment]


def test_one_plain_date_decides_for_the_whole_column(tmp_path):
    assert started(tmp_path, "5/3/2024 08:00", "25/3/2024 08:00") == [
        utc(2024, 3, 5),
        utc(2024, 3, 25),
    ]
    assert started(tmp_path, "5/3/2024 08:00", "5/13/2024 08:00") == [
        utc(2024, 5, 3),
        utc(2024, 5, 13),
    ]


def test_forms_that_cannot_be_confused_may_be_mixed(tmp_path):
    assert started(tmp_path, "2024-03-05T00:00Z", "5/13/2024 08:00", "3/3/2024 08:00") == [
        utc(2024, 3, 5),
        utc(2024, 5, 13),
        utc(2024, 3, 3),
    ]


def test_each_column_decides_for_itself(tmp_path):
    path = log_file(
        tmp_path,
        "A,x,2024-03-05T08:00Z,25/03/2024 08:00,03/26/2024 08:00",
        header="case,event,time,from,to",
    )
    one = only_case(
        report_of(path, start={"column": "from"}, stop={"column": "to"}, pause=None, resume=None)
    )
    assert (one.started, one.stopped) == (utc(2024, 3, 25), utc(2024, 3, 26))


@pytest.mark.parametrize(
    "times", [("5/3/2024", "6/4/2024"), ("25/3/2024", "3/25/2024")], ids=["hidden", "both"]
)
def test_dates_that_hide_the_month_are_asked_about(tmp_path, times):
    rows = [f"c{number},in,{text}" for number, text in enumerate(times)]
    path = log_file(tmp_path, *rows)

    assert refusal(path).startswith("「time」列分不清日期是月/日还是日/月。")


def test_a_person_may_say_how_dates_are_written(tmp_path):
    assert started(tmp_path, "5/3/2024", date_format="dmy", time_zone="UTC") == [utc(2024, 3, 5)]
    path = log_file(tmp_path, "A,in,2024-03-05", "A,out,25/3/2024")
    assert refusal(path, date_format="mdy") == ("第 3 行，「time」列：「25/3/2024」读不成时间。")


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2024-02-30",
        "2024-03-05 25:00",
        "2024-03-05T08:00+25:00",
        "13/13/2024",
        "0203-03-05",
        "9999-12-31",
        "45000.5",
        "3/25/2024 13:00 PM",
    ],
)
def test_what_is_no_moment_is_refused_with_its_line_and_column(tmp_path, text):
    path = log_file(tmp_path, "A,in,2024-03-05T08:00Z", f"A,out,{text}")

    assert refusal(path) == f"第 3 行，「time」列：「{text}」读不成时间。"


def test_every_bad_line_is_named_up_to_twenty(tmp_path):
    path = log_file(tmp_path, *[f"A,in,bad{number}" for number in range(30)])
    with pytest.raises(LogRefused) as caught:
        report_of(path)

    assert [fault.line for fault in caught.value.faults] == list(range(2, 22))


def test_a_bad_moment_in_any_column_that_counts_is_found(tmp_path):
    path = log_file(tmp_path, "A,x,2024-03-05,soon", header="case,event,time,to")

    assert refusal(path, stop={"column": "to"}) == "第 2 行，「to」列：「soon」读不成时间。"


def test_empty_cells_are_named(tmp_path):
    path = log_file(tmp_path, ",in,2024-03-05", "A,in,")

    assert (
        refusal(path) == "第 2 行，「case」列：这一格是空的。；第 3 行，「time」列：这一格是空的。"
    )


def test_unknown_columns_are_named(tmp_path):
    path = log_file(tmp_path, "A,in,2024-03-05")

    text = refusal(path, group_by=["渠道"], stop={"column": "ended"})
    assert text == "第 1 行不是要找的表头，缺少这些列：ended、渠道。"


def test_a_header_further_down_is_found(tmp_path):
    path = log_file(tmp_path, "case,event,time", "A,in,2024-03-05", header="export of today")

    assert "表头好像在第 2 行" in refusal(path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "文件是空的。"), ("case,event,time\n", "只有表头，没有事件。")],
    ids=["nothing", "header"],
)
def test_files_without_events_are_refused(tmp_path, text, reason):
    path = tmp_path / "log.csv"
    path.write_text(text)

    assert refusal(path) == reason


def test_a_line_of_another_width_is_named(tmp_path):
    path = log_file(tmp_path, "A,in,2024-03-05", "A,out", "B,in,2024-03-05")

    assert refusal(path) == "第 3 行：应有 3 列，实有 2 列。"


def test_a_quoted_line_break_counts_as_one_line_of_the_log(tmp_path):
    path = log_file(tmp_path, '"A\nB",in,2024-03-05T08:00Z', '"A\nB",out,2024-03-05T09:00Z')

    assert only_case(report_of(path)).case == "A\nB"


def test_a_file_cut_off_inside_a_quoted_cell_is_refused(tmp_path):
    path = log_file(tmp_path, "A,in,2024-03-05T08:00Z", 'A,"out\n, and then')

    assert refusal(path).startswith("第 3 行：引号没有闭合，一直到文件末尾")


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes(b"\xef\xbb\xbfcase,event,time\r\nA,in,2024-03-05T08:00Z\r\n")

    assert only_case(report_of(path)).started == utc(2024, 3, 5, 8)


def test_other_bytes_than_utf_8_are_refused(tmp_path):
    path = tmp_path / "log.csv"
    path.write_bytes("case,event,time\nA,投诉,2024-03-05\n".encode("gbk"))

    assert "UTF-8" in refusal(path)


def test_compressed_files_are_read_and_cut_ones_refused(tmp_path):
    path = tmp_path / "log.csv.gz"
    rows = "".join(f"A{number},in,2024-03-05T08:00Z\n" for number in range(2000))
    whole = gzip.compress(f"case,event,time\n{rows}".encode())
    path.write_bytes(whole)
    assert report_of(path).cases == 2000

    path.write_bytes(whole[:-20])
    assert "压缩文件不完整" in refusal(path)


def test_a_file_may_have_a_largest_number_of_lines(tmp_path):
    path = log_file(tmp_path, *[f"A{number},in,2024-03-05" for number in range(3)])
    policy = read_policy(policy_data())

    assert replay_log(path, policy, most_rows=3).events == 3
    with pytest.raises(LogRefused, match="文件超过 2 行"):
        replay_log(path, policy, most_rows=2)


@pytest.mark.parametrize(("together", "most"), [(True, 4), (False, 12)], ids=["sorted", "mixed"])
def test_where_cases_stand_together_one_is_held_at_a_time(tmp_path, monkeypatch, together, most):
    rows = [f"c{number},in,2024-03-05T0{hour}:00Z" for number in range(4) for hour in range(3)]
    path = log_file(tmp_path, *(rows if together else rows[::3] + rows[1::3] + rows[2::3]))
    policy = read_policy(policy_data())
    read = []
    all_rows = logs._rows
    monkeypatch.setattr(
        logs, "_rows", lambda *given: (read.append(row) or row for row in all_rows(*given))
    )

    first = next(logs.traces(path, policy, survey(path, policy)))
    assert (first.case, len(first.events), len(read)) == ("c0", 3, most)
