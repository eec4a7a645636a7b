"""Who complains together in a case, and who has not agreed to a settlement."""

from __future__ import annotations

from django.db.models import QuerySet

from complaints.models import Case, GroupMember


def members_of_group(case: Case) -> list[GroupMember]:
    """Return those who complain together in a case, representatives first; [] for one alone."""
    rows = GroupMember.objects.filter(case=case, left_at=None).select_related("consumer")
    return sorted(rows, key=lambda member: (member.place is None, member.place or 0, member.pk))


def without_consent(case: Case) -> QuerySet[GroupMember]:
    """Return those of a group who have not agreed to a settlement."""
    return GroupMember.objects.filter(case=case, left_at=None, consented_at=None)
