"""Notices on the desk: read or not."""

from __future__ import annotations

from accounts.models import User
from complaints.models import Case, Notification
from complaints.moments import now


def mark_read(user: User, *, case: Case | None = None) -> int:
    """Mark a person's notices as read, all or those of one case; return how many were not."""
    unread = Notification.objects.filter(user=user, read_at=None)
    if case is not None:
        unread = unread.filter(case=case)
    return unread.update(read_at=now())
