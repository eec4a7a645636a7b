"""Who else has a case open: kept in the cache for half a minute, never in the database.

Two who write the same note of presence at once may lose one of them; the next beat, some seconds
later, puts it right. Nothing is decided by it: what guards a save is the version of the case.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.cache import cache

from accounts.models import User
from complaints.models import Case
from complaints.moments import now

PRESENT_SECONDS = 30
LOOKING, WRITING, NOTING, EDITING = "looking", "writing", "noting", "editing"
DOINGS = (LOOKING, WRITING, NOTING, EDITING)


@dataclass(frozen=True)
class Present:
    """Somebody who has a case open, and what they do there."""

    name: str
    doing: str


def be_present(case: Case, user: User, *, doing: str) -> list[Present]:
    """Note that somebody has a case open, and return who else has, those who write first."""
    key, moment = f"presence:{case.pk}", now().timestamp()
    known: dict[int, tuple[str, str, float]] = cache.get(key) or {}
    fresh = {pk: found for pk, found in known.items() if moment - found[2] < PRESENT_SECONDS}
    doing = doing if doing in DOINGS else LOOKING
    fresh[user.pk] = (user.display_name, doing, moment)
    cache.set(key, fresh, PRESENT_SECONDS)
    others = [Present(name, does) for pk, (name, does, _at) in fresh.items() if pk != user.pk]
    return sorted(others, key=lambda each: (each.doing == LOOKING, each.name))
