"""The loss sheet of a case: its table, a loss more, a verification."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from compensation.forms.losses import LossForm, VerifyForm
from compensation.selectors.losses import loss_sums, losses_of
from compensation.services.losses import STAGES, enter_loss, verify_loss
from complaints.actors import Actor
from complaints.models import Case
from complaints.permissions import Permission
from complaints.views.desk.actions import CaseAction, wrong_stage


class _LossPage(CaseAction):
    """What both pages of the loss sheet share."""

    template_name = "compensation/losses.html"
    permission = Permission.PLAN_COMPENSATION
    tab = "compensation"
    entering = True

    def more_context(self, case: Case) -> dict[str, Any]:
        rows = list(losses_of(case))
        return {"rows": rows, "sums": loss_sums(rows), "entering": self.entering}

    def _obstacle(self, case: Case) -> Any:
        return "" if case.stage in STAGES else wrong_stage(case)

    def post(self, request: Any, reference: str) -> HttpResponse:
        answer = super().post(request, reference)
        if answer.status_code == 303:
            answer["Location"] = reverse("compensation:losses", args=[reference])
        return answer


class EnterLoss(_LossPage):
    """Show the losses, and enter one more."""

    title = gettext_lazy("损失清单")
    submit = gettext_lazy("登记损失")
    done = gettext_lazy("损失已登记，核定以后才计入")

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return LossForm(case=case, **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = LossForm(self.request.POST, case=case)
        form.is_valid()
        enter_loss(case, by=actor, loss=form.loss(), seen=seen)


class VerifyLoss(_LossPage):
    """Say how much of a loss is shown."""

    title = gettext_lazy("核定损失")
    submit = gettext_lazy("核定")
    done = gettext_lazy("损失已核定，请重新核算法定金额")
    entering = False

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return VerifyForm(case=case, **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        verify_loss(data["loss"], by=actor, amount=data["amount"], reason=data["reason"], seen=seen)
