"""Finance: due payments by date, recording one with its proof, and one that came back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import current_user
from agreements.days import today
from agreements.forms import PaymentForm, ReturnForm
from agreements.forms.finance import payment_data
from agreements.models import Obligation, Payment
from agreements.selectors import due_payments
from agreements.selectors.performance import payments_of, recent_payments, with_paid
from agreements.selectors.summaries import masked
from agreements.services.performing import record_payment, return_payment
from agreements.states import AgreementStatus
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.views.desk.actions import CaseAction
from documents.errors import FileRefused

PAGE = 50


@login_required
@require_safe
def finance(request: HttpRequest) -> HttpResponse:
    """List what is to be paid, the next due first, and what was paid lately."""
    require_permission(current_user(request), Permission.RECORD_PAYMENT)
    page = Paginator(due_payments(), PAGE).get_page(request.GET.get("page"))
    rows = [{"duty": duty, "payee": _payee(duty)} for duty in page.object_list]
    context = {
        "rows": rows,
        "page": page,
        "recent": list(recent_payments()),
        "today": today(),
        "now": now(),
    }
    return render(request, "agreements/finance.html", context)


def _payee(duty: Obligation) -> str:
    return masked(duty.agreement.party.payee)


class _MoneyAction(CaseAction):
    permission = Permission.RECORD_PAYMENT

    def post(self, request: HttpRequest, reference: str, row: int = 0) -> HttpResponse:
        response = super().post(request, reference)
        if isinstance(response, HttpResponseRedirect):
            return HttpResponseRedirect(reverse("finance"), status=303)
        return response

    def get(self, request: HttpRequest, reference: str, row: int = 0) -> HttpResponse:
        return super().get(request, reference)


class RecordPayment(_MoneyAction):
    """Record a payment."""

    form_class = PaymentForm
    template_name = "agreements/pay.html"
    title = gettext_lazy("登记付款")
    submit = gettext_lazy("登记付款")
    done = gettext_lazy("付款已登记")

    def duty(self, case: Case) -> Any:
        """Return the payment obligation of the address; 404 for another case's."""
        found = (
            with_paid()
            .filter(
                pk=self.kwargs["row"],
                agreement__case=case,
                agreement__status=AgreementStatus.SIGNED,
                kind="payment",
                debtor="company",
            )
            .select_related("agreement__case__consumer")
            .first()
        )
        if found is None:
            raise Http404(case.reference)
        return found

    def initial(self, case: Case) -> dict[str, Any]:
        duty = self.duty(case)
        return {
            "amount": duty.outstanding,
            "payee": duty.agreement.party.payee,
            "paid_at": timezone.localtime(now()),
            "key": uuid4().hex,
        }

    def new_form(self, case: Case, **kwargs: Any) -> forms.Form:
        return PaymentForm(**kwargs)

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        try:
            record_payment(
                self.duty(case),
                by=actor,
                payment=payment_data(data),
                proof=data["proof"],
                proof_name=data["proof"].name,
                key=data["key"],
                seen=seen,
            )
        except FileRefused as refusal:
            raise CaseError(refusal.message, field="proof") from refusal

    def more_context(self, case: Case) -> dict[str, Any]:
        duty = self.duty(case)
        return {"duty": duty, "payments": list(duty.payments.order_by("paid_at"))}

    def _obstacle(self, case: Case) -> Any:
        return _("这一项已经付清。") if self.duty(case).is_done else ""


class ReturnPayment(_MoneyAction):
    """Record that a payment came back."""

    form_class = ReturnForm
    title = gettext_lazy("登记退回")
    lead = gettext_lazy("钱被退回来时登记，登记后可以重新付款。")
    submit = gettext_lazy("登记退回")
    done = gettext_lazy("退回已登记，请重新付款")
    danger = True

    def payment(self, case: Case) -> Payment:
        """Return the payment of the address; 404 for another case's."""
        found = payments_of(case).filter(pk=self.kwargs["row"]).first()
        if found is None:
            raise Http404(case.reference)
        return found

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        return_payment(self.payment(case), by=actor, reason=data["reason"])

    def _obstacle(self, case: Case) -> Any:
        payment = self.payment(case)
        return _("这笔款已经登记过退回。") if payment.returned_at else ""
