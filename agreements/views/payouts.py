"""Finance: batches, their files, payees to confirm, statements and what is odd in them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user
from agreements.forms.payouts import (
    HandledForm,
    NotPaidForm,
    PayeeForm,
    ReleaseForm,
    StatementForm,
)
from agreements.models import PayeeAccount, Payout, PayoutBatch, Statement, StatementEntry
from agreements.presenters import problem_words
from agreements.selectors.payouts import (
    batches,
    entries_of,
    odd_entries,
    outcome_counts,
    payouts_of,
    statements,
)
from agreements.selectors.performance import obligations_in_force
from agreements.services.batches import batch_file, cancel_batch, release_batch, remove_payout
from agreements.services.exporting import entries_csv
from agreements.services.payees import ask_for_payee, decide_payee, signed_party
from agreements.services.reconciling import accept_partial, handle_entry
from agreements.services.reporting import import_bank_file
from agreements.services.sending import send_payouts
from agreements.services.settling import fail_payout
from agreements.states import BatchState, PayeeState, PayoutChannel
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.views.desk.actions import CaseAction

PAGE = 50
FILES = {"pain.xml": ("pain", "application/xml"), "table.csv": ("table", "text/csv")}
GET_POST = ["GET", "HEAD", "POST"]


def _finance(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.RECORD_PAYMENT)


def _to(name: str, *args: Any) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=args), status=303)


@login_required
@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """List the batches, the newest first."""
    _finance(request)
    page = Paginator(batches(), PAGE).get_page(request.GET.get("page"))
    return render(request, "agreements/batches.html", {"page": page, "now": now()})


@login_required
@never_cache
@require_http_methods(GET_POST)
def batch(request: HttpRequest, payout_batch_id: int) -> HttpResponse:
    """Show a batch with its payments; take a release, a change, or what the bank said."""
    actor = _finance(request)
    found = get_object_or_404(batches(), pk=payout_batch_id)
    act = BATCH_ACTS.get(request.POST.get("what", "")) if request.method == "POST" else None
    form: forms.Form | None = None
    if act is not None:
        try:
            form = act(request, found, actor)
        except CaseError as error:
            messages.error(request, str(error))
            return _to("agreements:batch", found.pk)
        if form is None:
            return _to("agreements:batch", found.pk)
    lines = list(payouts_of(found))
    total = sum((line.amount for line in lines), Decimal(0))
    user = current_user(request)
    context = {
        "batch": found,
        "lines": lines,
        "total": total,
        "release": form or ReleaseForm(initial={"count": len(lines), "total": total}),
        "bound": form,
        "is_draft": found.state == BatchState.DRAFT,
        "may_release": user.pk not in (found.made_by_id, found.changed_by_id),
        "may_send": found.channel == PayoutChannel.PROVIDER and found.state == BatchState.RELEASED,
        "not_paid": NotPaidForm(),
        "now": now(),
    }
    return render(request, "agreements/batch.html", context, status=422 if form else 200)


def _release(request: HttpRequest, found: PayoutBatch, actor: Actor) -> forms.Form | None:
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return form
    data = form.cleaned_data
    try:
        release_batch(found, by=actor, seen_count=data["count"], seen_total=data["total"])
    except CaseError as error:
        add_case_error(form, error)
        return form
    messages.success(request, _("批次已放行，可以下载银行文件了"))
    return None


def _cancel(request: HttpRequest, found: PayoutBatch, actor: Actor) -> None:
    cancel_batch(found, by=actor)
    messages.success(request, _("批次已取消，里面的款回到待付款项"))


def _remove(request: HttpRequest, found: PayoutBatch, actor: Actor) -> None:
    remove_payout(_line(request, found), by=actor)
    messages.success(request, _("已移出批次"))


def _not_paid(request: HttpRequest, found: PayoutBatch, actor: Actor) -> None:
    form = NotPaidForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    fail_payout(_line(request, found), by=actor, reason=reason)
    messages.success(request, _("已登记没有付成，这笔款回到待付款项"))


def _send(request: HttpRequest, found: PayoutBatch, actor: Actor) -> None:
    done = send_payouts()
    messages.success(
        request,
        _("付成 %(paid)s 笔，没有付成 %(failed)s 笔，等结果 %(waiting)s 笔") % done,
    )


def _line(request: HttpRequest, found: PayoutBatch) -> Payout:
    number = request.POST.get("line", "")
    rows = Payout.objects.select_related("batch", "obligation__agreement__case")
    return get_object_or_404(rows, batch=found, pk=int(number) if number.isdecimal() else 0)


BATCH_ACTS: dict[str, Callable[[HttpRequest, PayoutBatch, Actor], forms.Form | None]] = {
    "release": _release,
    "cancel": _cancel,
    "remove": _remove,
    "not_paid": _not_paid,
    "send": _send,
}


@login_required
@never_cache
@require_POST
def bank_file(request: HttpRequest, payout_batch_id: int, bank_file: str) -> HttpResponse:
    """Hand out a released batch's file; counted, so that two uploads are noticed."""
    actor = _finance(request)
    found = get_object_or_404(PayoutBatch, pk=payout_batch_id)
    if bank_file not in FILES:
        raise Http404(bank_file)
    kind, media_type = FILES[bank_file]
    try:
        data = batch_file(found, by=actor, kind=kind)
    except CaseError as error:
        messages.error(request, str(error))
        return _to("agreements:batch", found.pk)
    response = HttpResponse(data, content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.number}-{bank_file}"'
    return response


@login_required
@require_POST
def confirm_payee(request: HttpRequest, payee_id: int) -> HttpResponse:
    """Confirm another account, or refuse it."""
    actor = _finance(request)
    rows = PayeeAccount.objects.select_related("agreement__case")
    payee = get_object_or_404(rows, pk=payee_id, state=PayeeState.ASKED)
    confirmed = "confirm" in request.POST
    try:
        decide_payee(payee, by=actor, confirmed=confirmed)
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("账户已确认") if confirmed else _("没有通过，仍用原来的账户"))
    return _to("finance")


class AskForPayee(CaseAction):
    """Write down where the money of a case goes."""

    permission = Permission.RECORD_PAYMENT
    form_class = PayeeForm
    title = gettext_lazy("登记收款账户")
    lead = gettext_lazy(
        "和协议上签的一样，登记后马上能用；不一样的，由另一位财务同事核对后才能付款。"
    )
    submit = gettext_lazy("登记账户")
    done = gettext_lazy("账户已登记")

    def _agreement(self, case: Case) -> Any:
        duty = obligations_in_force(case).filter(kind="payment", debtor="company").first()
        if duty is None:
            raise Http404(case.reference)
        return duty.agreement

    def initial(self, case: Case) -> dict[str, Any]:
        party = signed_party(self._agreement(case))
        if party is None:
            return {"name": self._agreement(case).party.name}
        return {"name": party.name, "account": party.account}

    def act(self, case: Case, actor: Actor, data: dict[str, Any], seen: int | None) -> None:
        form = PayeeForm(data)
        form.is_valid()
        ask_for_payee(self._agreement(case), by=actor, party=form.party(), reason=data["reason"])

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        response = super().post(request, reference)
        return _to("finance") if isinstance(response, HttpResponseRedirect) else response


@login_required
@never_cache
@require_http_methods(GET_POST)
def statement_list(request: HttpRequest) -> HttpResponse:
    """List the statements that were read and what is odd in them; read another one."""
    actor = _finance(request)
    form = StatementForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            read, is_new = import_bank_file(file.read(), by=actor, name=file.name)
        except CaseError as error:
            add_case_error(form, error)
        else:
            if is_new:
                messages.success(request, _("文件已读取，结果在下面"))
            else:
                messages.info(request, _("这份文件以前读过，没有再登记一次"))
            return _to("agreements:statement", read.pk)
    context = {
        "form": form,
        "page": Paginator(statements(), PAGE).get_page(request.GET.get("page")),
        "odd": _with_words(list(odd_entries()[:PAGE])),
        "handled": HandledForm(),
        "now": now(),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "agreements/statements.html", context, status=status)


def _with_words(entries: list[StatementEntry]) -> list[dict[str, Any]]:
    return [{"entry": entry, "problem": problem_words(entry.problem)} for entry in entries]


@login_required
@never_cache
@require_safe
def statement(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Show every entry of a statement and what it was taken for."""
    _finance(request)
    found = get_object_or_404(statements(), pk=statement_id)
    entries = list(entries_of(found))
    page = Paginator(entries, 200).get_page(request.GET.get("page"))
    context = {
        "statement": found,
        "counts": outcome_counts(entries),
        "page": page,
        "rows": _with_words(page.object_list),
        "now": now(),
    }
    return render(request, "agreements/statement.html", context)


@login_required
@require_safe
def statement_csv(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Give a statement's verdicts as a table."""
    _finance(request)
    found = get_object_or_404(Statement, pk=statement_id)
    response = HttpResponse(entries_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="statement-{found.pk}.csv"'
    return response


@login_required
@require_POST
def look_after(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Book a part that was paid, or write down what was done about an odd entry."""
    actor = _finance(request)
    rows = StatementEntry.objects.select_related("payout")
    entry = get_object_or_404(rows, pk=entry_id)
    try:
        if "accept" in request.POST:
            accept_partial(entry, by=actor)
        else:
            handle_entry(entry, by=actor, note=request.POST.get("note", ""))
    except CaseError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已登记"))
    return _to("agreements:statements")
