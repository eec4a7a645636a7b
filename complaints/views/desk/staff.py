"""Pages for managers: who carries how much, who can what, who is away, what cases ask for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user
from accounts.errors import StaffError
from accounts.models import User
from accounts.services import cancel_absence, plan_absence, set_workload
from complaints.access import require_permission
from complaints.forms.staff import AbsenceForm, SkillForm, SkillNeedForm, WorkloadForm
from complaints.permissions import Permission
from complaints.selectors.staff import absences_of, needs, one_member, skills, staff_lines


@login_required
@never_cache
@require_safe
def staff_list(request: HttpRequest) -> HttpResponse:
    """Show everybody who may own cases: load, skills, absence."""
    require_permission(current_user(request), Permission.MANAGE_STAFF)
    lines = staff_lines()
    context = {"lines": lines, "left": [line for line in lines if line.away and line.carried]}
    return render(request, "complaints/desk/staff.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def staff_member(request: HttpRequest, user_id: int) -> HttpResponse:
    """Set what one person can do and how much at once."""
    require_permission(current_user(request), Permission.MANAGE_STAFF)
    person = one_member(user_id)
    form = WorkloadForm(request.POST or None, instance=person)
    if form.is_valid():
        set_workload(person, **form.cleaned_data)
        messages.success(request, _("已保存"))
        return _to(person)
    return _page(request, person, workload=form, status=422 if form.is_bound else 200)


def _to(person: User) -> HttpResponseRedirect:
    address = reverse("complaints:staff_member", args=[person.pk])
    return HttpResponseRedirect(address, status=303)


def _page(
    request: HttpRequest,
    person: User,
    *,
    workload: WorkloadForm | None = None,
    absence: AbsenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "person": person,
        "workload": workload or WorkloadForm(instance=person),
        "absence": absence or AbsenceForm(person=person),
        "absences": absences_of(person),
        "form": absence if absence is not None else workload,
    }
    return render(request, "complaints/desk/staff_member.html", context, status=status)


@login_required
@require_POST
def absence_new(request: HttpRequest, user_id: int) -> HttpResponse:
    """Write down when somebody is away."""
    manager = current_user(request)
    require_permission(manager, Permission.MANAGE_STAFF)
    person = one_member(user_id)
    form = AbsenceForm(request.POST, person=person)
    if not form.is_valid():
        return _page(request, person, absence=form, status=422)
    try:
        plan_absence(person, by=manager, **form.cleaned_data)
    except StaffError as error:
        form.add_error(error.field, str(error.message))
        return _page(request, person, absence=form, status=422)
    messages.success(request, _("已登记，等不到本人回来的案件会自动交给别的同事"))
    return _to(person)


@login_required
@require_POST
def absence_cancel(request: HttpRequest, user_id: int, absence_id: int) -> HttpResponse:
    """Take a planned absence back."""
    manager = current_user(request)
    require_permission(manager, Permission.MANAGE_STAFF)
    person = one_member(user_id)
    absence = next((each for each in absences_of(person) if each.pk == absence_id), None)
    if absence is None:
        raise Http404(absence_id)
    cancel_absence(absence, by=manager)
    return _to(person)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def skill_list(request: HttpRequest) -> HttpResponse:
    """List skills and the cases that ask for them; add either."""
    require_permission(current_user(request), Permission.MANAGE_STAFF)
    adding = request.POST.get("what", "")
    skill_form = SkillForm(request.POST if adding == "skill" else None, prefix="skill")
    need_form = SkillNeedForm(request.POST if adding == "need" else None, prefix="need")
    bound = skill_form if skill_form.is_bound else need_form
    if bound.is_valid():
        bound.save()
        return HttpResponseRedirect(reverse("complaints:skills"), status=303)
    context = {
        "skills": skills(),
        "needs": needs(),
        "skill_form": skill_form,
        "need_form": need_form,
        "form": bound,
    }
    status = 422 if bound.is_bound else 200
    return render(request, "complaints/desk/skills.html", context, status=status)


@login_required
@require_POST
def need_remove(request: HttpRequest, need_id: int) -> HttpResponse:
    """Let cases no longer ask for a skill."""
    require_permission(current_user(request), Permission.MANAGE_STAFF)
    needs().filter(pk=need_id).delete()
    return HttpResponseRedirect(reverse("complaints:skills"), status=303)
