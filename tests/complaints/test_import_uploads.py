"""Uploaded files as tables: any make, odd bytes, damage; refused in words or read."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from accounts.states import Role
from complaints.importing.refusals import FileRefused
from complaints.importing.uploads import open_upload
from complaints.models import (
    ImportJob,
)
from tests.complaints.import_files import HEADER, ROWS, saved, table, upload, workbook
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client):
    client.force_login(make_user(Role.MANAGER))
    return client


def read(path):
    with open_upload(path) as (columns, records):
        return columns, list(records)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_encodings_and_delimiters_are_told_apart(tmp_path, encoding, delimiter):
    text = table(*ROWS).replace(",", delimiter)
    columns, records = read(saved(tmp_path, text.encode(encoding)))
    assert columns == HEADER.split(",")
    assert [record.cells["投诉内容"] for record in records] == ["壶盖合不上", "屏幕有亮线"]
    assert [record.line for record in records] == [2, 3]


def test_a_workbook_is_read_whatever_its_name(tmp_path):
    rows = [
        ["投诉编号", "投诉内容", "投诉时间", "金额"],
        [1, "壶盖", datetime(2019, 3, 4), 199.0],
        [None, None, None, None],
        ["A-2", "=1+1", datetime(2019, 3, 4, 10, 5), 1.5],
    ]
    columns, records = read(saved(tmp_path, workbook(rows), "f.csv"))
    assert columns == rows[0]
    assert records[0].cells == {
        "投诉编号": "1",
        "投诉内容": "壶盖",
        "投诉时间": "2019-03-04",
        "金额": "199",
    }
    assert (records[1].line, records[1].cells["投诉时间"]) == (4, "2019-03-04T10:05:00")


@pytest.mark.parametrize("by_lines", [True, False])
def test_json_is_read_as_a_list_or_line_by_line(tmp_path, by_lines):
    items = [{"id": 1, "text": "壶盖"}, {"id": 2}, ["x"], {"id": 3, "text": {"a": 1}}]
    text = "\n".join(map(json.dumps, items)) if by_lines else json.dumps(items)
    columns, records = read(saved(tmp_path, text))
    assert columns == ["id", "text"]
    assert [bool(record.problem) for record in records] == [False, False, True, True]
    assert records[1].cells == {"id": "2", "text": ""}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"  \n ",
        b"%PDF-1.7 ...",
        b"\x89PNG\r\n\x1a\n0000",
        b"MZ\x90\x00",
        b"PK\x03\x04 not a zip",
        b"[",
        b"[]",
        b"[" * 100_000,
        b"a,a\n1,2\n",
        b"a,,b\n1,2,3\n",
        b"\xff\xfe\x00\xd8\n",
        ("x" * 2_000_000).encode(),
        (",".join(f"c{n}" for n in range(300)) + "\n").encode(),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path, content):
    with pytest.raises(FileRefused) as refused:
        read(saved(tmp_path, content))
    assert re.search("[\u4e00-\u9fff]", refused.value.reason)


def test_an_archive_that_would_unpack_to_too_much_is_refused(tmp_path, monkeypatch):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)
    with pytest.raises(FileRefused, match="太大"):
        read(saved(tmp_path, stream.getvalue()))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x/>')
    with pytest.raises(FileRefused, match="声明"):
        read(saved(tmp_path, stream.getvalue()))


def test_a_quote_that_is_never_closed_ends_the_reading_and_says_so(tmp_path):
    _columns, records = read(saved(tmp_path, table(ROWS[0], 'A-2,"没有闭合', ROWS[1])))
    assert [bool(record.problem) for record in records] == [False, True]


def test_rows_of_another_width_and_bytes_of_no_encoding_are_bad_alone(tmp_path):
    _columns, records = read(saved(tmp_path, table(ROWS[0], "A-2,少了", ROWS[1])))
    assert [bool(record.problem) for record in records] == [False, True, False]


def packed(*, without="", **changes):
    """A workbook whose parts were tampered with: a name's end to what becomes of its bytes."""
    rows = [["投诉编号", "投诉内容"], *([number, "壶盖合不上" * 9] for number in range(900))]
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(rows))) as whole,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in whole.namelist():
            change = changes.get(Path(name).stem.strip("[]"), bytes)
            if name != without:
                made.writestr(name, change(whole.read(name)))
    return stream.getvalue()


def as_letter(raw):
    return raw.replace(b"spreadsheetml.sheet.main", b"wordprocessingml.document.main")


@pytest.mark.parametrize(
    "content",
    [
        packed(Content_Types=as_letter),
        packed(Content_Types=lambda raw: raw[: len(raw) // 2]),
        packed(workbook=lambda raw: b"<workbook"),
        packed(sheet1=lambda raw: raw[: len(raw) // 2]),
        packed(sheet1=lambda raw: raw[:200]),
        packed(sheet1=lambda raw: raw.replace(b"<v>3</v>", b"<v>x</v>")),
        packed(without="xl/workbook.xml"),
        packed(without="xl/worksheets/sheet1.xml"),
        packed()[:-200],
        packed().replace(b"PK\x01\x02", b"PK\x09\x02"),
    ],
)
def test_damaged_workbooks_are_refused_in_words(client, content):
    answer = upload(client, content, "表.xlsx")
    assert answer.status_code == 422
    assert "XLSX" in answer.content.decode()
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize("odd", ["\\u0000", "\\ud800", "\\udfff\\u0000"])
def test_what_no_database_takes_goes_from_names_and_values_of_json(client, odd):
    text = f'[{{"投诉{odd}编号": "A{odd}-1", "投诉内容": "壶{odd}盖"}}]'
    assert upload(client, text, "f.json").status_code == 303
    job = ImportJob.objects.get()
    assert job.columns == ["投诉编号", "投诉内容"]
    assert job.pieces.get().records[0]["cells"] == {"投诉编号": "A-1", "投诉内容": "壶盖"}


def test_a_header_with_bytes_of_no_encoding_is_no_crash(client):
    content = table(*ROWS).encode().replace("手机".encode(), b"\xff\xfe\xff")
    assert upload(client, content).status_code in (303, 422)
