"""Whom a note calls: colleagues who may see its case."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.models import User
from complaints.access import sees_every_case, visible_cases
from complaints.actors import Actor
from complaints.mentions import SIGN, mentioned
from complaints.models import Case
from complaints.permissions import Permission, has_permission


def may_see(case: Case, user: User) -> bool:
    """Say whether a member of staff may see a case."""
    actor = Actor.staff(user)
    if not has_permission(actor, Permission.VIEW_CASE):
        return False
    return sees_every_case(actor) or visible_cases(actor).filter(pk=case.pk).exists()


def colleagues(case: Case, *, but: User | None = None) -> list[User]:
    """Return all who may see a case, by name."""
    active = User.objects.filter(is_active=True).exclude(roles=[]).order_by("display_name", "pk")
    return [user for user in active if user != but and may_see(case, user)]


def called_by(
    case: Case, text: str, *, also: Iterable[int] = (), but: User | None = None
) -> list[User]:
    """Return whom a text calls by "@", and of the ids in `also`, those who may see the case."""
    chosen = set(also)
    if SIGN not in text and not chosen:
        return []
    active = {user.pk: user for user in User.objects.filter(is_active=True)}
    names = {
        pk: (user.display_name, f"{user.display_name}({user.username})", user.username)
        for pk, user in active.items()
    }
    found = [*mentioned(text, names), *sorted(chosen & active.keys())]
    users = [active[pk] for pk in dict.fromkeys(found)]
    return [user for user in users if user != but and may_see(case, user)]
