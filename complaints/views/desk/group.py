"""A joint complaint: who complains together, who speaks for them, who agreed to a settlement."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.group import GroupConsentForm, MemberForm
from complaints.models import Case, GroupMember
from complaints.permissions import Permission
from complaints.selectors.joint import members_of_group
from complaints.services import joint
from complaints.services.intake import ContactData


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the group; add somebody to it."""
    user = current_user(request)
    case = get_case(user, reference, Permission.HANDLE_CASE)
    form = MemberForm(request.POST or None)
    if form.is_valid():
        try:
            joint.add_member(case, contact=ContactData(**form.cleaned_data), by=Actor.staff(user))
        except CaseError as error:
            add_case_error(form, error)
        else:
            return _back(case)
    return _page(request, case, form, status=422 if form.is_bound else 200)


def _page(
    request: HttpRequest, case: Case, form: MemberForm | GroupConsentForm, *, status: int = 200
) -> HttpResponse:
    members = members_of_group(case)
    context = {
        "case": case,
        "form": form,
        "member_form": form if isinstance(form, MemberForm) else MemberForm(),
        "members": members,
        "waiting": sum(1 for each in members if each.consented_at is None),
    }
    return render(request, "complaints/desk/group.html", context, status=status)


def _back(case: Case) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("complaints:group", args=[case.reference]), status=303)


@login_required
@require_POST
def member_act(request: HttpRequest, reference: str, member_id: int) -> HttpResponse:
    """Let somebody represent the group or not, agree or not, or leave it."""
    user = current_user(request)
    case, actor = get_case(user, reference, Permission.HANDLE_CASE), Actor.staff(user)
    member = next((each for each in members_of_group(case) if each.pk == member_id), None)
    if member is None:
        raise Http404(member_id)
    form = GroupConsentForm(request.POST)
    form.is_valid()
    try:
        _act(request.POST.get("what", ""), member, actor, form.cleaned_data.get("source", ""))
    except CaseError as error:
        add_case_error(form, error)
        return _page(request, case, form, status=422)
    return _back(case)


def _act(what: str, member: GroupMember, by: Actor, source: str) -> None:
    if what in ("represent", "step_back"):
        joint.name_representative(member, represents=what == "represent", by=by)
    elif what in ("consent", "dissent"):
        joint.record_group_consent(member, given=what == "consent", source=source, by=by)
    elif what == "leave":
        joint.leave_group(member, by=by)
    else:
        raise Http404(what)
