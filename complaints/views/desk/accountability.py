"""Missed promises: the list, the owner's explanation, the manager's decision, the measure."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.accountability import (
    AssignItemForm,
    DecideItemForm,
    ItemFilterForm,
    ReplyItemForm,
)
from complaints.models import AccountabilityItem
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.accountability import items_listed, one_item
from complaints.services.accountability import (
    assign_item,
    decide_item,
    finish_measure,
    reply_to_item,
)
from complaints.states import AccountabilityStatus

PAGE = 50


@login_required
@never_cache
@require_safe
def accountability_list(request: HttpRequest) -> HttpResponse:
    """List the items that are a person's to explain, to decide or to change something about."""
    actor, moment = Actor.staff(current_user(request)), now()
    form = ItemFilterForm(request.GET)
    items = items_listed(actor, form.filters(), moment=moment)
    page = Paginator(items, PAGE).get_page(request.GET.get("page"))
    rows = [{"item": item, "overdue": item.is_overdue(moment)} for item in page]
    context = {
        "form": form,
        "rows": rows,
        "count": page.paginator.count,
        "now": moment,
        "previous_href": page_link(request, page.number - 1) if page.has_previous() else "",
        "next_href": page_link(request, page.number + 1) if page.has_next() else "",
    }
    return render(request, "complaints/desk/accountability_list.html", context)


def page_link(request: HttpRequest, number: int) -> str:
    """Return the same list's address at another page."""
    query = request.GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accountability_item(request: HttpRequest, item_id: int) -> HttpResponse:
    """One item: what was missed, what the owner says, what the manager decides."""
    actor = Actor.staff(current_user(request))
    item = one_item(actor, item_id)
    form = _form(request, actor, item)
    if form is not None and form.is_valid():
        try:
            _carry_out(item, actor, form)
        except CaseError as error:
            add_case_error(form, error)
        else:
            return _saved(request, item)
    return _page(request, actor, item, form)


@login_required
@require_POST
def accountability_assign(request: HttpRequest, item_id: int) -> HttpResponse:
    """Name who answers for an item."""
    actor = require_permission(current_user(request), Permission.DECIDE_ACCOUNTABILITY)
    item = one_item(actor, item_id)
    form = AssignItemForm(request.POST, item=item)
    if form.is_valid():
        try:
            assign_item(item, by=actor, owner=form.cleaned_data["owner"])
        except CaseError as error:
            add_case_error(form, error)
        else:
            return _saved(request, item)
    return _page(request, actor, item, _form(None, actor, item), assign_form=form)


@login_required
@require_POST
def accountability_done(request: HttpRequest, item_id: int) -> HttpResponse:
    """Confirm that a measure is done."""
    actor = Actor.staff(current_user(request))
    item = one_item(actor, item_id)
    finish_measure(item, by=actor)
    return _saved(request, item)


def _saved(request: HttpRequest, item: AccountabilityItem) -> HttpResponse:
    messages.success(request, _("已保存"))
    return HttpResponseRedirect(
        reverse("complaints:accountability_item", args=[item.pk]), status=303
    )


def _form(
    request: HttpRequest | None, actor: Actor, item: AccountabilityItem
) -> ReplyItemForm | DecideItemForm | None:
    data = request.POST if request is not None and request.method == "POST" else None
    if item.status == AccountabilityStatus.DECIDED:
        return None
    if actor.user is not None and item.owner_id == actor.user.pk:
        return ReplyItemForm(data, item=item)
    may_decide = has_permission(actor, Permission.DECIDE_ACCOUNTABILITY)
    if may_decide and (item.may_be_decided(now()) or data is not None):
        return DecideItemForm(data, item=item)
    return None


def _carry_out(item: AccountabilityItem, actor: Actor, form: forms.Form) -> None:
    if isinstance(form, ReplyItemForm):
        reply_to_item(item, by=actor, **form.cleaned_data)
    else:
        decide_item(item, by=actor, **form.cleaned_data)


def _page(
    request: HttpRequest,
    actor: Actor,
    item: AccountabilityItem,
    form: forms.Form | None,
    *,
    assign_form: AssignItemForm | None = None,
) -> HttpResponse:
    moment = now()
    manages = has_permission(actor, Permission.DECIDE_ACCOUNTABILITY)
    may_assign = manages and item.status == AccountabilityStatus.OPEN
    if may_assign and assign_form is None:
        assign_form = AssignItemForm(item=item)
    is_theirs = actor.user is not None and item.measure_owner_id == actor.user.pk
    context: dict[str, Any] = {
        "item": item,
        "form": form,
        "assign_form": assign_form if may_assign else None,
        "replies": isinstance(form, ReplyItemForm),
        "manages": manages,
        "overdue": item.is_overdue(moment),
        "may_finish": item.has_open_measure and (manages or is_theirs),
        "measure_late": item.measure_is_late(timezone.localdate(moment)),
        "now": moment,
    }
    bound = [each for each in (form, assign_form) if each is not None and each.is_bound]
    status = 422 if bound else 200
    return render(request, "complaints/desk/accountability_item.html", context, status=status)
