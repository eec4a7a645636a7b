"""Taking out the list that one sees: what it is, in which form, and who did so before."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.forms.importing import ExportForm
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.imports import recent_exports
from complaints.selectors.queue import View, cases_asked, view_asked
from complaints.services.exporting import FORMS, export_cases


def _listed(request: HttpRequest, actor: Actor) -> tuple[View, QuerySet[Case]]:
    """Return the view and the cases that the queue shows for the same address."""
    return view_asked(request.GET), cases_asked(request.GET, actor=actor, moment=now())


@login_required
@require_safe
def export_page(request: HttpRequest) -> HttpResponse:
    """Say what would be taken out, and ask in which form."""
    actor = require_permission(current_user(request), Permission.EXPORT_CASES)
    return _page(request, actor, ExportForm(initial={"form": "csv"}))


def _page(request: HttpRequest, actor: Actor, form: Any, *, status: int = 200) -> HttpResponse:
    view, cases = _listed(request, actor)
    context = {
        "form": form,
        "view": view,
        "count": cases.count(),
        "query": request.GET.urlencode(),
        "logs": recent_exports(),
        "now": now(),
    }
    return render(request, "complaints/desk/export.html", context, status=status)


@login_required
@require_POST
def export_file(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Stream the list; that it was taken out is written down before the first row."""
    actor = require_permission(current_user(request), Permission.EXPORT_CASES)
    form = ExportForm(request.POST)
    if not form.is_valid():
        return _page(request, actor, form, status=422)
    _view, cases = _listed(request, actor)
    kind = form.cleaned_data["form"]
    content = export_cases(
        cases,
        form=kind,
        query=request.GET.urlencode(),
        with_text=form.cleaned_data["with_text"],
        by=actor,
    )
    response = StreamingHttpResponse(content, content_type=FORMS[kind])
    name = f"cases-{timezone.localtime(now()):%Y%m%d-%H%M}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
