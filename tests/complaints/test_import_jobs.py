"""Uploaded files: any make, mapped, tried out, imported once whatever breaks in between."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from complaints.errors import StepForbidden
from complaints.importing import uploads
from complaints.importing.mapping import check_mapping, guessed
from complaints.importing.refusals import FileRefused
from complaints.models import (
    Case,
    Clock,
    ExportLog,
    ImportJob,
    ImportPiece,
    OutboxMessage,
    SavedMapping,
    Timer,
)
from complaints.moments import now, shift_to
from complaints.services import import_jobs
from complaints.services.import_jobs import (
    purge_imports,
    receive_upload,
    resume_import,
    set_mapping,
    start_import,
    stop_import,
    try_out,
    work_on_imports,
)
from complaints.states import Channel, ClockState, ImportState
from config.celery import app
from tests.complaints.import_files import HEADER, ROWS, saved, table, upload
from tests.factories import make_team, make_user, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company():
    make_team(manager=make_user(Role.MANAGER), is_default=True)


@pytest.fixture
def by():
    return staff(Role.MANAGER)


@pytest.fixture
def client(client):
    client.force_login(make_user(Role.MANAGER))
    return client


def received(tmp_path, by, content, **other):
    about = {"name": "f.csv", "source_name": "淘宝", "channel": Channel.ECOMMERCE_PLATFORM}
    path = saved(tmp_path, content)
    return receive_upload(path, **(about | {"language": "zh-hans"} | other), by=by)


def run(job, by):
    start_import(job, by=by)
    work_on_imports()
    return ImportJob.objects.get(pk=job.pk)


# --- Mapping --------------------------------------------------------------------------------------


def test_headers_are_known_in_both_languages():
    assert guessed(["投诉编号", "投诉内容", "收到日期", "手机号"]) == {
        "投诉编号": "external_ref",
        "投诉内容": "description",
        "收到日期": "received_at",
        "手机号": "phone",
    }
    found = guessed(["Complaint ID", "Narrative", "Date received", "E-mail", "Date", "Whatever"])
    assert found["Complaint ID"] == "external_ref" and found["E-mail"] == "email"
    assert list(found.values()).count("received_at") == 1 and "Whatever" not in found


@given(st.lists(st.text(max_size=30), max_size=30, unique=True))
def test_a_guess_never_names_a_target_twice(columns):
    found = guessed(columns)
    assert set(found) <= set(columns) and len(set(found.values())) == len(found)


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"编号": "external_ref", "没有": "description"}, "没有的列：没有"),
        ({"编号": "external_ref", "内容": "secret"}, "没有这样的内容"),
        ({"编号": "external_ref", "内容": "external_ref"}, "两列对应同一项"),
        ({"编号": "external_ref"}, "还没有指定"),
    ],
)
def test_a_mapping_that_does_not_fit_says_why(mapping, words):
    with pytest.raises(FileRefused, match=words):
        check_mapping(mapping, ["编号", "内容"])


# --- Importing ------------------------------------------------------------------------------------


def test_history_arms_nothing_past_and_tells_nobody(tmp_path, by):
    job = run(received(tmp_path, by, table(*ROWS)), by)
    assert (job.state, job.imported, job.present, job.bad) == (ImportState.DONE, 2, 0, 0)
    case = Case.objects.get(external_ref="A-2")
    assert (str(case.amount_paid), case.consumer.name) == ("1299.50", "李雷")
    assert (case.external_body, case.received_at.year) == ("淘宝", 2019)
    assert case.next_due_at is None and case.imported_at is not None
    assert not Timer.objects.exists() and not OutboxMessage.objects.exists()


def test_live_cases_have_clocks_from_now_and_a_receipt(tmp_path, by):
    job = received(tmp_path, by, table(*ROWS))
    set_mapping(job, mapping=job.mapping, date_format="", is_live=True, by=by)
    job = run(job, by)
    assert job.imported == 2
    case = Case.objects.get(external_ref="A-1")
    clock = Clock.objects.get(case=case)
    assert clock.state == ClockState.RUNNING and clock.due_at > now() + timedelta(hours=23)
    assert OutboxMessage.objects.filter(case=case, kind="received").count() == 1


def test_a_trial_writes_nothing_and_tells_what_is_bad(tmp_path, by):
    rows = [*ROWS, ",没有编号,2019-03-04,,,", "A-4,日期怪,昨天,,,", "A-5,钱怪,2019-03-04,,,很多",
            "A-6,,2019-03-04,,,", f"{'x' * 90},太长,,,,", "A-1,重复,2019-03-04,,,"]  # fmt: skip
    job = received(tmp_path, by, table(*rows))
    trial = try_out(job, by=by)
    assert (trial.rows, trial.fresh, trial.present, trial.bad) == (8, 2, 1, 5)
    assert not Case.objects.exists()
    done = run(job, by)
    assert done.rows == done.imported + done.present + done.bad == 8


def test_the_same_file_again_adds_nothing(tmp_path, by):
    run(received(tmp_path, by, table(*ROWS)), by)
    again = run(received(tmp_path, by, table(*ROWS, "A-3,新的,2019-03-04,,,")), by)
    assert (again.imported, again.present) == (1, 2)
    assert Case.objects.count() == 3


def test_an_entry_by_hand_and_a_file_name_the_same_case(tmp_path, by):
    from complaints.services.outside import OutsideBody, receive_outside
    from tests.factories import complaint

    data = complaint(channel=Channel.ECOMMERCE_PLATFORM)
    receive_outside(data, OutsideBody("淘宝", "A-1"), by=staff(Role.AGENT))
    job = run(received(tmp_path, by, table(*ROWS)), by)
    assert (job.imported, job.present) == (1, 1)


def test_a_worker_that_dies_leaves_whole_pieces_and_the_next_goes_on(tmp_path, by, monkeypatch):
    monkeypatch.setattr(import_jobs, "PIECE", 2)
    rows = [f"A-{number},坏了,2019-03-04,,," for number in range(7)]
    job = received(tmp_path, by, table(*rows))
    start_import(job, by=by)
    real, calls = import_jobs._note_problems, []

    def dies(piece, problems):
        calls.append(piece)
        if len(calls) == 3:
            raise RuntimeError("power cut")
        real(piece, problems)

    monkeypatch.setattr(import_jobs, "_note_problems", dies)
    assert work_on_imports() == 2
    monkeypatch.setattr(import_jobs, "_note_problems", real)
    stopped = ImportJob.objects.get()
    assert (stopped.state, stopped.done, Case.objects.count()) == (ImportState.STOPPED, 4, 4)
    resume_import(job, by=by)
    work_on_imports()
    job = ImportJob.objects.get()
    assert (job.state, job.imported, Case.objects.count()) == (ImportState.DONE, 7, 7)


def test_an_import_can_be_stopped_and_taken_up(tmp_path, by):
    job = received(tmp_path, by, table(*ROWS))
    start_import(job, by=by)
    stop_import(job, by=by)
    assert work_on_imports() == 0 and not Case.objects.exists()
    resume_import(job, by=by)
    work_on_imports()
    assert Case.objects.count() == 2


def test_dates_that_can_be_read_two_ways_are_asked_for(tmp_path, by):
    job = received(tmp_path, by, table("A-1,坏了,03/04/2019,,,"))
    with pytest.raises(FileRefused, match="请选择"):
        try_out(job, by=by)
    job = set_mapping(job, mapping=job.mapping, date_format="dmy", is_live=False, by=by)
    run(job, by)
    assert Case.objects.get().received_at.month == 4


def test_a_date_that_has_not_come_is_due_for_nobody(tmp_path, by):
    run(received(tmp_path, by, table("A-1,坏了,2999-01-01,,,")), by)
    case = Case.objects.get()
    assert case.next_due_at is None and "received_in_future" in case.import_flags
    assert not Timer.objects.exists()


def test_hidden_characters_go_and_formulas_stay_text(tmp_path, by):
    run(received(tmp_path, by, table("A-1,=HYPERLINK(1)\u200b\u202e,2019-03-04,@x,,")), by)
    case = Case.objects.get()
    assert (case.description, case.consumer.name) == ("=HYPERLINK(1)", "@x")


def test_rows_are_sealed_and_thrown_away(tmp_path, by):
    job = run(received(tmp_path, by, table(*ROWS)), by)
    assert "周小华" not in str(bytes(ImportPiece.objects.get().sealed))
    shift_to(now() + timedelta(days=31))
    purge_imports()
    assert not ImportPiece.objects.filter(job=job).exists()


def test_rows_of_a_stopped_import_are_thrown_away_and_it_says_so(tmp_path, by, client):
    job = received(tmp_path, by, table(*ROWS))
    start_import(job, by=by)
    stop_import(job, by=by)
    running = start_import(received(tmp_path, by, table(*ROWS)), by=by)
    purge_imports()
    assert ImportPiece.objects.filter(job=job).exists()
    shift_to(now() + timedelta(days=31))
    purge_imports()
    assert list(ImportPiece.objects.values_list("job", flat=True)) == [running.pk]
    answer = client.post(reverse("complaints:import_resume", args=[job.pk]))
    assert "按期清除" in client.get(answer["Location"]).content.decode()
    assert ImportJob.objects.get(pk=job.pk).state == ImportState.STOPPED


@pytest.mark.django_db(transaction=True)
def test_a_file_that_another_worker_has_keeps_no_second_one_waiting(tmp_path, by):
    first, second = (received(tmp_path, by, table(row)) for row in ROWS)
    for job in (first, second):
        start_import(job, by=by)
    with transaction.atomic(), ThreadPoolExecutor(max_workers=1) as pool:
        ImportJob.objects.select_for_update().get(pk=first.pk)
        assert pool.submit(_worker).result(timeout=30) == 1
    states = ImportJob.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [ImportState.RUNNING, ImportState.DONE]
    assert work_on_imports() == 1


def _worker():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        return work_on_imports()
    finally:
        connection.close()


def test_a_turn_of_importing_is_shorter_than_the_beat():
    turn = inspect.signature(work_on_imports).parameters["seconds"].default
    beat = app.conf.beat_schedule["work-imports"]["schedule"]
    assert turn < getattr(beat, "seconds", beat)


def test_too_many_rows_are_refused_and_leave_nothing(tmp_path, by, monkeypatch):
    monkeypatch.setattr(import_jobs, "MOST_ROWS", 3)
    with pytest.raises(FileRefused):
        received(tmp_path, by, table(*ROWS, *ROWS))
    assert not ImportJob.objects.exists()
    assert uploads.MOST_ROWS >= 100_000


def test_only_managers_import(tmp_path):
    with pytest.raises(StepForbidden):
        received(tmp_path, staff(Role.AGENT), table(*ROWS))


# --- Pages ----------------------------------------------------------------------------------------


def test_a_file_goes_from_upload_to_cases(client):
    answer = upload(client, table(*ROWS, "A-3,日期怪,昨天,,,=1+1"))
    assert answer.status_code == 303
    page = answer["Location"]
    shown = client.get(page).content.decode()
    assert "壶盖合不上" in shown and "selected" in shown
    job = ImportJob.objects.get()
    names = [job.mapping.get(column, "") for column in job.columns]
    sent = {f"column_{number}": name for number, name in enumerate(names)}
    tried = client.post(page, {**sent, "try": "1", "save_as": "淘宝导出"})
    assert tried.status_code == 200 and "会新增 2 个案件" in tried.content.decode()
    assert not Case.objects.exists() and SavedMapping.objects.get().name == "淘宝导出"
    assert client.post(page, {**sent, "start": "1"}).status_code == 303
    work_on_imports()
    shown = client.get(page).content.decode()
    assert "新案件 2" in shown and "有问题 1" in shown
    report = client.get(reverse("complaints:import_problems", args=[job.pk])).getvalue().decode()
    assert "'=1+1" in report and "看不懂" in report
    log = ExportLog.objects.get()
    assert (log.query, log.form, log.expected, log.rows) == (f"import={job.pk}", "csv", 1, 1)
    assert log.with_text and str(log.user_id) == client.session["_auth_user_id"]
    assert client.get(reverse("complaints:imports")).status_code == 200


def test_samples_show_contacts_in_part(client):
    rows = ["A-1,壶盖合不上,2019-03-04,周小华,13812345678,199,zhou@example.test,2019-05-06"]
    page = upload(client, table(*rows, header=f"{HEADER},备用,另一天"))["Location"]
    shown = client.get(page).content.decode()
    assert "**** 5678" in shown and "周*" in shown and "z***@example.test" in shown
    assert not [word for word in ("13812345678", "周小华", "zhou@") if word in shown]
    assert "A-1" in shown and "2019-05-06" in shown and "壶盖合不上" in shown


def test_a_saved_mapping_with_unknown_columns_is_refused_and_named(client):
    user = make_user(Role.MANAGER)
    wrong = {"别的列": "external_ref", "投诉内容": "description"}
    SavedMapping.objects.create(name="旧的", mapping=wrong, saved_by=user, saved_at=now())
    page = upload(client, table(*ROWS))["Location"]
    answer = client.get(page, {"saved": "旧的"})
    assert answer.status_code == 422 and "别的列" in answer.content.decode()
    assert client.get(page, {"saved": "没有"}).status_code == 422


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"])
def test_wrong_files_come_back_to_the_form(client, content):
    answer = upload(client, content, "表.xlsx")
    assert answer.status_code == 422
    assert not ImportJob.objects.exists()


def test_a_mapping_without_a_number_is_refused_on_the_page(client):
    page = upload(client, table(*ROWS))["Location"]
    answer = client.post(page, {"column_1": "description", "start": "1"})
    assert answer.status_code == 422 and "还没有指定" in answer.content.decode()
    assert ImportJob.objects.get().state == ImportState.MAPPING


@pytest.mark.parametrize("role", [Role.AGENT, Role.FINANCE, Role.ADMINISTRATOR])
def test_others_see_no_imports(client, role):
    client.force_login(make_user(role))
    assert client.get(reverse("complaints:imports")).status_code == 403
    assert client.get(reverse("complaints:export")).status_code == 403
