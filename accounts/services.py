"""The first account, changes to one's own, and tokens for programs that act for people."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models.functions import Now

from accounts.models import ApiToken, Department, Team, User
from accounts.states import Role

MARK = "rdt_"


@transaction.atomic
def open_first_account(
    username: str, *, password: str, name: str, email: str, department: str, team: str
) -> User:
    """Make the person who starts a new site: administrator, and manager of the default team.

    New cases go to that team; one that is there already as the default is kept, with its manager.
    Raises ValidationError for a name, address or password that will not do, and ValueError where
    an active administrator is there: further people are made in the administration.
    """
    if User.objects.filter(is_active=True, roles__contains=[Role.ADMINISTRATOR]).exists():
        raise ValueError("there is an administrator")
    user = User(
        username=username,
        email=email,
        display_name=name,
        roles=[Role.ADMINISTRATOR, Role.MANAGER],
        is_staff=True,
    )
    validate_password(password, user)
    user.set_password(password)
    user.full_clean()
    user.save()
    user.team = _default_team(department=department, team=team, manager=user)
    user.save(update_fields=["team"])
    return user


def _default_team(*, department: str, team: str, manager: User) -> Team:
    found = Team.objects.filter(is_default=True).first()
    if found is None:
        home, _new = Department.objects.get_or_create(name=department)
        found, _new = Team.objects.get_or_create(name=team, defaults={"department": home})
        found.is_default = True
    if found.manager is None:
        found.manager = manager
    found.save()
    return found


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
