"""Runs of erasure: the dry run and its report, asking, releasing, and the certificates."""

from __future__ import annotations

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.moments import now
from complaints.permissions import Permission
from reviews.forms.keeping import ReasonForm
from reviews.models import ErasureRun
from reviews.selectors.erasure import items_of, one_certificate, one_run, report_of, runs_listed
from reviews.services.erasing import ask_for_release, discard_run, propose_run, release_run
from reviews.states import RunState

PAGE = 50
ACTS = ("ask", "release", "discard")


def _actor(request: HttpRequest) -> Actor:
    return require_permission(current_user(request), Permission.MANAGE_RETENTION)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def runs(request: HttpRequest) -> HttpResponse:
    """All runs; a post tries out what would be erased now."""
    actor = _actor(request)
    if request.method == "POST":
        run = propose_run(by=actor)
        if run is not None:
            return _to(run)
        messages.success(request, _("没有到期的案件"))
        return HttpResponseRedirect(reverse("reviews:runs"), status=303)
    page = Paginator(runs_listed(), PAGE).get_page(request.GET.get("page"))
    return render(request, "reviews/runs.html", {"page": page, "now": now()})


@login_required
@never_cache
@require_safe
def run(request: HttpRequest, run_id: int) -> HttpResponse:
    """One run: its report, its cases, and what may be done with it."""
    return _page(request, one_run(run_id), _actor(request))


@login_required
@require_POST
def act(request: HttpRequest, run_id: int, act: str) -> HttpResponse:
    """Ask for a run's release, release it, or discard it."""
    actor, shown = _actor(request), one_run(run_id)
    if act not in ACTS:
        raise Http404(act)
    form = ReasonForm(request.POST, auto_id=_ids(act))
    seen = request.POST.get("seen", "-")
    try:
        if act == "release":
            release_run(shown, by=actor, seen=seen)
        elif form.is_valid():
            _with_reason(shown, actor, act, form.cleaned_data["reason"], seen)
        else:
            return _page(request, shown, actor, form=form, act=act)
    except CaseError as refusal:
        add_case_error(form, refusal)
        return _page(request, one_run(run_id), actor, form=form, act=act)
    messages.success(request, _("已保存"))
    return _to(shown)


def _with_reason(run: ErasureRun, actor: Actor, act: str, reason: str, seen: str) -> None:
    if act == "ask":
        ask_for_release(run, by=actor, reason=reason, seen=seen)
    else:
        discard_run(run, by=actor, reason=reason)


def _ids(act: str) -> str:
    """Name the fields of the page's two forms apart."""
    return "discard_%s" if act == "discard" else "id_%s"


def _to(run: ErasureRun) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("reviews:run", args=[run.pk]), status=303)


def _page(
    request: HttpRequest,
    run: ErasureRun,
    actor: Actor,
    *,
    form: ReasonForm | None = None,
    act: str = "",
) -> HttpResponse:
    items = items_of(run)
    page = Paginator(items, PAGE).get_page(request.GET.get("page"))
    own = actor.user is not None and run.asked_by_id == actor.user.pk
    report = report_of(items)
    context = {
        "run": run,
        "report": report,
        "page": page,
        "now": now(),
        "may_ask": run.state == RunState.PROPOSED and report.goes > 0,
        "may_release": run.state == RunState.ASKED and not own,
        "own": own,
        "ask_form": form if form and act == "ask" else ReasonForm(),
        "discard_form": form if form and act == "discard" else ReasonForm(auto_id=_ids("discard")),
        "refused": form,
    }
    return render(request, "reviews/run.html", context, status=422 if form is not None else 200)


@login_required
@never_cache
@require_safe
def certificate(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """What was erased of a case, by whom it was asked for and released."""
    _actor(request)
    return render(request, "reviews/certificate.html", {"item": one_certificate(erasure_id)})


@login_required
@never_cache
@require_safe
def certificate_file(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """The certificate as canonical JSON: its SHA-256 is the one that the page tells."""
    _actor(request)
    item = one_certificate(erasure_id)
    text = json.dumps(item.certificate, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    name = f"{item.case.reference}-erasure.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
