"""The consumer's pages: read and sign, refuse, confirm that it arrived, rate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agreements.forms import ArrivalForm, RefusalForm, SignForm
from agreements.models import Agreement, Obligation, Representative
from agreements.selectors import open_agreement
from agreements.selectors.agreements import agents_at, sent_code, waiting_paper
from agreements.selectors.differences import differences
from agreements.selectors.full_text import full_text
from agreements.selectors.pages import consumer_panel
from agreements.selectors.performance import obligations_in_force
from agreements.selectors.summaries import summary_rows
from agreements.services.demanding import demand_rest
from agreements.services.following_up import record_follow_up
from agreements.services.handing_over import answer_pickup, hand_over, say_goods_sent
from agreements.services.offering import refuse_to_sign
from agreements.services.performing import confirm_obligation, deny_arrival
from agreements.services.reading import note_opened
from agreements.services.signing import code_subject, request_sign_code, sign_as_consumer
from agreements.states import Debtor, FollowUpChannel, ObligationStatus, SignerRole
from agreements.views.evidence import sign_evidence
from complaints.access import consumer_case
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.models import Case
from complaints.moments import now
from complaints.states import Stage

CONSUMER = Actor.consumer()
GET_POST = ["GET", "HEAD", "POST"]


def _to_case(case: Case) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("track:case", args=[case.reference]), status=303)


def _waiting(case: Case) -> Agreement | None:
    """Return the agreement that waits for the consumer's signature, late or not."""
    panel = consumer_panel(case)
    if panel is None or panel["state"] not in ("to_sign", "lapsed", "paper"):
        return None
    return open_agreement(case)


@dataclass(frozen=True)
class _Signing:
    """An agreement before the one who signs it: the consumer, or (`agent`) who acts for them."""

    case: Case
    agreement: Agreement
    agent: Representative | None

    @property
    def page(self) -> str:
        """Where it is signed."""
        address = reverse("agreements:sign", args=[self.case.reference])
        return f"{address}?as={self.agent.pk}" if self.agent else address

    @property
    def contact(self) -> dict[str, str]:
        """Where the code goes."""
        return self.agent.particulars if self.agent else self.case.consumer.contact


def _signing(request: HttpRequest, case: Case) -> _Signing | None:
    agreement = _waiting(case)
    if agreement is None:
        return None
    chosen = request.GET.get("as", "")
    agents = agents_at(case, None)
    agent = next((row for row in agents if str(row.pk) == chosen), None)
    if chosen and agent is None:
        raise Http404(case.reference)
    return _Signing(case, agreement, agent)


@require_http_methods(GET_POST)
def sign(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the agreement in a few rows and take the signature."""
    case = consumer_case(request, reference)
    signing = _signing(request, case)
    if signing is None:
        return _to_case(case)
    if request.method != "POST":
        note_opened(signing.agreement, SignerRole.CONSUMER)
        return _sign_page(request, signing, SignForm())
    form = SignForm(request.POST)
    if form.is_valid():
        try:
            _sign(request, signing, form.cleaned_data)
        except CaseError as refusal:
            add_case_error(form, refusal)
        else:
            messages.success(request, _("你已经签好了协议"))
            return _to_case(case)
    return _sign_page(request, signing, form, status=422)


def _sign(request: HttpRequest, signing: _Signing, data: dict[str, Any]) -> None:
    sign_as_consumer(
        signing.agreement,
        by=CONSUMER,
        consent=data["consent"],
        code=data["code"],
        typed_name=data["typed_name"],
        signature_path=data["signature"],
        evidence=sign_evidence(request),
        representative=signing.agent,
        read_number=data["number"],
    )


def _sign_page(
    request: HttpRequest,
    signing: _Signing,
    form: SignForm,
    *,
    status: int = 200,
    code_error: str = "",
) -> HttpResponse:
    agreement = signing.agreement
    context = {
        "rows": summary_rows(agreement),
        "changed": differences(agreement),
        "whole": full_text(agreement),
        "form": form,
        "signature_error": " ".join(form.errors.get("signature", [])),
        "now": now(),
        "late": agreement.sign_by is not None and agreement.sign_by <= now(),
        "agents": [] if signing.agent else agents_at(signing.case, None),
        "waiting": waiting_paper(agreement),
        **_code_context(signing, code_error),
    }
    return render(request, "agreements/sign.html", context, status=status)


def _code_context(signing: _Signing, error: str = "") -> dict[str, Any]:
    contact, subject = signing.contact, code_subject(signing.agreement, signing.agent)
    return {
        "case": signing.case,
        "agreement": signing.agreement,
        "agent": signing.agent,
        "code_sent": sent_code(signing.agreement, subject) is not None,
        "code_error": error,
        "code_email": contact.get("email", ""),
        "code_phone": "" if contact.get("email") else contact.get("phone", ""),
    }


@require_POST
def send_sign_code(request: HttpRequest, reference: str) -> HttpResponse:
    """Send a code for signing; answers the region of the page to htmx, else goes back to it."""
    case = consumer_case(request, reference)
    signing = _signing(request, case)
    if signing is None:
        return _to_case(case)
    error = ""
    try:
        request_sign_code(signing.agreement, by=CONSUMER, representative=signing.agent)
    except CaseError as refusal:
        error = str(refusal)
    if request.headers.get("HX-Request"):
        context, status = _code_context(signing, error), 422 if error else 200
        return render(request, "agreements/sign.html#code", context, status=status)
    if error:
        return _sign_page(request, signing, SignForm(), status=422, code_error=error)
    messages.success(request, _("校验码已经发出，10 分钟内有效"))
    return HttpResponseRedirect(signing.page, status=303)


@require_http_methods(GET_POST)
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the consumer's no, with the reason."""
    case = consumer_case(request, reference)
    agreement = _waiting(case)
    if agreement is None:
        return _to_case(case)
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_to_sign(agreement, by=CONSUMER, reason=form.cleaned_data["reason"])
        except CaseError as refusal:
            add_case_error(form, refusal)
        else:
            messages.success(request, _("我们收到了，会按你说的重新准备"))
            return _to_case(case)
    return _form_page(request, case, form, "agreements/refuse.html", agreement=agreement)


def _form_page(
    request: HttpRequest, case: Case, form: forms.Form, template: str, **more: Any
) -> HttpResponse:
    context = {"case": case, "form": form, "now": now(), **more}
    status = 422 if request.method == "POST" else 200
    return render(request, template, context, status=status)


@require_http_methods(GET_POST)
def arrival(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask whether everything arrived, and how it was."""
    case = consumer_case(request, reference)
    if case.stage != Stage.FOLLOWING_UP:
        return _to_case(case)
    duties = list(obligations_in_force(case).filter(debtor=Debtor.COMPANY))
    form = ArrivalForm(request.POST or None, duties=duties)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            record_follow_up(
                case,
                by=CONSUMER,
                arrived=data["arrived"],
                rating=data["rating"],
                comment=data["comment"],
                channel=FollowUpChannel.SURVEY,
                missing=tuple(data["missing"]),
                resolved=data["resolved"],
                change=data["change"],
            )
        except CaseError as refusal:
            add_case_error(form, refusal)
        else:
            messages.success(request, _thanks(arrived=data["arrived"]))
            return _to_case(case)
    return _form_page(request, case, form, "agreements/arrival.html", duties=duties)


def _thanks(*, arrived: bool) -> str:
    if arrived:
        return _("谢谢，这起投诉办结了")
    return _("我们收到了，马上重新办理，办好了告诉你")


def _about_pickup(request: HttpRequest, duty: Obligation) -> None:
    """Take the word on fetching goods: the time fits, does not, or they were fetched."""
    said = request.POST["pickup"]
    if said == "fetched":
        hand_over(duty, by=CONSUMER)
        messages.success(request, _("谢谢，收到后我们会告诉你"))
    else:
        answer_pickup(duty, by=CONSUMER, fits=said == "fits", words=request.POST.get("words", ""))
        done = _("好的，到时上门取") if said == "fits" else _("我们另约时间，约好告诉你")
        messages.success(request, done)


@require_POST
def answer_obligation(request: HttpRequest, reference: str, obligation: int) -> HttpResponse:
    """Take the word about one thing: it arrived or did not, was sent, or the rest is asked for."""
    case = consumer_case(request, reference)
    duty = obligations_in_force(case).filter(pk=obligation).first()
    if duty is None:
        raise Http404(reference)
    if duty.status == ObligationStatus.CONFIRMED and "arrived" in request.POST:
        return _to_case(case)
    try:
        if "tracking" in request.POST:
            say_goods_sent(duty, by=CONSUMER, tracking=request.POST["tracking"])
            messages.success(request, _("谢谢，收到后我们会告诉你"))
        elif "pickup" in request.POST:
            _about_pickup(request, duty)
        elif "rest" in request.POST:
            demand_rest(case, by=CONSUMER)
            messages.success(request, _("余下各期今天到期，我们已经通知财务付款"))
        elif "arrived" in request.POST:
            confirm_obligation(duty, by=CONSUMER)
        else:
            deny_arrival(duty, by=CONSUMER, note=request.POST.get("note", "").strip()[:500])
    except CaseError as refusal:
        messages.error(request, str(refusal))
    return _to_case(case)
