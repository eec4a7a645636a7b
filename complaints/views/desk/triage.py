"""Triage and the steps around it: accept, decline, assign, classify, urgency, merge, withdraw."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import desk
from complaints.models import Case
from complaints.moments import now
from complaints.numbers import number_seen
from complaints.permissions import Permission
from complaints.selectors.policies import working_calendar
from complaints.selectors.search import case_called
from complaints.services import assigning, triage
from complaints.services.desk import accept_classified
from complaints.states import Urgency
from complaints.views.desk.actions import CaseAction, to_case

DAYS_TO_SETTLE = 7
_CLASSIFICATION = ("category", "issue", "severity", "scope", "product", "batch")


class Accept(CaseAction):
    """Accept, with classification, next steps and date."""

    shows_story = True
    form_class = desk.AcceptForm
    verb = "accept"
    compares = ("category", "issue", "severity")
    title = gettext_lazy("受理投诉")
    lead = gettext_lazy("受理就是对消费者作出答复，24 小时的答复期限到此为止。")
    submit = gettext_lazy("受理并通知消费者")
    done = gettext_lazy("已受理，消费者会收到通知")

    def initial(self, case: Case) -> dict[str, Any]:
        expected = working_calendar().local_date(now()) + timedelta(days=DAYS_TO_SETTLE)
        known = {name: getattr(case, name) for name in ("category", "issue", "severity")}
        return {**known, "expected_on": expected}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        accept_classified(
            case,
            by=actor,
            next_steps=data["next_steps"],
            expected_on=data["expected_on"],
            seen=seen,
            **{name: data[name] for name in ("category", "issue", "severity")},
        )


class Decline(CaseAction):
    """Refuse on a listed ground, with advice."""

    shows_story = True
    form_class = desk.DeclineForm
    verb = "decline"
    title = pgettext_lazy("action", "不予受理")
    lead = gettext_lazy("只能用列出的理由，并告诉消费者还有哪些途径。")
    submit = gettext_lazy("不予受理并通知消费者")
    done = gettext_lazy("已通知消费者不予受理")
    danger = True

    def initial(self, case: Case) -> dict[str, Any]:
        return {"review_until": timezone.localtime(now()).date() + desk.REVIEW_WINDOW}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        triage.decline(case, by=actor, seen=seen, **data)


class Assign(CaseAction):
    """Make somebody responsible by name."""

    form_class = desk.AssignForm
    compares = ("owner",)
    title = gettext_lazy("转交案件")
    submit = gettext_lazy("转交")
    done = gettext_lazy("已转交，对方会收到通知")

    def initial(self, case: Case) -> dict[str, Any]:
        return {"owner": case.owner_id}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        triage.assign(case, owner=data["owner"], by=actor, seen=seen)


class Classify(CaseAction):
    """Set category, issue, severity, scope, product, batch."""

    shows_story = True
    form_class = desk.ClassifyForm
    compares = _CLASSIFICATION
    title = gettext_lazy("调整分类")
    submit = gettext_lazy("保存分类")
    done = gettext_lazy("分类已保存")

    def initial(self, case: Case) -> dict[str, Any]:
        return {name: getattr(case, name) for name in _CLASSIFICATION}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        triage.classify(case, by=actor, seen=seen, **data)


class _Reasoned(CaseAction):
    form_class = desk.ReasonForm
    reason_label: Any = None
    reason_hint: Any = ""

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return desk.ReasonForm(label=self.reason_label, hint=self.reason_hint, **kwargs)


class RaiseEmergency(_Reasoned):
    """Make a case an emergency; adds the two-hour clock."""

    title = gettext_lazy("升为紧急案件")
    lead = gettext_lazy("从现在起 2 小时内要登记安全处置，其他期限照常计时。")
    reason_label = gettext_lazy("为什么紧急")
    submit = gettext_lazy("升为紧急案件")
    done = gettext_lazy("已升为紧急案件，2 小时计时开始")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        triage.raise_emergency(case, by=actor, reason=data["reason"], seen=seen)


class SafetyAction(CaseAction):
    """Record what was done about a danger."""

    form_class = desk.SafetyActionForm
    permission = Permission.VIEW_CASE
    title = gettext_lazy("登记安全处置")
    lead = gettext_lazy("写下你采取的措施，会以你的名义记在案件里，2 小时的计时到此为止。")
    submit = gettext_lazy("登记")
    done = gettext_lazy("安全处置已登记")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        if case.urgency != Urgency.EMERGENCY:
            raise CaseError(_("这不是紧急案件，需要时先升为紧急案件。"))
        triage.record_safety_action(case, by=actor, seen=seen, **data)


class Merge(CaseAction):
    """Let another case carry this one on."""

    form_class = desk.MergeForm
    verb = "merge"
    title = gettext_lazy("并入另一案件")
    lead = gettext_lazy("本案停止计时，由另一案件继续处理；之后可以撤销。")
    submit = gettext_lazy("并案")
    done = gettext_lazy("已并案")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        into = case_called(actor, data["into"])
        if into is None:
            raise CaseError(_("没有找到这个编号的案件，核对一下。"), field="into")
        triage.merge(case, into=into, cause=data["cause"], by=actor, seen=seen)


class Unmerge(CaseAction):
    """Undo a merge."""

    form_class = desk.ConfirmForm
    verb = "unmerge"
    title = gettext_lazy("撤销并案")
    lead = gettext_lazy("本案回到并案前的阶段，继续计时。")
    submit = gettext_lazy("撤销并案")
    done = gettext_lazy("已撤销并案")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        triage.unmerge(case, by=actor, seen=seen)


class Withdraw(_Reasoned):
    """Write down that the consumer takes the complaint back."""

    verb = "withdraw"
    title = gettext_lazy("消费者撤回投诉")
    lead = gettext_lazy("只在消费者明确要求时使用，消费者会收到通知，之后也能要求重新处理。")
    reason_label = gettext_lazy("消费者怎样、为什么撤回")
    reason_hint = gettext_lazy("例如：11 月 20 日来电，已自行解决")
    submit = gettext_lazy("登记撤回")
    done = gettext_lazy("已登记撤回")
    danger = True

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        triage.withdraw(case, by=actor, reason=data["reason"], seen=seen)


class Reopen(_Reasoned):
    """Take an ended case up again."""

    verb = "reopen"
    title = gettext_lazy("重新处理")
    reason_label = gettext_lazy("重新处理的理由")
    reason_hint = gettext_lazy("例如：消费者提供了新的检测报告")
    submit = gettext_lazy("重新处理")
    done = gettext_lazy("已重新开始处理")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        triage.reopen(case, by=actor, reason=data["reason"], seen=seen)


@login_required
@require_POST
def take_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a case, with one press; of two who press at once one gets it and the other is told."""
    user = current_user(request)
    case = get_case(user, reference, Permission.HANDLE_CASE)
    held_by = number_seen(request.POST, "held_by")
    try:
        assigning.claim(case, by=Actor.staff(user), held_by=held_by)
    except CaseError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("这个案件现在由你负责"))
    return to_case(case)
