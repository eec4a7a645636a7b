"""Where the chat may be shown and when people answer: the administrator's page."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.chat import OriginForm, RulesForm
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.chats import allowed_origins, chat_rules, opening
from complaints.services.chat_rules import allow_origin, remove_origin, set_rules


@login_required
@require_safe
def chat_settings(request: HttpRequest) -> HttpResponse:
    """Show the sites, the hours and the snippet for shops."""
    require_permission(current_user(request), Permission.ADMINISTER)
    return _page(request)


def _page(
    request: HttpRequest,
    *,
    origin: OriginForm | None = None,
    rules: RulesForm | None = None,
    status: int = 200,
) -> HttpResponse:
    held = chat_rules()
    first = {
        "is_on": held.is_on,
        "calendar": held.calendar_id,
        "wait_minutes": held.wait_minutes,
        "teams": list(held.teams.all()),
    }
    sent: forms.Form | None = origin or rules
    context = {
        "origins": allowed_origins(),
        "origin_form": origin or OriginForm(),
        "rules_form": rules or RulesForm(initial=first),
        "form": sent,
        "hours": opening(now(), rules=held),
        "script": f"{settings.PUBLIC_URL.rstrip('/')}{reverse('chat_widget')}",
        "now": now(),
    }
    return render(request, "complaints/desk/chat_settings.html", context, status=status)


@login_required
@require_POST
def origin_add(request: HttpRequest) -> HttpResponse:
    """List a site."""
    actor = require_permission(current_user(request), Permission.ADMINISTER)
    form = OriginForm(request.POST)
    if form.is_valid():
        try:
            added = allow_origin(
                form.cleaned_data["origin"], note=form.cleaned_data["note"], by=actor
            )
        except CaseError as error:
            add_case_error(form, error)
        else:
            words = _("%(origin)s 现在可以嵌入在线客服") % {"origin": added.origin}
            return _done(request, words)
    return _page(request, origin=form, status=422)


@login_required
@require_POST
def origin_remove(request: HttpRequest, origin_id: int) -> HttpResponse:
    """Take a site off the list."""
    remove_origin(origin_id, by=require_permission(current_user(request), Permission.ADMINISTER))
    return _done(request, _("已移除，这个网站不能再嵌入在线客服"))


@login_required
@require_POST
def rules_set(request: HttpRequest) -> HttpResponse:
    """Decide when people answer."""
    actor = require_permission(current_user(request), Permission.ADMINISTER)
    form = RulesForm(request.POST)
    if form.is_valid():
        set_rules(**form.cleaned_data, by=actor)
        return _done(request, _("已保存"))
    return _page(request, rules=form, status=422)


def _done(request: HttpRequest, words: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(reverse("complaints:chat_settings"), status=303)
