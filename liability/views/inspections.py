"""Inspections: proposed at the desk, answered by the consumer, carried out with a phone."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user
from complaints.access import consumer_case, get_case
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from liability.forms.inspection import (
    CancelForm,
    InspectionForm,
    PhotoForm,
    ReportForm,
    TimeForm,
    WishForm,
)
from liability.models import Inspection, PlanItem
from liability.selectors.inspecting import inspection_of
from liability.selectors.planning import plan_of
from liability.services.inspecting import (
    add_photo,
    ask_other_time,
    cancel_inspection,
    confirm_time,
    may_report,
    propose_inspection,
    propose_time,
    report_inspection,
)
from liability.views.parts import InvestigatingAction


def inspection_of_case(case: Case, inspection_id: int) -> Inspection:
    """Return an inspection of this case; 404 for another's."""
    inspection = inspection_of(case, inspection_id)
    if inspection is None:
        raise Http404(inspection_id)
    return inspection


class ProposeInspection(InvestigatingAction):
    """Propose a time to look at the thing."""

    form_class = InspectionForm
    title = gettext_lazy("约检查")
    lead = gettext_lazy(
        "上门检查或者远程诊断。消费者会收到通知，在进度页确认时间，或者要求换时间。"
    )
    submit = gettext_lazy("向消费者提出")
    done = gettext_lazy("检查时间已提出，等消费者确认")

    def _item(self, case: Case) -> PlanItem | None:
        given = self.request.GET.get("item", "")
        return plan_of(case).filter(pk=given).first() if given.isdecimal() else None

    def initial(self, case: Case) -> dict[str, Any]:
        item = self._item(case)
        return {"purpose": item.wording} if item else {}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = InspectionForm(self.request.POST)
        form.is_valid()
        propose_inspection(case, by=actor, appointment=form.appointment(self._item(case)))

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return InspectionForm(**_without_files(kwargs))


def _without_files(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kwargs.items() if name != "files"}


class MoveInspection(InvestigatingAction):
    """Propose another time."""

    form_class = TimeForm
    title = gettext_lazy("改检查时间")
    lead = gettext_lazy("消费者要重新确认。")
    submit = gettext_lazy("提出新的时间")
    done = gettext_lazy("新的时间已提出，等消费者确认")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        propose_time(inspection_of_case(case, self.thing_id), by=actor, **data)

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        inspection_of_case(case, self.thing_id)
        return TimeForm(**_without_files(kwargs))


class CancelInspection(InvestigatingAction):
    """Call it off."""

    form_class = CancelForm
    title = gettext_lazy("取消检查")
    lead = gettext_lazy("消费者会收到通知。")
    submit = gettext_lazy("取消检查")
    done = gettext_lazy("检查已取消")
    danger = True

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        cancel_inspection(inspection_of_case(case, self.thing_id), by=actor, **data)

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        inspection_of_case(case, self.thing_id)
        return CancelForm(**_without_files(kwargs))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def visit(request: HttpRequest, reference: str, inspection_id: int) -> HttpResponse:
    """The technician's page: what to look at, photos, and what was found.

    With scripts the form is kept on the phone and photos wait there for a connection; without them
    all of it goes in one post.
    """
    user = current_user(request)
    case = get_case(user, reference, Permission.VIEW_CASE)
    inspection = inspection_of_case(case, inspection_id)
    actor = Actor.staff(user)
    if not may_report(actor, inspection):
        raise StepForbidden(_("这次检查不是由你做的。"))
    if request.method != "POST":
        return _visit_page(request, inspection, ReportForm())
    form = ReportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _visit_page(request, inspection, form, status=422)
    data = form.cleaned_data
    try:
        for number, photo in enumerate(data.pop("photos")):
            nonce = uuid5(data["nonce"], f"{number}:{photo.name}:{photo.size}")
            add_photo(inspection, by=actor, upload=photo, name=photo.name or "photo", nonce=nonce)
        report_inspection(inspection, by=actor, **data)
    except CaseError as refusal:
        add_case_error(form, refusal)
        return _visit_page(request, inspection, form, status=422)
    messages.success(request, _("检查结果已登记"))
    return HttpResponseRedirect(request.path, status=303)


def _visit_page(
    request: HttpRequest, inspection: Inspection, form: ReportForm, *, status: int = 200
) -> HttpResponse:
    case = inspection.case
    context = {
        "case": case,
        "inspection": inspection,
        "form": form,
        "now": now(),
        "photo_url": reverse("liability:visit_photo", args=[case.reference, inspection.pk]),
    }
    return render(request, "liability/visit.html", context, status=status)


@login_required
@require_POST
def visit_photo(request: HttpRequest, reference: str, inspection_id: int) -> JsonResponse:
    """Take one photo out of the phone's queue; the nonce makes a second try harmless."""
    user = current_user(request)
    case = get_case(user, reference, Permission.VIEW_CASE)
    inspection = inspection_of_case(case, inspection_id)
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return JsonResponse({"problem": _("照片没有收完整，请重新拍一张。")}, status=422)
    photo, nonce = form.cleaned_data["photo"], form.cleaned_data["nonce"]
    try:
        kept = add_photo(
            inspection,
            by=Actor.staff(user),
            upload=photo,
            name=photo.name or "photo.jpg",
            nonce=nonce,
            taken_at=form.cleaned_data["taken_at"],
        )
    except CaseError as refusal:
        return JsonResponse({"problem": str(refusal)}, status=422)
    return JsonResponse({"nonce": str(nonce), "photo": kept.pk})


@require_http_methods(["GET", "HEAD", "POST"])
def inspection_mine(request: HttpRequest, reference: str, inspection_id: int) -> HttpResponse:
    """The consumer confirms the proposed time, or asks for another."""
    case = consumer_case(request, reference)
    inspection = inspection_of_case(case, inspection_id)
    form = WishForm(
        request.POST if request.method == "POST" else None,
        initial={"proposal": inspection.proposals},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _answer(inspection, form, other="other" in request.POST)
            except CaseError as refusal:
                add_case_error(form, refusal)
                form.data = {**form.data.dict(), "proposal": str(inspection.proposals)}
            else:
                address = reverse("track:case", args=[case.reference])
                return HttpResponseRedirect(address, status=303)
    context = {"case": case, "inspection": inspection, "form": form, "now": now()}
    return render(request, "liability/inspection_mine.html", context, status=status)


def _answer(inspection: Inspection, form: WishForm, *, other: bool) -> None:
    by, data = Actor.consumer(), form.cleaned_data
    if other:
        ask_other_time(inspection, by=by, wish=data["wish"], seen_proposal=data["proposal"])
    else:
        confirm_time(inspection, by=by, seen_proposal=data["proposal"])
