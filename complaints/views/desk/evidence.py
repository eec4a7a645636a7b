"""Evidence on the desk: adding files, looking at pictures, handing out originals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
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
from complaints.permissions import Permission, has_permission
from complaints.presenters import custody_words
from complaints.selectors.custody import custody_of, note_of
from complaints.selectors.facts import evidence_of, one_evidence
from complaints.selectors.lookalikes import lookalikes
from complaints.services.custody import may_open_original
from complaints.services.evidence import add_evidence
from complaints.services.vault import prepare
from complaints.views.desk.actions import CaseAction
from complaints.views.handing_out import hand_out_picture, hand_out_thumbnail
from documents.errors import FileRefused
from documents.services.viewing import has_viewing_copy


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


def one_of_case(request: HttpRequest, reference: str, evidence_id: int) -> tuple[Case, Evidence]:
    """Return a case that the person may see and one of its files; 404 for any other."""
    case = get_case(current_user(request), reference, Permission.VIEW_CASE)
    return case, one_evidence(case, evidence_id)


@login_required
@require_safe
def evidence_page(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponse:
    """Look at one file: picture, hash, who handed it in and when; with the ones beside it."""
    case, evidence = one_of_case(request, reference, evidence_id)
    actor = Actor.staff(current_user(request))
    if evidence.prepared_at is None:
        prepare(evidence)
    others, custody = list(evidence_of(case)), custody_of(evidence)
    place = [other.pk for other in others].index(evidence.pk)
    context = {
        "case": case,
        "evidence": evidence,
        "is_picture": has_viewing_copy(evidence.file),
        "lookalikes": lookalikes(evidence, actor),
        "position": place + 1,
        "total": len(others),
        "previous": others[place - 1] if place else None,
        "following": others[place + 1] if place + 1 < len(others) else None,
        "custody": custody,
        "custody_rows": [
            {"entry": entry, "words": custody_words(entry, note_of(case, entry))}
            for entry in custody.entries
        ],
        "may_release": has_permission(actor, Permission.RELEASE_EVIDENCE),
        "may_open": may_open_original(actor, evidence),
        "now": now(),
    }
    return render(request, "complaints/desk/evidence.html", context)


@login_required
@require_safe
def evidence_picture(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponseBase:
    """Hand out the copy for viewing."""
    _case, evidence = one_of_case(request, reference, evidence_id)
    return hand_out_picture(evidence, by=Actor.staff(current_user(request)))


@login_required
@require_safe
def evidence_thumb(request: HttpRequest, reference: str, evidence_id: int) -> HttpResponseBase:
    """Hand out the small copy."""
    _case, evidence = one_of_case(request, reference, evidence_id)
    return hand_out_thumbnail(evidence, by=Actor.staff(current_user(request)))
