"""Care: what is to do for one case, all that is open, the template, and public words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user
from compensation.forms.care import (
    DoneForm,
    GiveForm,
    NewLineForm,
    SkipForm,
    StartCareForm,
    StatementForm,
    TemplateLineForm,
)
from compensation.models import CareTask
from compensation.selectors.care import (
    care_of,
    causes_of,
    looks_at,
    may_read_note,
    open_care,
    published_statements,
    statements_of,
    template_lines,
)
from compensation.services.care import (
    add_template_line,
    change_template,
    finish_care,
    give_care_to,
    read_note,
    skip_care,
    start_care,
)
from compensation.services.statements import (
    approve_statement,
    drop_statement,
    publish_statement,
    submit_statement,
)
from complaints.access import get_case, require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission

PAGE = 50
GET_POST = ["GET", "HEAD", "POST"]


def _to(name: str, *args: Any) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"compensation:{name}", args=args), status=303)


@login_required
@never_cache
@require_http_methods(GET_POST)
def case_care(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a case's care tasks and public words; take what is done about them."""
    user = current_user(request)
    actor = require_permission(user, Permission.VIEW_CUSTOMER)
    case = get_case(user, reference)
    bound: forms.Form | None = None
    if request.method == "POST":
        bound = _FORMS.get(request.POST.get("what", ""), StartCareForm)(request.POST)
        if bound.is_valid():
            try:
                _carry_out(case, actor, request, bound.cleaned_data)
            except CaseError as error:
                add_case_error(bound, error)
            else:
                messages.success(request, _("已保存"))
                return _to("care", case.reference)
    context = _context(case, actor, bound)
    context["note"] = ""
    return render(request, "compensation/care.html", context, status=422 if bound else 200)


_FORMS: dict[str, type[forms.Form]] = {
    "start": StartCareForm,
    "done": DoneForm,
    "skip": SkipForm,
    "give": GiveForm,
    "statement": StatementForm,
}


def _carry_out(case: Case, actor: Actor, request: HttpRequest, data: dict[str, Any]) -> None:
    what = request.POST.get("what", "start")
    if what == "start":
        start_care(case, by=actor, cause=data["cause"])
    elif what == "statement":
        submit_statement(case, by=actor, **data)
    else:
        services: dict[str, Callable[..., Any]] = {
            "done": finish_care,
            "skip": skip_care,
            "give": give_care_to,
        }
        services[what](_task(case, request), by=actor, **data)


def _task(case: Case, request: HttpRequest) -> CareTask:
    number = request.POST.get("task", "")
    return get_object_or_404(care_of(case), pk=int(number) if number.isdecimal() else 0)


def _context(case: Case, actor: Actor, bound: forms.Form | None) -> dict[str, Any]:
    moment = now()
    handles = has_permission(actor, Permission.HANDLE_CASE)
    tasks = [
        {
            "row": task,
            "late": task.status == CareTask.Status.OPEN and task.due_at <= moment,
            "may_read": task.has_note and may_read_note(task, actor),
            "may_do": task.status == CareTask.Status.OPEN
            and (handles or task.owner_id == actor.person.pk),
            "done": DoneForm(prefix=None, auto_id=f"done-{task.pk}-%s"),
            "skip": SkipForm(auto_id=f"skip-{task.pk}-%s"),
            "give": GiveForm(initial={"owner": task.owner_id}, auto_id=f"give-{task.pk}-%s"),
        }
        for task in care_of(case)
    ]
    approves = has_permission(actor, Permission.APPROVE_STATEMENT)
    statements = [
        {
            "row": row,
            "may_approve": approves and row.status == "waiting",
            "own": actor.person.pk in (row.made_by_id, row.first_by_id),
            "may_publish": row.status == "approved"
            and has_permission(actor, Permission.MANAGE_PAGES),
            "may_drop": approves and row.status != "dropped",
        }
        for row in statements_of(case)
    ]
    writes = bound if isinstance(bound, StatementForm) else StatementForm()
    return {
        "case": case,
        "now": moment,
        "tasks": tasks,
        "spent": sum((each["row"].cost for each in tasks), start=0),
        "causes": causes_of(case) if not tasks else [],
        "start": StartCareForm() if handles else None,
        "statements": statements,
        "statement_form": writes if handles else None,
        "looks": list(looks_at(case)[:20])
        if has_permission(actor, Permission.READ_CARE_NOTES)
        else [],
        "bound": bound,
    }


@login_required
@never_cache
@require_POST
def care_note(request: HttpRequest, reference: str, task_id: int) -> HttpResponse:
    """Show the note of one task to those who may read it; the look is written down."""
    user = current_user(request)
    actor = require_permission(user, Permission.VIEW_CUSTOMER)
    case = get_case(user, reference)
    task = get_object_or_404(care_of(case), pk=task_id)
    note = read_note(task, by=actor)
    context = {"case": case, "task": task, "note": note, "now": now()}
    return render(request, "compensation/care_note.html", context)


@login_required
@require_POST
def decide_statement(request: HttpRequest, reference: str, words_id: int) -> HttpResponse:
    """Approve, publish or put away public words."""
    user = current_user(request)
    actor, case = Actor.staff(user), get_case(user, reference)
    found = get_object_or_404(statements_of(case), pk=words_id)
    try:
        if "approve" in request.POST:
            approve_statement(found, by=actor, seen_digest=request.POST.get("digest", ""))
        elif "publish" in request.POST:
            publish_statement(found, by=actor)
        else:
            drop_statement(found, by=actor, reason=request.POST.get("reason", ""))
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已保存"))
    return _to("care", case.reference)


@login_required
@never_cache
@require_safe
def care_list(request: HttpRequest) -> HttpResponse:
    """List the open care tasks, all or one's own, what is due first."""
    actor = require_permission(current_user(request), Permission.VIEW_CUSTOMER)
    own = request.GET.get("show") == "mine"
    page = Paginator(open_care(actor, own=own), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "own": own, "now": now()}
    return render(request, "compensation/care_list.html", context)


@login_required
@never_cache
@require_http_methods(GET_POST)
def care_template(request: HttpRequest) -> HttpResponse:
    """Show the template of care, change one line of it, or add one."""
    actor = require_permission(current_user(request), Permission.MANAGE_TEMPLATES)
    lines = list(template_lines())
    bound: forms.Form | None = None
    number = request.POST.get("line", "")
    if request.method == "POST":
        line = next((each for each in lines if str(each.pk) == number), None)
        bound = TemplateLineForm(request.POST) if line else NewLineForm(request.POST)
        if bound.is_valid():
            try:
                if line:
                    change_template(line, by=actor, **bound.cleaned_data)
                else:
                    add_template_line(by=actor, **bound.cleaned_data)
            except CaseError as error:
                add_case_error(bound, error)
            else:
                messages.success(request, _("已保存"))
                return _to("care_template")
    rows = [{"row": line, "form": _line_form(line, bound, number)} for line in lines]
    new = bound if isinstance(bound, NewLineForm) else NewLineForm()
    context = {"rows": rows, "new": new, "bound": bound}
    return render(request, "compensation/care_template.html", context, status=422 if bound else 200)


def _line_form(line: Any, bound: forms.Form | None, number: str) -> forms.Form:
    if bound is not None and str(line.pk) == number:
        return bound
    initial = {
        name: getattr(line, name) for name in ("hours", "most_cost", "guidance", "is_active")
    }
    return TemplateLineForm(initial=initial, auto_id=f"line-{line.pk}-%s")


@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """Show everybody the public words that stand."""
    context = {"statements": published_statements(), "now": now()}
    return render(request, "compensation/statements.html", context)
