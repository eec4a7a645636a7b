"""Handing out files: downloads by default, locked down always, and never a changed byte."""

import io

import pytest

from documents.services import files, viewing
from documents.states import FileKind
from documents.views import IN_MEMORY, serve_file
from tests.documents import makers

pytestmark = pytest.mark.django_db


def uploaded(name="照片.jpg", data=None):
    data = makers.HONEST[name] if data is None else data
    return files.store_file(io.BytesIO(data), name=name)


@pytest.mark.parametrize("name", makers.HONEST)
def test_uploads_are_downloads_even_when_asked_to_show(name):
    response = serve_file(uploaded(name), inline=True)
    assert response.content == makers.HONEST[name]
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == makers.MEDIA_TYPES[name]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox;")
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Content-Length"] == str(len(makers.HONEST[name]))


def test_names_follow_rfc_6266():
    disposition = serve_file(uploaded())["Content-Disposition"]
    assert disposition == "attachment; filename*=utf-8''%E7%85%A7%E7%89%87.jpg"
    quoted = serve_file(uploaded('a"b;c.jpg', makers.picture()))["Content-Disposition"]
    assert quoted == 'attachment; filename="a\\"b;c.jpg"'
    other = serve_file(uploaded(), name="证据 1.jpg")["Content-Disposition"]
    assert other == "attachment; filename*=utf-8''%E8%AF%81%E6%8D%AE%201.jpg"


def test_our_copies_may_be_shown_in_a_sandbox():
    copy = viewing.viewing_copy(uploaded())
    response = serve_file(copy, inline=True)
    assert response["Content-Disposition"].startswith("inline")
    assert response["Content-Security-Policy"].startswith("sandbox;")
    assert serve_file(copy)["Content-Disposition"].startswith("attachment")


def test_our_pdfs_may_be_shown():
    row = files.store_own_file(makers.pdf(), name="协议.pdf", key="pdf", kind=FileKind.RENDERED)
    response = serve_file(row, inline=True)
    assert response["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert serve_file(row)["Content-Security-Policy"].startswith("sandbox;")


def test_big_files_are_streamed():
    data = makers.film() + makers.box(b"free", b"\0" * IN_MEMORY)
    response = serve_file(uploaded("big.mp4", data))
    assert response.streaming
    assert b"".join(response.streaming_content) == data
    response.close()


@pytest.mark.parametrize("extra", [0, IN_MEMORY])
def test_changed_and_lost_files_are_not_handed_out(files_root, extra):
    data = makers.film() + makers.box(b"free", b"\0" * extra)
    row = uploaded("a.mp4", data)
    path = files_root / row.storage_name
    path.write_bytes(data[:-1] + b"\1")
    assert serve_file(row).status_code == 409
    path.unlink()
    response = serve_file(row)
    assert response.status_code == 409
    assert "停止提供下载" in response.content.decode()
    assert response["X-Content-Type-Options"] == "nosniff"


def test_quarantined_files_are_not_handed_out():
    row = makers.quarantined(uploaded())
    assert serve_file(row).status_code == 409
