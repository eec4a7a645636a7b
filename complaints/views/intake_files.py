"""Files of a complaint that is being written: taken one by one, shown, taken off again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from complaints.errors import CaseError, TooManyAttempts
from complaints.forms.intake import StoryForm
from complaints.models import Evidence, IntakeDraft
from complaints.selectors.drafts import draft_files
from complaints.services.drafts import keep_typed
from complaints.services.evidence import add_draft_file, remove_draft_file
from complaints.views.intake_draft import held_draft, hold_draft, new_draft
from documents.errors import FileRefused, FileUnavailable
from documents.services.viewing import can_be_viewed, thumbnail
from documents.text import clean_name
from documents.views import serve_file

HERE = "#files"


def sent_files(request: HttpRequest) -> list[UploadedFile]:
    """Return the files that came with a request."""
    return [file for file in request.FILES.getlist("files") if isinstance(file, UploadedFile)]


def take_files(
    files: Iterable[UploadedFile], keep: Callable[..., Evidence]
) -> tuple[list[Evidence], list[dict[str, Any]]]:
    """Keep every file that can be kept; return these, and name, text and link of the others."""
    kept, refused = [], []
    for file in files:
        name = file.name or ""
        try:
            kept.append(keep(upload=file, name=name))
        except (FileRefused, CaseError) as error:
            refused.append({"name": clean_name(name), "text": str(error.message), "href": HERE})
    return kept, refused


def take_draft_files(
    draft: IntakeDraft, request: HttpRequest
) -> tuple[list[Evidence], list[dict[str, Any]]]:
    """Keep the files of a request for a draft; see `take_files`."""
    return take_files(sent_files(request), partial(add_draft_file, draft))


def file_row(evidence: Evidence) -> dict[str, Any]:
    """Return a draft's file as the page shows it."""
    stored = evidence.file
    shown = can_be_viewed(stored)
    return {
        "name": stored.original_name,
        "size": filesizeformat(stored.size),
        "state": "done",
        "icon": "video" if stored.is_video else "image" if stored.is_photo else "file-text",
        "thumb": reverse("intake:file_thumb", args=[evidence.pk]) if shown else "",
        "delete_url": reverse("intake:file_delete", args=[evidence.pk]),
    }


def file_rows(draft: IntakeDraft | None) -> list[dict[str, Any]]:
    """Return a draft's files as the page shows them."""
    return [file_row(evidence) for evidence in draft_files(draft)]


def refused_row(refused: dict[str, Any]) -> dict[str, Any]:
    """Return a file that was not kept, with the reason."""
    return {"name": refused["name"], "state": "refused", "message": refused["text"]}


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take the files of one request and answer with a row for each; 422 when one was refused."""
    try:
        draft = held_draft(request) or new_draft(request)
    except TooManyAttempts as closed:
        rows = [refused_row({"name": "", "text": str(closed)})]
        return render(request, "complaints/intake/_file_rows.html", {"files": rows}, status=429)
    kept, refused = take_draft_files(draft, request)
    rows = [file_row(each) for each in kept] + [refused_row(each) for each in refused]
    status = 422 if refused else 200
    response = render(request, "complaints/intake/_file_rows.html", {"files": rows}, status=status)
    hold_draft(response, draft)
    return response


@require_POST
def delete(request: HttpRequest, evidence_id: int) -> HttpResponse:
    """Take a file off the draft; without scripts the step's other answers come along and stay."""
    draft = held_draft(request)
    if draft is None:
        raise Http404("no draft")
    remove_draft_file(draft, evidence_id)
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        return HttpResponse(status=204)
    keep_typed(draft, step="story", typed=StoryForm(request.POST).typed())
    return HttpResponseRedirect(reverse("intake:step", args=["story"]) + HERE, status=303)


@require_GET
def thumb(request: HttpRequest, evidence_id: int) -> HttpResponseBase:
    """Show the small copy of one's own picture."""
    mine = {evidence.pk: evidence for evidence in draft_files(held_draft(request))}
    if evidence_id not in mine:
        raise Http404("not a file of this draft")
    try:
        small = thumbnail(mine[evidence_id].file)
    except FileUnavailable:
        small = None
    if small is None:
        raise Http404("no picture")
    return serve_file(small, inline=True)
