"""Ready texts, macros and colleagues for one case: looked at, chosen, put in or carried out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from accounts.models import User
from accounts.states import Role
from complaints import sealing
from complaints.access import get_case
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase
from complaints.forms import add_case_error
from complaints.forms.phrases import MentionForm, RunMacroForm
from complaints.models import Case, Macro
from complaints.numbers import number_seen
from complaints.permissions import Permission
from complaints.phrases import filled, pieces
from complaints.selectors.macros import macro_by_id, offered_macros, preview
from complaints.selectors.mentions import colleagues
from complaints.selectors.phrases import KNOWN, current_templates, values_for
from complaints.services.composing import put_below
from complaints.services.macros import run_macro
from complaints.states import MessageKind

LANGUAGES = ("zh-hans", "en")


def _to_composer(case: Case, kind: str) -> HttpResponseRedirect:
    address = reverse("desk:case", args=[case.reference])
    return HttpResponseRedirect(f"{address}?compose={kind}", status=303)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def phrases(request: HttpRequest, reference: str) -> HttpResponse:
    """Show ready texts with this case's values; a chosen one goes into the draft."""
    user = current_user(request)
    case = get_case(user, reference)
    wanted = request.GET.get("language", "")
    language = wanted if wanted in LANGUAGES else case.consumer.language or case.language
    values = values_for(case, me=user, language=language)
    texts = current_templates()
    if request.method == "POST":
        chosen = next((e for e in texts if e.template.code == request.POST.get("phrase")), None)
        if chosen is None:
            raise Http404(request.POST.get("phrase", ""))
        words = filled(chosen.body(language), values).text
        put_below(case, by=Actor.staff(user), kind=MessageKind.MESSAGE, text=words)
        return _to_composer(case, "reply")
    context = {
        "case": case,
        "language": language,
        "languages": [("zh-hans", _("中文")), ("en", _("英文"))],
        "rows": [_phrase_row(each, language, values) for each in texts],
    }
    return render(request, "desk/phrases.html", context)


def _phrase_row(text: Any, language: str, values: dict[str, str]) -> dict[str, Any]:
    done = filled(text.body(language), values)
    return {
        "code": text.template.code,
        "name": text.name(language),
        "pieces": marked(done.text),
        "missing": [*done.unknown, *done.blank],
    }


def marked(text: str) -> list[tuple[str, str]]:
    """Return a text in pieces; what still has no value is marked "open"."""
    return pieces(text, lambda name: "open" if name in KNOWN else "unknown")


# --- Colleagues ----------------------------------------------------------------------------------
def _call_names(people: list[User]) -> list[dict[str, str]]:
    """Return how each is called in a note; of two with one name the user name is added."""
    names = [person.display_name for person in people]
    return [
        {
            "id": str(person.pk),
            "name": person.display_name,
            "call": person.display_name
            if names.count(person.display_name) == 1
            else f"{person.display_name}({person.username})",
            "role": " · ".join(str(Role(role).label) for role in person.roles),
        }
        for person in people
    ]


@login_required
@never_cache
@require_safe
def colleague_names(request: HttpRequest, reference: str) -> HttpResponse:
    """Answer with who may be called in this case's notes, for completion as one types."""
    user = current_user(request)
    case = get_case(user, reference)
    return JsonResponse({"colleagues": _call_names(colleagues(case, but=user))})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mention(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose colleagues from a list; their names go into the note."""
    user = current_user(request)
    case = get_case(user, reference)
    people = _call_names(colleagues(case, but=user))
    choices = [(each["id"], f"{each['name']}（{each['role']}）") for each in people]
    form = MentionForm(request.POST if request.method == "POST" else None, people=choices)
    if request.method == "POST" and form.is_valid():
        chosen = set(form.cleaned_data["colleague"])
        calls = " ".join(f"@{each['call']}" for each in people if each["id"] in chosen)
        put_below(case, by=Actor.staff(user), kind=MessageKind.NOTE, text=f"{calls} ")
        return _to_composer(case, "internal")
    status = 422 if form.errors else 200
    return render(request, "desk/mention.html", {"case": case, "form": form}, status=status)


# --- Macros --------------------------------------------------------------------------------------
@login_required
@never_cache
@require_safe
def macro_list(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the macros, each with what it would do to this case."""
    user = current_user(request)
    case = get_case(user, reference, Permission.HANDLE_CASE)
    rows = [
        {"macro": macro, "preview": preview(macro, case, Actor.staff(user))}
        for macro in offered_macros()
    ]
    return render(request, "desk/macros.html", {"case": case, "rows": rows})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def macro_run(request: HttpRequest, reference: str, macro_id: int) -> HttpResponse:
    """Show exactly what a macro will do to this case, and do it: all or nothing."""
    user = current_user(request)
    case = get_case(user, reference, Permission.HANDLE_CASE)
    macro = macro_by_id(macro_id)
    if macro is None or macro.retired_at is not None:
        raise Http404(macro_id)
    if request.method != "POST":
        return _macro_page(request, case, macro, _macro_form(case, macro, user))
    form = RunMacroForm(request.POST)
    if not form.is_valid():
        return _macro_page(request, case, macro, form, status=422)
    try:
        _run(request, case, macro, form.cleaned_data)
    except StaleCase as stale:
        form.add_error(None, str(stale))
        return _macro_page(request, case, macro, form, status=409)
    except CaseError as error:
        add_case_error(form, error)
        return _macro_page(request, case, macro, form, status=422)
    messages.success(request, _("「%(name)s」已执行") % {"name": macro.name})
    return HttpResponseRedirect(reverse("desk:case", args=[case.reference]), status=303)


def _run(request: HttpRequest, case: Case, macro: Macro, data: dict[str, Any]) -> None:
    run_macro(
        case,
        macro,
        by=Actor.staff(current_user(request)),
        reply=data["reply"],
        note=data["note"],
        version=data["version"],
        seen=number_seen(request.POST),
        nonce=data["nonce"] or None,
    )


def _macro_form(case: Case, macro: Macro, user: User) -> RunMacroForm:
    plan = preview(macro, case, Actor.staff(user))
    return RunMacroForm(
        initial={
            "reply": plan.reply.text if plan.reply else "",
            "note": plan.note.text if plan.note else "",
            "nonce": sealing.new_secret(),
            "version": macro.version,
        }
    )


def _macro_page(
    request: HttpRequest, case: Case, macro: Macro, form: RunMacroForm, *, status: int = 200
) -> HttpResponse:
    plan = preview(macro, case, Actor.staff(current_user(request)))
    if not plan.reply:
        del form.fields["reply"]
    if not plan.note:
        del form.fields["note"]
    context = {
        "case": case,
        "macro": macro,
        "plan": plan,
        "form": form,
        "version": macro.version,
        "fields": [form[name] for name in ("reply", "note") if name in form.fields],
    }
    return render(request, "desk/macro.html", context, status=status)
