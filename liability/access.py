"""An outside party's ways in: a link that is opened once, then a signed cookie for one thing."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from liability.models import ConsultLink, ResultNotice

_COOKIE, _SALT = "redress_consult", "liability.consult-access"
_PATH = "/consult/"
_DAYS = 60


_RESULT_COOKIE, _RESULT_SALT, _RESULT_PATH = "redress_result", "liability.result-access", "/result/"


def let_in(response: HttpResponse, link: ConsultLink) -> None:
    """Let this browser in by one link; whatever it was let into before is closed to it."""
    _set(response, _COOKIE, link.pk, link.secret_digest, salt=_SALT, path=_PATH)


def let_in_to_result(response: HttpResponse, notice: ResultNotice) -> None:
    """Let this browser in to one notice of a result; an earlier one is closed to it."""
    _set(
        response,
        _RESULT_COOKIE,
        notice.pk,
        notice.secret_digest,
        salt=_RESULT_SALT,
        path=_RESULT_PATH,
    )


def let_out(response: HttpResponse) -> None:
    """Forget the task that this browser was let into."""
    response.delete_cookie(_COOKIE, path=_PATH, samesite="Lax")


def opened(request: HttpRequest) -> tuple[int, str]:
    """Return the link and its digest that this browser holds; (0, "") for none."""
    return _held(request, _COOKIE, salt=_SALT)


def opened_result(request: HttpRequest) -> tuple[int, str]:
    """Return the notice and its digest that this browser holds; (0, "") for none."""
    return _held(request, _RESULT_COOKIE, salt=_RESULT_SALT)


def _set(response: HttpResponse, name: str, pk: int, digest: str, *, salt: str, path: str) -> None:
    response.set_signed_cookie(
        name,
        f"{pk}.{digest}",
        salt=salt,
        max_age=_DAYS * 86400,
        path=path,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _held(request: HttpRequest, name: str, *, salt: str) -> tuple[int, str]:
    try:
        value = request.get_signed_cookie(name, default="", salt=salt, max_age=_DAYS * 86400)
    except BadSignature:
        return 0, ""
    pk, _dot, digest = (value or "").partition(".")
    return (int(pk), digest) if pk.isdecimal() and digest else (0, "")
