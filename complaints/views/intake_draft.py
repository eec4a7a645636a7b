"""Which draft a browser is writing: a signed cookie holds its id."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from complaints.models import IntakeDraft
from complaints.selectors.drafts import draft_by_id
from complaints.services.drafts import start_draft
from complaints.views.doors import caller_address

_COOKIE, _SALT, _PATH = "redress_draft", "complaints.intake-draft", "/"
_SECONDS = 30 * 86400


def held_draft(request: HttpRequest) -> IntakeDraft | None:
    """Return the draft that this browser writes, if it is still there."""
    try:
        value = request.get_signed_cookie(_COOKIE, default="", salt=_SALT, max_age=_SECONDS)
    except BadSignature:
        return None
    return draft_by_id(UUID(value)) if value else None


def new_draft(request: HttpRequest) -> IntakeDraft:
    """Begin a draft for this browser. Raises TooManyAttempts."""
    language = "en" if get_language() == "en" else "zh-hans"
    return start_draft(address=caller_address(request), language=language)


def hold_draft(response: HttpResponseBase, draft: IntakeDraft) -> None:
    """Let the browser keep the draft for thirty days."""
    response.set_signed_cookie(
        _COOKIE,
        str(draft.pk),
        salt=_SALT,
        max_age=_SECONDS,
        path=_PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def let_go(response: HttpResponseBase) -> None:
    """Let the browser forget its draft."""
    response.delete_cookie(_COOKIE, path=_PATH, samesite="Lax")
