"""What all pages of a consumer have in common, whichever app they belong to."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from config.views.pages import not_found

PREFIXES = ("/my/", "/t/", "/track/", "/complain/", "/chat/")
PRIVATE = (
    *PREFIXES,
    "/desk/",
    "/mediation/",
    "/consult/",
    "/result/",
    "/api/v1/cases/",
    "/api/v1/complaints/",
)


class ConsumerPages:
    """Nobody stores a page of a case or a draft, ours neither; a case that can't be opened offers
    the look-up.

    Addresses of pages hold no secret, so the referrer policy of the whole site is enough for them;
    "no-referrer" would make browsers send forms with the origin "null", which the protection
    against forged requests refuses. Only redirects away from a secret link set it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path.startswith(PRIVATE):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a case or draft that is not this browser's, on development machines too."""
        if isinstance(error, Http404) and request.path.startswith(PREFIXES):
            return not_found(request, error)
        return None
