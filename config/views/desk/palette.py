"""The command palette: a list for the dialog, a page for browsers without scripts."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import current_user
from complaints.selectors.search import LONGEST_QUERY
from config.desk.palette import offers


@login_required
@never_cache
@require_safe
def palette(request: HttpRequest) -> HttpResponse:
    """Offer where to go and what to do."""
    text = request.GET.get("q", "")[:LONGEST_QUERY]
    groups = offers(current_user(request), text, reference=request.GET.get("case", "")[:20])
    template = "desk/_palette_list.html" if "X-Palette" in request.headers else "desk/palette.html"
    return render(request, template, {"groups": groups, "text": text})
