"""A consumer's requests about their own data on the desk: what was asked, and answering it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms.data_requests import AnswerDataForm
from complaints.models import Case, DataRequest
from complaints.selectors.data_requests import data_requests_of
from complaints.services.data_requests import CONTACT, answer_data_request
from complaints.views.desk.actions import CaseAction


class DataRequests(CaseAction):
    """Show a case's requests; answer the one that waits, also when the case has ended."""

    template_name = "complaints/desk/data_requests.html"
    form_class = AnswerDataForm
    title = gettext_lazy("个人信息请求")
    submit = gettext_lazy("答复并通知消费者")
    done = gettext_lazy("已答复，消费者会收到通知")

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        kwargs.pop("initial", None)
        self.requests = data_requests_of(case)
        return AnswerDataForm(kind=self.open_request.kind if self.open_request else "", **kwargs)

    @property
    def open_request(self) -> DataRequest | None:
        """The request that waits for an answer, if there is one."""
        return next((request for request in self.requests if request.is_open), None)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        if self.open_request is None:
            raise CaseError(_("没有等着答复的请求。"))
        contact = {name: data.pop(name) for name in CONTACT if name in data}
        answer_data_request(self.open_request, by=actor, seen=seen, contact=contact, **data)
