"""Who owns a case, why, and who must not: its history, giving it back, conflicts of interest."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error, desk
from complaints.forms.staff import ConflictForm
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.presenters import passed_words, why_words
from complaints.selectors.owners import conflicts_of, holdings_of
from complaints.services.assigning import lift_conflict, record_conflict, release
from complaints.views.desk.actions import CaseAction


class Release(CaseAction):
    """Give a case back, to whoever the rule chooses next."""

    form_class = desk.ReasonForm
    title = gettext_lazy("退回案件")
    lead = gettext_lazy("案件马上按规则交给另一位同事，期限照常计时。")
    submit = pgettext_lazy("case", "退回")
    done = gettext_lazy("已退回，案件交给了另一位同事")

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        label = gettext_lazy("为什么退回")
        return desk.ReasonForm(label=label, **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        release(case, by=actor, reason=data["reason"], seen=seen)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ownership(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who had the case and why, and write down who must not have it."""
    user = current_user(request)
    case, actor = get_case(user, reference), Actor.staff(user)
    may_clear = has_permission(actor, Permission.MANAGE_STAFF)
    form = ConflictForm(request.POST or None, may_clear=may_clear)
    if form.is_valid():
        try:
            record_conflict(case, by=actor, **form.cleaned_data)
        except CaseError as error:
            add_case_error(form, error)
        else:
            return _back(case)
    context = {
        "case": case,
        "form": form,
        "now": now(),
        "holdings": [_line(each) for each in holdings_of(case)],
        "conflicts": conflicts_of(case),
        "may_record": has_permission(actor, Permission.HANDLE_CASE),
        "may_lift": may_clear,
        "may_release": case.is_open and (case.owner_id == user.pk or may_clear),
    }
    status = 422 if form.is_bound else 200
    return render(request, "complaints/desk/ownership.html", context, status=status)


def _line(holding: Any) -> dict[str, Any]:
    return {
        "event": holding.event,
        "owner": holding.owner,
        "cause": why_words([holding.event.data.get("cause", "")]),
        "why": why_words(holding.why),
        "passed": [
            {"why": passed_words(each["why"]), "people": each["people"]} for each in holding.passed
        ],
    }


def _back(case: Case) -> HttpResponseRedirect:
    address = reverse("complaints:ownership", args=[case.reference])
    return HttpResponseRedirect(address, status=303)


@login_required
@require_POST
def conflict_lift(request: HttpRequest, reference: str, conflict_id: int) -> HttpResponse:
    """Take a conflict back; a manager does."""
    user = current_user(request)
    case = get_case(user, reference, Permission.MANAGE_STAFF)
    conflict = next((each for each in conflicts_of(case) if each.pk == conflict_id), None)
    if conflict is None:
        raise Http404(conflict_id)
    lift_conflict(conflict, case=case, by=Actor.staff(user))
    return _back(case)
