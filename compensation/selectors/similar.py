"""Decided cases like this one: what their consumers chose, and what it came to against the price.

Likeness is category, issue, severity and currency, and nothing about the person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.db.models import Case as Switch
from django.db.models import F, Sum, When

from compensation.models import Offer
from compensation.ranges import FEWEST, Spread, spread
from compensation.states import LineKind, OfferStatus
from complaints.models import Case
from complaints.moments import now

LOOKS_BACK = timedelta(days=365)
MOST = 500


@dataclass(frozen=True)
class SimilarCases:
    """How many there are, by kind and in all; spreads are money for this case's price."""

    count: int = 0
    whole: Spread | None = None
    by_kind: dict[str, Spread] = field(default_factory=dict)
    chosen: dict[str, int] = field(default_factory=dict)


def similar_cases(case: Case) -> SimilarCases:
    """Return what similar cases came to within a year; the issue counts where enough have it."""
    price = case.amount_paid
    if not price or not case.category:
        return SimilarCases()
    rows = _chosen(case, issue=case.issue) if case.issue else []
    if len(rows) < FEWEST:
        rows = _chosen(case)
    return _summed_up(rows, price)


def _chosen(case: Case, **like: str) -> list[tuple[str, Decimal]]:
    """Return kind and ratio of cost to price of what was chosen, the latest first."""
    amount = Switch(
        When(chosen_option__lines__kind=LineKind.CREDIT, then=-F("chosen_option__lines__amount")),
        default=F("chosen_option__lines__amount"),
        output_field=models.DecimalField(),
    )
    rows = (
        Offer.objects.filter(
            status=OfferStatus.ACCEPTED,
            sent_at__gte=now() - LOOKS_BACK,
            plan__currency=case.currency,
            plan__case__category=case.category,
            plan__case__severity=case.severity,
            plan__case__amount_paid__gt=0,
            **{f"plan__case__{name}": value for name, value in like.items()},
        )
        .exclude(plan__case=case)
        .annotate(cost=Sum(amount))
        .order_by("-sent_at", "-pk")
        .values_list("chosen_option__kind", "cost", "plan__case__amount_paid")[:MOST]
    )
    return [(kind, cost / paid) for kind, cost, paid in rows if cost is not None]


def _summed_up(rows: Sequence[tuple[str, Decimal]], price: Decimal) -> SimilarCases:
    ratios: dict[str, list[Decimal]] = defaultdict(list)
    for kind, ratio in rows:
        ratios[kind].append(ratio)
    whole = spread([ratio for _kind, ratio in rows])
    found = {kind: spread(values) for kind, values in ratios.items()}
    return SimilarCases(
        count=len(rows),
        whole=whole.times(price) if whole else None,
        by_kind={kind: one.times(price) for kind, one in found.items() if one},
        chosen={kind: len(values) for kind, values in ratios.items()},
    )
