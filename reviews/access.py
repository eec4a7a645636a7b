"""An outside mediator's way in: a link that is opened once, then a signed cookie for one case."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

from reviews.models import Mediation

_COOKIE, _SALT = "redress_mediation", "reviews.mediator-access"
_PATH = "/mediation/"
_DAYS = 60


def let_in(response: HttpResponse, mediation: Mediation) -> None:
    """Let this browser into one mediation; whichever it was let into before is closed to it."""
    response.set_signed_cookie(
        _COOKIE,
        f"{mediation.pk}.{mediation.secret_digest}",
        salt=_SALT,
        max_age=_DAYS * 86400,
        path=_PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def let_out(response: HttpResponse) -> None:
    """Forget the mediation that this browser was let into."""
    response.delete_cookie(_COOKIE, path=_PATH, samesite="Lax")


def opened(request: HttpRequest) -> tuple[int, str]:
    """Return the mediation and the link's digest that this browser holds; (0, "") for none."""
    try:
        value = request.get_signed_cookie(_COOKIE, default="", salt=_SALT, max_age=_DAYS * 86400)
    except BadSignature:
        return 0, ""
    pk, _dot, digest = (value or "").partition(".")
    return (int(pk), digest) if pk.isdecimal() and digest else (0, "")
