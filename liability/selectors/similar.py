"""Earlier decided cases that are like this one, so that like is treated alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, Q, QuerySet

from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.likeness import shingles
from complaints.models import Case
from liability.models import LiabilityFinding, LiabilityShare
from liability.states import ShareTable

MOST_SHOWN = 5
MOST_COMPARED = 300
LEAST_SCORE = 0.25
_SAME_ISSUE, _SAME_CATEGORY, _SAME_PRODUCT, _SAME_BATCH = 0.25, 0.1, 0.25, 0.1


@dataclass(frozen=True)
class SimilarCase:
    """A decided case with how like it is, 0 to 1, and in what."""

    case: Case
    finding: LiabilityFinding
    shares: Sequence[LiabilityShare]
    score: float
    same_product: bool
    same_issue: bool

    @property
    def percent(self) -> int:
        """How like it is, in whole per cent."""
        return round(100 * self.score)

    @property
    def amount(self) -> Decimal | None:
        """What was agreed, where something was."""
        return self.case.amount_agreed


def similar_cases(case: Case, actor: Actor, *, most: int = MOST_SHOWN) -> list[SimilarCase]:
    """Return the decided cases most like this one, among those that the person may see.

    Weighed: the words of the fault, the issue and category, the product and its batch. Only the
    latest few hundred with a product or a kind of problem in common are compared word by word.
    """
    words = shingles(_told(case))
    found = [_compared(case, other, words) for other in _candidates(case, actor)[:MOST_COMPARED]]
    near = [each for each in found if each.score >= LEAST_SCORE]
    return sorted(near, key=lambda each: (-each.score, -each.case.pk))[:most]


def _candidates(case: Case, actor: Actor) -> QuerySet[LiabilityFinding]:
    alike = Q(pk__in=[])
    if case.product_id:
        alike |= Q(case__product=case.product_id)
    if case.category:
        alike |= Q(case__category=case.category)
    shares = LiabilityShare.objects.order_by("table", "position")
    return (
        LiabilityFinding.objects.filter(alike, superseded_by=None)
        .filter(case__in=visible_cases(actor).order_by())
        .exclude(case=case.pk)
        .select_related("case", "case__product")
        .prefetch_related(Prefetch("shares", queryset=shares))
        .order_by("-pk")
    )


def _told(case: Case) -> str:
    return f"{case.title} {case.description}"


def _compared(case: Case, finding: LiabilityFinding, words: frozenset[str]) -> SimilarCase:
    other = finding.case
    product = case.product_id is not None and case.product_id == other.product_id
    issue = bool(case.issue) and (case.category, case.issue) == (other.category, other.issue)
    score = _likeness(words, shingles(_told(other)))
    score += _SAME_PRODUCT * product + _SAME_ISSUE * issue
    score += _SAME_CATEGORY * (bool(case.category) and case.category == other.category)
    score += _SAME_BATCH * (case.batch_id is not None and case.batch_id == other.batch_id)
    shares = [share for share in finding.shares.all() if share.table == ShareTable.OUTWARD]
    return SimilarCase(other, finding, shares, min(1.0, score), product, issue)


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return 0 to .3: what both say, as a share of the shorter text, which a story hides in."""
    if not one or not other:
        return 0.0
    return 0.3 * len(one & other) / min(len(one), len(other))
