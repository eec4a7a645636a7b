"""Reading files of other systems: the whole file decides its dates, breakage is never a case."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.importing.dates import DateEvidence, read_date, read_moment
from complaints.importing.meanings import SourceComplaint
from complaints.importing.refusals import FileRefused
from complaints.importing.sources import SOURCES, Problem, found_date_format, read_complaints
from tests.complaints.import_files import (
    CFPB_COLUMNS,
    cfpb_row,
    heimao_row,
    nhtsa_row,
    write_rows,
    write_text,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def decided(*texts: str) -> str:
    evidence = DateEvidence()
    for text in texts:
        evidence.add(text)
    return evidence.decide()


def read(path: Path, source: str = "cfpb", date_format: str = "ymd") -> list:
    return list(read_complaints(path, SOURCES[source], date_format=date_format, zone=ZONE, now=NOW))


def problems(items: list) -> list[tuple[int, int]]:
    return [(item.record, item.line) for item in items if isinstance(item, Problem)]


def references(items: list) -> list[str]:
    return [item.external_ref for item in items if isinstance(item, SourceComplaint)]


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["2023-02-14", "2023-12-01"], "ymd"),
        (["2023/2/14"], "ymd"),
        (["20230214"], "ymd"),
        (["2023-03-22T12:00:00-05:00"], "ymd"),
        (["03/04/23", "03/22/23"], "mdy"),
        (["3/4/2015", "22/3/2015"], "dmy"),
        (["3/4/2015", "", "no date", "99/99/2015", "3/19/2015"], "mdy"),
        (["2023-02-14", "2023-02-15", "3/19/2015"], "ymd"),
        ([], ""),
        (["unknown", ""], ""),
    ],
)
def test_dates_of_a_file_decide_how_they_are_read(texts, expected):
    assert decided(*texts) == expected


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (["3/4/2015", "5/6/2015"], "看不出"),
        (["3/19/2015", "19/3/2015"], "有的日期"),
        (["2023-02-14", "3/19/2015"], "一半"),
    ],
)
def test_dates_that_do_not_decide_ask_a_person(texts, why):
    with pytest.raises(FileRefused, match=why) as refusal:
        decided(*texts)
    assert "--date-format" in refusal.value.reason


@given(st.lists(st.dates(date(1970, 1, 1), date(2060, 1, 1)), min_size=1))
def test_a_decision_reads_every_date_as_it_was_written(days):
    for pattern, name in (("%m/%d/%Y", "mdy"), ("%d/%m/%Y", "dmy"), ("%Y-%m-%d", "ymd")):
        texts = [day.strftime(pattern) for day in days]
        if name != "ymd" and all(day.day <= 12 for day in days):
            with pytest.raises(FileRefused):
                decided(*texts)
            continue
        assert decided(*texts) == name
        assert [read_date(text, name) for text in texts] == days


def test_moments_keep_a_time_that_was_written():
    assert read_moment("2023-03-22T12:00:00-05:00", "ymd", ZONE) == datetime(
        2023, 3, 22, 17, tzinfo=UTC
    )
    assert read_moment("2023-03-22", "ymd", ZONE) == datetime(2023, 3, 22, tzinfo=ZONE)
    assert read_moment("03/22/23", "mdy", ZONE) == datetime(2023, 3, 22, tzinfo=ZONE)
    for text in ("0015-03-22", "2023-02-30", "2023-03-22 25:00", "22.3", ""):
        with pytest.raises(ValueError):
            read_moment(text, "ymd", ZONE)


def test_cfpb_row_means(tmp_path):
    row = cfpb_row(
        1,
        **{
            "Tags": "Older American",
            "Issue": "Charged fees or interest you didn't expect",
            "Submitted via": "Phone",
            "Timely response?": "No",
            "Date sent to company": "2023-02-20",
        },
    )
    (complaint,) = read(write_rows(tmp_path / "a.csv", [row]))
    assert (complaint.external_ref, complaint.channel) == ("1", "phone")
    assert (complaint.category, complaint.issue) == ("PRICE", "HIDDEN_FEE")
    assert complaint.received_at == datetime(2023, 2, 14, tzinfo=ZONE)
    assert complaint.acknowledged_at == datetime(2023, 2, 20, tzinfo=ZONE)
    assert complaint.needs_care
    assert complaint.facts["timely"] == "No"
    assert complaint.description.startswith("I was charged")
    assert complaint.region == "CA 92592"


def test_cfpb_without_narrative_is_described_by_its_headings(tmp_path):
    row = cfpb_row(1, **{"Consumer complaint narrative": ""})
    (complaint,) = read(write_rows(tmp_path / "a.csv", [row]))
    assert complaint.description == "Product: Mortgage\nIssue: Late payment"


def test_cfpb_narratives_without_id_or_date_are_read(tmp_path):
    text = "row_id,Product,Consumer complaint narrative\n549162,Credit card,Too dear\n"
    (complaint,) = read(write_text(tmp_path / "a.csv", text), date_format="")
    assert (complaint.external_ref, complaint.received_at) == ("row-549162", None)
    assert complaint.flags == ("no_received_date",)


@pytest.mark.parametrize("harm", [{"CRASH": "Y"}, {"FIRE": "Y"}, {"INJURED": "2"}, {"DEATHS": "1"}])
def test_nhtsa_row_means(tmp_path, harm):
    rows = [nhtsa_row(1, **harm), nhtsa_row(2, FAILDATE="2020-02-03")]
    hurt, late = read(write_rows(tmp_path / "a.csv", rows), "nhtsa")
    assert (hurt.danger, hurt.issue, hurt.product_text) == (True, "SAFETY", "FORD EDGE 2018")
    assert (late.danger, late.issue, late.serial_number) == (False, "DEFECT", "2FMPK4J93JB")
    assert late.flags == ("occurred_after_received",)
    assert late.facts["label"] == "DOOR LATCH | OWD"


def test_heimao_row_means(tmp_path):
    (complaint,) = read(write_rows(tmp_path / "a.csv", [heimao_row(17390396995)]), "heimao")
    assert (complaint.external_ref, complaint.wished_remedy) == ("17390396995", "refund")
    assert (complaint.channel, complaint.language) == ("consumer_forum", "zh-hans")
    assert complaint.respondent == "信*飞App"


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"Date sent to company": "2023-02-13"}, "sent_before_received"),
        ({"Date received": "2031-01-01"}, "received_in_future"),
        ({"Date sent to company": "2031-01-01"}, "sent_in_future"),
    ],
)
def test_odd_dates_are_kept_and_flagged(tmp_path, changes, flag):
    (complaint,) = read(write_rows(tmp_path / "a.csv", [cfpb_row(1, **changes)]))
    assert flag in complaint.flags


@pytest.mark.parametrize(
    "changes",
    [
        {"Complaint ID": ""},
        {"Complaint ID": "12a"},
        {"Complaint ID": "１２"},
        {"Date received": ""},
        {"Date received": "2023-02-30"},
        {"Date received": "2/14/2023"},
        {"Date sent to company": "soon"},
        {"Company": "A\x00B"},
    ],
)
def test_unusable_row_is_reported_and_the_others_are_read(tmp_path, changes):
    rows = [cfpb_row(1), cfpb_row(2, **changes), cfpb_row(3)]
    items = read(write_rows(tmp_path / "a.csv", rows))
    assert references(items) == ["1", "3"]
    assert problems(items) == [(2, 3)]
    assert items[1].reason


def test_line_is_the_physical_line_on_which_a_record_begins(tmp_path):
    rows = [
        cfpb_row(1, **{"Consumer complaint narrative": "one\ntwo\n\nfour"}),
        cfpb_row(2, **{"Date received": "x"}),
    ]
    assert problems(read(write_rows(tmp_path / "a.csv", rows))) == [(2, 6)]


def test_row_of_another_width_is_reported(tmp_path):
    text = "date,title,summary,object,demands,href\na,b,c\n\n"
    items = read(write_text(tmp_path / "a.csv", text), "heimao")
    assert problems(items) == [(1, 2)]
    assert "6" in items[0].reason
    assert "3" in items[0].reason


def test_bytes_that_are_not_utf8_are_reported(tmp_path):
    path = write_rows(tmp_path / "a.csv", [cfpb_row(1), cfpb_row(2, Company="CAFE"), cfpb_row(3)])
    path.write_bytes(path.read_bytes().replace(b"CAFE", b"CAF\xe9"))
    items = read(path)
    assert references(items) == ["1", "3"]
    assert problems(items) == [(2, 3)]


def test_repeated_header_is_no_complaint(tmp_path):
    path = write_rows(tmp_path / "a.csv", [cfpb_row(1)])
    path.write_text(path.read_text() * 2)
    items = read(path)
    assert references(items) == ["1", "1"]
    assert problems(items) == [(2, 3)]


@pytest.mark.parametrize("packed", [False, True])
def test_file_cut_inside_a_quoted_field_gives_what_came_before(tmp_path, packed):
    narrative = "A long story,\nwith several lines,\n2023-01-01,Mortgage,and commas"
    rows = [cfpb_row(n, **{"Consumer complaint narrative": narrative}) for n in range(1, 5)]
    whole = write_rows(tmp_path / "a.csv", rows).read_bytes()
    start = whole.index(b"A long story", whole.index(b"\r\n2023-02-14", 400))
    for cut in range(start, start + len(narrative)):
        path = tmp_path / ("cut.csv.gz" if packed else "cut.csv")
        path.write_bytes(gzip.compress(whole[:cut], mtime=0) if packed else whole[:cut])
        items = read(path)
        number = len(items)
        assert references(items) == [str(n) for n in range(1, number)]
        assert problems(items) == [(number, 2 + 3 * (number - 1))]
        assert "引号没有闭合" in items[-1].reason


def test_quote_that_is_never_closed_swallows_nothing_into_a_case(tmp_path):
    path = write_rows(tmp_path / "a.csv", [cfpb_row(n) for n in range(1, 9)])
    lines = path.read_text().splitlines(keepends=True)
    lines[3] = lines[3].replace("CA,", '"CA,')
    path.write_text("".join(lines))
    items = read(path)
    assert references(items) == ["1", "2"]
    assert problems(items) == [(3, 4)]


def test_quote_closed_by_a_later_record_ends_the_reading(tmp_path):
    quoted = {"Consumer complaint narrative": 'He said "no", twice'}
    path = write_rows(tmp_path / "a.csv", [cfpb_row(n, **quoted) for n in range(1, 9)])
    lines = path.read_text().splitlines(keepends=True)
    lines[3] = lines[3].replace("2023-02-14,", '"2023-02-14,', 1)
    path.write_text("".join(lines))
    items = read(path)
    assert references(items) == ["1", "2"]
    assert problems(items)[0] == (3, 4)


def test_packed_file_cut_short_is_reported(tmp_path):
    rows = [cfpb_row(n, Company=f"Company {n * 7919}") for n in range(1, 2000)]
    whole = gzip.compress(write_rows(tmp_path / "a.csv", rows).read_bytes())
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    items = read(path)
    assert references(items) == [str(n) for n in range(1, len(items))]
    assert "压缩文件不完整" in items[-1].reason


def test_line_without_end_does_not_fill_the_memory(tmp_path):
    path = write_rows(tmp_path / "a.csv", [cfpb_row(1)])
    path.write_text(path.read_text() + "x" * 3_000_000)
    items = read(path)
    assert references(items) == ["1"]
    assert problems(items) == [(2, 3)]


def test_last_line_without_an_end_is_flagged(tmp_path):
    path = write_rows(tmp_path / "a.csv", [cfpb_row(1), cfpb_row(2)])
    path.write_text(path.read_text().rstrip())
    first, last = read(path)
    assert (first.flags, last.flags) == ((), ("last_line_unfinished",))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "空的"),
        ("Archive: x.zip\n  inflating: x\n" + ",".join(CFPB_COLUMNS) + "\n", "第 3 行"),
        ("a,b,c\n1,2,3\n", "缺少这些列"),
        (",".join([*CFPB_COLUMNS, "Product"]) + "\n", "重复的列名"),
        ('"never closed\n', "读不出表头"),
    ],
)
def test_file_without_its_header_is_refused(tmp_path, text, why):
    path = write_text(tmp_path / "a.csv", text)
    for attempt in (lambda: found_date_format(path, SOURCES["cfpb"]), lambda: read(path)):
        with pytest.raises(FileRefused, match=why):
            attempt()


def test_what_is_no_gzip_is_refused(tmp_path):
    path = write_text(tmp_path / "a.csv.gz", ",".join(CFPB_COLUMNS))
    with pytest.raises(FileRefused, match="读不出表头"):
        read(path)


def test_mark_of_utf8_above_the_header_does_not_matter(tmp_path):
    path = write_rows(tmp_path / "a.csv", [cfpb_row(1)])
    path.write_text("\ufeff" + path.read_text())
    assert references(read(path)) == ["1"]


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_any_text_comes_through_as_it_was(tmp_path_factory, text):
    row = cfpb_row(1, **{"Consumer complaint narrative": f"x{text}x"})
    path = write_rows(tmp_path_factory.getbasetemp() / "text.csv", [row])
    (complaint,) = read(path)
    assert complaint.description == f"x{text}x"


def test_sources_name_each_column_once():
    for source in SOURCES.values():
        for layout in source.layouts:
            assert len(set(layout)) == len(layout)
    assert next(csv.reader([",".join(CFPB_COLUMNS)])) == CFPB_COLUMNS
