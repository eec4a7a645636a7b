"""Which sides a finding touches, and whether each was heard or served with its time passed."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Greatest

from complaints.models import Case
from complaints.moments import now
from liability.decisions import ShareData
from liability.hearing import Said, Side, same_name, sides
from liability.models import FindingDraft, LiabilityShare, Statement
from liability.states import OUTSIDE_PARTIES, ConsultStatus, DraftStatus


def sides_of(case: Case, *, bearers: Iterable[tuple[str, str]] = ()) -> list[Side]:
    """Return the respondent, and the outside parties (party and name) that are to bear a share.

    A question that was taken back asked nobody, and one with more time is open until then.
    """
    rows = (
        Statement.objects.filter(case=case)
        .exclude(heard_at=None, asked_by_task__status=ConsultStatus.REVOKED)
        .annotate(until=Greatest(F("answer_by"), F("asked_by_task__due_at")))
        .order_by("id")
    )
    said = [Said(row.party, row.name, row.heard_at, row.until) for row in rows]
    return sides(said, bearers=bearers, present=now())


def bearers_of(case: Case) -> list[tuple[str, str]]:
    """Return the outside parties that the finding in work, else the one in force, gives a share."""
    draft = FindingDraft.objects.filter(case=case).exclude(status=DraftStatus.ISSUED).first()
    shares: Iterable[ShareData | LiabilityShare] = (
        draft.data.shares
        if draft is not None
        else LiabilityShare.objects.filter(
            finding__case=case, finding__superseded_by=None
        ).order_by("table", "position")
    )
    return [
        (share.party, share.name)
        for share in shares
        if share.party in OUTSIDE_PARTIES and not is_us(share.name)
    ]


def is_us(name: str) -> bool:
    """Say whether a name is the company's own."""
    return any(same_name(name, own) for own in (settings.COMPANY_NAME, settings.COMPANY_NAME_EN))


def respondent_was_heard(case: Case) -> bool:
    """Say whether the respondent spoke, or was asked and let the time to answer pass."""
    return sides_of(case)[0].heard
