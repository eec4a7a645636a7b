"""Changes that people make to their own account, and tokens for programs that act for them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db.models.functions import Now

from accounts.models import ApiToken, User

MARK = "rdt_"


def set_shortcuts(user: User, *, enabled: bool) -> None:
    """Turn single-key shortcuts on or off for a person, on every device from the next log-in."""
    user.single_key_shortcuts = enabled
    user.save(update_fields=["single_key_shortcuts"])


def token_digest(token: str) -> str:
    """Return what is stored of a token; its 256 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def issue_token(user: User, *, label: str, expires_at: datetime | None = None) -> str:
    """Make a token for a program that acts as `user` and return it; it is never shown again."""
    token = MARK + secrets.token_urlsafe(32)
    ApiToken.objects.create(
        user=user, label=label[:80], digest=token_digest(token), expires_at=expires_at
    )
    return token


def revoke_token(token: ApiToken) -> None:
    """Stop a token for good."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=Now())
