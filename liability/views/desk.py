"""Staff pages: how to go on after acceptance, the investigation, the finding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.forms.desk import ConfirmForm, ReasonForm
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.steps import step_is_possible
from complaints.states import Stage
from complaints.views.desk.actions import CaseAction, wrong_stage
from liability.forms import NoteForm, RoundForm, SettleForm, StatementForm
from liability.selectors.facts import current_finding, current_investigation, supplies_of
from liability.selectors.pages import close_obstacle, role_obstacle, settle_obstacle
from liability.services.findings import close_without_liability, settle_directly
from liability.services.investigating import (
    add_note,
    open_investigation,
    record_statement,
    reinvestigate,
    start_round,
)

TAB = "liability"


@login_required
@require_safe
def triage_route(request: HttpRequest, reference: str) -> HttpResponse:
    """Show both ways to go on with an accepted case, and why one of them is closed."""
    user = current_user(request)
    case = get_case(user, reference, Permission.VIEW_CASE)
    actor = Actor.staff(user)
    context = {
        "case": case,
        "now": now(),
        "obstacle": "" if case.stage == Stage.ACCEPTED else wrong_stage(case),
        "investigate_obstacle": role_obstacle(actor, "open_investigation"),
        "settle_obstacle": settle_obstacle(case, actor),
        "supplies": supplies_of(case) if case.batch_id else [],
    }
    return render(request, "liability/triage_route.html", context)


class OpenInvestigation(CaseAction):
    """Begin the investigation."""

    form_class = RoundForm
    permission = Permission.VIEW_CASE
    verb = "open_investigation"
    title = gettext_lazy("开始调查")
    lead = gettext_lazy("写明由谁负责、要查清什么。调查从现在起 5 个工作日内完成。")
    submit = gettext_lazy("开始调查")
    done = gettext_lazy("调查已开始，负责人会收到通知")
    tab = TAB

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        open_investigation(case, by=actor, seen=seen, **data)


class SettleDirectly(CaseAction):
    """Admit a minor case."""

    form_class = SettleForm
    verb = "settle_directly"
    title = gettext_lazy("承认责任，直接协商")
    lead = gettext_lazy("适合轻微的单件问题：不再调查，由我们承担全部责任，接着提出补偿方案。")
    submit = gettext_lazy("承认责任")
    done = gettext_lazy("已承认责任，接下来拟定补偿方案")
    tab = "compensation"

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        settle_directly(case, by=actor, seen=seen, **data)

    def _obstacle(self, case: Case) -> Any:
        if not step_is_possible(case, self.verb):
            return wrong_stage(case)
        return settle_obstacle(case, self.actor)


class _Investigating(CaseAction):
    permission = Permission.VIEW_CASE
    tab = TAB

    def _obstacle(self, case: Case) -> Any:
        return "" if case.stage == Stage.INVESTIGATING else wrong_stage(case)


class StartRound(_Investigating):
    """Begin a further round of a case that came back."""

    form_class = RoundForm
    title = gettext_lazy("开始新一轮调查")
    submit = gettext_lazy("开始")
    done = gettext_lazy("新一轮调查已开始")

    def initial(self, case: Case) -> dict[str, Any]:
        last = current_investigation(case)
        return {"lead": last.lead_id if last else None}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        start_round(case, by=actor, seen=seen, **data)


class AddNote(_Investigating):
    """Write an investigation note."""

    form_class = NoteForm
    title = gettext_lazy("写调查记录")
    submit = gettext_lazy("保存记录")
    done = gettext_lazy("调查记录已保存")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        add_note(case, by=actor, **data)


class RecordStatement(_Investigating):
    """Record that a side was heard, or asked to speak."""

    form_class = StatementForm
    template_name = "liability/statement.html"
    title = gettext_lazy("登记陈述")
    lead = gettext_lazy("认定责任之前，要听取被投诉方；通知了但到期没有答复的，也可以认定。")
    submit = gettext_lazy("登记陈述")
    done = gettext_lazy("陈述已登记")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        fields = {name: value for name, value in data.items() if name != "how"}
        record_statement(case, by=actor, **fields)


class Reinvestigate(CaseAction):
    """Send a case back for new evidence."""

    permission = Permission.VIEW_CASE
    verb = "reinvestigate"
    title = gettext_lazy("重新调查")
    lead = gettext_lazy("案件回到调查阶段，已经发出的方案不再有效，消费者会看到。")
    submit = gettext_lazy("重新调查")
    done = gettext_lazy("已重新开始调查")
    danger = True
    tab = TAB

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        label, hint = gettext_lazy("为什么要重新调查"), gettext_lazy("例如：收到新的检测报告")
        return ReasonForm(label=label, hint=hint, **kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        reinvestigate(case, by=actor, reason=data["reason"], seen=seen)


class CloseWithoutLiability(CaseAction):
    """End a case in which we are not liable."""

    form_class = ConfirmForm
    permission = Permission.VIEW_CASE
    verb = "close_without_liability"
    title = gettext_lazy("不承担责任，结案")
    lead = gettext_lazy("通知期已满，消费者没有提出新的情况。结案后仍可在期限内申请复议。")
    submit = gettext_lazy("结案并通知消费者")
    done = gettext_lazy("案件已结案")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        close_without_liability(case, by=actor, seen=seen)

    def _obstacle(self, case: Case) -> Any:
        finding = current_finding(case)
        if not step_is_possible(case, self.verb) or finding is None:
            return wrong_stage(case)
        return close_obstacle(case, finding, self.actor)
