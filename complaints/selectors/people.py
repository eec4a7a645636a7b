"""Staff as the desk needs them: who may own a case, which teams there are."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Team, User
from accounts.states import Role

OWNER_ROLES = (Role.AGENT, Role.MANAGER, Role.INVESTIGATOR)


def possible_owners() -> QuerySet[User]:
    """Return active people who may be made responsible for a case."""
    return User.objects.filter(is_active=True, roles__overlap=list(OWNER_ROLES)).order_by(
        "display_name", "pk"
    )


def teams() -> QuerySet[Team]:
    """Return all teams by name."""
    return Team.objects.order_by("name")
