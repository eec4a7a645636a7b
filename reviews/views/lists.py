"""Everything that waits for a panel, a mediator, or somebody outside."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import current_user
from complaints.actors import Actor
from complaints.moments import now
from reviews.selectors.lists import open_matters


@login_required
@require_safe
def reviews_list(request: HttpRequest) -> HttpResponse:
    """List the open reviews, mediations and outside proceedings of the cases one may see."""
    context = {**open_matters(Actor.staff(current_user(request))), "now": now()}
    return render(request, "reviews/list.html", context)
