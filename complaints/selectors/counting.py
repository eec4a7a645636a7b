"""Counting many lists in one statement, each only as far as anybody wants to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Expression, IntegerField, QuerySet, Subquery

from accounts.models import User

MOST_COUNTED = 10_000


class CountOf(Subquery):
    """The number of rows of a list, as a value."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def capped_counts(
    user: User,
    lists: Mapping[str, QuerySet[Any]],
    *,
    most: int = MOST_COUNTED,
    caps: Mapping[str, int] | None = None,
    also: Mapping[str, Expression] | None = None,
) -> dict[str, Any]:
    """Count each list for a person, up to `most` + 1, in one statement.

    A count above `most` means "more than that" and is shown as 10,000+; `caps` gives some lists a
    bound of their own. `also` holds other things to be read in the same statement, each under its
    own name.
    """
    caps = caps or {}
    counts = {
        f"count_{name}": CountOf(rows.order_by().values("pk")[: caps.get(name, most) + 1])
        for name, rows in lists.items()
    }
    more = {f"also_{name}": expression for name, expression in (also or {}).items()}
    found = User.objects.filter(pk=user.pk).values(**counts, **more).first() or {}
    return {name: found.get(f"count_{name}") or 0 for name in lists} | {
        name: found.get(f"also_{name}") for name in also or {}
    }
