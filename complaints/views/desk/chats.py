"""Online chats on the desk: who waits how long, and talking with one of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints import sealing
from complaints.access import get_case, require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.chat import DeskCaseForm, EndForm, FilesLineForm, JoinForm
from complaints.models import Case, Chat
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.chats import (
    file_of,
    lines_of,
    one_chat,
    open_chats,
    opening,
    recent_chats,
)
from complaints.services.chat_cases import ChatComplaint, join_by_staff, turn_into_case
from complaints.services.chat_files import note_look, say_with_files
from complaints.services.chatting import end_chat, release_chat, take_chat
from complaints.services.outbox import has_address
from complaints.views.chat_files import hand_out
from documents.errors import FileRefused

Forms = dict[str, forms.Form]


def _actor(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.HANDLE_CASE)


def _chat(chat_id: int) -> Chat:
    try:
        return one_chat(chat_id)
    except Chat.DoesNotExist:
        raise Http404(chat_id) from None


@login_required
@never_cache
@require_safe
def chat_list(request: HttpRequest) -> HttpResponse:
    """List the chats that go on, the longest waiting first, and those that ended last."""
    actor, moment = _actor(request), now()
    rows = [
        {"chat": chat, "waited": moment - chat.asked_at if chat.asked_at else None}
        for chat in open_chats()[:200]
    ]
    context = {
        "rows": sorted(rows, key=lambda row: row["waited"] is None),
        "mine": actor.user,
        "recent": recent_chats(),
        "hours": opening(moment),
        "now": moment,
    }
    region = "#rows" if request.htmx else ""
    return render(request, f"complaints/desk/chats.html{region}", context)


@login_required
@never_cache
@require_safe
def chat_page(request: HttpRequest, chat_id: int) -> HttpResponse:
    """One chat; asked for news with `seen`, it answers 204 while nothing changed."""
    actor, chat = _actor(request), _chat(chat_id)
    if request.htmx:
        if request.GET.get("seen") == str(chat.revision):
            return HttpResponse(status=204)
        return render(request, "complaints/desk/chat.html#stream", _context(chat, actor))
    return _page(request, chat, actor, {})


def _context(chat: Chat, actor: Actor) -> dict[str, Any]:
    return {
        "chat": chat,
        "lines": lines_of(chat),
        "contact": chat.contact,
        "may_answer": chat.is_open and chat.owner in (None, actor.user),
        "is_mine": chat.is_open and chat.owner == actor.user,
        "now": now(),
    }


def _page(
    request: HttpRequest, chat: Chat, actor: Actor, sent: Forms, *, status: int = 200
) -> HttpResponse:
    first = {"line": FilesLineForm(initial={"nonce": sealing.new_secret()})}
    first |= {"case": DeskCaseForm(), "join": JoinForm(), "end": EndForm()}
    context = {**_context(chat, actor), "forms": first | sent}
    context["form"] = next(iter(sent.values()), None)
    return render(request, "complaints/desk/chat.html", context, status=status)


@login_required
@require_POST
def chat_take(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Become the one who answers; the second of two is told who was first."""
    chat = take_chat(_chat(chat_id), by=_actor(request))
    return _to_chat(chat)


@login_required
@require_POST
def chat_release(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Let somebody else answer."""
    release_chat(_chat(chat_id), by=_actor(request))
    messages.success(request, _("已放回等待列表"))
    return HttpResponseRedirect(reverse("complaints:chats"), status=303)


@login_required
@require_POST
def chat_say(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Answer; who answers first has the chat."""
    actor, chat = _actor(request), _chat(chat_id)
    form = FilesLineForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return _to_chat(say_with_files(chat, by=actor, **form.said))
        except FileRefused as error:
            form.add_error("files", str(error.message))
        except CaseError as error:
            add_case_error(form, error)
    return _page(request, chat, actor, {"line": form}, status=422)


@login_required
@never_cache
@require_safe
def chat_file(request: HttpRequest, chat_id: int, chat_file_id: int) -> HttpResponseBase:
    """Hand out a file of a chat; that somebody looked is remembered."""
    actor, found = _actor(request), file_of(_chat(chat_id), chat_file_id)
    if found is None:
        raise Http404(chat_file_id)
    small = "small" in request.GET
    response = hand_out(found, small=small)
    if response.status_code == 200 and not small:
        note_look(found, by=actor)
    return response


@login_required
@require_POST
def chat_case(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Make a case of the chat."""
    actor, chat, form = _actor(request), _chat(chat_id), DeskCaseForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        names = ("title", "danger", "product_text", "order_number")
        given = ChatComplaint(contact=form.contact, **{name: data[name] for name in names})
        try:
            case = turn_into_case(chat, by=actor, given=given)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _told(case))
            return HttpResponseRedirect(reverse("desk:case", args=[case.reference]), status=303)
    return _page(request, chat, actor, {"case": form}, status=422)


def _told(case: Case) -> str:
    if has_address(case):
        return _("已立案，编号和查询链接会发给消费者")
    return _("已立案。消费者没有留联系方式，可以在对话页上补留")


@login_required
@require_POST
def chat_join(request: HttpRequest, chat_id: int) -> HttpResponse:
    """Put the chat into a case of the same person."""
    actor, chat, form = _actor(request), _chat(chat_id), JoinForm(request.POST)
    if form.is_valid():
        try:
            reference = form.cleaned_data["reference"].upper()
            case = join_by_staff(chat, get_case(current_user(request), reference), by=actor)
        except Http404:
            form.add_error("reference", _("没有这个编号的案件，核对一下。"))
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("对话已放进案件"))
            return HttpResponseRedirect(reverse("desk:case", args=[case.reference]), status=303)
    return _page(request, chat, actor, {"join": form}, status=422)


@login_required
@require_POST
def chat_end(request: HttpRequest, chat_id: int) -> HttpResponse:
    """End a chat that is no complaint."""
    actor, chat, form = _actor(request), _chat(chat_id), EndForm(request.POST)
    if form.is_valid():
        try:
            end_chat(chat, by=actor, reason=form.cleaned_data["reason"])
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("对话已结束，没有立案"))
            return HttpResponseRedirect(reverse("complaints:chats"), status=303)
    return _page(request, chat, actor, {"end": form}, status=422)


def _to_chat(chat: Chat) -> HttpResponse:
    return HttpResponseRedirect(reverse("complaints:chat", args=[chat.pk]), status=303)
