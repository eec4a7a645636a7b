"""Handing out stored files; the caller has checked who asks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from documents.errors import FileErased, FileQuarantined, FileUnavailable
from documents.filetypes import MEGABYTE, PDF_ONLY, type_for_media
from documents.models import StoredFile
from documents.services.files import opened_verified, read_bytes
from documents.states import FileKind

IN_MEMORY = 4 * MEGABYTE
logger = logging.getLogger(__name__)
_Response = TypeVar("_Response", bound=HttpResponseBase)

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
# Browsers show no PDF inside a sandbox; ours hold nothing that acts, which was checked.
OWN_PDF = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"


def serve_file(
    stored: StoredFile,
    *,
    inline: bool = False,
    name: str | None = None,
    on_fault: Callable[[FileUnavailable], None] | None = None,
) -> HttpResponseBase:
    """Return the response that hands out a stored file, verified against its SHA-256.

    It is downloaded unless `inline` is set AND we encoded it ourselves (a viewing copy, a
    thumbnail, one of our PDFs). A file that is changed, missing or quarantined gives a page that
    says so (409), and a line in the log; `on_fault` is told of it.
    """
    show = inline and stored.may_show_inline
    try:
        response = _whole(stored) if stored.size <= IN_MEMORY else _streamed(stored)
    except FileUnavailable as error:
        logger.error("stored file %s was not handed out: %s", stored.pk, type(error).__name__)
        if on_fault is not None:
            on_fault(error)
        return unavailable(error)
    response.headers["Content-Length"] = str(stored.size)
    response.headers["Content-Disposition"] = content_disposition_header(
        not show, name or stored.original_name
    ) or ("inline" if show else "attachment")
    return _guarded(response, policy=OWN_PDF if show and _is_own_pdf(stored) else SANDBOX)


def _whole(stored: StoredFile) -> HttpResponseBase:
    return HttpResponse(read_bytes(stored), content_type=stored.media_type)


def _streamed(stored: StoredFile) -> HttpResponseBase:
    return FileResponse(opened_verified(stored), content_type=stored.media_type)


def _is_own_pdf(stored: StoredFile) -> bool:
    kind = type_for_media(stored.media_type)
    return stored.kind == FileKind.RENDERED and kind is not None and kind.key in PDF_ONLY


def unavailable(fault: FileUnavailable) -> HttpResponse:
    """Return the page that says why a file is not handed out (409)."""
    if isinstance(fault, FileErased):
        text = _("已按保存期限清除。")
        return _guarded(
            HttpResponse(text, status=410, content_type="text/plain; charset=utf-8"), policy=SANDBOX
        )
    if isinstance(fault, FileQuarantined):
        text = _("这份文件里发现了有害内容，已经隔离，谁都打不开。需要时请联系客服。")
    else:
        text = _("这份文件和存入时不一样，我们已停止提供下载，并会查明原因。需要时请联系客服。")
    return _guarded(
        HttpResponse(text, status=409, content_type="text/plain; charset=utf-8"), policy=SANDBOX
    )


def _guarded(response: _Response, *, policy: str) -> _Response:
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    return response
