"""Staff as the desk needs them: who may own a case, who answers for it, which teams there are."""

from __future__ import annotations

from django.db.models import QuerySet

from accounts.models import Team, User
from accounts.states import Role
from complaints.models import Case

OWNER_ROLES = (Role.AGENT, Role.MANAGER, Role.INVESTIGATOR)


def possible_owners() -> QuerySet[User]:
    """Return active people who may be made responsible for a case."""
    return User.objects.filter(is_active=True, roles__overlap=list(OWNER_ROLES)).order_by(
        "display_name", "pk"
    )


def teams() -> QuerySet[Team]:
    """Return all teams by name."""
    return Team.objects.order_by("name")


def all_managers() -> list[User]:
    """Return every manager who works here."""
    return list(User.objects.filter(is_active=True, roles__contains=[Role.MANAGER]).order_by("pk"))


def finance_staff() -> list[User]:
    """Return everybody who works in finance."""
    return list(User.objects.filter(is_active=True, roles__contains=[Role.FINANCE]).order_by("pk"))


def managers_of(case: Case) -> list[User]:
    """Return the team's manager, or all managers where the case has none."""
    manager = case.team.manager if case.team else None
    return [manager] if manager is not None and manager.is_active else all_managers()


def responsible_for(case: Case) -> list[User]:
    """Return who is told what a case needs: its owner, else whoever manages it."""
    owner = case.owner
    return [owner] if owner is not None and owner.is_active else managers_of(case)
