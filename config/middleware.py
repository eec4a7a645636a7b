"""Probes answered first; refusals that no page worded itself, as pages that people can read."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import resolve
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Role
from complaints.errors import CaseErased, CaseError, StaleCase, StepForbidden
from reviews.selectors.erasure import what_is_left

MOST_BODY = 320 * 1024 * 1024
# No page takes more than all files of a case; these take less.
MOST_BODIES = {"/verify/": 6 * 1024 * 1024}
PROBES = frozenset({"/healthz/live", "/healthz/ready", "/metrics"})


class AnswersProbes:
    """Answers programs that watch the site, before anything asks which host they meant.

    They come by address, not by the site's name: a container asks itself at 127.0.0.1. Nothing in
    these answers may use the host. Stands behind only what adds headers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in PROBES:
            return self.get_response(request)
        answer: HttpResponseBase = resolve(request.path_info).func(request)
        return answer


class RefusesLargeBodies:
    """Answers 413 before a body is read that is larger than all files of a case together.

    A file's own limit is told by the form. Django reads no further than the length announced, and
    nothing where none is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        most = MOST_BODIES.get(request.path_info, MOST_BODY)
        if not announced.isdecimal() or len(announced) > 18 or int(announced) > most:
            words = _("一次发送的内容太多。请少选几个文件，分几次上传。")
            answer = HttpResponse(words, status=413, content_type="text/plain; charset=utf-8")
            answer.headers["Connection"] = "close"
            return answer
        return self.get_response(request)


class RefusesNul:
    """Answers 400 to a NUL in an address: no text of ours holds one, and no database takes it.

    The API checks its own input, and answers in its own shape.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        api = request.path_info.startswith("/api/")
        values = [value for _name, values in request.GET.lists() for value in values]
        if not api and any("\x00" in text for text in [request.path_info, *values]):
            raise BadRequest("NUL in the address")
        return self.get_response(request)


class ReadableRefusals:
    """StepForbidden becomes a 403 page, CaseErased 410, other CaseErrors 409; nothing was changed.

    The API words its own answers.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for errors that carry a sentence for the person; leave all others alone."""
        if not isinstance(error, CaseError) or request.path.startswith("/api/"):
            return None
        if isinstance(error, CaseErased):
            return _erased(request, error)
        forbidden = isinstance(error, StepForbidden)
        context = {
            "message": str(error),
            "forbidden": forbidden,
            "stale": isinstance(error, StaleCase),
            "roles": _roles(request),
        }
        inside = isinstance(request.user, User)
        template = "desk/refused.html" if inside else "desk/refused_outside.html"
        return render(request, template, context, status=403 if forbidden else 409)


def _erased(request: HttpRequest, error: CaseErased) -> HttpResponse:
    """Say that the time to keep a case is over; staff see what is left of it."""
    context: dict[str, object] = {"message": str(error)}
    if request.path.startswith("/desk/") and isinstance(request.user, User):
        context["left"] = what_is_left(error.reference)
        return render(request, "reviews/erased_desk.html", context, status=410)
    return render(request, "reviews/erased.html", context, status=410)


def _roles(request: HttpRequest) -> list[str]:
    user = request.user
    return [str(Role(role).label) for role in user.roles] if isinstance(user, User) else []
