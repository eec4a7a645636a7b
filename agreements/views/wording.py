"""The texts of agreements and the clauses, kept by managers: written, previewed, saved."""

from __future__ import annotations

from difflib import SequenceMatcher
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from agreements.forms.wording import ClauseForm, NewClauseForm, WordingForm
from agreements.models import Wording
from agreements.selectors.wording import (
    clause_versions,
    clauses_now,
    current_wordings,
    part_names,
    sample_sections,
    wording_versions,
)
from agreements.services.wording import ClauseText, check_body, save_clause, save_wording
from agreements.wording.variables import VARIABLES
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged
from complaints.forms import add_case_error
from complaints.numbers import whole_number
from complaints.permissions import Permission

GET_POST = ["GET", "HEAD", "POST"]


def _actor(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.MANAGE_TEMPLATES)


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("agreements:texts"), status=303)


@login_required
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    """All texts and clauses, those no longer used too."""
    _actor(request)
    context = {"wordings": current_wordings(), "clauses": clauses_now(retired=True)}
    return render(request, "agreements/texts.html", context)


@login_required
@require_http_methods(GET_POST)
def text_edit(request: HttpRequest, text_kind: str, language: str) -> HttpResponse:
    """Change a text (a new version), look at it with sample values, compare versions."""
    actor, versions = _actor(request), wording_versions(text_kind, language)
    if not versions:
        raise Http404(text_kind)
    latest = versions[0]
    initial = {"title": latest.title, "body": latest.body, "seen": latest.number}
    form = WordingForm(request.POST or None, initial=initial)
    preview = request.POST.get("act") == "preview"
    status = None
    if request.method == "POST" and form.is_valid():
        try:
            if not preview:
                save_wording(text_kind, language, by=actor, **form.cleaned_data)
                messages.success(request, _("文本已保存，以后起草的协议用这一版"))
                return _back()
            check_body(form.cleaned_data["body"])
        except DraftChanged as error:
            form.add_error(None, str(error))
            status = HTTPStatus.CONFLICT
        except CaseError as error:
            add_case_error(form, error)
    return _text_page(request, form, versions, preview=preview, status=status)


def _text_page(
    request: HttpRequest,
    form: WordingForm,
    versions: list[Wording],
    *,
    preview: bool,
    status: int | None,
) -> HttpResponse:
    if status is None:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    shown = preview and not form.errors
    body = str(form["body"].value() or "")
    context = {
        "form": form,
        "wording": versions[0],
        "versions": versions,
        "variables": VARIABLES,
        "parts": part_names(),
        "preview": sample_sections(body) if shown else [],
        "preview_title": form["title"].value(),
        "compared": _compared(request, versions),
    }
    return render(request, "agreements/text.html", context, status=status)


def _compared(request: HttpRequest, versions: list[Wording]) -> dict[str, Any] | None:
    number = whole_number(request.GET.get("with", ""))
    earlier = next((row for row in versions if row.number == number), None)
    if earlier is None or earlier is versions[0]:
        return None
    return {"number": earlier.number, "rows": changed_lines(earlier.body, versions[0].body)}


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    """Return the lines that went ("del") and came ("ins"), in the order of the text."""
    old, new = before.splitlines(), after.splitlines()
    rows: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            rows += [("del", line) for line in old[i1:i2]]
            rows += [("ins", line) for line in new[j1:j2]]
    return rows


@login_required
@require_http_methods(GET_POST)
def clause_new(request: HttpRequest) -> HttpResponse:
    """Write a clause that is not there yet."""
    actor = _actor(request)
    form = NewClauseForm(request.POST or None, initial={"seen": 0})
    if request.method == "POST" and form.is_valid():
        saved = _save(form, form.cleaned_data["code"], actor)
        if saved:
            messages.success(request, _("条款已添加"))
            return _back()
    return _clause_page(request, form, [])


@login_required
@require_http_methods(GET_POST)
def clause_edit(request: HttpRequest, clause: str) -> HttpResponse:
    """Change a clause (a new version), take it out of use or bring it back."""
    actor, versions = _actor(request), clause_versions(clause)
    if not versions:
        raise Http404(clause)
    latest = versions[0]
    initial = {name: getattr(latest, name) for name in ClauseForm.base_fields if name != "seen"}
    form = ClauseForm(request.POST or None, initial={**initial, "seen": latest.number})
    if request.method == "POST" and form.is_valid():
        retired = request.POST.get("act") == "retire"
        if _save(form, clause, actor, retired=retired):
            messages.success(request, _("条款已停用") if retired else _("条款已保存"))
            return _back()
    return _clause_page(request, form, versions)


def _save(form: forms.Form, code: str, actor: Actor, *, retired: bool = False) -> bool:
    data = form.cleaned_data
    names = ("title_zh", "text_zh", "title_en", "text_en")
    words = ClauseText(**{name: data[name] for name in names})
    try:
        save_clause(code, by=actor, words=words, seen=data["seen"], retired=retired)
    except CaseError as error:
        add_case_error(form, error)
        return False
    return True


def _clause_page(request: HttpRequest, form: forms.Form, versions: list[Any]) -> HttpResponse:
    context = {"form": form, "clause": versions[0] if versions else None, "versions": versions}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "agreements/clause.html", context, status=status)
