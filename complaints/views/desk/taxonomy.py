"""What complaints are about, kept by managers: add, rename, retire; delete what was never used."""

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
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.triage import NewTermForm, TermForm
from complaints.permissions import Permission
from complaints.selectors.taxonomy import cases_by_term, categories, general_issues, term_called
from complaints.services import taxonomy as service


def _actor(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.MANAGE_TAXONOMY)


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("complaints:taxonomy"), status=303)


@login_required
@require_safe
def taxonomy(request: HttpRequest) -> HttpResponse:
    """All categories and issues, retired ones too, with how many cases carry each."""
    _actor(request)
    counts = cases_by_term()
    groups = [
        _group(category, list(category.issues.all()), counts)
        for category in categories(retired=True)
    ]
    groups.append(_group(None, general_issues(retired=True), counts))
    return render(request, "complaints/desk/taxonomy.html", {"groups": groups})


def _group(category: Any, issues: list[Any], counts: dict[str, dict[str, int]]) -> dict[str, Any]:
    return {
        "category": category,
        "count": counts["category"].get(category.code, 0) if category else 0,
        "issues": [
            {"term": issue, "count": counts["issue"].get(issue.code, 0)} for issue in issues
        ],
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def term_new(request: HttpRequest) -> HttpResponse:
    """Add a category, or an issue to one."""
    actor = _actor(request)
    form = NewTermForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        category = data.pop("category")
        try:
            if category:
                service.add_issue(category=category, by=actor, **data)
            else:
                service.add_category(by=actor, **data)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("已添加"))
            return _back()
    status = 422 if form.errors else 200
    return render(request, "complaints/desk/term.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def term_edit(request: HttpRequest, level: str, code: str) -> HttpResponse:
    """Rename a term, retire or restore it, or delete it if no case carries it."""
    actor = _actor(request)
    term = term_called(level, code)
    if term is None:
        raise Http404(code)
    act = request.POST.get("act", "")
    names = {name: getattr(term, name) for name in ("name_zh", "name_en", "position")}
    given = request.POST if request.method == "POST" and act == "rename" else None
    form = TermForm(given, initial=names)
    if request.method == "POST" and (act != "rename" or form.is_valid()):
        try:
            messages.success(request, _changed(term, act, form, actor))
            return _back()
        except CaseError as error:
            form = TermForm(names)
            form.is_valid()
            add_case_error(form, error)
    status = 422 if form.errors else 200
    context = {"form": form, "term": term, "level": level}
    return render(request, "complaints/desk/term.html", context, status=status)


def _changed(term: Any, act: str, form: TermForm, by: Actor) -> str:
    if act == "rename":
        service.rename_term(term, by=by, **form.cleaned_data)
        return _("名称已保存")
    if act == "retire":
        service.retire_term(term, by=by)
        return _("已停用，原来的案件不受影响")
    if act == "restore":
        service.restore_term(term, by=by)
        return _("已恢复使用")
    if act == "delete":
        service.delete_term(term, by=by)
        return _("已删除")
    raise CaseError(_("请选一项操作。"))
