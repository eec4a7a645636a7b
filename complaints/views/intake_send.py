"""The end of the form: check the answers, send them once, see the receipt; or go on later."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from complaints.access import consumer_case, let_in
from complaints.actors import Actor
from complaints.errors import IntakeConflict
from complaints.models import IntakeDraft
from complaints.moments import now
from complaints.selectors.drafts import answers_of, draft_files, draft_of_secret
from complaints.selectors.policies import running_clocks
from complaints.selectors.receipts import receipt_of
from complaints.services.drafts import send_draft
from complaints.services.intake import Receipt
from complaints.states import ClockKind
from complaints.views.device import held_device, mark_device
from complaints.views.doors import forget, hand_over, handed_over
from complaints.views.intake import SAVED_COOKIE, SAVED_PATH
from complaints.views.intake_answers import answer_groups
from complaints.views.intake_draft import held_draft, hold_draft, let_go

RECEIPT_COOKIE, RECEIPT_PATH = "redress_receipt", "/complain/done/"


@require_http_methods(["GET", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Show all answers with a way to change each; sending them makes the case, once."""
    draft = held_draft(request)
    answers = answers_of(draft)
    open_step = answers.first_open_step()
    if draft is None or open_step is not None:
        return redirect("intake:step", open_step)
    if request.method == "POST":
        return _send(request, draft)
    return _check_page(request, draft)


def _check_page(
    request: HttpRequest, draft: IntakeDraft, *, problem: str = "", status: int = 200
) -> HttpResponse:
    answers = answers_of(draft)
    context = {
        "groups": answer_groups(answers, draft_files(draft)),
        "danger": answers.all_settled()["danger"],
        "errors": [{"href": "", "text": problem}] if problem else [],
        "now": now(),
    }
    response = render(request, "complaints/intake/check.html", context, status=status)
    mark_device(request, response)
    return response


def _send(request: HttpRequest, draft: IntakeDraft) -> HttpResponse:
    try:
        receipt = send_draft(draft, by=Actor.consumer(), device=held_device(request))
    except IntakeConflict:
        problem = _("这份投诉已经提交过了。要补充或更正，请用「查询进度」。")
        return _check_page(request, draft, problem=problem, status=409)
    return _sent(request, receipt)


def _sent(request: HttpRequest, receipt: Receipt) -> HttpResponse:
    case = receipt.case
    url = reverse("intake:done", args=[case.reference])
    response = HttpResponseRedirect(url, status=303)
    once = {"reference": case.reference, "secret": receipt.secret}
    hand_over(response, RECEIPT_COOKIE, once, path=RECEIPT_PATH)
    let_in(request, response, case)
    let_go(response)
    return response


@require_GET
def done(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the receipt. The secret link is on it the first time only; the page may be reloaded."""
    case = consumer_case(request, reference)
    once = handed_over(request, RECEIPT_COOKIE)
    secret = once.get("secret", "") if once.get("reference") == case.reference else ""
    due = {clock.kind: clock.due_at for clock in running_clocks(case.pk)}
    context = {
        "case": case,
        "link": request.build_absolute_uri(reverse("secret_link", args=[secret])) if secret else "",
        "answer_due": due.get(ClockKind.ACKNOWLEDGEMENT),
        "emergency_due": due.get(ClockKind.EMERGENCY),
        "receipt": receipt_of(case),
        "now": now(),
    }
    response = render(request, "complaints/intake/done.html", context)
    forget(response, RECEIPT_COOKIE, path=RECEIPT_PATH)
    return response


@require_GET
def saved(request: HttpRequest) -> HttpResponse:
    """Say that the draft is kept, with a link to go on elsewhere that is shown once."""
    once = handed_over(request, SAVED_COOKIE)
    secret = once.get("secret", "")
    link = request.build_absolute_uri(reverse("intake:resume", args=[secret])) if secret else ""
    context = {"link": link, "step": once.get("step", ""), "now": now()}
    response = render(request, "complaints/intake/saved.html", context)
    forget(response, SAVED_COOKIE, path=SAVED_PATH)
    return response


@require_GET
def resume(request: HttpRequest, secret: str) -> HttpResponse:
    """Go on with a draft from a link; one that was sent or thrown away leads to a new start."""
    draft = draft_of_secret(secret)
    if draft is None:
        response = render(request, "complaints/intake/resume_gone.html", status=404)
    else:
        response = HttpResponseRedirect(reverse("intake:begin"), status=303)
        hold_draft(response, draft)
        response.headers["Referrer-Policy"] = "no-referrer"
    return response
