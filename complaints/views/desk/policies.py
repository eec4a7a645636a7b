"""Time limits as pages: the list, one policy with its versions, the editor of its draft."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms.policies import NewPolicyForm, PolicyEditor, first_version
from complaints.models import ClockPolicy
from complaints.moments import now
from complaints.permissions import Permission
from complaints.policy_words import (
    budget_words,
    condition_rows,
    event_words,
    joined,
    ladder_rows,
    pause_rows,
)
from complaints.selectors.policies import in_force, working_calendar
from complaints.selectors.policy_pages import (
    PolicyLine,
    draft_of,
    open_clocks_under,
    policy_lines,
    usual_policy,
    versions_of,
)
from complaints.services.policies import save_draft
from complaints.states import EVENT_CLOCKS, ClockKind, PolicyState


def manager(request: HttpRequest) -> Actor:
    """Return who asks; raises StepForbidden for those who may not change time limits."""
    return require_permission(current_user(request), Permission.MANAGE_POLICIES)


@login_required
@never_cache
@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """List all time limits by kind."""
    manager(request)
    lines = policy_lines(on=working_calendar().local_date(now()))
    groups = [
        _group(kind, list(of_kind))
        for kind, of_kind in groupby(lines, key=lambda line: line.shown.kind)
    ]
    return render(request, "complaints/desk/policies.html", {"groups": groups})


def _group(kind: str, lines: list[PolicyLine]) -> dict[str, Any]:
    """Return the policies of a kind; one that is called like its kind needs no heading."""
    label = str(ClockKind(kind).label)
    is_plain = len(lines) == 1 and lines[0].shown.name in ("", label)
    return {"heading": "" if is_plain else label, "rows": [_row(line) for line in lines]}


def _row(line: PolicyLine) -> dict[str, Any]:
    return {
        "line": line,
        "policy": line.shown,
        "budget": budget_words(line.shown),
        "conditions": condition_rows(line.shown),
    }


@login_required
@never_cache
@require_safe
def policy(request: HttpRequest, code: str) -> HttpResponse:
    """Show a time limit: the rules in force, or of the version asked for, and all versions."""
    manager(request)
    versions = versions_of(code)
    if not versions:
        raise Http404(code)
    today = working_calendar().local_date(now())
    published = [v for v in versions if v.state == PolicyState.PUBLISHED]
    current = next((v for v in published if in_force(v, today)), None)
    asked = request.GET.get("version", "")
    shown = next((v for v in versions if str(v.version) == asked), None) or current or versions[0]
    context = {
        "policy": shown,
        "current": current,
        "draft": next((v for v in versions if v.state == PolicyState.DRAFT), None),
        "versions": [{"policy": v, "budget": budget_words(v)} for v in versions],
        "running": open_clocks_under(code),
        "fixed": shown.kind == ClockKind.PAUSE_END,
        **rules_in_words(shown),
    }
    return render(request, "complaints/desk/policy.html", context)


def rules_in_words(shown: ClockPolicy) -> dict[str, Any]:
    """Return what a version says, ready for `_policy_rules.html`."""
    return {
        "budget": budget_words(shown),
        "conditions": condition_rows(shown),
        "ladder": ladder_rows(shown),
        "pauses": pause_rows(shown),
        "by_events": shown.kind in EVENT_CLOCKS,
        "starts": event_words(shown.start_event),
        "stops": joined(event_words(kind) for kind in shown.stop_events),
    }


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def policy_new(request: HttpRequest) -> HttpResponse:
    """Ask what a new time limit is about, and go on to its editor."""
    manager(request)
    if request.method != "POST":
        return _new_page(request, NewPolicyForm(), status=200)
    wanted = request.POST.get("code", "")
    form = NewPolicyForm(request.POST, taken=dict.fromkeys(v.code for v in versions_of(wanted)))
    if not form.is_valid():
        return _new_page(request, form, status=422)
    address = reverse("complaints:policy_edit", args=[form.cleaned_data["code"]])
    return HttpResponseRedirect(f"{address}?kind={form.cleaned_data['kind']}", status=303)


def _new_page(request: HttpRequest, form: NewPolicyForm, *, status: int) -> HttpResponse:
    return render(request, "complaints/desk/policy_new.html", {"form": form}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def policy_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Write the draft of a time limit: a new version of it, or its first."""
    actor = manager(request)
    base = _begun_with(request, code)
    data = request.POST if request.method == "POST" else None
    editor = PolicyEditor(data, policy=base)
    if data is not None and editor.is_valid():
        try:
            save_draft(code, base.kind, editor.values(), by=actor)
        except CaseError as error:
            editor.add_error(error)
        else:
            messages.success(request, _("草稿存好了。看过影响以后再发布"))
            return HttpResponseRedirect(
                reverse("complaints:policy_preview", args=[code]), status=303
            )
    context = {
        "policy": base,
        "form": editor.form,
        "editor": editor,
        "ladder": editor.ladder,
        "pauses": editor.pauses,
        "is_new": not base.pk,
    }
    status = 200 if data is None else 422
    return render(request, "complaints/desk/policy_edit.html", context, status=status)


def _begun_with(request: HttpRequest, code: str) -> ClockPolicy:
    """Return what the editor shows at first: the draft, else the newest version, else a new one."""
    today = timezone.localdate(now())
    found = draft_of(code) or next(iter(versions_of(code)), None)
    if found is None:
        kind = request.GET.get("kind", "")
        if kind not in ClockKind.values or kind == ClockKind.PAUSE_END:
            raise Http404(code)
        return first_version(code, kind, like=usual_policy(kind), today=today)
    if found.kind == ClockKind.PAUSE_END:
        raise Http404(code)
    if found.state == PolicyState.PUBLISHED:
        found.effective_from, found.effective_to = today, None
    found.name = found.name or found.get_kind_display()
    return found
