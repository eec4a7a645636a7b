"""What the doors to a case have in common: private answers, addresses, sealed cookies."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from complaints import sealing

View = Callable[..., HttpResponseBase]
ONCE_SECONDS = 600


def private_page(view: View) -> View:
    """Let nobody keep or pass on the answers of a view that shows a case or a draft."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return keep_private(view(request, *args, **kwargs))

    return answer


def keep_private(response: HttpResponseBase) -> HttpResponseBase:
    """Forbid storing an answer, and naming its address to other sites.

    "no-referrer" would make browsers send forms with the origin "null", which the protection
    against forged requests refuses; an address with a secret in it is never a page.
    """
    response.headers["Cache-Control"] = "private, no-store"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response


def caller_address(request: HttpRequest) -> str:
    """Return the network address that tries are counted by; the proxy's word behind a proxy."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


def hand_over(response: HttpResponseBase, name: str, value: dict[str, str], *, path: str) -> None:
    """Give the next page something that it may show once; sealed, gone in ten minutes."""
    response.set_cookie(
        name,
        sealing.seal_for_installation(value).decode(),
        max_age=ONCE_SECONDS,
        path=path,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def handed_over(request: HttpRequest, name: str) -> dict[str, str]:
    """Return what `hand_over` gave; nothing when it is gone, late or not ours."""
    sealed = request.COOKIES.get(name, "")
    value = sealing.unseal_for_installation(sealed.encode()) if sealed else None
    return value if isinstance(value, dict) else {}


def forget(response: HttpResponseBase, name: str, *, path: str) -> None:
    """Take back what was handed over, once it was shown."""
    response.delete_cookie(name, path=path, samesite="Lax")
