"""Missed promises: the list, the owner's explanation, the manager's decision."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error, desk
from complaints.models import AccountabilityItem
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.accountability import items_listed, one_item
from complaints.services.accountability import decide_item, reply_to_item
from complaints.states import AccountabilityStatus


@login_required
@require_safe
def accountability_list(request: HttpRequest) -> HttpResponse:
    """List the items that are a person's to explain or to decide."""
    actor = Actor.staff(current_user(request))
    decided = request.GET.get("decided") == "1"
    context = {"items": items_listed(actor, decided=decided), "decided": decided, "now": now()}
    return render(request, "complaints/desk/accountability_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def accountability_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """One item: what was missed, what the owner says, what the manager decides."""
    actor = Actor.staff(current_user(request))
    item = one_item(actor, item_id)
    replies = item.owner_id == current_user(request).pk
    form = _form(request, actor, item, replies=replies)
    if form is not None and form.is_valid():
        try:
            _carry_out(item, actor, form.cleaned_data, replies=replies)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("已保存"))
            return HttpResponseRedirect(
                reverse("complaints:accountability_item", args=[item.pk]), status=303
            )
    context = {"item": item, "form": form, "replies": replies, "now": now()}
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "complaints/desk/accountability_item.html", context, status=status)


def _form(
    request: HttpRequest, actor: Actor, item: AccountabilityItem, *, replies: bool
) -> desk.ReplyItemForm | desk.DecideItemForm | None:
    if item.status == AccountabilityStatus.DECIDED:
        return None
    if replies:
        return desk.ReplyItemForm(request.POST or None, initial={"reply": item.reply})
    if has_permission(actor, Permission.DECIDE_ACCOUNTABILITY):
        return desk.DecideItemForm(request.POST or None)
    return None


def _carry_out(
    item: AccountabilityItem, actor: Actor, data: dict[str, Any], *, replies: bool
) -> None:
    if replies:
        reply_to_item(item, by=actor, **data)
    else:
        decide_item(item, by=actor, **data)
