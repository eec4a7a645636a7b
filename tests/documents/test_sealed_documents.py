"""Documents under the company's seal: ready only when sealed, sealed once, whatever breaks."""

import pytest
from django.db import IntegrityError, connection, transaction

from documents.models import Document, Seal, StoredFile
from documents.services import files, rendering, seals
from documents.services.seals import check_strangers_seal, is_our_certificate
from documents.signing.errors import SealFailed
from documents.signing.keys import TimeService
from documents.states import DocumentStatus
from tests.documents import samples
from tests.documents.conftest import kept_files
from tests.documents.seals import seal_source, time_service

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quiet(monkeypatch, settings):
    """Keep the broker out, and let the company have a seal of its own."""
    monkeypatch.setattr(rendering, "_nudge", lambda _pk: None)
    settings.SEAL_SOURCE = seal_source()


@pytest.fixture
def small(renderer, monkeypatch):
    """Print a line instead of an agreement."""
    pdf = renderer.render("<html><title>x</title><body><p>AG</p></body></html>")

    class Small:
        def render(self, html):
            self.html = html
            return pdf

    return Small()


def requested(key="agreement:1:sealed"):
    return rendering.request_document(
        key=key,
        kind="agreement",
        template_name="agreement",
        language="zh-hans",
        context=samples.agreement,
        with_seal=True,
    )


def test_an_agreement_is_ready_under_the_seal(renderer):
    document = rendering.render_document(requested().pk, renderer=renderer)
    assert (document.status, document.page_count) == ("ready", 4)
    data = files.read_bytes(document.file)
    assert len(data) <= 250 * 1024
    report = check_strangers_seal(data)
    assert (report.problem, report.certificate_sha256) == (
        "",
        document.file.seal.certificate_sha256,
    )
    assert report.sealed_sha256 == document.sha256 == document.file.sha256
    assert document.file.seal.sealed_at == report.claimed_at
    assert document.file.seal.level == "B-B"
    assert not document.file.seal.development
    assert is_our_certificate(report.certificate_sha256)


def test_it_is_sealed_once(small):
    first = rendering.render_document(requested().pk, renderer=small)
    again = rendering.render_document(requested().pk, renderer=small)
    assert first.sha256 == again.sha256
    assert (Seal.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_the_page_tells_which_seal_it_gets(small, settings):
    rendering.render_document(requested().pk, renderer=small)
    assert "PAdES-B-B" in small.html
    assert seals.company_seal_facts().sha256 in small.html
    assert "仅供开发使用" not in small.html


def test_a_seal_of_development_says_so(small, settings, tmp_path):
    settings.SEAL_SOURCE, settings.SEAL_FOLDER = None, tmp_path / "seal"
    document = rendering.render_document(requested().pk, renderer=small)
    assert "仅供开发使用" in small.html
    assert document.file.seal.development
    assert b"PROVES NO IDENTITY" in files.read_bytes(document.file)


def test_with_a_time_stamp_service_it_is_b_t(small, settings):
    with time_service() as url:
        settings.SEAL_TIMES = TimeService(url)
        document = rendering.render_document(requested().pk, renderer=small)
    seal = document.file.seal
    assert (seal.level, seal.stamped_by) == ("B-T", "Test TSA")
    assert seal.stamped_at is not None
    assert "PAdES-B-T" in small.html


def test_without_its_time_stamp_it_waits_and_is_sealed_later(small, settings, files_root):
    settings.SEAL_TIMES = TimeService("http://127.0.0.1:9/", seconds=1)
    document = rendering.render_document(requested().pk, renderer=small)
    assert (document.status, document.last_error) == ("pending", "seal_no_time")
    assert document.file is None
    assert kept_files(files_root) == []
    settings.SEAL_TIMES = None
    Document.objects.update(lease_until=None)
    assert rendering.render_document(document.pk, renderer=small).is_ready


def test_a_key_that_is_gone_is_told(small, settings, tmp_path):
    pending = requested()
    source = seal_source()
    settings.SEAL_SOURCE = source.__class__(source.certificate, str(tmp_path / "gone.pem"))
    document = rendering.render_document(pending.pk, renderer=small)
    assert (document.status, document.last_error) == ("pending", "seal_key")


@pytest.mark.parametrize("name", ["keep_seal", "store_own_file"])
def test_a_crash_between_the_steps_leaves_nothing_that_says_sealed(small, monkeypatch, name):
    """The disk is full, or the worker dies, before or after the bytes are stored."""
    pending, real = requested(), getattr(rendering, name)

    def broken(*args, **kwargs):
        real(*args, **kwargs)
        raise OSError("disk full")

    monkeypatch.setattr(rendering, name, broken)
    document = rendering.render_document(pending.pk, renderer=small)
    assert (document.status, document.sha256, document.file) == ("pending", "", None)
    assert (Seal.objects.count(), StoredFile.objects.count()) == (0, 0)
    monkeypatch.setattr(rendering, name, real)
    Document.objects.update(lease_until=None)
    done = rendering.render_document(pending.pk, renderer=small)
    assert done.is_ready
    assert done.file.seal.file_id == done.file_id


def test_who_lost_the_lease_stores_no_second_seal(small, monkeypatch):
    """A worker is so slow that another one took over and finished."""
    pending, real = requested(), rendering.seal_printed

    def slow(pdf, *, number):
        monkeypatch.setattr(rendering, "seal_printed", real)
        Document.objects.update(lease_until=None)
        rendering.render_document(pending.pk, renderer=small)
        return real(pdf, number=number)

    monkeypatch.setattr(rendering, "seal_printed", slow)
    done = rendering.render_document(pending.pk, renderer=small)
    assert done.is_ready
    assert (Seal.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_a_seal_that_can_not_be_proved_is_not_stored(small, monkeypatch):
    def unproved(*_args, **_kwargs):
        raise SealFailed("seal_not_proved", lasting=True)

    monkeypatch.setattr(rendering, "seal_printed", unproved)
    document = rendering.render_document(requested().pk, renderer=small)
    assert (document.status, document.last_error) == (DocumentStatus.FAILED, "seal_not_proved")


def test_the_database_lets_none_be_ready_without_its_seal(small, monkeypatch):
    monkeypatch.setattr(rendering, "keep_seal", lambda *_args: None)
    with pytest.raises(IntegrityError, match="is to be sealed"), transaction.atomic():
        rendering.render_document(requested().pk, renderer=small)


@pytest.mark.parametrize(
    "statement", ["UPDATE documents_seal SET development = false", "DELETE FROM documents_seal"]
)
def test_the_database_keeps_seals_as_they_are(small, statement):
    rendering.render_document(requested().pk, renderer=small)
    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_other_documents_bear_no_seal(small):
    document = rendering.request_document(
        key="receipt",
        kind="intake_receipt",
        template_name="intake_receipt",
        language="zh-hans",
        context=samples.CONTEXTS["intake_receipt"],
    )
    rendering.render_document(document.pk, renderer=small)
    assert not Seal.objects.exists()
