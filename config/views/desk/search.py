"""Finding cases, notices of one's own, and what is about to be late."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user
from complaints.actors import Actor
from complaints.moments import now
from complaints.selectors.notices import latest_notices
from complaints.selectors.search import case_called
from complaints.services.notices import mark_read
from config.desk.notices import notice_lines
from config.desk.search_page import SearchPage


@login_required
@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Find cases; an exact reference opens its case at once."""
    page = SearchPage(current_user(request), request.GET, now())
    if page.text and (case := case_called(page.actor, page.text)) is not None:
        return HttpResponseRedirect(reverse("desk:case", args=[case.reference]), status=303)
    context = {"now": page.moment, "text": page.text, **page.context()}
    return render(request, "desk/search.html", context)


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
