"""`manage.py detect_batches`: files as people have them, and the real ones."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from liability.detection import Complaint
from tests.liability.streams import keys, stream
from tests.shared_data import FOLDER

FORD = FOLDER / "nhtsa_ford_body_2020_2024.csv.gz"
Row = tuple[str, str, str]


def surging() -> list[Complaint]:
    monthly = {key: 6.0 if n == 0 else 2.0 for n, key in enumerate(keys(6))}

    def factor(key, day):
        return 6.0 if key == ("part 0",) and day >= 600 else 1.0

    return stream(monthly, days=700, seed=11, factor=factor)


def rows_of(complaints: list[Complaint], form: str = "%Y-%m-%d") -> list[Row]:
    return [(f"C{c.id}", date.fromordinal(c.day).strftime(form), c.key[0]) for c in complaints]


def written(path: Path, rows: list[Row], header=("ref id", "received", "part")) -> Path:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def run(path: Path, *more: str, key: str = "part") -> tuple[dict, str]:
    out, errors = StringIO(), StringIO()
    arguments = [str(path), "--received", "received", "--key", key, "--json", *more]
    call_command("detect_batches", *arguments, stdout=out, stderr=errors)
    return json.loads(out.getvalue()), errors.getvalue()


def test_alarm_carries_all_that_was_asked(tmp_path):
    complaints = surging()
    report, errors = run(written(tmp_path / "c.csv", rows_of(complaints)))
    assert errors == ""
    assert report["read"] == report["used"] == len(complaints)
    [alarm] = report["alarms"]
    assert alarm["key"] == {"part": "part 0"}
    assert alarm["count"] == len(alarm["ids"]) > 2 * alarm["expected"]
    assert alarm["ids"][0].startswith("C")
    assert alarm["since"] < alarm["date"]
    assert alarm["statistic"] > 10
    assert set(alarm["season"]) == {"source", "factor", "years"}


def test_same_alarms_for_any_order_and_make_of_file(tmp_path):
    rows = rows_of(surging())
    plain, _ = run(written(tmp_path / "c.csv", rows))
    backwards, _ = run(written(tmp_path / "b.csv", rows[::-1]))
    packed, _ = run(written(tmp_path / "c.csv.gz", rows))
    unnamed = (tmp_path / "c.csv.gz").rename(tmp_path / "packed-without-a-name")
    book = Workbook()
    for row in [("ref id", "received", "part"), *rows]:
        book.active.append(row)
    book.save(tmp_path / "c.xlsx")
    assert plain["alarms"]
    for other in (backwards, packed, run(unnamed)[0], run(tmp_path / "c.xlsx")[0]):
        assert other["alarms"] == plain["alarms"]


def test_dates_of_the_united_states_are_read(tmp_path):
    complaints = surging()
    plain, _ = run(written(tmp_path / "iso.csv", rows_of(complaints)))
    american, _ = run(written(tmp_path / "mdy.csv", rows_of(complaints, "%m/%d/%y")))
    assert american["alarms"] == plain["alarms"]


def test_dates_that_read_two_ways_are_asked_about(tmp_path):
    path = written(tmp_path / "c.csv", [("1", "01/02/2023", "a"), ("2", "03/04/2023", "a")])
    with pytest.raises(CommandError) as refused:
        run(path)
    assert refused.value.returncode == 2
    assert run(path, "--date-format", "dmy")[0]["used"] == 2


def test_bad_rows_are_named_and_none_is_lost(tmp_path):
    good = rows_of(surging())
    bad = [("X1", "", "part 0"), ("X2", "2023-13-01", "part 0"), ("X3", "2023-01-01", "")]
    path = written(tmp_path / "c.csv", [*good[:5], *bad, ("X4", "2023-01-01"), *good[5:]])
    report, errors = run(path)
    assert report["read"] == len(good) + 4
    assert report["used"] == len(good)
    assert [problem["line"] for problem in report["bad"]] == [7, 8, 9, 10]
    assert len(errors.strip().splitlines()) == 4
    assert len(report["alarms"]) == 1


def test_archive_that_ends_early_says_so(tmp_path):
    path = written(tmp_path / "c.csv.gz", rows_of(surging()))
    path.write_bytes(path.read_bytes()[:-400])
    report, errors = run(path)
    assert report["used"] > 0
    assert len(report["bad"]) == 1
    assert errors.strip()


@pytest.mark.parametrize(
    "more", [("--key", "colour"), ("--id", "nothing"), ("--key", "part,part"), ("--key", ",")]
)
def test_column_that_is_not_there_is_refused(tmp_path, more):
    path = written(tmp_path / "c.csv", rows_of(surging())[:3])
    with pytest.raises(CommandError) as refused:
        run(path, *more)
    assert refused.value.returncode == 2


def test_missing_and_empty_files_are_refused(tmp_path):
    (tmp_path / "empty.csv").write_text("")
    for name in ("none.csv", "empty.csv"):
        with pytest.raises(CommandError) as refused:
            run(tmp_path / name)
        assert refused.value.returncode == 2


def test_header_alone_has_no_alarm(tmp_path):
    report, _ = run(written(tmp_path / "c.csv", []))
    assert (report["read"], report["alarms"]) == (0, [])


def test_ids_come_from_the_named_column_or_the_row_number(tmp_path):
    complaints = surging()
    path = written(tmp_path / "c.csv", rows_of(complaints), ("note", "received", "part"))
    assert run(path)[0]["id_column"] == ""
    assert run(path)[0]["alarms"][0]["ids"][0].isdigit()
    assert run(path, "--id", "note")[0]["alarms"][0]["ids"][0].startswith("C")


def test_complaint_that_stands_twice_counts_once_on_its_first_day(tmp_path):
    rows = rows_of(surging())
    plain, _ = run(written(tmp_path / "c.csv", rows))
    late = [(name, "2030-01-01", part) for name, _day, part in rows[:3]]
    report, errors = run(written(tmp_path / "twice.csv", [*late, *rows, *rows[40:60]]))
    assert report["alarms"] == plain["alarms"]
    assert (report["used"], len(report["bad"])) == (len(rows), 23)
    assert "重复" in errors


def test_column_of_dealers_is_no_id(tmp_path):
    rows = [(f"dealer {n % 7}", day, part) for n, (_id, day, part) in enumerate(rows_of(surging()))]
    report, _ = run(written(tmp_path / "c.csv", rows, ("dealer id", "received", "part")))
    assert (report["id_column"], report["used"], report["bad"]) == ("", len(rows), [])
    assert len(report["alarms"]) == 1


@pytest.mark.parametrize("cut", [200, 620, 640, 680])
def test_file_cut_off_at_a_day_has_the_same_alarms_until_then(tmp_path, cut):
    complaints = surging()
    last = min(c.day for c in complaints) + cut
    whole, _ = run(written(tmp_path / "c.csv", rows_of(complaints)))
    early = [c for c in complaints if c.day <= last]
    part, _ = run(written(tmp_path / "p.csv", rows_of(early)))
    until = date.fromordinal(last).isoformat()
    assert part["alarms"] == [a for a in whole["alarms"] if a["date"] <= until]


def months(units: dict[str, int], name: str = "part 0") -> list[tuple[str, str, str]]:
    return [(name, month, str(sold)) for month, sold in units.items()]


def every_month(rise: int) -> dict[str, int]:
    first = min(c.day for c in surging())
    starts = sorted({date.fromordinal(first + n).strftime("%Y-%m") for n in range(700)})
    return {month: 1000 * (rise if n >= 19 else 1) for n, month in enumerate(starts)}


def test_units_sold_are_used_by_period(tmp_path):
    path = written(tmp_path / "c.csv", rows_of(surging()))
    header = ("part", "month", "units sold")
    steady = written(tmp_path / "steady.csv", months(every_month(1)), header)
    risen = written(tmp_path / "risen.csv", months(every_month(8)), header)
    report, _ = run(path, "--exposure", str(steady))
    assert [alarm["by_units"] for alarm in report["alarms"]] == [True]
    assert report["keys_without_units"] == 5
    assert run(path, "--exposure", str(risen))[0]["alarms"] == []


def test_bad_units_are_named(tmp_path):
    path = written(tmp_path / "c.csv", rows_of(surging()))
    units = [("part 0", "2021-01", "many"), ("", "2021-01", "3"), ("part 1", "soon", "3")]
    sales = written(
        tmp_path / "s.csv", [*units, ("part 1", "2021-02", "-1")], ("part", "month", "n")
    )
    report, errors = run(path, "--exposure", str(sales))
    assert [problem["line"] for problem in report["bad_exposure"]] == [2, 3, 4, 5]
    assert len(errors.strip().splitlines()) == 4


def test_units_without_a_column_of_the_key_are_refused(tmp_path):
    path = written(tmp_path / "c.csv", rows_of(surging()))
    sales = written(tmp_path / "s.csv", [("x", "1", "2")], ("thing", "a", "b"))
    with pytest.raises(CommandError) as refused:
        run(path, "--exposure", str(sales))
    assert refused.value.returncode == 2


def test_plain_report_names_the_part(tmp_path):
    out = StringIO()
    path = written(tmp_path / "c.csv", rows_of(surging()))
    call_command("detect_batches", str(path), "--received", "received", "--key", "part", stdout=out)
    assert "part 0" in out.getvalue()


def ford(key: str) -> list[dict]:
    out = StringIO()
    arguments = [str(FORD), "--received", "DATEA", "--key", key, "--json"]
    call_command("detect_batches", *arguments, stdout=out)
    return json.loads(out.getvalue())["alarms"]


@pytest.mark.shared_data
@pytest.mark.parametrize("key", ["MODEL,YEAR,BINNING", "MODEL,BINNING", "BINNING"])
def test_door_check_surge_is_raised_before_mid_august(key):
    alarms = ford(key)
    doors = [a for a in alarms if a["key"]["BINNING"] == "DOOR CHECK ARM | BROKEN"]
    escape = [a for a in doors if a["key"].get("YEAR", "2020") == "2020"]
    assert len(escape) == 1
    assert "2022-06-01" <= escape[0]["date"] <= "2023-08-15"
    surged = ("DOOR CHECK ARM | BROKEN", "FRONT WIPER MOTOR | SLOW WIPING")
    assert len([a for a in alarms if a["key"]["BINNING"] not in surged]) <= 2
    assert not [a for a in alarms if "FROZEN" in a["key"]["BINNING"]]
    assert len({str(a["key"]) for a in alarms}) == len(alarms)
