"""Handing out evidence to staff and consumers: verified, and in the ledger before it leaves."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.http import Http404
from django.http.response import HttpResponseBase

from complaints.actors import Actor
from complaints.models import Evidence
from complaints.services.custody import record_custody, record_look, report_fault
from complaints.vault_states import CustodyKind
from documents.errors import FileUnavailable
from documents.models import StoredFile
from documents.services.viewing import thumbnail, viewing_copy
from documents.views import serve_file, unavailable


def hand_out_picture(evidence: Evidence, *, by: Actor) -> HttpResponseBase:
    """Show the copy for viewing; 404 when there is none."""
    response = _copy(evidence, viewing_copy, by=by)
    if response.status_code == 200:
        record_look(evidence, by=by)
    return response


def hand_out_thumbnail(evidence: Evidence, *, by: Actor) -> HttpResponseBase:
    """Show the small copy; 404 when there is none. Small copies are not looks."""
    return _copy(evidence, thumbnail, by=by)


def hand_out_copy(evidence: Evidence, *, by: Actor) -> HttpResponseBase:
    """Hand out the copy for viewing as a download."""
    response = _copy(evidence, viewing_copy, by=by, inline=False)
    if response.status_code == 200:
        record_custody(evidence, CustodyKind.COPY_TAKEN, by=by)
    return response


def hand_out_original(
    evidence: Evidence, *, by: Actor, purpose: str = "", note: str = ""
) -> HttpResponseBase:
    """Hand out the original as a download; the caller has checked the right and the purpose."""
    response = serve_file(evidence.file, on_fault=partial(report_fault, evidence, by=by))
    if response.status_code == 200:
        record_custody(evidence, CustodyKind.ORIGINAL_TAKEN, by=by, purpose=purpose, note=note)
    return response


def _copy(
    evidence: Evidence,
    make: Callable[[StoredFile], StoredFile | None],
    *,
    by: Actor,
    inline: bool = True,
) -> HttpResponseBase:
    try:
        copy = make(evidence.file)
    except FileUnavailable as fault:
        report_fault(evidence, fault, by=by)
        return unavailable(fault)
    if copy is None:
        raise Http404("no picture")
    return serve_file(copy, inline=inline, on_fault=partial(report_fault, evidence, by=by))
