"""Who is asking."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest

from accounts.models import ApiToken, User


def current_user(request: HttpRequest) -> User:
    """Return the member of staff who is logged in; PermissionDenied when nobody is."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def user_of_token(digest: str) -> User | None:
    """Return the active person for whom a token speaks; None for any token that doesn't hold."""
    unexpired = Q(expires_at=None) | Q(expires_at__gt=Now())
    found = (
        ApiToken.objects.filter(unexpired, digest=digest, revoked_at=None, user__is_active=True)
        .select_related("user")
        .first()
    )
    return found.user if found else None
