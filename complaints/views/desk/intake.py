"""A complaint by phone or in a shop, taken down by staff."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import current_user
from complaints import sealing
from complaints.access import require_permission
from complaints.errors import CaseError
from complaints.forms import add_case_error, desk
from complaints.moments import now
from complaints.permissions import Permission
from complaints.services.desk import take_down
from complaints.services.intake import ComplaintData, ContactData
from complaints.views.desk.actions import to_case

_COPIED = (
    "channel",
    "title",
    "description",
    "danger",
    "product_text",
    "order_number",
    "amount_paid",
    "needs_care",
)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_complaint(request: HttpRequest) -> HttpResponse:
    """Take a complaint down quickly; sent twice, it is the same complaint."""
    actor = require_permission(current_user(request), Permission.HANDLE_CASE)
    first = {"key": sealing.new_secret(), "channel": "phone"}
    form = desk.NewComplaintForm(request.POST or None, initial=first)
    if form.is_valid():
        try:
            receipt = take_down(_complaint(form), by=actor, key=form.cleaned_data["key"])
        except CaseError as error:
            add_case_error(form, error)
        else:
            reference = receipt.case.reference
            messages.success(request, _("已登记，编号 %(reference)s") % {"reference": reference})
            return to_case(receipt.case)
    context = {"form": form, "now": now()}
    status = 422 if form.is_bound else 200
    return render(request, "complaints/desk/new_complaint.html", context, status=status)


def _complaint(form: desk.NewComplaintForm) -> ComplaintData:
    data = form.cleaned_data
    return ComplaintData(
        contact=ContactData(name=data["name"], phone=data["phone"], email=data["email"]),
        language=get_language() or "zh-hans",
        **{name: data[name] for name in _COPIED},
    )
