"""Notices that did not arrive: a list for managers and administrators, and what can be done."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.notices import GiveUpForm
from complaints.models import OutboxMessage
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.dead_letters import (
    acts_on,
    dead_groups,
    dead_letters,
    one_letter,
    staff_names,
)
from complaints.services.dead_letters import give_up, replay, replay_all
from complaints.states import OutboxChannel
from config.desk.dead_letters import group_rows, letter, letter_rows

PAGE = 50


def _actor(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.MANAGE_NOTICES)


@login_required
@never_cache
@require_safe
def dead_letter_list(request: HttpRequest) -> HttpResponse:
    """List what did not arrive, by way and kind, the longest waiting first."""
    actor, moment = _actor(request), now()
    channel, kind = request.GET.get("channel", ""), request.GET.get("kind", "")
    found = dead_letters(actor, channel=channel, kind=kind)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    channels = [("", _("全部")), *OutboxChannel.choices]
    context = {
        "rows": letter_rows(list(page), now=moment),
        "count": page.paginator.count,
        "groups": group_rows(dead_groups(actor)),
        "channels": [each for each in channels if each[0] != OutboxChannel.IN_APP],
        "channel": channel,
        "previous_href": _page_link(request, page.number - 1) if page.has_previous() else "",
        "next_href": _page_link(request, page.number + 1) if page.has_next() else "",
        "now": moment,
    }
    return render(request, "desk/dead_letters.html", context)


def _page_link(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@login_required
@require_POST
def dead_letters_replay(request: HttpRequest) -> HttpResponse:
    """Send all dead letters of one way and kind again."""
    actor = _actor(request)
    channel, kind = request.POST.get("channel", ""), request.POST.get("kind", "")
    count = replay_all(by=actor, channel=channel, kind=kind) if channel and kind else 0
    words = ngettext("已重新发送 %(count)d 条", "已重新发送 %(count)d 条", count)
    messages.success(request, words % {"count": count})
    return HttpResponseRedirect(reverse("desk:dead_letters"), status=303)


@login_required
@never_cache
@require_safe
def dead_letter(request: HttpRequest, message_id: int) -> HttpResponse:
    """One notice: to whom, why it did not arrive, what was done about it."""
    message = one_letter(_actor(request), message_id)
    return _page(request, message, GiveUpForm())


def _page(
    request: HttpRequest, message: OutboxMessage, form: GiveUpForm, *, status: int = 200
) -> HttpResponse:
    moment = now()
    context = {
        "letter": letter(message, staff_names([message]), now=moment),
        "acts": acts_on(message),
        "form": form,
        "now": moment,
    }
    return render(request, "desk/dead_letter.html", context, status=status)


@login_required
@require_POST
def dead_letter_replay(request: HttpRequest, message_id: int) -> HttpResponse:
    """Send one dead letter again."""
    actor = _actor(request)
    replay(one_letter(actor, message_id), by=actor)
    messages.success(request, _("正在重新发送"))
    return HttpResponseRedirect(reverse("desk:dead_letters"), status=303)


@login_required
@require_POST
def dead_letter_give_up(request: HttpRequest, message_id: int) -> HttpResponse:
    """Let one dead letter be, for a reason."""
    actor = _actor(request)
    message, form = one_letter(actor, message_id), GiveUpForm(request.POST)
    if form.is_valid():
        try:
            give_up(message, by=actor, reason=form.cleaned_data["reason"])
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("已记下，不再发送"))
            return HttpResponseRedirect(reverse("desk:dead_letters"), status=303)
    return _page(request, message, form, status=422)
