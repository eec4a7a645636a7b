"""Investigation templates, kept by managers: one wording per category and severity, in versions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.errors import CaseError, StaleCase
from complaints.forms import add_case_error
from complaints.permissions import Permission
from complaints.selectors.taxonomy import category_name
from liability.forms.plan import TemplateForm
from liability.models import InvestigationTemplate
from liability.models.planning import in_language
from liability.selectors.planning import current_templates, versions_of
from liability.services.planning import publish_template
from liability.states import Addressee, PlanKind


@login_required
@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """Every template that there is, with its newest version."""
    require_permission(current_user(request), Permission.MANAGE_TEMPLATES)
    rows = [{"row": row, "name": template_name(row)} for row in current_templates()]
    return render(request, "liability/plan_templates.html", {"rows": rows})


def template_name(row: InvestigationTemplate) -> str:
    """Return what a template is for, in words."""
    category = category_name(row.category) if row.category else _("所有类别")
    severity = str(row.get_severity_display()) if row.severity else _("不限严重程度")
    return _("%(category)s，%(severity)s") % {"category": category, "severity": severity}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def template_edit(request: HttpRequest, template_id: int = 0) -> HttpResponse:
    """Publish a new version of a template, or the first one of another pair."""
    actor = require_permission(current_user(request), Permission.MANAGE_TEMPLATES)
    known = InvestigationTemplate.objects.filter(pk=template_id).first() if template_id else None
    if template_id and known is None:
        raise Http404(template_id)
    versions = list(versions_of(known.category, known.severity)) if known else []
    newest = versions[0] if versions else None
    form = TemplateForm(
        request.POST if request.method == "POST" else None,
        lines=newest.lines if newest else (),
        initial=_initial(newest),
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                publish_template(by=actor, lines=form.lines(), **_pair(form, newest))
            except StaleCase as stale:
                form.add_error(None, str(stale))
                status = 409
            except CaseError as refusal:
                add_case_error(form, refusal)
            else:
                messages.success(request, _("模板已发布，之后开始的调查按新的来"))
                return HttpResponseRedirect(reverse("liability:plan_templates"), status=303)
    context = {
        "form": form,
        "template": newest,
        "name": template_name(newest) if newest else "",
        "versions": [{"row": row, "lines": shown_lines(row)} for row in versions[1:6]],
    }
    return render(request, "liability/plan_template.html", context, status=status)


def _initial(newest: InvestigationTemplate | None) -> dict[str, Any]:
    if newest is None:
        return {"seen": 0}
    return {"category": newest.category, "severity": newest.severity, "seen": newest.version}


def _pair(form: TemplateForm, newest: InvestigationTemplate | None) -> dict[str, Any]:
    """Return the pair that is published: the template's own, else the one that was chosen."""
    data = form.cleaned_data
    category = newest.category if newest else data["category"]
    severity = newest.severity if newest else data["severity"]
    return {"category": category, "severity": severity, "seen": data["seen"] or 0}


def shown_lines(row: InvestigationTemplate) -> list[dict[str, Any]]:
    """Return the lines of a version, in words."""
    return [
        {
            "kind": PlanKind(line["kind"]).label,
            "text": in_language(line["text"], line.get("text_en", "")),
            "to": Addressee(line["to"]).label,
            "days": line["days"],
        }
        for line in row.lines
    ]
