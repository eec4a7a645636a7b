"""Cookies by which a device remembers how the desk should look and behave."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponseBase

THEME, KEYS = "theme", "keys"
_A_YEAR = 365 * 24 * 3600


def _keep(response: HttpResponseBase, name: str, value: str, *, readable: bool) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=not readable,
        samesite="Lax",
    )


def remember_theme(response: HttpResponseBase, *, theme: str) -> None:
    """Keep the theme: light, dark, or auto for what the device says."""
    _keep(response, THEME, theme, readable=False)


def remember_shortcuts(response: HttpResponseBase, *, enabled: bool) -> None:
    """Keep whether single keys act; scripts write this cookie too."""
    _keep(response, KEYS, "on" if enabled else "off", readable=True)


def remember_language(response: HttpResponseBase, *, language: str) -> None:
    """Keep the language, as Django's own switch does."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_A_YEAR,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
