"""The vault on the desk: originals with a purpose, fingerprints compared, the ledger of custody."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.forms import add_case_error
from complaints.forms.vault import OriginalForm, ReleaseForm
from complaints.models import Case, Evidence
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.custody import custody_sheet
from complaints.services.custody import check_purpose, may_open_original, verify_evidence
from complaints.services.vault import release_evidence
from complaints.views.desk.evidence import one_of_case
from complaints.views.handing_out import hand_out_copy, hand_out_original


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_original(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponseBase:
    """Ask for the purpose, then hand out the original as a download."""
    case, evidence = one_of_case(request, reference, evidence_id)
    actor = Actor.staff(current_user(request))
    if not may_open_original(actor, evidence):
        raise StepForbidden(_("你的角色不能下载照片原件，可以看去掉了位置信息的副本。"))
    if request.method != "POST":
        return _ask_purpose(request, case, evidence, OriginalForm.for_file(evidence))
    form = OriginalForm(request.POST)
    if not form.is_valid():
        return _ask_purpose(request, case, evidence, form, status=422)
    purpose, note = form.cleaned_data["purpose"], form.cleaned_data["note"]
    try:
        check_purpose(purpose, note)
    except CaseError as error:
        add_case_error(form, error)
        return _ask_purpose(request, case, evidence, form, status=422)
    return hand_out_original(evidence, by=actor, purpose=purpose, note=note)


def _ask_purpose(
    request: HttpRequest, case: Case, evidence: Evidence, form: OriginalForm, *, status: int = 200
) -> HttpResponse:
    context = {"case": case, "evidence": evidence, "form": form, "now": now()}
    return render(request, "complaints/desk/evidence_original.html", context, status=status)


@login_required
@require_safe
def evidence_copy(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponseBase:
    """Hand out the copy without place and device as a download."""
    _case, evidence = one_of_case(request, reference, evidence_id)
    return hand_out_copy(evidence, by=Actor.staff(current_user(request)))


@login_required
@require_POST
def evidence_verify(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponse:
    """Compare the file with the fingerprint of its receipt, now."""
    case, evidence = one_of_case(request, reference, evidence_id)
    if verify_evidence(evidence, by=Actor.staff(current_user(request))):
        messages.success(request, _("文件和收到时一致"))
    else:
        messages.error(request, _("文件和收到时不一致，已停止提供，并通知了主管"))
    return to_evidence(case, evidence)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_release(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponse:
    """Let a file out of quarantine, with a reason."""
    case, evidence = one_of_case(request, reference, evidence_id)
    actor = require_permission(current_user(request), Permission.RELEASE_EVIDENCE)
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                release_evidence(evidence, by=actor, note=form.cleaned_data["note"])
            except CaseError as error:
                add_case_error(form, error)
            else:
                messages.success(request, _("已解除隔离"))
                return to_evidence(case, evidence)
    context = {"case": case, "evidence": evidence, "form": form, "now": now()}
    return render(request, "complaints/desk/evidence_release.html", context, status=status)


def to_evidence(case: Case, evidence: Evidence) -> HttpResponseRedirect:
    """Go back to the page of a file."""
    address = reverse("complaints:evidence", args=[case.reference, evidence.pk])
    return HttpResponseRedirect(address, status=303)


@login_required
@require_safe
def custody_export(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponse:
    """Hand out the ledger of custody as JSON, each entry with what its hash is taken of."""
    case, evidence = one_of_case(request, reference, evidence_id)
    response = JsonResponse(
        custody_sheet(case, evidence), json_dumps_params={"ensure_ascii": False, "indent": 2}
    )
    name = f"custody-{case.reference}-{evidence.pk}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
