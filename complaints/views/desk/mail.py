"""Mail that came in: what became of each, and deciding on those that a rule would not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.mail import DiscardMailForm, JoinMailForm
from complaints.models import InboundMail
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.inbound import (
    acts_on_mail,
    failing_mailbox,
    fate_counts,
    mails_listed,
    one_mail,
)
from complaints.services.held_mail import (
    OPEN_FATES,
    discard_mail,
    make_case_of,
    put_into_case,
    record_look,
)
from complaints.states import MailFate
from complaints.views.desk.mail_words import TONES, masked_sender, reason_words, subject_of

PAGE = 50
ALL = "all"


def _actor(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.HANDLE_CASE)


@login_required
@never_cache
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """List mails by what became of them; those that wait for a person unless asked otherwise."""
    _actor(request)
    fate = request.GET.get("fate", MailFate.HELD)
    fate = fate if fate in MailFate.values or fate == ALL else MailFate.HELD
    page = Paginator(mails_listed("" if fate == ALL else fate), PAGE).get_page(
        request.GET.get("page")
    )
    link = f"?fate={fate}&page="
    context = {
        "rows": [_row(mail) for mail in page],
        "fates": _fates(),
        "fate": fate,
        "failing": failing_mailbox(),
        "previous_href": f"{link}{page.number - 1}" if page.has_previous() else "",
        "next_href": f"{link}{page.number + 1}" if page.has_next() else "",
        "now": now(),
    }
    return render(request, "complaints/desk/mail_list.html", context)


def _fates() -> list[tuple[str, Any, int]]:
    counts = fate_counts()
    order = (MailFate.HELD, MailFate.CASE, MailFate.JOINED, MailFate.IGNORED, MailFate.DISCARDED)
    named = [(fate.value, fate.label, counts.get(fate.value, 0)) for fate in order]
    if waiting := counts.get(MailFate.WAITING):
        named.append((MailFate.WAITING.value, MailFate.WAITING.label, waiting))
    return [*named, (ALL, _("全部"), sum(counts.values()))]


def _row(mail: InboundMail) -> dict[str, Any]:
    content = mail.content
    return {
        "mail": mail,
        "subject": subject_of(content),
        "sender": masked_sender(content),
        "reason": reason_words(mail.reason),
        "tone": TONES.get(mail.fate, ""),
    }


@login_required
@never_cache
@require_safe
def mail_page(request: HttpRequest, mail_id: int) -> HttpResponse:
    """One mail: who wrote what, what became of it and why; that somebody looked is written down."""
    actor, mail = _actor(request), one_mail(mail_id)
    if request.method == "GET":
        record_look(mail, by=actor)
    return _page(request, actor, mail)


def _page(
    request: HttpRequest,
    actor: Actor,
    mail: InboundMail,
    *,
    join: JoinMailForm | None = None,
    discard: DiscardMailForm | None = None,
    status: int = 200,
) -> HttpResponse:
    named = {"reference": mail.case.reference} if mail.case else {}
    context = {
        **_row(mail),
        "content": mail.content,
        "acts": acts_on_mail(mail),
        "may_decide": mail.fate in OPEN_FATES and mail.is_kept,
        "may_discard": mail.fate == MailFate.HELD,
        "join_form": join or JoinMailForm(actor=actor, initial=named),
        "discard_form": discard or DiscardMailForm(),
        "form": join or discard,
        "now": now(),
    }
    return render(request, "complaints/desk/mail.html", context, status=status)


@login_required
@require_POST
def mail_case(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Make a case of a mail."""
    actor = _actor(request)
    case = make_case_of(one_mail(mail_id), by=actor)
    messages.success(request, _("已立案，回执会发给发件人"))
    return HttpResponseRedirect(reverse("desk:case", args=[case.reference]), status=303)


@login_required
@require_POST
def mail_join(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Put a mail into a case."""
    actor, mail = _actor(request), one_mail(mail_id)
    form = JoinMailForm(request.POST, actor=actor)
    if form.is_valid():
        try:
            case = put_into_case(mail, form.case, as_consumer=form.as_consumer, by=actor)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("已放进案件"))
            return HttpResponseRedirect(reverse("desk:case", args=[case.reference]), status=303)
    return _page(request, actor, mail, join=form, status=422)


@login_required
@require_POST
def mail_discard(request: HttpRequest, mail_id: int) -> HttpResponse:
    """Leave a mail, for a reason."""
    actor, mail = _actor(request), one_mail(mail_id)
    form: forms.Form = DiscardMailForm(request.POST)
    if form.is_valid():
        try:
            discard_mail(mail, reason=form.cleaned_data["reason"], by=actor)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("已记下，不处理"))
            return HttpResponseRedirect(reverse("complaints:mail"), status=303)
    return _page(request, actor, mail, discard=form, status=422)
