"""Documents on request: a frozen row now, exactly one PDF soon, whatever is retried."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from celery import current_app
from cryptography.fernet import InvalidToken
from django.db import models, transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import translation
from kombu.exceptions import OperationalError

from documents import sealing
from documents.errors import ContextInvalid, DocumentConflict, PdfRefused, RenderFailed
from documents.models import Document, StoredFile
from documents.pdfcheck import check_pdf
from documents.registry import TEMPLATES, print_template
from documents.renderer.client import Renderer, shared_renderer
from documents.services.files import store_own_file
from documents.services.seals import keep_seal, seal_note, seal_printed
from documents.signing.errors import SealFailed, SealKeyFault
from documents.states import DocumentStatus, FileKind
from documents.text import clean_tree

if TYPE_CHECKING:
    from documents.signing.sealer import Sealed

logger = logging.getLogger(__name__)

RENDER_TASK = "documents.tasks.render_document"
MAX_ATTEMPTS = 5
LEASE = timedelta(seconds=75)
_BACKOFF = timedelta(seconds=20)
# A token that is locked or a time-stamp service that is down comes back less soon.
_SEAL_PAUSE = timedelta(minutes=5)
_ONE_TRY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}
_MAX_CONTEXT = 2 * 1024 * 1024


def request_document(
    *,
    key: str,
    kind: str,
    template_name: str,
    language: str,
    context: dict[str, Any],
    with_seal: bool = False,
) -> Document:
    """Freeze the data of a document and have it printed once this transaction is committed.

    With `with_seal` it is ready only under the company's seal. The same key and data give the same
    row again. Raises ContextInvalid naming the datum at fault, and DocumentConflict when the key
    was used for other data.
    """
    data = checked_context(
        kind=kind, template_name=template_name, language=language, context=context
    )
    fingerprint = sealing.fingerprint(data)
    wanted = {
        "kind": kind,
        "template_name": template_name,
        "language": language,
        "with_seal": with_seal,
    }
    document, created = Document.objects.get_or_create(
        key=key,
        defaults={
            **wanted,
            "sealed_context": sealing.seal(data),
            "context_sha256": fingerprint,
        },
    )
    if document.context_sha256 != fingerprint or any(
        getattr(document, name) != value for name, value in wanted.items()
    ):
        raise DocumentConflict(f"{key} was requested before with other contents")
    if created:
        document.refresh_from_db(fields=["requested_at"])
    if document.status == DocumentStatus.PENDING:
        transaction.on_commit(lambda: _nudge(document.pk), robust=True)
    return document


def checked_context(
    *, kind: str, template_name: str, language: str, context: dict[str, Any]
) -> dict[str, Any]:
    """Return the data of a document as they would be frozen. Raises ContextInvalid."""
    template = print_template(template_name, kind=kind, language=language)
    data: dict[str, Any] = clean_tree(context)
    template.validate(data)
    if len(sealing.canonical(data)) > _MAX_CONTEXT:
        raise ContextInvalid("context", "is too long for one document")
    return data


def retry_document(document: Document) -> Document:
    """Put a document that could not be printed in line again."""
    changed = Document.objects.filter(pk=document.pk, status=DocumentStatus.FAILED).update(
        status=DocumentStatus.PENDING, attempts=0, lease_until=None, lease_id=None
    )
    if changed:
        transaction.on_commit(lambda: _nudge(document.pk), robust=True)
    document.refresh_from_db()
    return document


def render_document(document_id: uuid.UUID | str, *, renderer: Renderer | None = None) -> Document:
    """Print a document and keep its one file; return the row as it is afterwards.

    Safe to run twice and at once: a lease keeps others away, and only its holder may finish. A
    fault ends in the row's status and code, never in an exception.
    """
    lease = uuid.uuid4()
    document = _take(document_id, lease=lease)
    if document is None:
        return Document.objects.get(pk=document_id)
    try:
        pdf = (renderer or shared_renderer()).render(document_html(document))
        pages = check_pdf(pdf)
        sealed = _under_seal(document, pdf)
        _finish(document, lease=lease, pdf=pdf, sealed=sealed, pages=pages)
    except PdfRefused as error:
        _give_up(document, lease=lease, code=error.code, lasting=True)
    except RenderFailed as error:
        _give_up(document, lease=lease, code=error.code, lasting=error.lasting)
    except SealFailed as error:
        _give_up(document, lease=lease, code=error.code, lasting=error.lasting, pause=_SEAL_PAUSE)
    except SealKeyFault:
        _give_up(document, lease=lease, code="seal_key", lasting=False, pause=_SEAL_PAUSE)
    except InvalidToken:
        _give_up(document, lease=lease, code="key_missing", lasting=False)
    except OSError:
        _give_up(document, lease=lease, code="storage", lasting=False)
    return Document.objects.get(pk=document.pk)


def render_pending(*, limit: int = 20) -> int:
    """Print what waits: never started, interrupted, or due for another try. Return how many.

    A document whose worker died with it time after time is given up, so that it harms no other.
    """
    _waiting().filter(attempts__gte=MAX_ATTEMPTS).update(
        status=DocumentStatus.FAILED, last_error="interrupted", lease_id=None, lease_until=None
    )
    waiting = list(_waiting().order_by("requested_at").values_list("pk", flat=True)[:limit])
    for document_id in waiting:
        render_document(document_id)
    return len(waiting)


def document_html(document: Document) -> str:
    """Return the HTML that is printed: our template, the frozen data in it only as escaped text."""
    path = TEMPLATES[document.template_name].paths[document.language]
    seal = seal_note() if document.with_seal else None
    with translation.override(document.language):
        context = {**document.context, "language": document.language, "seal": seal}
        return render_to_string(path, context)


def _under_seal(document: Document, pdf: bytes) -> Sealed | None:
    if not document.with_seal:
        return None
    return seal_printed(pdf, number=document.context["number"])


def _waiting() -> models.QuerySet[Document]:
    return Document.objects.filter(
        models.Q(lease_until__isnull=True) | models.Q(lease_until__lte=Now()),
        status__in=[DocumentStatus.PENDING, DocumentStatus.RENDERING],
    )


def _take(document_id: uuid.UUID | str, *, lease: uuid.UUID) -> Document | None:
    """Take the lease in one statement; None when the document is finished or in other hands."""
    with transaction.atomic():
        taken = (
            _waiting()
            .filter(pk=document_id, attempts__lt=MAX_ATTEMPTS)
            .update(
                status=DocumentStatus.RENDERING,
                attempts=models.F("attempts") + 1,
                lease_id=lease,
                lease_until=Now() + LEASE,
            )
        )
    return Document.objects.get(pk=document_id) if taken else None


def _finish(
    document: Document, *, lease: uuid.UUID, pdf: bytes, sealed: Sealed | None, pages: int
) -> None:
    template = TEMPLATES[document.template_name]
    name = template.file_name(document.language, document.context["number"])
    with transaction.atomic():
        held = Document.objects.select_for_update().filter(pk=document.pk, lease_id=lease)
        if not held.exists():
            return
        data = sealed.pdf if sealed else pdf
        stored: StoredFile = store_own_file(data, name=name, key="pdf", kind=FileKind.RENDERED)
        if sealed:
            keep_seal(stored, sealed)
        held.update(
            status=DocumentStatus.READY,
            file=stored,
            sha256=stored.sha256,
            page_count=pages,
            ready_at=Now(),
            lease_id=None,
            lease_until=None,
            last_error="",
        )


def _give_up(
    document: Document,
    *,
    lease: uuid.UUID,
    code: str,
    lasting: bool,
    pause: timedelta = _BACKOFF,
) -> None:
    hopeless = lasting or document.attempts >= MAX_ATTEMPTS
    logger.warning("document %s was not printed: %s", document.pk, code)
    Document.objects.filter(pk=document.pk, lease_id=lease).update(
        status=DocumentStatus.FAILED if hopeless else DocumentStatus.PENDING,
        last_error=code[:40],
        lease_id=None,
        lease_until=None if hopeless else Now() + pause * document.attempts,
    )


def _nudge(document_id: uuid.UUID) -> None:
    """Ask a worker to print now; when the broker is down the periodic task finds the row."""
    task = current_app.signature(RENDER_TASK, args=[str(document_id)])
    try:
        # A connection of its own: the pool's would try for seconds while a person waits.
        with current_app.connection_for_write() as broker:
            broker.transport_options = {**broker.transport_options, **_ONE_TRY}
            task.apply_async(retry=False, connection=broker)
    except OperationalError:
        logger.warning("broker is down; document %s waits for the periodic task", document_id)
