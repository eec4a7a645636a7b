"""The desk's page of evidence packs, and the file itself."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.models import Case
from complaints.permissions import Permission
from complaints.views.desk.actions import CaseAction
from documents.views import serve_file
from reviews.forms.packs import PackForm
from reviews.services.packing import ask_for_pack, note_taken


class AskForPack(CaseAction):
    """Ask for a pack; earlier ones stand above the form."""

    form_class = PackForm
    template_name = "reviews/packs.html"
    title = gettext_lazy("证据包")
    lead = gettext_lazy("文书、证据、时间线，和每个文件的 SHA-256。内部备注不在里面。")
    submit = gettext_lazy("生成证据包")
    done = gettext_lazy("正在生成，好了会通知你")
    tab = "reviews"

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        ask_for_pack(case, by=actor, seen=seen, **data)

    def more_context(self, case: Case) -> dict[str, Any]:
        rows = case.evidence_packs.select_related("asked_by", "file")
        return {"packs": list(rows.order_by("-asked_at"))}


@login_required
@require_GET
def pack_file(request: HttpRequest, reference: str, pack_id: int) -> HttpResponseBase:
    """Hand out a pack, and write down who took it; 404 for another case's or one not made."""
    user = current_user(request)
    case = get_case(user, reference, Permission.HANDLE_CASE)
    pack = case.evidence_packs.select_related("file").filter(pk=pack_id).first()
    if pack is None or pack.file is None:
        raise Http404(reference)
    note_taken(pack, by=Actor.staff(user))
    return serve_file(pack.file)
