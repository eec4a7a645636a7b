"""Consult tasks on the desk: asking, answering, taking back, and the list of one's own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.policies import working_calendar
from liability.forms.plan import AnswerForm, ConsultForm, ExtendForm, RevokeForm
from liability.models import ConsultTask, PlanItem
from liability.selectors.consulting import consult_of, consults_for
from liability.selectors.inspecting import inspections_for
from liability.selectors.planning import plan_of
from liability.services.consult_answers import answer_consult, may_answer
from liability.services.consulting import (
    ask_consult,
    extend_consult,
    renew_link,
    revoke_consult,
)
from liability.states import INSIDE, OUTSIDE
from liability.views.parts import InvestigatingAction, to_plan


@login_required
@require_safe
def consult_list(request: HttpRequest) -> HttpResponse:
    """The tasks that one is asked to answer, and the inspections that one is to carry out."""
    user = current_user(request)
    context = {
        "tasks": consults_for(user),
        "inspections": inspections_for(user),
        "now": now(),
    }
    return render(request, "liability/consults.html", context)


def task_of_case(case: Case, consult_id: int) -> ConsultTask:
    """Return a task of this case; 404 for another's."""
    task = consult_of(case, consult_id)
    if task is None:
        raise Http404(consult_id)
    task.case = case
    return task


class AskConsult(InvestigatingAction):
    """Put a question to a department or an outside party."""

    form_class = ConsultForm
    template_name = "liability/consult_new.html"
    title = gettext_lazy("发出会办任务")
    lead = gettext_lazy(
        "公司内部的人在工作台答复；外部单位收到一个会过期的链接，只看得到这个问题。"
    )
    submit = gettext_lazy("发出")
    done = gettext_lazy("会办任务已发出")

    def _item(self, case: Case) -> PlanItem | None:
        given = self.request.GET.get("item", "")
        return plan_of(case).filter(pk=given).first() if given.isdecimal() else None

    def initial(self, case: Case) -> dict[str, Any]:
        item = self._item(case)
        if item is None:
            return {}
        known = item.addressee in INSIDE | OUTSIDE
        late = item.due_on is not None and item.due_on < working_calendar().local_date(now())
        return {
            "addressee": item.addressee if known else "",
            "question": item.wording,
            "due_on": None if late else item.due_on,
            "asks_statement": item.addressee in OUTSIDE,
        }

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = ConsultForm(self.request.POST)
        form.is_valid()
        ask_consult(
            case, by=actor, question=form.question_data(self._item(case)), nonce=data["nonce"]
        )

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return ConsultForm(**{name: value for name, value in kwargs.items() if name != "files"})


class AnswerConsult(InvestigatingAction):
    """Answer a task that was put to one's department, or write down what they said."""

    form_class = AnswerForm
    template_name = "liability/consult_answer.html"
    title = gettext_lazy("答复会办任务")
    submit = gettext_lazy("提交答复")
    done = gettext_lazy("答复已提交，调查员会收到通知")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        answer_consult(task_of_case(case, self.thing_id), by=actor, **data)

    def more_context(self, case: Case) -> dict[str, Any]:
        return {**super().more_context(case), "task": task_of_case(case, self.thing_id)}

    def _obstacle(self, case: Case) -> Any:
        task = task_of_case(case, self.thing_id)
        if not task.is_open:
            return _("这个任务已经答复或撤销。")
        if not may_answer(self.actor, task):
            return _("这个任务不是交给你的。")
        return super()._obstacle(case)


class RevokeConsult(InvestigatingAction):
    """Take a question back."""

    form_class = RevokeForm
    title = gettext_lazy("撤销会办任务")
    lead = gettext_lazy("链接马上失效，对方不能再答复。")
    submit = gettext_lazy("撤销任务")
    done = gettext_lazy("会办任务已撤销")
    danger = True

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        revoke_consult(task_of_case(case, self.thing_id), by=actor, **data)

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        task_of_case(case, self.thing_id)
        return RevokeForm(**{name: value for name, value in kwargs.items() if name != "files"})


class ExtendConsult(InvestigatingAction):
    """Give more time to answer."""

    form_class = ExtendForm
    title = gettext_lazy("延长答复期限")
    lead = gettext_lazy(
        "对方会收到新的期限，提醒和超期也按新的期限算；原来的期限和理由都留下记录。"
    )
    submit = gettext_lazy("延长期限")
    done = gettext_lazy("答复期限已延长，对方会收到通知")

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        extend_consult(task_of_case(case, self.thing_id), by=actor, **data)

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        task_of_case(case, self.thing_id)
        return ExtendForm(**{name: value for name, value in kwargs.items() if name != "files"})

    def _obstacle(self, case: Case) -> Any:
        if not task_of_case(case, self.thing_id).is_open:
            return _("这个任务已经答复或撤销。")
        return super()._obstacle(case)


@login_required
@require_POST
def consult_renew(request: HttpRequest, reference: str, consult_id: int) -> HttpResponse:
    """Send an outside party a new link."""
    user = current_user(request)
    case = get_case(user, reference, Permission.VIEW_CASE)
    try:
        renew_link(task_of_case(case, consult_id), by=Actor.staff(user))
    except CaseError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("新的链接已发出，原来的链接失效"))
    return to_plan(case)
