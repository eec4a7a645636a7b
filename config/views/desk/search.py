"""Finding cases, notices of one's own, and what is about to be late."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints.actors import Actor
from complaints.moments import now
from complaints.selectors.counting import capped_counts
from complaints.selectors.facts import unread_notices
from complaints.selectors.notices import latest_notices
from complaints.selectors.paging import queue_page
from complaints.selectors.search import case_called, found_cases
from complaints.services.notices import mark_read
from config.desk.notices import notice_lines
from config.desk.rows import case_row, count_words, place_from, place_words

PAGE = 25


@login_required
@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find cases; an exact reference opens its case at once."""
    actor, text = Actor.staff(current_user(request)), request.GET.get("q", "").strip()[:100]
    if text and (case := case_called(actor, text)) is not None:
        return HttpResponseRedirect(reverse("desk:case", args=[case.reference]), status=303)
    context: dict[str, Any] = {"now": now(), "text": text}
    if text:
        context |= _results(request, actor, text)
    return render(request, "desk/search.html", context)


def _results(request: HttpRequest, actor: Actor, text: str) -> dict[str, Any]:
    cases = found_cases(actor, text)
    counts = capped_counts(current_user(request), {"found": cases, "unread": unread_notices(actor)})
    page = queue_page(
        cases,
        size=PAGE,
        after=place_from(request.GET.get("after", "")),
        before=place_from(request.GET.get("before", "")),
        newest_first=True,
    )
    return {
        "rows": [case_row(row) for row in page.rows],
        "total": count_words(counts["found"]),
        "notification_count": counts["unread"],
        "previous_place": place_words(page.rows[0]) if page.rows and page.has_earlier else "",
        "next_place": place_words(page.rows[-1]) if page.rows and page.has_later else "",
    }


@login_required
@never_cache
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """List what one was told."""
    moment = now()
    notices = latest_notices(Actor.staff(current_user(request)))
    context = {
        "now": moment,
        "lines": notice_lines(notices, now=moment),
        "notification_count": sum(notice.read_at is None for notice in notices),
    }
    return render(request, "desk/notifications.html", context)


@login_required
@require_POST
def notifications_read(request: HttpRequest) -> HttpResponse:
    """Mark everything as read."""
    mark_read(current_user(request))
    return HttpResponseRedirect(reverse("notifications"), status=303)
