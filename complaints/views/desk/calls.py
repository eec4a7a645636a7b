"""Calls that were promised, and bodies that want an answer: pages of one case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.entry import (
    AnswerOutsideForm,
    CallbackDoneForm,
    CallbackForm,
    NewBodyForm,
    OutsideDeadlineForm,
)
from complaints.models import Case
from complaints.selectors.outside import bodies_of
from complaints.services.callbacks import ask_callback, finish_callback
from complaints.services.outside import (
    OutsideBody,
    add_body,
    answer_outside,
    set_outside_deadline,
)
from complaints.views.desk.actions import CaseAction


class AskCallback(CaseAction):
    """Promise a call."""

    form_class = CallbackForm
    title = _("约回电")
    lead = _("到时间前提醒负责人；没打就算超时，会升级。已有的约定由新的代替。")
    submit = _("约好")
    done = _("已约好回电")

    def initial(self, case: Case) -> dict[str, Any]:
        return {"callback_language": case.consumer.language}

    def act(self, case: Case, actor: Any, data: dict[str, Any], seen: int | None) -> None:
        ask_callback(
            case,
            wanted_at=data["callback_at"],
            language=data["callback_language"],
            by=actor,
            seen=seen,
        )


class FinishCallback(CaseAction):
    """Write down what came of a promised call."""

    form_class = CallbackDoneForm
    title = _("登记回电结果")
    submit = _("登记")
    done = _("已登记")

    def act(self, case: Case, actor: Any, data: dict[str, Any], seen: int | None) -> None:
        finish_callback(case, by=actor, seen=seen, **data)


class AnswerOutside(CaseAction):
    """Write down that the body that handed the case on was answered."""

    title = _("登记对转来机构的答复")
    lead = _("登记后，对方要求的期限停止计时。给消费者的答复另外发。")
    submit = _("登记")
    done = _("已登记答复")

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return AnswerOutsideForm(bodies=bodies_of(case), **kwargs)

    def act(self, case: Case, actor: Any, data: dict[str, Any], seen: int | None) -> None:
        answer_outside(case, note=data["note"], body=data.get("body"), by=actor, seen=seen)


class AddBody(CaseAction):
    """Write down that another body handed the case on."""

    form_class = NewBodyForm
    title = _("登记转来的机构")
    lead = _("平台和 12315 等都转来同一件事时，每个编号和期限都登记，期限各自计时。")
    submit = _("登记")
    done = _("已登记")

    def act(self, case: Case, actor: Any, data: dict[str, Any], seen: int | None) -> None:
        outside = OutsideBody(
            name=data["external_body"],
            reference=data["external_reference"],
            deadline=data["external_deadline"],
        )
        add_body(case, outside, channel=data["channel"], by=actor, seen=seen)


class OutsideDeadline(CaseAction):
    """Write down by when the body wants an answer."""

    title = _("登记对方要求的期限")
    lead = _("从现在起单独计时，提醒负责人和主管；已有的期限由新的代替。")
    submit = _("保存")
    done = _("已登记期限")

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return OutsideDeadlineForm(bodies=bodies_of(case), **kwargs)

    def act(self, case: Case, actor: Any, data: dict[str, Any], seen: int | None) -> None:
        deadline = data["external_deadline"]
        set_outside_deadline(case, deadline=deadline, body=data.get("body"), by=actor, seen=seen)
