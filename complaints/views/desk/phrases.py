"""Ready texts and macros, kept by managers: written, changed as versions, compared, retired."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from complaints.access import require_permission, visible_cases
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged
from complaints.forms import add_case_error
from complaints.forms.phrases import MacroForm, NewTemplateForm, TemplateForm, macro_initial
from complaints.models import Macro, ReplyTemplate, ReplyTemplateVersion
from complaints.numbers import whole_number
from complaints.permissions import Permission
from complaints.phrases import filled, pieces
from complaints.selectors.macros import all_macros, macro_by_id
from complaints.selectors.phrases import (
    KNOWN,
    VARIABLES,
    current_templates,
    template_called,
    values_for,
    versions_of,
)
from complaints.services import macros as macro_service
from complaints.services import phrases as service


def _actor(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.MANAGE_TEMPLATES)


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("complaints:phrases"), status=303)


@login_required
@require_safe
def phrase_list(request: HttpRequest) -> HttpResponse:
    """All ready texts and macros, retired ones too, and the variables there are."""
    _actor(request)
    context = {
        "texts": current_templates(retired=True),
        "macros": all_macros(),
        "variables": VARIABLES,
    }
    return render(request, "complaints/desk/phrases.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def phrase_new(request: HttpRequest) -> HttpResponse:
    """Write a ready text that is not there yet."""
    actor = _actor(request)
    form = NewTemplateForm(request.POST if request.method == "POST" else None)
    if _is_to_be_saved(request) and form.is_valid():
        data = dict(form.cleaned_data)
        data.pop("seen")
        try:
            service.add_template(by=actor, **data)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("话术已添加"))
            return _back()
    return _phrase_page(request, actor, form, None, [])


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def phrase_edit(request: HttpRequest, phrase: str) -> HttpResponse:
    """Change a ready text (a new version), see earlier ones side by side, retire or restore it."""
    actor, template = _actor(request), template_called(phrase)
    if template is None:
        raise Http404(phrase)
    versions = versions_of(template)
    act = request.POST.get("act", "")
    if request.method == "POST" and act in ("retire", "restore"):
        return _retired(request, template, act, actor)
    form = TemplateForm(
        request.POST if request.method == "POST" else None, initial=_texts(versions)
    )
    status = None
    if _is_to_be_saved(request) and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            service.change_template(template, by=actor, **{**data, "seen": data["seen"] or 0})
        except DraftChanged as error:
            form.add_error(None, str(error))
            status = 409
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("话术已保存"))
            return _back()
    return _phrase_page(request, actor, form, template, versions, status=status)


def _is_to_be_saved(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("act") != "preview"


def _texts(versions: list[ReplyTemplateVersion]) -> dict[str, Any]:
    if not versions:
        return {}
    latest = versions[0]
    texts = {field: getattr(latest, field) for field in service.TEXTS}
    return {**texts, "position": latest.template.position, "seen": latest.number}


def _retired(
    request: HttpRequest, template: ReplyTemplate, act: str, actor: Actor
) -> HttpResponseRedirect:
    try:
        if act == "retire":
            service.retire_template(template, by=actor)
            messages.success(request, _("已停用，发过的回复不受影响"))
        else:
            service.restore_template(template, by=actor)
            messages.success(request, _("已恢复使用"))
    except CaseError as error:
        messages.error(request, str(error))
    return _back()


def _phrase_page(
    request: HttpRequest,
    actor: Actor,
    form: TemplateForm,
    template: ReplyTemplate | None,
    versions: list[ReplyTemplateVersion],
    *,
    status: int | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "template": template,
        "versions": versions,
        "compared": _compared(versions, request.GET.get("with", "")),
        "seen": versions[0].number if versions else 0,
        "variables": VARIABLES,
        "asked": request.POST.get("case", ""),
        "preview": _preview(request, actor, form) if request.POST.get("act") == "preview" else None,
    }
    code = status or (422 if form.is_bound and form.errors else 200)
    return render(request, "complaints/desk/phrase.html", context, status=code)


def _preview(request: HttpRequest, actor: Actor, form: TemplateForm) -> dict[str, Any]:
    """What the typed text becomes in one case: the named one, else the newest."""
    cases = visible_cases(actor).select_related("consumer", "product", "owner")
    reference = request.POST.get("case", "").strip().upper()
    case = cases.filter(reference=reference).first() if reference else cases.order_by("-pk").first()
    if case is None:
        return {"case": None, "texts": []}
    texts = []
    for language, field in (("zh-hans", "body_zh"), ("en", "body_en")):
        values = values_for(case, me=actor.user, language=language)
        done = filled(str(form[field].value() or ""), values)
        parts = pieces(done.text, lambda name: "open" if name in KNOWN else "unknown")
        texts.append({"language": language, "pieces": parts})
    return {"case": case, "texts": texts}


def _compared(versions: list[ReplyTemplateVersion], number: str) -> dict[str, Any] | None:
    """An earlier version beside the newest, with what changed marked."""
    asked = whole_number(number)
    if asked is None or not versions:
        return None
    earlier = next((each for each in versions if each.number == asked), None)
    if earlier is None:
        return None
    latest = versions[0]
    return {
        "number": earlier.number,
        "rows": [
            {"language": "zh-hans", **sides(earlier.body_zh, latest.body_zh)},
            {"language": "en", **sides(earlier.body_en, latest.body_en)},
        ],
    }


def sides(old: str, new: str) -> dict[str, list[tuple[str, str]]]:
    """Return two texts in pieces; what only one of them has is marked "changed"."""
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        same = "" if kind == "equal" else "changed"
        left.append((same, old[a:b]))
        right.append((same, new[c:d]))
    return {"old": [each for each in left if each[1]], "new": [each for each in right if each[1]]}


# --- Macros --------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def macro_new(request: HttpRequest) -> HttpResponse:
    """Put a macro together."""
    return _macro(request, _actor(request), None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def macro_edit(request: HttpRequest, macro_id: int) -> HttpResponse:
    """Change a macro, retire or restore it."""
    actor, macro = _actor(request), macro_by_id(macro_id)
    if macro is None:
        raise Http404(macro_id)
    act = request.POST.get("act", "")
    if act == "retire":
        macro_service.retire_macro(macro, by=actor)
        messages.success(request, _("已停用"))
        return _back()
    if act == "restore":
        macro_service.restore_macro(macro, by=actor)
        messages.success(request, _("已恢复使用"))
        return _back()
    return _macro(request, actor, macro)


def _macro(request: HttpRequest, actor: Actor, macro: Macro | None) -> HttpResponse:
    initial = macro_initial(macro) if macro else {}
    form = MacroForm(request.POST if request.method == "POST" else None, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _save(form, macro, actor)
            except DraftChanged as error:
                form.add_error(None, str(error))
                status = 409
            except CaseError as error:
                add_case_error(form, error)
            else:
                messages.success(request, _("快捷操作已保存"))
                return _back()
    context = {"form": form, "macro": macro}
    return render(request, "complaints/desk/macro_edit.html", context, status=status)


def _save(form: MacroForm, macro: Macro | None, actor: Actor) -> None:
    data = form.cleaned_data
    macro_service.save_macro(
        macro,
        name=data["name"],
        position=data["position"],
        template=data["template"],
        acts=form.acts(),
        by=actor,
        seen=data["seen"] or 0,
    )
