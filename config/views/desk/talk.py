"""Writing in a case: send, keep as a draft, take back, and choose a ready text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, ReplyOvertaken
from complaints.forms.desk import ComposerForm
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.paging import BY_TIME_LEFT, NEWEST_FIRST, SORTS, queue_page
from complaints.selectors.queue import cases_asked, view_asked
from complaints.services.composing import (
    keep_draft,
    keep_what_can_be,
    remove_draft_file,
    send_note,
    send_reply,
    undo_reply,
)
from complaints.states import MessageKind
from config.desk.composer import KINDS, kind_of
from config.views.desk.case import case_response
from documents.errors import FileRefused

TOOLS = {"phrases": "desk:phrases", "macros": "desk:macros", "mention": "desk:mention"}


@login_required
@require_POST
def say_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Send a reply or keep a note; back to the case, or on to the next one.

    A post that is refused is kept as a draft, with the files that could be taken.
    """
    case = get_case(current_user(request), reference)
    actor = Actor.staff(current_user(request))
    form = ComposerForm(request.POST, request.FILES)
    if request.POST.get("tool") in TOOLS:
        return _to_tool(request, case, actor)
    error, status = _said(request, case, actor, form)
    if error:
        _keep(request, case, actor)
        refused = {
            "error": error,
            "text": _typed(request),
            "note": kind_of(request.POST.get("kind", ""), actor) == MessageKind.NOTE,
        }
        return case_response(request, case, "talk", refused, status=status)
    onward = _next_case(actor, case, request) if form.cleaned_data["next"] else case.reference
    address = reverse("desk:case", args=[onward]) if onward else reverse("desk")
    query = request.GET.urlencode()
    return HttpResponseRedirect(f"{address}?{query}" if query else address, status=303)


def _said(request: HttpRequest, case: Case, actor: Actor, form: ComposerForm) -> tuple[str, int]:
    kind = kind_of(request.POST.get("kind", ""), actor)
    if not form.is_valid():
        return str(next(iter(form.errors.values()))[0]), 422
    data = form.cleaned_data
    facts = {"text": data["text"], "files": data["files"], "nonce": data["nonce"] or None}
    facts["seen"] = _seen(request, kind)
    try:
        if kind == MessageKind.NOTE:
            send_note(case, by=actor, **facts)
        else:
            loaded = _moment(request.POST.get("loaded", ""))
            goes = send_reply(case, by=actor, loaded=loaded, **facts)
            if goes is not None and data["next"]:
                words = {"reference": case.reference}
                messages.info(request, _("%(reference)s 的回复马上发出，现在还可以撤回") % words)
    except ReplyOvertaken as error:
        return str(error.message), 409
    except (CaseError, FileRefused) as error:
        return str(error.message), 422
    return "", 303


def _seen(request: HttpRequest, kind: str) -> int | None:
    """The version of the draft of this kind that the page showed; 0 when it showed another's."""
    given = request.POST.get("draft_version")
    if given is None:
        return None
    shown, _colon, version = given.partition(":")
    known = KINDS.get(shown) == kind and len(version) < 10 and version.isdecimal()
    return int(version) if known else 0


def _moment(words: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _typed(request: HttpRequest) -> str:
    """What was typed, without the NUL that no text here can hold."""
    return request.POST.get("text", "").replace("\0", "")


def _keep(request: HttpRequest, case: Case, actor: Actor) -> None:
    """Keep what was typed and the files that can be taken, whatever was wrong with the post."""
    kind = kind_of(request.POST.get("kind", ""), actor)
    files = request.FILES.getlist("files")
    seen = _seen(request, kind)
    keep_what_can_be(case, by=actor, kind=kind, text=_typed(request), files=files, seen=seen)


def _to_tool(request: HttpRequest, case: Case, actor: Actor) -> HttpResponse:
    _keep(request, case, actor)
    address = reverse(TOOLS[request.POST["tool"]], args=[case.reference])
    query = request.GET.urlencode()
    return HttpResponseRedirect(f"{address}?{query}" if query else address, status=303)


def _next_case(actor: Actor, case: Case, request: HttpRequest) -> str:
    others = cases_asked(request.GET, actor=actor, moment=now()).exclude(pk=case.pk)
    usual = NEWEST_FIRST if view_asked(request.GET).key == "ended" else BY_TIME_LEFT
    sort = SORTS.get(request.GET.get("sort", ""), usual)
    rows = queue_page(others, size=1, sort=sort).rows
    return rows[0]["reference"] if rows else ""


@login_required
@require_POST
def draft_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep what is being written; answers with the draft's version, 409 when another is newer."""
    case = get_case(current_user(request), reference)
    actor = Actor.staff(current_user(request))
    kind = kind_of(request.POST.get("kind", ""), actor)
    try:
        version = keep_draft(
            case,
            by=actor,
            kind=kind,
            text=_typed(request),
            seen=_seen(request, kind),
            nonce=request.POST.get("nonce", "").replace("\0", "")[:64] or None,
        )
    except DraftChanged as error:
        return JsonResponse({"words": str(error)}, status=409)
    except CaseError as error:
        return JsonResponse({"words": str(error)}, status=422)
    return JsonResponse({"version": version})


@login_required
@require_POST
def draft_file_remove(request: HttpRequest, reference: str, draft_file_id: int) -> HttpResponse:
    """Take a file off one's draft; what was typed meanwhile is kept."""
    case = get_case(current_user(request), reference)
    actor = Actor.staff(current_user(request))
    if "text" in request.POST:
        _keep(request, case, actor)
    remove_draft_file(case, draft_file_id, by=actor)
    return _back(case, kind=request.POST.get("kind", ""))


@login_required
@require_POST
def undo(request: HttpRequest, reference: str, reply_id: int) -> HttpResponse:
    """Take a waiting reply back into the draft; say so when it has gone out already."""
    case = get_case(current_user(request), reference)
    if undo_reply(case, reply_id, by=Actor.staff(current_user(request))):
        messages.success(request, _("已撤回，内容在草稿里"))
    else:
        messages.warning(request, _("这条回复已经发出，不能再撤回。可以再发一条说明。"))
    return _back(case, kind=ComposerForm.REPLY)


def _back(case: Case, *, kind: Any = "") -> HttpResponseRedirect:
    address = reverse("desk:case", args=[case.reference])
    if kind in (ComposerForm.REPLY, ComposerForm.NOTE):
        address += f"?compose={kind}"
    return HttpResponseRedirect(address, status=303)
