"""Who does something: a member of staff, the consumer, a mediator by link, or the system."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from complaints.errors import StepForbidden
from complaints.states import ActorKind

if TYPE_CHECKING:
    from accounts.models import User

CONSUMER_ROLE = "consumer"
GUEST_MEDIATOR_ROLE = "guest_mediator"
PARTNER_ROLE = "partner"
SYSTEM_ROLE = "system"


@dataclass(frozen=True)
class Actor:
    """The person or machine behind an action, and the roles that decide what it may do."""

    kind: str
    roles: frozenset[str] = field(default_factory=frozenset)
    user: User | None = None

    @classmethod
    def staff(cls, user: User) -> Actor:
        """A logged-in member of staff; holds no role when deactivated."""
        roles = frozenset(user.roles) if user.is_active else frozenset()
        return cls(kind=ActorKind.STAFF, roles=roles, user=user)

    @classmethod
    def consumer(cls) -> Actor:
        """The consumer of the case that the door has already checked."""
        return cls(kind=ActorKind.CONSUMER, roles=frozenset({CONSUMER_ROLE}))

    @classmethod
    def guest_mediator(cls) -> Actor:
        """An outside mediator, let in to one case by a link."""
        return cls(kind=ActorKind.MEDIATOR, roles=frozenset({GUEST_MEDIATOR_ROLE}))

    @classmethod
    def partner(cls) -> Actor:
        """A supplier, warehouse or carrier, let in to one question by a link."""
        return cls(kind=ActorKind.PARTNER, roles=frozenset({PARTNER_ROLE}))

    @classmethod
    def system(cls) -> Actor:
        """A periodic task or a clock."""
        return cls(kind=ActorKind.SYSTEM, roles=frozenset({SYSTEM_ROLE}))

    @property
    def person(self) -> User:
        """The member of staff behind the action; raises StepForbidden for anybody else."""
        if self.user is None:
            raise StepForbidden(_("这一步要由一位工作人员来做。"))
        return self.user

    def has_role(self, *roles: str) -> bool:
        """Say whether at least one of `roles` is held."""
        return not self.roles.isdisjoint(roles)
