"""Which sides a finding touches, and whether each was heard or served with its time passed."""

from __future__ import annotations

from collections.abc import Iterable

from complaints.models import Case
from complaints.moments import now
from liability.hearing import Said, Side, sides
from liability.models import Statement


def sides_of(case: Case, *, suppliers: Iterable[str] = ()) -> list[Side]:
    """Return the respondent and the named suppliers that are to bear a share."""
    rows = Statement.objects.filter(case=case).order_by("id")
    said = [Said(row.party, row.name, row.heard_at, row.answer_by) for row in rows]
    return sides(said, suppliers=suppliers, present=now())
