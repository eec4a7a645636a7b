"""Taking over complaints: whole batches, twice the same, no clocks for history, nobody is told."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from complaints.importing.sources import SOURCES
from complaints.models import (
    Case,
    CaseEvent,
    Clock,
    ClockEntry,
    Consumer,
    Notification,
    OutboxMessage,
    Timer,
)
from complaints.moments import now, shift_to
from complaints.services import importing
from complaints.services.cases import move
from complaints.services.events import broken_link
from complaints.services.importing import import_batch, import_file
from complaints.services.sweeping import sweep
from complaints.services.triage import raise_emergency, record_safety_action
from complaints.states import ClockKind, Stage, Urgency
from tests.complaints.import_files import (
    cfpb_row,
    heimao_row,
    nhtsa_row,
    write_rows,
    write_text,
)
from tests.complaints.imported import imported_case, source_complaint
from tests.complaints.walking import ANYONE, check_at_commit
from tests.factories import staff
from tests.shared_data import FOLDER

pytestmark = pytest.mark.django_db


def run(path: Path, source: str = "cfpb", *options: str) -> tuple[dict, bool]:
    """Run the command and return its report and whether it ended well."""
    out = io.StringIO()
    try:
        call_command("import_complaints", str(path), "--json", *options, source=source, stdout=out)
    except CommandError as error:
        assert error.returncode == 1
        return json.loads(out.getvalue()), False
    return json.loads(out.getvalue()), True


def counts() -> list[int]:
    models = (Case, Consumer, Clock, ClockEntry, CaseEvent, Timer, OutboxMessage, Notification)
    return [model.objects.count() for model in models]


def adds_up(report: dict) -> bool:
    return report["read"] == report["imported"] + report["already_present"] + len(report["bad"])


def test_second_run_adds_nothing(tmp_path):
    rows = [cfpb_row(n) for n in range(1, 8)]
    path = write_rows(tmp_path / "a.csv", rows)
    report, well = run(path, "cfpb", "--batch-size=3")
    assert well
    assert report == {"read": 7, "imported": 7, "already_present": 0, "bad": [], "anomalies": []}
    before = counts()
    report, well = run(path)
    assert well
    assert report == {"read": 7, "imported": 0, "already_present": 7, "bad": [], "anomalies": []}
    assert counts() == before
    check_at_commit()


def test_bad_and_odd_records_are_reported_and_the_exit_code_tells(tmp_path):
    rows = [
        cfpb_row(1, **{"Date sent to company": "2023-02-01"}),
        cfpb_row(2, **{"Date received": "soon"}),
        cfpb_row(3),
    ]
    report, well = run(write_rows(tmp_path / "a.csv", rows))
    assert not well
    assert adds_up(report)
    assert report["anomalies"] == [{"external_ref": "1", "reason": "sent_before_received"}]
    assert [(bad["record"], bad["line"]) for bad in report["bad"]] == [(2, 3)]
    assert Case.objects.get(external_ref="1").import_flags == ["sent_before_received"]


def test_same_reference_twice_is_one_case_and_a_change_is_told(tmp_path):
    rows = [cfpb_row(1), cfpb_row(1), cfpb_row(1, Company="OTHER BANK")]
    report, well = run(write_rows(tmp_path / "a.csv", rows))
    assert well
    assert (report["read"], report["imported"], report["already_present"]) == (3, 1, 2)
    assert report["anomalies"] == [{"external_ref": "1", "reason": "changed_at_source"}]
    assert Case.objects.get().respondent == "ACME BANK"


def test_same_reference_of_two_sources_is_two_cases(tmp_path):
    run(write_rows(tmp_path / "a.csv", [cfpb_row(7)]))
    run(write_rows(tmp_path / "b.csv", [nhtsa_row(7)]), "nhtsa")
    assert Case.objects.filter(external_ref="7").count() == 2


def test_imported_history_is_a_whole_case_that_no_clock_wakes(tmp_path):
    run(write_rows(tmp_path / "a.csv", [cfpb_row(1)]))
    case = Case.objects.get()
    assert (case.stage, case.version, case.event_count) == (Stage.RECEIVED, 1, 1)
    assert (case.next_due_at, case.next_due_kind, case.is_late) == (None, "", False)
    assert case.received_at.astimezone(ZoneInfo("Asia/Shanghai")).isoformat()[:10] == "2023-02-14"
    assert case.imported_at is not None
    assert case.reference.startswith("RD-")
    clock = case.clocks.get()
    assert (clock.kind, clock.started_at) == (ClockKind.ACKNOWLEDGEMENT, case.received_at)
    assert clock.ledger.get().at == case.received_at
    assert broken_link(case) is None
    assert case.events.get().data["facts"]["submitted_via"] == "Web"
    assert case.consumer.contact["name"] == ""
    assert not Timer.objects.exists()
    assert sweep().fired == 0
    assert not OutboxMessage.objects.exists()
    check_at_commit()


def test_imported_case_goes_on_like_any_other():
    case = imported_case(received_at=now() - timedelta(days=400))
    case = move(case, "accept", by=ANYONE)
    case = move(case, "open_investigation", by=ANYONE)
    assert case.next_due_kind == ClockKind.INVESTIGATION
    assert not OutboxMessage.objects.exists()


def test_past_emergency_is_marked_without_a_clock(tmp_path):
    run(write_rows(tmp_path / "a.csv", [nhtsa_row(1, FIRE="Y")]), "nhtsa")
    case = Case.objects.get()
    assert case.danger_reported
    assert (case.urgency, case.import_flags) == (Urgency.EMERGENCY, ["past_emergency"])
    assert not case.clocks.filter(kind=ClockKind.EMERGENCY).exists()
    case = record_safety_action(case, by=staff("agent"), action="查过了", consumer_reached=False)
    assert case.safety_action_at is not None


def test_past_emergency_that_goes_on_gets_its_clock():
    case = imported_case(received_at=now() - timedelta(days=9), danger=True)
    case = raise_emergency(case, by=staff("agent"), reason="还在冒烟")
    assert case.clocks.filter(kind=ClockKind.EMERGENCY, state="running").exists()


def test_complaint_within_its_promises_counts_as_received_now():
    received = now() - timedelta(minutes=30)
    case = imported_case(received_at=received, danger=True)
    kinds = set(case.clocks.values_list("kind", flat=True))
    assert kinds == {ClockKind.ACKNOWLEDGEMENT, ClockKind.EMERGENCY}
    assert (case.next_due_at, case.next_due_kind) == (received + timedelta(hours=2), "emergency")
    assert not Timer.objects.filter(due_at__lt=received + timedelta(minutes=31)).exists()
    shift_to(received + timedelta(hours=2, minutes=1))
    assert sweep().fired == 3


@pytest.mark.parametrize("days", [None, 400])
def test_unknown_or_coming_receipt_is_due_for_nobody(days):
    flag = "no_received_date" if days is None else "received_in_future"
    received = None if days is None else now() + timedelta(days=days)
    case = imported_case(received_at=received, danger=True, flags=(flag,))
    assert case.next_due_at is None
    assert not Timer.objects.exists()
    check_at_commit()


def test_receipt_older_than_any_policy_is_taken(tmp_path):
    run(write_rows(tmp_path / "a.csv", [nhtsa_row(1, DATEA="1995-03-02")]), "nhtsa")
    assert Case.objects.get().received_at.year == 1995


def test_batch_that_breaks_leaves_nothing_and_the_next_run_goes_on(tmp_path, monkeypatch):
    path = write_rows(tmp_path / "a.csv", [cfpb_row(n) for n in range(1, 10)])
    taken = importing.next_event

    def breaks(case, *args, **kwargs):
        if case.external_ref == "5":
            raise IntegrityError("torn")
        return taken(case, *args, **kwargs)

    monkeypatch.setattr(importing, "next_event", breaks)
    with pytest.raises(IntegrityError):
        import_file(path, source="cfpb", batch_size=3)
    assert set(Case.objects.values_list("external_ref", flat=True)) == {"1", "2", "3"}
    assert counts()[:5] == [3] * 5
    monkeypatch.undo()
    report = import_file(path, source="cfpb", batch_size=3)
    assert (report.imported, report.already_present) == (6, 3)


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_make_each_case_once(tmp_path):
    path = write_rows(tmp_path / "a.csv", [cfpb_row(n) for n in range(1, 60)])

    def race(_number: int):
        try:
            return import_file(path, source="cfpb", batch_size=7)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=4) as pool:
        reports = list(pool.map(race, range(4)))
    assert sum(report.imported for report in reports) == Case.objects.count() == 59
    assert all(report.imported + report.already_present == 59 for report in reports)


def test_statements_of_a_batch_do_not_grow_with_it(django_assert_max_num_queries):
    complaints = [source_complaint(received_at=now() - timedelta(days=9)) for _n in range(50)]
    with django_assert_max_num_queries(13):
        import_batch(complaints, source="cfpb")


def test_title_and_words_of_every_length_fit(tmp_path):
    long = "字" * 5000
    row = cfpb_row(1, Company=long, Product=long, Issue=long, State=long, Tags=long)
    row["Consumer complaint narrative"] = long * 10
    report, well = run(write_rows(tmp_path / "a.csv", [row]))
    assert (report["imported"], well) == (1, True)
    assert len(Case.objects.get().description) == 50_000
    row = heimao_row(1, title=long, object=long, demands=long, summary=long)
    assert run(write_rows(tmp_path / "b.csv", [row]), "heimao")[1]
    row = nhtsa_row(1, MAKE=long, MODEL=long, VIN=long, STATE=long, BINNING=long)
    assert run(write_rows(tmp_path / "c.csv", [row]), "nhtsa")[1]


def test_file_with_junk_above_its_header_makes_no_case(tmp_path):
    path = write_rows(tmp_path / "a.csv", [cfpb_row(1)])
    path.write_text("Archive: complaints.zip\n" + path.read_text())
    report, well = run(path)
    assert not well
    assert adds_up(report)
    assert (report["imported"], [bad["line"] for bad in report["bad"]]) == (0, [1])
    assert "第 2 行" in report["bad"][0]["reason"]
    assert not Case.objects.exists()


def test_ambiguous_dates_ask_and_the_answer_is_taken(tmp_path):
    row = cfpb_row(1, **{"Date received": "3/4/2015", "Date sent to company": "3/4/2015"})
    path = write_rows(tmp_path / "a.csv", [row])
    report, well = run(path)
    assert (report["imported"], well) == (0, False)
    assert "--date-format" in report["bad"][0]["reason"]
    report, well = run(path, "cfpb", "--date-format=dmy")
    assert (report["imported"], well) == (1, True)
    received = Case.objects.get().received_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert (received.month, received.day) == (4, 3)


def test_report_for_people_names_record_line_and_reason(tmp_path):
    rows = [cfpb_row(1, **{"Date received": "x"}), cfpb_row(2, **{"Date received": "2031-01-01"})]
    path, out = write_rows(tmp_path / "a.csv", rows), io.StringIO()
    with pytest.raises(CommandError, match="1 条"):
        call_command("import_complaints", str(path), source="cfpb", stdout=out)
    assert "第 1 条（第 2 行）" in out.getvalue()
    assert "received_in_future" in out.getvalue()


def test_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="打不开") as error:
        call_command("import_complaints", str(tmp_path / "no.csv"), source="cfpb")
    assert error.value.returncode == 2


@pytest.mark.parametrize("options", [{"source": "nobody"}, {"source": "cfpb", "batch_size": 0}])
def test_wrong_options_are_refused(tmp_path, options):
    with pytest.raises(CommandError):
        call_command("import_complaints", str(write_text(tmp_path / "a.csv", "a")), **options)


def test_every_source_has_a_sample_here():
    assert set(SOURCES) == {"cfpb", "nhtsa", "heimao"}


REAL = [
    ("cfpb_2026_iso.csv.gz", "cfpb", 705),
    ("nhtsa_ford_body_2020_2024.csv.gz", "nhtsa", 2730),
    ("zh_heimao_format_sample.csv", "heimao", 3),
]


@pytest.mark.shared_data
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("name", "source", "rows"), REAL)
def test_real_files_are_imported_whole(name, source, rows):
    report, well = run(FOLDER / name, source)
    assert well
    assert (report["read"], report["imported"]) == (rows, rows)
    again, _well = run(FOLDER / name, source)
    assert (again["imported"], again["already_present"]) == (0, rows)
    assert Case.objects.filter(next_due_at__isnull=False).count() == 0
    assert not Timer.objects.exists()


@pytest.mark.shared_data
def test_real_file_with_junk_above_its_header_makes_no_case():
    report, well = run(FOLDER / "cfpb_dirty_junk_header.csv.gz")
    assert (report["imported"], well) == (0, False)
    assert "第 3 行" in report["bad"][0]["reason"]
    assert not Case.objects.exists()


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "date_format"),
    [
        ("cfpb_mixed_iso", "ymd"),
        ("cfpb_payday_mdy", "mdy"),
        ("cfpb_2015q1_structured", "mdy"),
        ("cfpb_narrative_product", ""),
    ],
)
def test_real_files_decide_their_dates(name, date_format):
    path = FOLDER / f"{name}.csv.gz"
    assert importing.found_date_format(path, SOURCES["cfpb"]) == date_format
