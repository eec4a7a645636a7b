"""Cases that may be one: proposals with their reasons, merging several, linking without merging."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints.access import get_case, require_permission
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase
from complaints.forms import add_case_error
from complaints.forms.duplicates import LinkForm, MergeHereForm
from complaints.models import Case
from complaints.moments import now
from complaints.numbers import number_seen
from complaints.permissions import Permission, check_step, has_permission
from complaints.selectors.duplicates import (
    Signs,
    likely_duplicates,
    likely_known,
    linked_cases,
    merged_here,
)
from complaints.selectors.search import case_called
from complaints.selectors.steps import step_is_possible
from complaints.services.linking import link_cases, unlink_cases
from complaints.services.merging import merge_cases
from complaints.states import LinkKind


@login_required
@never_cache
@require_safe
def duplicates(request: HttpRequest, reference: str) -> HttpResponse:
    """Show which cases may be the same, which are merged here and which belong to this one."""
    case = get_case(current_user(request), reference)
    return _page(request, case)


def _page(
    request: HttpRequest,
    case: Case,
    *,
    merge_form: MergeHereForm | None = None,
    link_form: LinkForm | None = None,
    status: int = 200,
) -> HttpResponse:
    actor = Actor.staff(current_user(request))
    likely = likely_duplicates(case, actor)
    context = {
        "case": case,
        "now": now(),
        "likely": [{"found": each, "mergeable": _mergeable(each.case)} for each in likely],
        "merged": merged_here(case),
        "linked": linked_cases(case, actor),
        "merge_form": merge_form or MergeHereForm(),
        "link_form": link_form or LinkForm(),
        "form": merge_form or link_form,
        "ticked": merge_form.ticked if merge_form else [],
        "may_handle": has_permission(actor, Permission.HANDLE_CASE),
    }
    return render(request, "complaints/desk/duplicates.html", context, status=status)


def _mergeable(case: Case) -> bool:
    return step_is_possible(case, "merge")


@login_required
@require_POST
def merge_here(request: HttpRequest, reference: str) -> HttpResponse:
    """Merge the chosen cases into this one: all of them or none."""
    user = current_user(request)
    case, actor = get_case(user, reference, Permission.HANDLE_CASE), Actor.staff(user)
    check_step(actor, "merge")
    form = MergeHereForm(request.POST)
    if not form.is_valid():
        return _page(request, case, merge_form=form, status=422)
    try:
        chosen = [_called(actor, each) for each in form.references()]
        cause = form.cleaned_data["cause"]
        merge_cases(chosen, into=case, cause=cause, by=actor, seen=_seen(request, chosen))
    except StaleCase as stale:
        add_case_error(form, stale)
        return _page(request, case, merge_form=form, status=409)
    except CaseError as error:
        add_case_error(form, CaseError(error.message, field=_at(error)))
        return _page(request, case, merge_form=form, status=422)
    words = ngettext("已把 %(count)d 起案件并入本案", "已把 %(count)d 起案件并入本案", len(chosen))
    messages.success(request, words % {"count": len(chosen)})
    return _back(case)


def _at(error: CaseError) -> str | None:
    return "others" if error.field in ("into", "cases") else error.field


def _called(actor: Actor, reference: str) -> Case:
    found = case_called(actor, reference)
    if found is None:
        words = {"reference": reference[:20]}
        raise CaseError(_("没有找到编号 %(reference)s，核对一下。") % words, field="cases")
    return found


def _seen(request: HttpRequest, cases: list[Case]) -> dict[int, int]:
    given = {case.pk: number_seen(request.POST, f"seen-{case.reference}") for case in cases}
    return {pk: version for pk, version in given.items() if version is not None}


@login_required
@require_POST
def link(request: HttpRequest, reference: str) -> HttpResponse:
    """Say how another case belongs to this one, or that it does not."""
    user = current_user(request)
    case, actor = get_case(user, reference, Permission.HANDLE_CASE), Actor.staff(user)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _page(request, case, link_form=form, status=422)
    try:
        other = case_called(actor, form.cleaned_data["other"])
        if other is None:
            raise CaseError(_("没有找到这个编号的案件，核对一下。"), field="other")
        link_cases(case, other, kind=form.cleaned_data["kind"], by=actor)
    except CaseError as error:
        add_case_error(form, error)
        return _page(request, case, link_form=form, status=422)
    told = form.cleaned_data["kind"] == LinkKind.NOT_DUPLICATE
    messages.success(request, _("记下了，不再提示") if told else _("已关联"))
    return _back(case)


@login_required
@require_POST
def unlink(request: HttpRequest, reference: str, other: str) -> HttpResponse:
    """End what links two cases."""
    user = current_user(request)
    case, actor = get_case(user, reference, Permission.HANDLE_CASE), Actor.staff(user)
    unlink_cases(case, get_case(user, other), by=actor)
    return _back(case)


def _back(case: Case) -> HttpResponseRedirect:
    address = reverse("complaints:duplicates", args=[case.reference])
    return HttpResponseRedirect(address, status=303)


@login_required
@never_cache
@require_POST
def known_already(request: HttpRequest) -> HttpResponse:
    """Answer, while a complaint is being written down, which cases it may repeat."""
    actor = require_permission(current_user(request), Permission.HANDLE_CASE)
    given: dict[str, Any] = {
        name: request.POST.get(name, "")[:5000]
        for name in ("description", "order_number", "phone", "email")
    }
    serial = request.POST.get("serial_number", "")[:60]
    found = likely_known(Signs.typed(serial=serial, **given), actor)
    return render(request, "complaints/desk/_known_already.html", {"likely": found, "now": now()})
