"""A customer's file: everything that every app knows of one person, on one page; looks are kept."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_user
from agreements.selectors.customers import amounts_of, open_promises
from complaints.access import require_permission, visible_cases
from complaints.actors import Actor
from complaints.customer_states import CustomerChange, CustomerKind, IdentityKind
from complaints.models import Case, Customer
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.customers import (
    cases_of,
    consents_of,
    history_of,
    identities_of,
    joined_files,
    likely_same,
    members_of,
    one_customer,
    root_of,
)
from complaints.services.customers import log_look
from complaints.tiers import ADDED, FOR_EVERYBODY, WORDS
from complaints.views.desk.accountability import page_link
from complaints.views.desk.customers import remember_why, told_why
from config.templatetags import present

PAGE = 50


@login_required
@never_cache
@require_safe
def customer_file(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Show a file to who said why: by coming from a case of the customer, or in words."""
    user = current_user(request)
    actor = require_permission(user, Permission.VIEW_CUSTOMER)
    customer = one_customer(customer_id)
    root = root_of(customer)
    members = members_of(root)
    case = _came_from(request, actor, members)
    reason = case.reference if case else told_why(request, customer) or told_why(request, root)
    if not reason:
        address = reverse("complaints:customer_why", args=[customer.pk])
        return HttpResponseRedirect(address)
    remember_why(request, root, reason)
    log_look(by=actor, reason=reason, customer=root, case=case)
    return render(request, "desk/customer.html", _context(request, actor, root, members, case))


def _came_from(request: HttpRequest, actor: Actor, members: list[int]) -> Case | None:
    reference = request.GET.get("case", "")
    if not reference:
        return None
    of_customer = visible_cases(actor).filter(consumer__customer__in=members)
    return of_customer.filter(reference=reference).first()


def _context(
    request: HttpRequest, actor: Actor, root: Customer, members: list[int], case: Case | None
) -> dict[str, Any]:
    cases = cases_of(members, actor)
    page = Paginator(cases, PAGE).get_page(request.GET.get("page"))
    newest = page.object_list[0].consumer if page.object_list else None
    return {
        "customer": root,
        "case": case,
        "now": now(),
        "name": present.mask_name(newest.name) if newest else "",
        "cases": page,
        "count": page.paginator.count,
        "open_count": sum(1 for each in page if each.is_open),
        "identities": [_identity(each) for each in identities_of(members)],
        "promises": [_promise(each) for each in open_promises(cases)],
        "amounts": amounts_of(cases),
        "kinds": [CustomerKind(kind).label for kind in root.kinds],
        "entitlements": _entitlements(root),
        "preferences": _preferences(root),
        "consents": list(consents_of(members).values()),
        "joined": joined_files(members),
        "likely": likely_same(members),
        "history": [_history(each) for each in history_of(members)],
        "may_manage": has_permission(actor, Permission.MANAGE_CUSTOMERS),
        "may_see_looks": has_permission(actor, Permission.VIEW_LOOKS),
        "previous_href": page_link(request, page.number - 1) if page.has_previous() else "",
        "next_href": page_link(request, page.number + 1) if page.has_next() else "",
    }


def _identity(identity: Any) -> dict[str, Any]:
    bearer = identity.shown
    mask = present.mask_phone if identity.kind == IdentityKind.PHONE else present.mask_email
    value = getattr(bearer, identity.kind) if bearer else ""
    return {
        "pk": identity.pk,
        "kind": IdentityKind(identity.kind).label,
        "value": mask(value) if value else "--",
        "name": present.mask_name(bearer.name) if bearer else "",
        "since": identity.since,
        "file": identity.customer_id,
    }


def _promise(obligation: Any) -> dict[str, Any]:
    left = obligation.amount - obligation.paid_sum if obligation.amount is not None else None
    return {
        "case": obligation.agreement.case,
        "what": obligation.get_kind_display(),
        "words": obligation.description,
        "amount": present.money(left, obligation.currency) if left is not None else "",
        "due_on": obligation.due_on,
        "late": obligation.due_at < now(),
    }


def _entitlements(customer: Customer) -> list[dict[str, Any]]:
    """Return what the customer is entitled to and because of what, everybody's first."""
    lines = [{"words": WORDS[code], "because": ""} for code in sorted(FOR_EVERYBODY)]
    for kind in customer.kinds:
        label = CustomerKind(kind).label
        lines += [{"words": WORDS[code], "because": label} for code in sorted(ADDED[kind])]
    return lines


def _preferences(customer: Customer) -> dict[str, Any]:
    hours = ""
    if customer.hours_from and customer.hours_to:
        hours = f"{customer.hours_from:%H:%M}–{customer.hours_to:%H:%M}"
    languages = {"zh-hans": "中文", "en": "English"}
    return {
        "language": languages.get(customer.language, ""),
        "channel": customer.get_channel_display(),
        "hours": hours,
    }


def _history(event: Any) -> dict[str, Any]:
    other = event.data.get("other") or event.data.get("from")
    return {
        "what": CustomerChange(event.kind).label,
        "who": event.by,
        "at": event.at,
        "reason": event.reason,
        "other": f"C-{other:06d}" if other else "",
    }
