"""Contact details in clear: only with a reason, which is kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy

from complaints.errors import CaseError
from complaints.forms import add_case_error, desk
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.services.entrance import reveal_contact
from complaints.views.desk.actions import CaseAction


class RevealContact(CaseAction):
    """Show name, phone, e-mail and address once, and write down who looked and why."""

    form_class = desk.RevealForm
    permission = Permission.REVEAL_CONTACT
    title = gettext_lazy("显示联系方式")
    lead = gettext_lazy("只显示这一次，离开页面后要重新填写理由。")
    submit = gettext_lazy("显示")

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        case = self._case(reference)
        form = self.new_form(case, data=request.POST)
        if form.is_valid():
            try:
                contact = reveal_contact(case, by=self.actor, reason=form.cleaned_data["reason"])
            except CaseError as error:
                add_case_error(form, error)
            else:
                return self._shown(case, form, contact)
        return self._page(case, form, status=422)

    def _shown(self, case: Case, form: forms.Form, contact: dict[str, Any]) -> HttpResponse:
        context = {"case": case, "contact": contact, "now": now()}
        response = render(self.request, "complaints/desk/contact.html", context)
        response.headers["Cache-Control"] = "private, no-store"
        return response
