"""The evidence board of a case, and the weights that everybody works with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from complaints.access import get_case, require_permission
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.policies import working_calendar
from complaints.states import Stage
from liability.forms.board import ClaimForm, WeighForm, WeightsForm, WithheldForm
from liability.models import Claim
from liability.presenters import burden_words
from liability.selectors.board import (
    board_of,
    burden_of,
    claim_of,
    to_weigh,
    weight_rows,
    withheld_of,
)
from liability.selectors.hearing import bearers_of, sides_of
from liability.services.board import add_claim, note_withheld, set_weights, weigh
from liability.views.parts import InvestigatingAction


@login_required
@require_safe
def board(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what is to be proved, what speaks for and against it, and who has to prove it."""
    case = get_case(current_user(request), reference, Permission.VIEW_CASE)
    context = {
        "case": case,
        "now": now(),
        "burdens": [burden_words(each) for each in burden_of(case)],
        "claims": board_of(case),
        "withheld": list(withheld_of(case)),
        "to_weigh": to_weigh(case),
        "sides": sides_of(case, bearers=bearers_of(case)),
        "working": case.stage == Stage.INVESTIGATING,
    }
    return render(request, "liability/board.html", context)


class _OnBoard(InvestigatingAction):
    def back(self, case: Case) -> str:
        return reverse("liability:board", args=[case.reference])


class AddClaim(_OnBoard):
    """Write down what is to be proved."""

    form_class = ClaimForm
    title = gettext_lazy("加一个待证事项")
    submit = gettext_lazy("加到证据板")
    done = gettext_lazy("待证事项已加上")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        add_claim(case, by=actor, **data)

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return ClaimForm(**{name: value for name, value in kwargs.items() if name != "files"})


class WeighEvidence(_OnBoard):
    """Say what a piece of evidence does to a claim."""

    form_class = WeighForm
    title = gettext_lazy("评议证据")
    lead = gettext_lazy(
        "权重按种类的默认值算，复制件、改动痕迹和存疑的项会减少；重新评议会取代上一次。"
    )
    submit = gettext_lazy("保存评议")
    done = gettext_lazy("评议已保存")

    def _claim(self, case: Case) -> Claim:
        claim = claim_of(case, self.thing_id)
        if claim is None:
            raise Http404(self.thing_id)
        return claim

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = WeighForm(self.request.POST, case=case)
        form.is_valid()
        weigh(self._claim(case), by=actor, judgement=form.judgement())

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        self._claim(case)
        given = {name: value for name, value in kwargs.items() if name != "files"}
        return WeighForm(**given, case=case)

    def more_context(self, case: Case) -> dict[str, Any]:
        return {**super().more_context(case), "claim": self._claim(case)}

    template_name = "liability/weigh.html"


class NoteWithheld(_OnBoard):
    """Note evidence that is kept back."""

    form_class = WithheldForm
    title = gettext_lazy("记下未提供的证据")
    lead = gettext_lazy("持有证据的一方没有正当理由不提供的，可以作不利于它的认定。")
    submit = gettext_lazy("记下")
    done = gettext_lazy("已记下")

    def initial(self, case: Case) -> dict[str, Any]:
        return {"asked_on": working_calendar().local_date(now())}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        note_withheld(case, by=actor, **data)

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        given = {name: value for name, value in kwargs.items() if name != "files"}
        return WithheldForm(**given, case=case)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def weights(request: HttpRequest) -> HttpResponse:
    """See and change what kinds of evidence weigh."""
    actor = require_permission(current_user(request), Permission.MANAGE_POLICIES)
    rows = weight_rows()
    form = WeightsForm(request.POST if request.method == "POST" else None, rows=rows)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                set_weights(form.weights(), by=actor, seen=form.seen())
            except StaleCase as stale:
                form.add_error(None, str(stale))
                status = 409
            except CaseError as refusal:
                add_case_error(form, refusal)
            else:
                messages.success(request, _("权重已发布，之后的评议按新的算"))
                return HttpResponseRedirect(request.path, status=303)
    context = {"form": form, "rows": [row for row in rows if row.set_by], "now": now()}
    return render(request, "liability/weights.html", context, status=status)
