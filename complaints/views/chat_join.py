"""Putting a chat into a case that the visitor has: reference, contact, and the code sent there."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from complaints.errors import CaseError, TooManyAttempts
from complaints.forms import add_case_error
from complaints.forms.lookup import CodeForm, LookupForm
from complaints.models import Chat
from complaints.moments import now
from complaints.selectors.chats import chat_of_secret
from complaints.services.chat_cases import ask_to_join, join_proven
from complaints.services.entrance import count_attempt
from complaints.views.chat_frame import carried, chat_page
from complaints.views.doors import caller_address, even_time
from complaints.views.lookup import (
    ANSWER_SECONDS,
    CODES_A_WINDOW,
    LOOKUPS_A_WINDOW,
    LOOKUPS_OF_ONE,
)


@chat_page
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask for reference and contact; whatever they are, the next page asks for the code."""
    chat = _open_chat(secret)
    form = LookupForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        reference, contact = form.cleaned_data["reference"], form.cleaned_data["contact"]
        try:
            count_attempt(f"lookup:{caller_address(request)}", most=LOOKUPS_A_WINDOW)
            count_attempt(f"lookup-of:{reference}", most=LOOKUPS_OF_ONE)
        except TooManyAttempts as closed:
            add_case_error(form, closed)
            status = 429
        else:
            with even_time(ANSWER_SECONDS):
                _ask(chat, reference, contact)
            return _to("chat:join_code", request, secret)
    context = {"form": form, "secret": secret, "carried": carried(request), "now": now()}
    return render(request, "complaints/chat/join.html", context, status=status)


def _ask(chat: Chat, reference: str, contact: str) -> None:
    try:
        ask_to_join(chat, reference=reference, contact=contact)
    except TooManyAttempts:
        # Only the right contact gets as far as this: saying so would tell that it is right.
        return


@chat_page
@require_http_methods(["GET", "HEAD", "POST"])
def join_code(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the code and put the chat into the case."""
    chat = _open_chat(secret)
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            count_attempt(f"code:{caller_address(request)}", most=CODES_A_WINDOW)
            join_proven(chat, digits=form.cleaned_data["code"])
            return _to("chat:talk", request, secret)
        except CaseError as refused:
            add_case_error(form, refused)
            status = 429 if isinstance(refused, TooManyAttempts) else 422
    context = {"form": form, "secret": secret, "carried": carried(request), "now": now()}
    return render(request, "complaints/chat/join_code.html", context, status=status)


def _open_chat(secret: str) -> Chat:
    chat = chat_of_secret(secret)
    if chat is None or not chat.is_open:
        raise Http404("no such chat")
    return chat


def _to(name: str, request: HttpRequest, secret: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=[secret]) + carried(request), status=303)
