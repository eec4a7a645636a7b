"""Evidence on the desk: adding files, looking at pictures, handing out originals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import desk
from complaints.models import Case, Evidence
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.facts import evidence_of, one_evidence
from complaints.services.evidence import add_evidence
from complaints.views.desk.actions import CaseAction
from documents.errors import FileRefused, FileUnavailable
from documents.models import StoredFile
from documents.services.viewing import can_be_viewed, thumbnail, viewing_copy
from documents.views import serve_file


class AddEvidence(CaseAction):
    """Hand in files; those that can be kept are kept, the others are named."""

    form_class = desk.EvidenceForm
    permission = Permission.VIEW_CASE
    title = gettext_lazy("补充材料")
    lead = gettext_lazy("原件按原样保存并记下指纹，之后不能改动。")
    submit = gettext_lazy("上传")
    done = gettext_lazy("材料已存入案件")
    tab = "evidence"

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        refused = []
        for file in data["files"]:
            try:
                add_evidence(
                    case,
                    by=actor,
                    upload=file,
                    name=file.name,
                    caption=data["caption"],
                    for_consumer=data["for_consumer"],
                )
            except FileRefused as error:
                refused.append(str(error.message))
        if refused:
            raise CaseError(" ".join(refused), field="files")

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return desk.EvidenceForm(**kwargs)


def _one(request: HttpRequest, reference: str, evidence_id: int) -> tuple[Case, Evidence]:
    case = get_case(current_user(request), reference, Permission.VIEW_CASE)
    return case, one_evidence(case, evidence_id)


@login_required
@require_safe
def evidence_page(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponse:
    """Look at one file: picture, hash, who handed it in and when; with the ones beside it."""
    case, evidence = _one(request, reference, evidence_id)
    others = list(evidence_of(case))
    place = [other.pk for other in others].index(evidence.pk)
    context = {
        "case": case,
        "evidence": evidence,
        "is_picture": can_be_viewed(evidence.file),
        "position": place + 1,
        "total": len(others),
        "previous": others[place - 1] if place else None,
        "following": others[place + 1] if place + 1 < len(others) else None,
        "now": now(),
    }
    return render(request, "complaints/desk/evidence.html", context)


def _serve_copy(copy: StoredFile | None) -> HttpResponseBase:
    if copy is None:
        raise Http404("no picture")
    return serve_file(copy, inline=True)


@login_required
@require_safe
def evidence_picture(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponseBase:
    """Hand out the copy for viewing."""
    _case, evidence = _one(request, reference, evidence_id)
    try:
        return _serve_copy(viewing_copy(evidence.file))
    except FileUnavailable:
        return serve_file(evidence.file)


@login_required
@require_safe
def evidence_thumb(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponseBase:
    """Hand out the small copy."""
    _case, evidence = _one(request, reference, evidence_id)
    try:
        return _serve_copy(thumbnail(evidence.file))
    except FileUnavailable:
        return serve_file(evidence.file)


@login_required
@require_safe
def evidence_original(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponseBase:
    """Hand out the original as a download."""
    _case, evidence = _one(request, reference, evidence_id)
    return serve_file(evidence.file)
