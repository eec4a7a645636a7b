"""Finance: due payments by date, recording one with its proof, and one that came back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user
from agreements.days import today
from agreements.forms import PaymentForm, ReturnForm
from agreements.forms.finance import payment_data
from agreements.forms.payouts import BatchForm
from agreements.models import Obligation, Payment, PayoutBatch
from agreements.selectors.payouts import asked_payees, due_rows, live_payout
from agreements.selectors.performance import payments_of, recent_payments, with_paid
from agreements.selectors.summaries import masked
from agreements.services.batches import make_batch
from agreements.services.exporting import due_csv
from agreements.services.payees import signed_party
from agreements.services.performing import record_payment
from agreements.services.returning import return_payment
from agreements.states import AgreementStatus, PayeeState
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.views.desk.actions import CaseAction
from documents.errors import FileRefused

PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def finance(request: HttpRequest) -> HttpResponse:
    """List what is to be paid, the next due first; put what was chosen into a batch."""
    actor = require_permission(current_user(request), Permission.RECORD_PAYMENT)
    page = Paginator(due_rows(), PAGE).get_page(request.GET.get("page"))
    rows = [_row(duty) for duty in page.object_list]
    form = _batch_form(request, [row["duty"].pk for row in rows])
    if request.method == "POST" and form.is_valid():
        try:
            made = _collected(form.cleaned_data, actor)
        except CaseError as error:
            add_case_error(form, error)
        else:
            messages.success(request, _("批次已建好，请另一位财务同事核对放行"))
            return HttpResponseRedirect(reverse("agreements:batch", args=[made.pk]), status=303)
    context = {
        "rows": rows,
        "chosen": form.cleaned_data.get("duties", []) if form.is_bound else [],
        "page": page,
        "form": form,
        "asked": list(asked_payees()),
        "recent": list(recent_payments()),
        "today": today(),
        "now": now(),
        "me": actor.user,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "agreements/finance.html", context, status=status)


def _batch_form(request: HttpRequest, duties: list[int]) -> BatchForm:
    initial = {"execute_on": today(), "key": uuid4().hex}
    data = request.POST if request.method == "POST" else None
    provider = bool(settings.PAYMENT_PROVIDER)
    return BatchForm(data, duties=duties, provider=provider, initial=initial)


def _collected(data: dict[str, Any], actor: Actor) -> PayoutBatch:
    return make_batch(
        data["duties"],
        by=actor,
        key=data["key"],
        execute_on=data["execute_on"],
        channel=data["channel"],
    )


def _row(duty: Obligation) -> dict[str, Any]:
    """Return a due payment with its payee and what keeps it from a batch."""
    payees = {payee.state: payee for payee in duty.agreement.payees_now}
    current, asked = payees.get(PayeeState.CURRENT), payees.get(PayeeState.ASKED)
    signed = signed_party(duty.agreement) if current is None else None
    return {
        "duty": duty,
        "payee": current.masked if current else masked(duty.agreement.party.payee),
        "asked": asked,
        "ready": not duty.batch_pk and not asked and bool(current or signed) and duty.left > 0,
    }


@login_required
@require_safe
def due_table(request: HttpRequest) -> HttpResponse:
    """Give what is due as a table."""
    require_permission(current_user(request), Permission.RECORD_PAYMENT)
    response = HttpResponse(due_csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="due.csv"'
    return response


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
        duty = self.duty(case)
        if live_payout(duty) is not None:
            return _("这一项已经在付款批次里，等银行的结果，不能再登记一笔。")
        return _("这一项已经付清。") if duty.is_done else ""


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
