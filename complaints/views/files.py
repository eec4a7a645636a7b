"""The consumer's own files of a case: adding more, seeing copies, fetching what was handed in."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from complaints.access import consumer_case
from complaints.actors import Actor
from complaints.models import Case, Evidence
from complaints.moments import now
from complaints.selectors.consumer import consumer_file, consumer_files
from complaints.services.evidence import add_evidence
from complaints.states import ActorKind, Channel
from complaints.vault_states import Purpose
from complaints.views.handing_out import (
    hand_out_original,
    hand_out_picture,
    hand_out_thumbnail,
)
from complaints.views.intake_files import HERE, refused_row, sent_files, take_files
from documents.services.viewing import can_be_viewed


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the case's files and take more; a refused file is named and holds up no other."""
    case = consumer_case(request, reference)
    if request.method == "GET":
        return _page(request, case)
    _kept, refused = _take(case, request)
    if refused:
        return _page(request, case, refused=refused, status=422)
    return HttpResponseRedirect(reverse("mine:files", args=[case.reference]) + HERE, status=303)


def _page(
    request: HttpRequest,
    case: Case,
    *,
    refused: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = [_row(case, evidence) for evidence in consumer_files(case)]
    context = {
        "case": case,
        "files": rows + [refused_row(each) for each in refused or []],
        "refused": refused or [],
        "now": now(),
    }
    return render(request, "complaints/intake/files.html", context, status=status)


def _take(case: Case, request: HttpRequest) -> tuple[list[Evidence], list[dict[str, Any]]]:
    return take_files(
        sent_files(request),
        partial(add_evidence, case, by=Actor.consumer(), channel=Channel.WEB_FORM),
    )


def _row(case: Case, evidence: Evidence) -> dict[str, Any]:
    stored, place = evidence.file, [case.reference, evidence.pk]
    if stored.is_quarantined:
        message = _("安全检查发现这个文件里有有害内容，我们没有打开它。请换一份重新上传。")
        return refused_row({"name": stored.original_name, "text": message})
    return {
        "name": stored.original_name,
        "size": filesizeformat(stored.size),
        "state": "done",
        "icon": "video" if stored.is_video else "image" if stored.is_photo else "file-text",
        "href": reverse("mine:file", args=place),
        "thumb": reverse("mine:file_thumb", args=place) if can_be_viewed(stored) else "",
    }


@require_POST
def upload(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the files of one request and answer with a row for each; 422 when one was refused."""
    case = consumer_case(request, reference)
    kept, refused = _take(case, request)
    rows = [_row(case, evidence) for evidence in kept] + [refused_row(each) for each in refused]
    status = 422 if refused else 200
    return render(request, "complaints/intake/_file_rows.html", {"files": rows}, status=status)


@require_GET
def download(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponseBase:
    """Hand out a file: of a picture the copy without place and device, of others the original."""
    evidence = consumer_file(consumer_case(request, reference), evidence_id)
    if can_be_viewed(evidence.file):
        try:
            return hand_out_picture(evidence, by=Actor.consumer())
        except Http404:
            # Cut short: its consumer gets it back as it came; nobody else's place is told.
            if evidence.uploaded_by_kind != ActorKind.CONSUMER:
                raise
    return hand_out_original(evidence, by=Actor.consumer(), purpose=Purpose.CONSUMER)


@require_GET
def thumb(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponseBase:
    """Show the small copy of a picture."""
    evidence = consumer_file(consumer_case(request, reference), evidence_id)
    return hand_out_thumbnail(evidence, by=Actor.consumer())
