"""Loading a Case for change: lock the row first, then check the version that the person saw."""

from __future__ import annotations

from django.db import connection
from django.utils.translation import gettext_lazy as _

from complaints.access import refuse_erased
from complaints.errors import StaleCase
from complaints.models import Case


def locked_case(case: Case, *, seen: int | None = None) -> Case:
    """Return the Case freshly read under a row lock; the one passed in is stale from then on.

    Must run inside a transaction. Raises StaleCase when `seen` is given and somebody else has
    changed the Case since, and CaseErased for one whose particulars are gone: it stays as it is.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("A Case is locked only inside a transaction.")
    fresh = (
        Case.objects.select_for_update(of=("self",), no_key=True)
        .select_related("consumer", "product", "batch")
        .get(pk=case.pk)
    )
    refuse_erased(fresh)
    if seen is not None and seen != fresh.version:
        raise StaleCase(
            _("有人刚刚改过这个案件。看看最新情况，再决定要不要继续。"),
            seen=seen,
            current=fresh.version,
        )
    return fresh


def locked_cases(*cases: Case) -> list[Case]:
    """Return several Cases as `locked_case` does, in the order given.

    The locks are taken in the order of the primary keys, so that two steps about the same Cases
    never wait for each other.
    """
    locked = {case.pk: locked_case(case) for case in sorted(cases, key=lambda case: case.pk)}
    return [locked[case.pk] for case in cases]
