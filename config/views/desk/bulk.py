"""Work on many cases: ask for it, watch how far it is, take it back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints import sealing
from complaints.access import require_permission
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.forms import add_case_error
from complaints.forms.bulk import KINDS, BulkForm
from complaints.models import BulkJob
from complaints.moments import now
from complaints.numbers import whole_number
from complaints.permissions import Permission
from complaints.selectors.bulk import items_of, jobs_of, results_of
from complaints.selectors.counting import capped_counts
from complaints.selectors.filters import query_of
from complaints.selectors.macros import offered_macros
from complaints.selectors.queue import cases_asked
from complaints.services.bulk import ask_bulk, ask_undo
from complaints.services.tagging import tag_called, tag_known
from complaints.states import BulkKind, BulkResult
from config.desk.bulk import job_words, macro_words, next_poll
from config.desk.rows import count_words

ITEMS = 50
MOST_TICKED = 200
MACRO = BulkKind.MACRO


def _query(post: QueryDict) -> str:
    """Return which list is meant, whole: a part of its conditions would mean more cases."""
    return query_of(QueryDict(post.get("query", "")))


@dataclass(frozen=True)
class Chosen:
    """Which cases are meant: those ticked, or all of the list that `query` stands for."""

    ids: tuple[int, ...]
    query: str | None

    @classmethod
    def of(cls, post: QueryDict) -> Chosen:
        """Read what a page of the queue sends."""
        if post.get("all"):
            return cls((), _query(post))
        ids = [pk for pk in map(whole_number, post.getlist("case")) if pk is not None]
        return cls(tuple(dict.fromkeys(ids[:MOST_TICKED])), None)

    def count(self, actor: Actor) -> int:
        """Return how many cases are meant now."""
        if self.query is None:
            return len(self.ids)
        cases = cases_asked(QueryDict(self.query), actor=actor, moment=now())
        return capped_counts(actor.person, {"meant": cases})["meant"]

    def nonce(self, post: QueryDict, kind: str, params: dict[str, Any]) -> str:
        """Return what tells a repeated order from another one off the same page."""
        plain = {name: str(value) for name, value in params.items()}
        what = [post.get("nonce", ""), kind, plain, self.ids, self.query]
        return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def _back(post: QueryDict) -> str:
    query = _query(post)
    return f"{reverse('desk')}?{query}" if query else reverse("desk")


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Order work on the chosen cases; asks for what is not yet said on a page of its own."""
    actor = require_permission(current_user(request), Permission.HANDLE_CASE)
    kind, chosen = request.POST.get("act", ""), Chosen.of(request.POST)
    if kind not in KINDS:
        raise Http404(kind)
    if not chosen.ids and chosen.query is None:
        messages.warning(request, _("先勾选案件，再选要做什么"))
        return HttpResponseRedirect(_back(request.POST), status=303)
    quick = kind == BulkKind.ASSIGN and bool(request.POST.get("owner"))
    first_asked = "sure" not in request.POST and not quick
    form = BulkForm(kind, None if first_asked else request.POST)
    if not first_asked and form.is_valid():
        try:
            job = _ordered(request.POST, form, chosen, actor)
        except CaseError as error:
            add_case_error(form, error)
        else:
            return HttpResponseRedirect(reverse("desk:bulk_job", args=[job.pk]), status=303)
    context = {
        "form": form,
        "kind": BulkKind(kind),
        "chosen": chosen,
        "count": count_words(chosen.count(actor)),
        "query": _query(request.POST),
        "nonce": request.POST.get("nonce") or sealing.new_secret(),
        "back": _back(request.POST),
        "macros": [macro_words(each) for each in offered_macros()] if kind == MACRO else [],
    }
    return render(request, "desk/bulk.html", context, status=422 if form.errors else 200)


def _ordered(post: QueryDict, form: BulkForm, chosen: Chosen, actor: Actor) -> BulkJob:
    params = form.params()
    nonce = chosen.nonce(post, form.kind, params)
    if form.kind == BulkKind.UNTAG:
        params["tag"] = tag_known(params["tag"])
    elif "tag" in params:
        params["tag"] = tag_called(params["tag"], by=actor)
    ids = chosen.ids if chosen.query is None else None
    return ask_bulk(form.kind, params, by=actor, nonce=nonce, ids=ids, query=chosen.query or "")


def _job(request: HttpRequest, job_id: int) -> BulkJob:
    found = jobs_of(Actor.staff(current_user(request))).filter(pk=job_id).first()
    if found is None:
        raise Http404(str(job_id))
    return found


@login_required
@never_cache
@require_safe
def bulk_list(request: HttpRequest) -> HttpResponse:
    """The latest orders, one's own or for managers everybody's."""
    jobs = jobs_of(Actor.staff(current_user(request)))[:ITEMS]
    lines = [{"job": job, "words": job_words(job)} for job in jobs]
    return render(request, "desk/bulk_list.html", {"lines": lines, "now": now()})


@login_required
@never_cache
@require_safe
def bulk_job(request: HttpRequest, job_id: int) -> HttpResponse:
    """How far an order is, and what became of each case; asked by htmx, only what moves."""
    job = _job(request, job_id)
    counts = results_of(job)
    done = job.total - counts[BulkResult.PENDING]
    if request.headers.get("HX-Request") and request.GET.get("done") == f"{done}.{_ended(job)}":
        return HttpResponse(status=204)
    asked = request.GET.get("result", "")
    start = whole_number(request.GET.get("after"), 0)
    items = items_of(job, result=asked, after=start, size=ITEMS)
    more = len(items) > ITEMS
    context = {
        "now": now(),
        "job": job,
        "words": job_words(job),
        "done": done,
        "percent": done * 100 // job.total,
        "state": f"{done}.{_ended(job)}",
        "poll": next_poll(job.total),
        "results": [(result, counts[result]) for result in BulkResult if counts[result]],
        "result": asked,
        "items": items[:ITEMS],
        "next_href": f"?result={asked}&after={items[ITEMS - 1].pk}" if more else "",
        "may_undo": _may_undo(job, counts),
        "is_macro": MACRO in (job.kind, getattr(job.undo_of, "kind", "")),
        "undone_by": getattr(job, "undone_by", None),
    }
    part = "desk/bulk_job.html#progress" if request.headers.get("HX-Request") else None
    return render(request, part or "desk/bulk_job.html", context)


def _ended(job: BulkJob) -> int:
    return int(job.finished_at is not None)


def _may_undo(job: BulkJob, counts: dict[str, int]) -> bool:
    undone = getattr(job, "undone_by", None) is not None
    over = job.kind == MACRO or (job.finished_at is not None and job.kind != BulkKind.UNDO)
    return over and not undone and counts[BulkResult.DONE] > 0


@login_required
@require_POST
def bulk_undo(request: HttpRequest, job_id: int) -> HttpResponse:
    """Order that what was done is taken back."""
    job, actor = _job(request, job_id), Actor.staff(current_user(request))
    try:
        undo = ask_undo(job, by=actor)
    except CaseError as refusal:
        messages.error(request, refusal.message)
        return HttpResponseRedirect(reverse("desk:bulk_job", args=[job.pk]), status=303)
    return HttpResponseRedirect(reverse("desk:bulk_job", args=[undo.pk]), status=303)
