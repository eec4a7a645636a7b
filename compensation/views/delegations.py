"""Delegations of approvals: one's own, given and taken; everybody's for who plans the staff."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user
from compensation.forms.delegations import DelegationForm
from compensation.selectors.plans import decides_today, delegations_known
from compensation.services.delegating import delegate, end_delegation
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.forms import add_case_error
from complaints.permissions import Permission, has_permission
from complaints.selectors.owners import today

MOST = 100


def _reader(request: HttpRequest) -> Actor:
    actor = Actor.staff(current_user(request))
    if not (has_permission(actor, Permission.MANAGE_STAFF) or decides_today(actor)):
        raise StepForbidden(_("你的角色不能审批方案。"))
    return actor


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request: HttpRequest) -> HttpResponse:
    """List the delegations that concern somebody; give one."""
    actor = _reader(request)
    gives = has_permission(actor, Permission.APPROVE_PLAN)
    form = DelegationForm(request.POST or None, giver=actor.person, initial={"starts_on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            delegate(form.delegation(), by=actor)
        except StepForbidden:
            raise
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("已委托，受托人会收到通知"))
            return _back()
    manages = has_permission(actor, Permission.MANAGE_STAFF)
    known = list(delegations_known(actor.person, all_people=manages)[:MOST])
    day = today()
    rows = [
        {
            "row": row,
            "over": row.ended_at is not None or row.ends_on < day,
            "may_end": row.ended_at is None
            and row.ends_on >= day
            and (manages or row.giver_id == actor.person.pk),
        }
        for row in known
    ]
    context = {"rows": rows, "form": form if gives else None}
    status = 422 if form.errors else 200
    return render(request, "compensation/delegations.html", context, status=status)


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("compensation:delegations"), status=303)


@login_required
@require_POST
def end(request: HttpRequest, delegation_id: int) -> HttpResponse:
    """Take a delegation back."""
    actor = _reader(request)
    known = delegations_known(actor.person, all_people=True)
    end_delegation(get_object_or_404(known, pk=delegation_id), by=actor)
    messages.success(request, _("已收回"))
    return _back()
