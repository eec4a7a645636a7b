"""The start page: what this solves, what one needs, what is promised, and two ways in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from complaints.views.intake_draft import held_draft


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show the start page; somebody with a draft is offered to go on with it."""
    return render(request, "pages/start.html", {"draft": held_draft(request)})
