"""Public statements of incidents: written and published on the desk, read by everybody."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.forms import add_case_error
from complaints.numbers import whole_number
from complaints.permissions import Permission, has_permission
from liability.forms.statements import StatementForm
from liability.models import Incident, PublicStatement
from liability.selectors.incidents import fault_name, incidents
from liability.selectors.statements import (
    published_of,
    shown_statement,
    statement_draft,
    statements_in_force,
)
from liability.services.statements import publish_statement, save_statement

MOST_LISTED = 100
FIELDS = ("title_zh", "body_zh", "title_en", "body_en")


@require_safe
def public_statements(request: HttpRequest) -> HttpResponse:
    """List what the public was told of batch incidents, the newest first."""
    language = get_language() or "zh-hans"
    rows = [shown_statement(each, language) for each in statements_in_force()[:MOST_LISTED]]
    return render(request, "liability/public_statements.html", {"rows": rows})


@require_safe
def public_statement(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Show the statement in force, or the earlier version asked for."""
    versions = published_of(incident_id)
    asked = request.GET.get("version", "")
    shown = versions[:1]
    if asked:
        shown = [each for each in versions if each.number == whole_number(asked)]
    if not shown:
        raise Http404(incident_id)
    context = {
        "text": shown_statement(shown[0], get_language() or "zh-hans"),
        "version": shown[0],
        "current": versions[0],
        "versions": versions,
    }
    return render(request, "liability/public_statement.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def incident_statement(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Write the statement of an incident, or publish what a colleague wrote."""
    actor = require_permission(current_user(request), Permission.VIEW_CASE)
    found = incidents().filter(pk=incident_id).first()
    if found is None:
        raise Http404(incident_id)
    draft = statement_draft(found)
    if request.method != "POST":
        return _page(request, found, actor, draft, StatementForm(initial=_initial(found, draft)))
    seen = whole_number(request.POST.get("seen", ""), 0)
    publishing = request.POST.get("act") == "publish"
    form = (
        StatementForm(initial=_initial(found, draft)) if publishing else StatementForm(request.POST)
    )
    if not publishing and not form.is_valid():
        return _page(request, found, actor, draft, form, status=422)
    try:
        if publishing:
            publish_statement(found, by=actor, seen=seen)
            messages.success(request, _("公开说明已发布"))
        else:
            save_statement(found, form.text(), by=actor, seen=seen)
            messages.success(request, _("草稿已保存，等另一位同事发布"))
    except StepForbidden:
        raise
    except CaseError as error:
        return _refused(request, found, actor, form, error)
    return HttpResponseRedirect(
        reverse("liability:incident_statement", args=[found.pk]), status=303
    )


def _refused(
    request: HttpRequest, found: Incident, actor: Actor, form: StatementForm, error: CaseError
) -> HttpResponse:
    draft = statement_draft(found)
    status = 409 if isinstance(error, DraftChanged) else 422
    if form.is_bound:
        add_case_error(form, error)
        return _page(request, found, actor, draft, form, status=status)
    problem = str(error)
    return _page(request, found, actor, draft, form, status=status, problem=problem)


def _initial(found: Incident, draft: PublicStatement | None) -> dict[str, str]:
    last = draft or next(iter(published_of(found.pk)), None)
    return {field: getattr(last, field) for field in FIELDS} if last else {}


def _page(
    request: HttpRequest,
    found: Incident,
    actor: Actor,
    draft: PublicStatement | None,
    form: StatementForm,
    *,
    status: int = 200,
    problem: str = "",
) -> HttpResponse:
    own = draft is not None and draft.written_by_id == getattr(actor.user, "pk", None)
    told_of = found.state in ("confirmed", "closed")
    context = {
        "incident": found,
        "fault": fault_name(found.fault),
        "form": form,
        "draft": draft,
        "previews": [shown_statement(draft, language) for language in ("zh", "en")]
        if draft
        else [],
        "versions": published_of(found.pk),
        "seen": draft.revision if draft else 0,
        "may_write": told_of and has_permission(actor, Permission.INVESTIGATE),
        "may_publish": told_of and not own and has_permission(actor, Permission.MANAGE_PAGES),
        "own": own,
        "problem": problem,
    }
    return render(request, "liability/incident_statement.html", context, status=status)
