"""The tracking page: composed of what every app has to say to the consumer of one case."""

from __future__ import annotations

import hashlib
from typing import Any
from uuid import uuid4

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from complaints.access import consumer_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.message import MessageForm
from complaints.models import Case, CaseEvent, Clock, Evidence, Message
from complaints.moments import now
from complaints.selectors.consumer import (
    consumer_events,
    consumer_files,
    consumer_messages,
    promises,
)
from complaints.selectors.policies import is_provisional
from complaints.selectors.receipts import receipt_of
from complaints.services.conversation import mark_read
from complaints.services.desk import say
from complaints.states import ClockState
from complaints.views.withdrawal import may_be_withdrawn
from config.tracking.chat import chat_of
from config.tracking.headline import headline_of, other_terms, paused_clocks
from config.tracking.panels import drawn_panels, open_panels
from config.tracking.progress import progress_of
from config.tracking.timeline import timeline_of
from documents.errors import FileRefused


@require_GET
def case_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Show where the case is, what to do, what happened, and what was said: it is read then."""
    case = consumer_case(request, reference)
    return _page(request, case, MessageForm(initial={"nonce": uuid4().hex}))


@require_POST
def send_message(request: HttpRequest, reference: str) -> HttpResponse:
    """Send a message with its files to whoever handles the case; sent twice it is sent once."""
    case = consumer_case(request, reference)
    form = MessageForm(request.POST, request.FILES)
    if form.is_valid():
        words = form.cleaned_data
        try:
            say(
                case,
                by=Actor.consumer(),
                body=words["body"],
                files=words["files"],
                nonce=words["nonce"] or None,
            )
        except FileRefused as refusal:
            form.add_error("files", str(refusal.message))
        except CaseError as refusal:
            add_case_error(form, refusal)
        else:
            url = reverse("track:case", args=[reference]) + "#messages-title"
            return HttpResponseRedirect(url, status=303)
    return _page(request, case, form, status=422)


@require_GET
def updates(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer 204 while nothing changed for the consumer, else a notice with the new headline."""
    case = consumer_case(request, reference)
    clocks = promises(case)
    events, messages = consumer_events(case), consumer_messages(case)
    if request.GET.get("seen") == seen_mark(case, clocks, events, messages):
        return HttpResponse(status=204)
    headline = headline_of(
        case,
        _running(clocks),
        now=now(),
        panels=open_panels(case),
        paused=paused_clocks(clocks),
    )
    context = {"case": case, "headline": headline}
    return render(request, "track/case.html#news", context)


def seen_mark(
    case: Case, clocks: list[Clock], events: list[CaseEvent], messages: list[Message]
) -> str:
    """Return a mark that changes when, and only when, something changes that the consumer sees."""
    parts = [
        case.stage,
        [event.sequence for event in events[-1:]],
        [message.pk for message in messages[-1:]],
        [(clock.pk, str(clock.due_at)) for clock in _running(clocks)],
        case.owner_id,
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]


def _running(clocks: list[Clock]) -> list[Clock]:
    running = [clock for clock in clocks if clock.state == ClockState.RUNNING and clock.due_at]
    return sorted(running, key=lambda clock: (clock.due_at, clock.pk))


def _page(request: HttpRequest, case: Case, form: forms.Form, *, status: int = 200) -> HttpResponse:
    present = now()
    clocks, events, messages = promises(case), consumer_events(case), consumer_messages(case)
    files = consumer_files(case)
    mark_read(case, messages)
    running, panels = _running(clocks), open_panels(case)
    paused = paused_clocks(clocks)
    headline = headline_of(case, running, now=present, panels=panels, paused=paused)
    leading = [clock for clock in running if clock.due_at == headline.due]
    context: dict[str, Any] = {
        "case": case,
        "now": present,
        "headline": headline,
        "provisional": any(map(is_provisional, leading)),
        "terms": other_terms(running),
        "progress": progress_of(case, events, [clock.kind for clock in running]),
        "panels": drawn_panels(request, case, panels, now=present),
        "timeline": timeline_of(events, clocks, now=present),
        "chat": chat_of(case, messages, files, now=present),
        "documents": _documents(case, files),
        "form": form,
        "may_withdraw": may_be_withdrawn(case),
        "seen": seen_mark(case, clocks, events, messages),
    }
    return render(request, "track/case.html", context, status=status)


def _documents(case: Case, files: list[Evidence]) -> list[dict[str, Any]]:
    rows = []
    receipt = receipt_of(case)
    if receipt is not None and receipt.is_ready:
        url = reverse("mine:receipt_file", args=[case.reference])
        rows.append({"kind": "receipt", "href": url, "icon": "file-text"})
    for evidence in files:
        url = reverse("mine:file", args=[case.reference, evidence.pk])
        icon = "image" if evidence.file.is_photo else "file-text"
        rows.append({"label": evidence.file.original_name, "href": url, "icon": icon})
    return rows
