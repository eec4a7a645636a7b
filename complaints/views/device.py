"""The mark of a browser: a random value in a cookie of our own, for thirty days, and no more.

It tells nothing about the device. Its digest stands with the complaints sent from that browser, so
that screening sees claims under many names from one place; no page is other because of it.
"""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse

_COOKIE, _SALT, _PATH = "redress_device", "complaints.device", "/complain/"
_SECONDS = 30 * 86400


def held_device(request: HttpRequest) -> str:
    """Return the browser's mark; "" where it has none, an old one, or one that is not ours."""
    try:
        return request.get_signed_cookie(_COOKIE, default="", salt=_SALT, max_age=_SECONDS)
    except BadSignature:
        return ""


def mark_device(request: HttpRequest, response: HttpResponse) -> None:
    """Give a browser without a mark a random one."""
    if held_device(request):
        return
    response.set_signed_cookie(
        _COOKIE,
        secrets.token_urlsafe(16),
        salt=_SALT,
        max_age=_SECONDS,
        path=_PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
