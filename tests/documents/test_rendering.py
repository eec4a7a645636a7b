"""Documents: requested once, printed once, whatever is killed, repeated or raced."""

import os
import signal
import subprocess
import sys
import threading
import uuid
from datetime import timedelta

import pytest
from celery import current_app
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from kombu.exceptions import OperationalError

from documents import sealing, tasks
from documents.errors import ContextInvalid, DocumentConflict, RenderFailed
from documents.models import Document, StoredFile
from documents.services import files, rendering
from documents.states import DocumentKind, DocumentStatus, FileKind, ScanStatus
from documents.views import serve_file
from tests.documents import makers, samples
from tests.documents.conftest import kept_files
from tests.documents.samples import changed


class FakeRenderer:
    """Prints a fixed page; `during` runs while it prints."""

    def __init__(self, *, pdf=None, fault=None, during=None):
        self.pdf, self.fault, self.during = pdf or makers.pdf(), fault, during
        self.calls = 0

    def render(self, html):
        self.calls += 1
        self.html = html
        if self.during:
            self.during()
        if self.fault:
            raise self.fault
        return self.pdf


@pytest.fixture(autouse=True)
def nudges(monkeypatch):
    """Keep the broker out; collect the documents that a worker was asked to print."""
    asked = []
    monkeypatch.setattr(rendering, "_nudge", asked.append)
    return asked


def requested(key="agreement:1", name="agreement", **changes):
    return rendering.request_document(
        **{
            "key": key,
            "kind": name,
            "template_name": name,
            "language": "zh-hans",
            "context": samples.CONTEXTS[name],
            **changes,
        }
    )


@pytest.mark.django_db
def test_request_freezes_the_data_and_asks_a_worker(nudges, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        document = requested()
        assert nudges == []
    assert nudges == [document.pk]
    assert document.status == DocumentStatus.PENDING
    assert document.context == samples.agreement
    assert document.requested_at is not None


@pytest.mark.django_db
def test_personal_data_are_not_readable_in_the_database():
    requested()
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_context FROM documents_document")
        (raw,) = cursor.fetchone()
    for canary in (samples.agreement["consumer"]["name"], samples.agreement["complaint"]):
        assert canary.encode() not in bytes(raw)
    assert sealing.unseal(bytes(raw)) == samples.agreement


@pytest.mark.django_db
def test_the_same_request_gives_the_same_document():
    assert requested() == requested()
    assert Document.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"context": changed("agreement", "place", "上海")},
        {"language": "en"},
    ],
)
def test_a_key_belongs_to_one_content(changes):
    requested()
    with pytest.raises(DocumentConflict):
        requested(**changes)
    assert Document.objects.get().context == samples.agreement


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"template_name": "../../etc/passwd"},
        {"kind": DocumentKind.INTAKE_RECEIPT},
        {"language": "xx"},
        {"context": {}},
        {"context": changed("agreement", "total", "1.00")},
        {"context": changed("agreement", "consumer.name", "\u202e\u200b")},
    ],
)
def test_a_wrong_request_leaves_nothing(changes):
    with pytest.raises(ContextInvalid):
        requested(**changes)
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_a_request_is_cleaned_before_it_is_frozen():
    document = requested(context=changed("agreement", "consumer.name", "周\u202e晓\x00华\u200b"))
    assert document.context["consumer"]["name"] == "周晓华"


@pytest.mark.django_db
def test_a_request_that_is_too_long_is_refused():
    clauses = [{"title": "一", "text": "汉" * 19_000}] * 60
    with pytest.raises(ContextInvalid, match="too long"):
        requested(context=changed("agreement", "extra_clauses", clauses))


@pytest.mark.django_db
def test_a_document_is_printed_and_kept(files_root):
    document = rendering.render_document(requested().pk, renderer=FakeRenderer())
    assert (document.status, document.page_count, document.attempts) == ("ready", 1, 1)
    assert document.is_ready
    assert files.read_bytes(document.file) == makers.pdf()
    assert document.sha256 == document.file.sha256
    assert document.file.kind == FileKind.RENDERED
    assert document.file.original_name == "赔偿和解协议书 XY-2026-004817-1.pdf"
    assert document.file.scan_status == ScanStatus.CLEAN
    assert len(kept_files(files_root)) == 1


@pytest.mark.django_db
def test_every_party_gets_the_same_bytes_each_time():
    document = rendering.render_document(requested().pk, renderer=FakeRenderer())
    first, second = (serve_file(document.file, inline=True).content for _ in range(2))
    assert first == second == makers.pdf()


@pytest.mark.django_db
def test_printing_twice_prints_once(files_root):
    document = requested()
    printer = FakeRenderer()
    first = rendering.render_document(document.pk, renderer=printer)
    assert rendering.render_document(document.pk, renderer=printer) == first
    assert printer.calls == 1
    assert len(kept_files(files_root)) == 1


@pytest.mark.django_db
def test_a_second_worker_leaves_a_document_in_hand_alone():
    document = requested()
    second = FakeRenderer()
    first = FakeRenderer(
        during=lambda: rendering.render_document(document.pk, renderer=second),
    )
    assert rendering.render_document(document.pk, renderer=first).is_ready
    assert (first.calls, second.calls) == (1, 0)


@pytest.mark.django_db
def test_a_worker_that_lost_its_lease_keeps_nothing(files_root):
    document = requested()
    winner = FakeRenderer()

    def overtake():
        end_lease(document)
        rendering.render_document(document.pk, renderer=winner)

    slow = FakeRenderer(during=overtake)
    finished = rendering.render_document(document.pk, renderer=slow)
    assert finished.is_ready
    assert finished.attempts == 2
    assert StoredFile.objects.count() == 1
    assert len(kept_files(files_root)) == 1


def end_lease(document):
    Document.objects.filter(pk=document.pk).update(
        lease_until=timezone.now() - timedelta(seconds=1)
    )


@pytest.mark.django_db(transaction=True)
def test_workers_racing_for_one_document_keep_one_file(files_root):
    document = requested()
    start = threading.Barrier(6)
    printer = FakeRenderer()

    def work():
        start.wait()
        rendering.render_document(document.pk, renderer=printer)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Document.objects.get().is_ready
    assert printer.calls == 1
    assert len(kept_files(files_root)) == 1


KILLED_WORKER = """
import os, signal, sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
settings.FILES_ROOT = sys.argv[2]
from documents.services import files, rendering
from documents.models import StoredFile

def kill(*args, **options):
    os.kill(os.getpid(), signal.SIGKILL)

class Printer:
    def render(self, html):
        if sys.argv[4] == "printing":
            kill()
        return bytes.fromhex(sys.argv[5])

if sys.argv[4] == "before the row":
    StoredFile.save = kill
if sys.argv[4] == "before the commit":
    real = rendering.store_own_file
    rendering.store_own_file = lambda *a, **o: (real(*a, **o), kill())
rendering.render_document(sys.argv[3], renderer=Printer())
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("moment", "orphans"),
    [("printing", 0), ("before the row", 1), ("before the commit", 1)],
)
def test_a_killed_worker_leaves_one_final_file(files_root, moment, orphans):
    document = requested()
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            KILLED_WORKER,
            connection.settings_dict["NAME"],
            str(files_root),
            str(document.pk),
            moment,
            makers.pdf().hex(),
        ],
        env={**os.environ, "REDRESS_ENV": "test", "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    document.refresh_from_db()
    assert (document.status, document.attempts) == (DocumentStatus.RENDERING, 1)
    assert not StoredFile.objects.exists()
    assert len(kept_files(files_root)) == orphans

    assert rendering.render_document(document.pk, renderer=FakeRenderer()).attempts == 1
    end_lease(document)
    finished = rendering.render_document(document.pk, renderer=FakeRenderer())
    assert finished.is_ready
    assert files.remove_orphans(older_than=timedelta(seconds=-1)) == orphans
    assert kept_files(files_root) == [files_root / finished.file.storage_name]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        (RenderFailed("fetch_refused", lasting=True), "failed", "fetch_refused"),
        (RenderFailed("nested_too_deep", lasting=True), "failed", "nested_too_deep"),
        (RenderFailed("timeout"), "pending", "timeout"),
        (RenderFailed("weasyprint_missing"), "pending", "weasyprint_missing"),
        (OSError("disk full"), "pending", "storage"),
    ],
)
def test_faults_end_in_a_status_and_a_code(files_root, fault, status, code):
    document = rendering.render_document(requested().pk, renderer=FakeRenderer(fault=fault))
    assert (document.status, document.last_error) == (status, code)
    assert document.file is None
    assert kept_files(files_root) == []


@pytest.mark.django_db
def test_a_pdf_that_acts_is_not_kept(files_root):
    acting = FakeRenderer(pdf=makers.pdf(b"/AA <</O <</S /JavaScript>>>>"))
    document = rendering.render_document(requested().pk, renderer=acting)
    assert (document.status, document.last_error) == ("failed", "pdf_active_content")
    assert kept_files(files_root) == []


@pytest.mark.django_db
def test_passing_faults_are_tried_again_and_then_given_up():
    document = requested()
    ill = FakeRenderer(fault=RenderFailed("timeout"))
    for attempt in range(1, rendering.MAX_ATTEMPTS + 1):
        document = rendering.render_document(document.pk, renderer=ill)
        assert document.attempts == attempt
        end_lease(document)
    assert document.status == DocumentStatus.FAILED
    assert rendering.render_document(document.pk, renderer=ill).attempts == rendering.MAX_ATTEMPTS
    assert ill.calls == rendering.MAX_ATTEMPTS


@pytest.mark.django_db
def test_a_failed_document_can_be_put_in_line_again(nudges, django_capture_on_commit_callbacks):
    lasting = FakeRenderer(fault=RenderFailed("fetch_refused", lasting=True))
    document = rendering.render_document(requested().pk, renderer=lasting)
    with django_capture_on_commit_callbacks(execute=True):
        document = rendering.retry_document(document)
    assert (document.status, document.attempts) == (DocumentStatus.PENDING, 0)
    assert nudges == [document.pk]
    assert rendering.render_document(document.pk, renderer=FakeRenderer()).is_ready
    with django_capture_on_commit_callbacks(execute=True):
        assert rendering.retry_document(Document.objects.get()).is_ready
    assert nudges == [document.pk]


@pytest.mark.django_db
def test_the_command_puts_only_failed_documents_in_line_again(capsys):
    lasting = FakeRenderer(fault=RenderFailed("fetch_refused", lasting=True))
    failed = rendering.render_document(requested().pk, renderer=lasting)
    call_command("retry_documents")
    assert capsys.readouterr().out == f"{failed.key}: fetch_refused\n"
    assert rendering.render_document(failed.pk, renderer=FakeRenderer()).is_ready
    call_command("retry_documents")
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_the_periodic_task_prints_what_waits(monkeypatch):
    printer = FakeRenderer()
    monkeypatch.setattr(rendering, "shared_renderer", lambda: printer)
    waiting, held, done = requested("a"), requested("b"), requested("c")
    Document.objects.filter(pk=held.pk).update(
        status=DocumentStatus.RENDERING, lease_until=timezone.now() + timedelta(minutes=1)
    )
    tasks.render_document(str(done.pk))
    assert tasks.render_pending() == 1
    end_lease(held)
    assert tasks.render_pending() == 1
    assert tasks.render_pending() == 0
    assert printer.calls == 3
    assert all(document.is_ready for document in Document.objects.all())
    assert waiting.pk != held.pk


@pytest.mark.django_db
def test_the_periodic_task_gives_up_on_a_document_that_kills_its_worker(monkeypatch):
    printer = FakeRenderer()
    monkeypatch.setattr(rendering, "shared_renderer", lambda: printer)
    document = requested()
    Document.objects.update(status=DocumentStatus.RENDERING, attempts=rendering.MAX_ATTEMPTS)
    end_lease(document)
    assert tasks.render_pending() == 0
    document.refresh_from_db()
    assert (document.status, document.last_error) == (DocumentStatus.FAILED, "interrupted")


@pytest.mark.django_db
def test_a_missing_key_is_told(monkeypatch, settings):
    document = requested()
    settings.FIELD_KEYS = ["A" * 43 + "="]
    document = rendering.render_document(document.pk, renderer=FakeRenderer())
    assert (document.status, document.last_error) == (DocumentStatus.PENDING, "key_missing")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"sha256": "0" * 64},
        {"context_sha256": "0" * 64},
        {"sealed_context": b"other"},
        {"page_count": 9},
        {"key": "other"},
        {"status": DocumentStatus.PENDING},
        {"language": "en"},
        {"ready_at": timezone.now()},
    ],
)
def test_the_database_refuses_to_alter_a_finished_document(changes):
    document = rendering.render_document(requested().pk, renderer=FakeRenderer())
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**changes)
    for name in changes:
        assert getattr(Document.objects.get(), name) == getattr(document, name)


@pytest.mark.django_db
def test_the_database_refuses_to_delete_a_finished_document():
    document = rendering.render_document(requested().pk, renderer=FakeRenderer())
    with pytest.raises(IntegrityError), transaction.atomic():
        document.delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM documents_document")
    with pytest.raises(ProtectedError):
        files.discard_file(document.file)
    assert Document.objects.exists()


@pytest.mark.django_db
def test_a_document_is_not_ready_without_its_file():
    requested()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.update(status=DocumentStatus.READY)


@pytest.mark.django_db
def test_a_waiting_document_may_be_deleted():
    requested().delete()
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_text_of_strangers_is_only_text():
    attack = "</p><img src='http://127.0.0.1/x'><script>alert(1)</script>{{ total }}{% now 'Y' %}"
    document = requested(context=changed("agreement", "complaint", attack))
    html = rendering.document_html(document)
    assert "<script" not in html
    assert "<img src='http" not in html
    assert "{{ total }}" in html


class Broker:
    """Stands for Celery: notes what was sent, or is down."""

    def __init__(self, fault=None):
        self.sent, self.fault = [], fault

    def __call__(self, name, args):
        self.name, self.args = name, args
        return self

    def apply_async(self, **_options):
        if self.fault:
            raise self.fault
        self.sent.append((self.name, self.args))


def test_the_nudge_names_the_task(monkeypatch, request):
    monkeypatch.undo()
    broker = Broker()
    monkeypatch.setattr(current_app, "signature", broker)
    document_id = uuid.uuid4()
    rendering._nudge(document_id)
    assert broker.sent == [(tasks.render_document.name, [str(document_id)])]


def test_the_nudge_tolerates_a_broker_that_is_down(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(current_app, "signature", Broker(OperationalError("down")))
    rendering._nudge(uuid.uuid4())
