"""Notices of a result to outside respondents."""

from __future__ import annotations

from django.db.models import QuerySet

from complaints import sealing
from complaints.moments import now
from liability.models import LiabilityFinding, ResultNotice


def notices_of(finding: LiabilityFinding) -> QuerySet[ResultNotice]:
    """Return the notices of a finding, in the order in which they were sent."""
    return ResultNotice.objects.filter(finding=finding).order_by("position")


def notice_of_secret(secret: str) -> ResultNotice | None:
    """Return the notice whose link has a secret, whether the link still opens it or not."""
    return _notices().filter(secret_digest=sealing.digest(secret)).first() if secret else None


def notice_of_guest(pk: int, digest: str) -> ResultNotice | None:
    """Return the notice that a browser was let in to, or None."""
    return _notices().filter(pk=pk, secret_digest=digest).first() if pk else None


def notice_is_over(notice: ResultNotice) -> bool:
    """Say whether a notice's link has ended."""
    return notice.expires_at <= now()


def _notices() -> QuerySet[ResultNotice]:
    return ResultNotice.objects.select_related("finding__case", "letter__file")
