"""A complaint by phone, in a shop or from another body, taken down by staff on one page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user
from complaints import sealing
from complaints.access import require_permission
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.entry import EntryForm
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.customers import cases_of, customer_called, members_of
from complaints.services.customers import log_look
from complaints.services.entering import enter_complaint
from complaints.services.intake import Receipt
from complaints.states import OUTSIDE_CHANNELS
from complaints.views.desk.actions import to_case

MOST_KNOWN = 5


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_complaint(request: HttpRequest) -> HttpResponse:
    """Take a complaint down quickly; sent twice, it is the same complaint.

    The button that asks for the summary to be read aloud shows it and keeps nothing.
    """
    actor = require_permission(current_user(request), Permission.HANDLE_CASE)
    first = {"key": sealing.new_secret(), "channel": "phone", "language": "zh-hans"}
    only_reads = "summary" in request.POST
    if only_reads:
        form = EntryForm(initial={**first, **request.POST.dict(), "read_back": False})
    else:
        form = EntryForm(request.POST or None, initial=first)
    if form.is_valid():
        try:
            receipt = enter_complaint(form.entry(), by=actor, key=form.cleaned_data["key"])
        except CaseError as error:
            add_case_error(form, error)
        else:
            _say(request, receipt)
            return to_case(receipt.case)
    context = {
        "form": form,
        "summary": _summary(request.POST) if only_reads else "",
        "outside_channels": "|".join(OUTSIDE_CHANNELS),
        "now": now(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "complaints/desk/new_complaint.html", context, status=status)


def _say(request: HttpRequest, receipt: Receipt) -> None:
    reference = {"reference": receipt.case.reference}
    if receipt.created:
        messages.success(request, _("已登记，编号 %(reference)s") % reference)
    elif receipt.added:
        words = _("对方的这个编号已有案件 %(reference)s，这次说的都记在里面了")
        messages.success(request, words % reference)
    else:
        messages.info(request, _("这件投诉已经登记过，就是 %(reference)s") % reference)


@login_required
@require_POST
def caller(request: HttpRequest) -> HttpResponse:
    """Recognise who is calling by what is typed so far; that somebody looked is written down."""
    actor = require_permission(current_user(request), Permission.HANDLE_CASE)
    typed = [request.POST.get(name, "")[:200] for name in ("phone", "email")]
    customer = next((found for text in typed if text and (found := customer_called(text))), None)
    context: dict[str, Any] = {"customer": customer, "now": now()}
    if customer is not None:
        log_look(by=actor, reason=_("登记来电时识别"), customer=customer)
        known = cases_of(members_of(customer), actor).select_related("consumer")
        context["cases"] = list(known[:MOST_KNOWN])
        context["count"] = known.count()
    return render(request, "complaints/desk/_caller.html", context)


@login_required
@require_POST
def read_back(request: HttpRequest) -> HttpResponse:
    """Give the summary to read aloud, of what is typed so far."""
    require_permission(current_user(request), Permission.HANDLE_CASE)
    context = {"form": EntryForm(), "summary": _summary(request.POST)}
    return render(request, "complaints/desk/_read_back.html", context)


def _summary(sent: Any) -> str:
    """Return what an agent reads to the consumer, in the language that they are spoken to."""
    language = sent.get("language")
    with override(language if language in ("zh-hans", "en") else "zh-hans"):
        return "\n".join(_sentences(sent))


def _sentences(sent: Any) -> list[str]:
    given = {name: " ".join(str(sent.get(name, "")).split())[:2000] for name in sent}
    contact = "、".join(filter(None, (given.get("phone"), given.get("email"))))
    words = [
        (_("我把记下的念一遍，请你听听对不对。"), True),
        (_("你是%(name)s，联系方式 %(contact)s。"), given.get("name")),
        (_("商品是%(product_text)s。"), given.get("product_text")),
        (_("订单号 %(order_number)s。"), given.get("order_number")),
        (_("你付了 %(amount_paid)s 元。"), given.get("amount_paid")),
        (_("事情是这样：%(description)s"), given.get("description")),
        (_("现在有人身危险。"), given.get("danger")),
        (_("约好 %(callback)s 给你回电。"), given.get("callback_at")),
        (_("接下来：%(next_steps)s"), given.get("next_steps")),
        (_("预计 %(expected_on)s 前办好。"), given.get("expected_on")),
        (_("都对吗？"), True),
    ]
    kept = {
        **dict.fromkeys(("name", "product_text", "order_number", "amount_paid"), ""),
        **dict.fromkeys(("description", "next_steps", "expected_on"), ""),
        **given,
        "contact": contact,
        "callback": given.get("callback_at", "").replace("T", " "),
    }
    return [text % kept for text, said in words if said]
