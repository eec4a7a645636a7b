"""The five steps of the complaint form; they work as plain pages, and better with scripts."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from complaints.errors import TooManyAttempts
from complaints.forms.intake import STEP_FORMS, StepForm
from complaints.models import IntakeDraft
from complaints.moments import now
from complaints.selectors.drafts import STEPS, Answers, answers_of
from complaints.selectors.products import product_options
from complaints.services.drafts import keep_typed, leave_for_later, settle_step, throw_away
from complaints.views.doors import hand_over
from complaints.views.intake_draft import held_draft, hold_draft, let_go, new_draft
from complaints.views.intake_files import file_rows, refused_row, take_draft_files

SAVED_COOKIE, SAVED_PATH = "redress_saved", "/complain/"


@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Go to where the consumer left off, or to the first step."""
    draft = held_draft(request)
    open_step = answers_of(draft).first_open_step()
    return _to_step(open_step) if open_step else redirect("intake:check")


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, step: str) -> HttpResponse:
    """Show a step, or take its answers: go on, leave for later, or upload files."""
    if step not in STEPS:
        raise Http404(step)
    draft = held_draft(request)
    answers = answers_of(draft)
    if not _may_show(step, answers):
        return _to_step(answers.first_open_step() or STEPS[0])
    if request.method == "POST":
        return _take(request, step, draft)
    form = STEP_FORMS[step](initial=answers.typed.get(step, {}))
    return _page(request, step, form, draft=draft)


def _may_show(step: str, answers: Answers) -> bool:
    first_open = answers.first_open_step()
    return first_open is None or STEPS.index(step) <= STEPS.index(first_open)


def _take(request: HttpRequest, step: str, draft: IntakeDraft | None) -> HttpResponse:
    form = STEP_FORMS[step](request.POST)
    try:
        draft = draft or new_draft(request)
    except TooManyAttempts as closed:
        form.add_error(None, str(closed))
        return _page(request, step, form, draft=None, status=429)
    refused = take_draft_files(draft, request)[1] if step == "story" else []
    if "later" in request.POST or "upload" in request.POST:
        keep_typed(draft, step=step, typed=form.typed())
        response = _after_keeping(request, step, draft, refused)
    elif form.is_valid() and not refused:
        settle_step(draft, step=step, typed=form.typed(), settled=form.settled())
        response = _onward(request, step)
    else:
        keep_typed(draft, step=step, typed=form.typed())
        response = _page(request, step, form, draft=draft, refused=refused, status=422)
    hold_draft(response, draft)
    return response


def _after_keeping(
    request: HttpRequest, step: str, draft: IntakeDraft, refused: list[dict[str, Any]]
) -> HttpResponse:
    if refused:
        form = STEP_FORMS[step](initial=answers_of(held_again(draft)).typed.get(step, {}))
        return _page(request, step, form, draft=draft, refused=refused, status=422)
    if "upload" in request.POST:
        back = "?back=check" if request.POST.get("back") else ""
        return _see(f"{reverse('intake:step', args=[step])}{back}#files")
    response = _see(reverse("intake:saved"))
    secret = leave_for_later(draft)
    hand_over(response, SAVED_COOKIE, {"secret": secret, "step": step}, path=SAVED_PATH)
    return response


def held_again(draft: IntakeDraft) -> IntakeDraft:
    """Return a draft as it is stored now."""
    draft.refresh_from_db()
    return draft


def _onward(request: HttpRequest, step: str) -> HttpResponse:
    following = STEPS.index(step) + 1
    if request.POST.get("back") == "check" or following == len(STEPS):
        return _see(reverse("intake:check"))
    return _see(reverse("intake:step", args=[STEPS[following]]))


def _see(url: str) -> HttpResponse:
    return HttpResponseRedirect(url, status=303)


def _to_step(step: str) -> HttpResponse:
    return redirect("intake:step", step)


def _page(
    request: HttpRequest,
    step: str,
    form: StepForm,
    *,
    draft: IntakeDraft | None,
    refused: list[dict[str, Any]] | None = None,
    status: int = 200,
) -> HttpResponse:
    number = STEPS.index(step) + 1
    back = (request.POST if request.method == "POST" else request.GET).get("back")
    previous = reverse("intake:step", args=[STEPS[number - 2]]) if number > 1 else reverse("start")
    context: dict[str, Any] = {
        "form": form,
        "step": step,
        "number": number,
        "total": len(STEPS),
        "back": "check" if back == "check" else "",
        "previous": reverse("intake:check") if back == "check" else previous,
        "draft": draft,
        "refused": refused or [],
        "now": now(),
    }
    if step == "product":
        context["products"] = product_options()
    if step == "story":
        context["files"] = file_rows(draft) + [refused_row(row) for row in refused or []]
    return render(request, f"complaints/intake/{step}.html", context, status=status)


@require_POST
def autosave(request: HttpRequest, step: str) -> HttpResponse:
    """Keep a step as it stands while the consumer types; 204, or 429 after too many drafts."""
    if step not in STEPS:
        raise Http404(step)
    form = STEP_FORMS[step](request.POST)
    try:
        draft = held_draft(request) or new_draft(request)
    except TooManyAttempts:
        return HttpResponse(status=429)
    keep_typed(draft, step=step, typed=form.typed())
    response = HttpResponse(status=204)
    hold_draft(response, draft)
    return response


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Throw the draft away, as one should on somebody else's phone."""
    draft = held_draft(request)
    if draft is not None:
        throw_away(draft)
    response = _see(reverse("start"))
    let_go(response)
    return response
