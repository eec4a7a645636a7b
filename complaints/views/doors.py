"""What the doors to a case have in common: addresses that tries are counted by, sealed cookies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from complaints import sealing

ONCE_SECONDS = 600


@contextmanager
def even_time(seconds: float) -> Iterator[None]:
    """Let a block take at least so long, so that its length doesn't tell what it found."""
    end = time.monotonic() + seconds
    yield
    time.sleep(max(0.0, end - time.monotonic()))


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
