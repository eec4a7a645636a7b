"""The visitor's side of the online chat: the page, and the same page inside a shop's site."""

from __future__ import annotations

import json
from typing import Any

from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, TooManyAttempts
from complaints.forms import add_case_error
from complaints.forms.chat import (
    BeginForm,
    ComplainForm,
    ContactFields,
    FilesLineForm,
    WrittenComplaintForm,
)
from complaints.models import Chat
from complaints.moments import now
from complaints.selectors.chats import chat_of_secret, file_of, lines_of, opening
from complaints.services.chat_cases import (
    ChatComplaint,
    leave_contact,
    open_own_case,
    opens_case,
    turn_into_case,
)
from complaints.services.chat_files import say_with_files
from complaints.services.chatting import asks_for_contact, end_chat, keep_contact, start_chat
from complaints.services.entrance import count_attempt
from complaints.services.outbox import has_address
from complaints.views.chat_files import hand_out
from complaints.views.chat_frame import (
    carried,
    chat_page,
    framed_site,
    polls_too_often,
)
from complaints.views.doors import caller_address
from documents.errors import FileRefused

CHATS_A_WINDOW = 10
LINES_A_WINDOW = 60
FILES_A_WINDOW = 30
CASES_A_WINDOW = 10
LINKS_A_WINDOW = 10
CONTACTS_A_WINDOW = 10


@chat_page
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for the first words; while nobody answers, take the whole complaint right here."""
    hours = opening(now())
    kind = BeginForm if hours.is_open else WrittenComplaintForm
    sent = request.POST if request.method == "POST" else None
    if sent is not None and not hours.is_open and "name" not in sent:
        # The page was opened while people answered: what was written is not lost.
        kind = BeginForm
    form = kind(sent, initial={"key": sealing.new_secret(), "nonce": sealing.new_secret()})
    status = 200
    if sent is not None:
        status = 422
        if form.is_valid():
            try:
                return _begun(request, form)
            except CaseError as error:
                add_case_error(form, error)
                status = 429 if isinstance(error, TooManyAttempts) else 422
    context = {**_frame(request), "form": form, "hours": hours, "takes_all": kind is not BeginForm}
    return render(request, "complaints/chat/begin.html", context, status=status)


def _begun(request: HttpRequest, form: Any) -> HttpResponse:
    data, by = form.cleaned_data, Actor.consumer()
    if chat_of_secret(data["key"]) is None:
        count_attempt(f"chat-start:{caller_address(request)}", most=CHATS_A_WINDOW)
    chat = start_chat(
        secret=data["key"],
        text=data["text"],
        nonce=data["nonce"],
        language="en" if get_language() == "en" else "zh-hans",
        origin=framed_site(request),
    )
    if isinstance(form, ComplainForm):
        given = ChatComplaint(contact=form.contact, danger=data["danger"])
        turn_into_case(chat, by=by, given=given)
    return _to_talk(request, data["key"])


@chat_page
@require_GET
def talk(request: HttpRequest, secret: str) -> HttpResponse:
    """Show the conversation."""
    return _talk_page(request, secret, _chat(secret))


@chat_page
@require_POST
def send(request: HttpRequest, secret: str) -> HttpResponse:
    """Say something. What could not be kept stays in the form."""
    chat = _chat(secret)
    form, status = FilesLineForm(request.POST, request.FILES), 422
    if form.is_valid():
        try:
            count_attempt(f"chat-say:{chat.pk}", most=LINES_A_WINDOW)
            _count_files(request, form)
            chat = say_with_files(chat, by=Actor.consumer(), **form.said)
        except FileRefused as error:
            form.add_error("files", str(error.message))
        except CaseError as error:
            add_case_error(form, error)
            status = 429 if isinstance(error, TooManyAttempts) else 422
        else:
            if not request.htmx:
                return _to_talk(request, secret)
            return _talk_page(request, secret, _chat(secret))
    # htmx swaps 422 in; it would leave a 429 aside and with it the reason.
    status = 422 if request.htmx else status
    return _talk_page(request, secret, chat, form=form, status=status)


def _count_files(request: HttpRequest, form: FilesLineForm) -> None:
    """Let nobody fill the vault: files are counted by caller, however many chats they begin."""
    for _file in form.cleaned_data["files"]:
        count_attempt(f"chat-file:{caller_address(request)}", most=FILES_A_WINDOW)


@chat_page
@require_GET
def file(request: HttpRequest, secret: str, chat_file_id: int) -> HttpResponseBase:
    """Hand out a file of the conversation: pictures as our copy, others as a download."""
    found = file_of(_chat(secret), chat_file_id)
    if found is None:
        raise Http404("no such file")
    return hand_out(found, small="small" in request.GET)


@chat_page
@require_GET
def news(request: HttpRequest, secret: str) -> HttpResponse:
    """Give the conversation if it changed since `seen`; 204 when it did not."""
    chat = _chat(secret)
    if polls_too_often(f"v{chat.pk}"):
        return HttpResponse(status=429)
    if request.GET.get("seen") == str(chat.revision):
        return HttpResponse(status=204)
    return render(request, "complaints/chat/talk.html#stream", _talk(request, secret, chat))


@chat_page
@require_http_methods(["GET", "HEAD", "POST"])
def complain(request: HttpRequest, secret: str) -> HttpResponse:
    """Make a complaint of the conversation; or, once it is one, say how to be reached."""
    chat = _chat(secret)
    needs_contact = opens_case(chat) and not has_address(chat.case)
    if not (chat.is_open or needs_contact):
        return _to_talk(request, secret)
    form = ComplainForm(request.POST if request.method == "POST" else None, initial=chat.contact)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            count_attempt(f"chat-case:{caller_address(request)}", most=CASES_A_WINDOW)
            if needs_contact:
                leave_contact(chat, contact=form.contact)
            else:
                danger = form.cleaned_data["danger"]
                given = ChatComplaint(contact=form.contact, danger=danger)
                turn_into_case(chat, by=Actor.consumer(), given=given)
            return _to_talk(request, secret)
        except CaseError as error:
            add_case_error(form, error)
    context = {**_frame(request), "form": form, "secret": secret, "late": needs_contact}
    return render(request, "complaints/chat/complain.html", context, status=status)


@chat_page
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, secret: str) -> HttpResponse:
    """Take how to reach the visitor while the conversation goes on."""
    chat = _chat(secret)
    if not chat.is_open:
        return _to_talk(request, secret)
    form = ContactFields(request.POST if request.method == "POST" else None, initial=chat.contact)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            count_attempt(f"chat-contact:{chat.pk}", most=CONTACTS_A_WINDOW)
            keep_contact(chat, contact=form.contact)
            return _to_talk(request, secret)
        except CaseError as error:
            add_case_error(form, error)
            status = 429 if isinstance(error, TooManyAttempts) else 422
    context = {**_frame(request), "form": form, "secret": secret}
    return render(request, "complaints/chat/contact.html", context, status=status)


@chat_page
@require_POST
def open_case(request: HttpRequest, secret: str) -> HttpResponse:
    """Go to the case of this chat, by a new link of its own."""
    chat = _chat(secret)
    count_attempt(f"chat-open:{chat.pk}", most=LINKS_A_WINDOW)
    link = reverse("secret_link", args=[open_own_case(chat)])
    return HttpResponseRedirect(link, status=303)


@chat_page
@require_POST
def finish(request: HttpRequest, secret: str) -> HttpResponse:
    """End a conversation that needs no complaint."""
    end_chat(_chat(secret), by=Actor.consumer(), reason="visitor")
    return _to_talk(request, secret)


@require_GET
def widget(request: HttpRequest) -> HttpResponse:
    """Give the script that a shop includes; one address, so that shops never change their pages."""
    path = finders.find("redress/js/chat-widget.js")
    if not isinstance(path, str):
        raise Http404("chat-widget.js")
    words = {}
    for language in ("zh-hans", "en"):
        with override(language):
            words[language] = {"open": _("在线客服"), "close": _("收起在线客服")}
    with open(path, encoding="utf-8") as script:
        source = script.read().replace("__WORDS__", json.dumps(words, ensure_ascii=True))
    response = HttpResponse(source, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=600"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _chat(secret: str) -> Chat:
    chat = chat_of_secret(secret)
    if chat is None:
        raise Http404("no such chat")
    return chat


def _to_talk(request: HttpRequest, secret: str) -> HttpResponse:
    url = reverse("chat:talk", args=[secret]) + carried(request)
    return HttpResponseRedirect(url, status=303)


def _frame(request: HttpRequest) -> dict[str, Any]:
    return {"carried": carried(request), "framed": bool(framed_site(request)), "now": now()}


def _talk(request: HttpRequest, secret: str, chat: Chat) -> dict[str, Any]:
    lines = lines_of(chat)
    return {
        **_frame(request),
        "chat": chat,
        "secret": secret,
        "lines": lines,
        "hours": opening(now()),
        "asks_for_contact": asks_for_contact(chat),
        "opens_case": (mine := opens_case(chat)),
        "needs_contact": mine and not has_address(chat.case),
    }


def _talk_page(
    request: HttpRequest,
    secret: str,
    chat: Chat,
    *,
    form: FilesLineForm | None = None,
    status: int = 200,
) -> HttpResponse:
    form = form or FilesLineForm(initial={"nonce": sealing.new_secret()})
    context = {**_talk(request, secret, chat), "form": form}
    region = "#talk" if request.htmx else ""
    return render(request, f"complaints/chat/talk.html{region}", context, status=status)
