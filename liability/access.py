"""An outside party's way in: a link that is opened once, then a signed cookie for one task."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from liability.models import ConsultLink

_COOKIE, _SALT = "redress_consult", "liability.consult-access"
_PATH = "/consult/"
_DAYS = 60


def let_in(response: HttpResponse, link: ConsultLink) -> None:
    """Let this browser in by one link; whatever it was let into before is closed to it."""
    response.set_signed_cookie(
        _COOKIE,
        f"{link.pk}.{link.secret_digest}",
        salt=_SALT,
        max_age=_DAYS * 86400,
        path=_PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def let_out(response: HttpResponse) -> None:
    """Forget the task that this browser was let into."""
    response.delete_cookie(_COOKIE, path=_PATH, samesite="Lax")


def opened(request: HttpRequest) -> tuple[int, str]:
    """Return the link and its digest that this browser holds; (0, "") for none."""
    try:
        value = request.get_signed_cookie(_COOKIE, default="", salt=_SALT, max_age=_DAYS * 86400)
    except BadSignature:
        return 0, ""
    pk, _dot, digest = (value or "").partition(".")
    return (int(pk), digest) if pk.isdecimal() and digest else (0, "")
