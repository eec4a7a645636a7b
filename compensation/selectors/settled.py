"""Settled cases for the report on consistency, read in pieces, and why some differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Team
from compensation.consistency import Settled
from compensation.models import CompensationPlan, Offer, PlanLine
from compensation.states import Layer, OfferStatus
from complaints.models import Case
from complaints.moments import now
from liability.states import Outcome

PIECE = 2000
YEAR = timedelta(days=365)
_EXTRA = (Layer.STANDARD, Layer.TIER_EXTRA, Layer.GOODWILL)


@dataclass(frozen=True)
class SettledCases:
    """The cases received since a moment that came to an amount; each pass reads them anew."""

    since: datetime

    @classmethod
    def of_last_year(cls) -> SettledCases:
        """Those of the last 365 days."""
        return cls(now() - YEAR)

    def __iter__(self) -> Iterator[Settled]:
        teams = dict(Team.objects.values_list("pk", "name"))
        floor = CompensationPlan.objects.filter(case=OuterRef("pk")).order_by("-version")
        rows = (
            Case.objects.filter(
                received_at__gte=self.since, amount_agreed__gte=0, amount_paid__gt=0
            )
            .annotate(least=Subquery(floor.values("legal_minimum")[:1]), code=F("currency"))
            .order_by("pk")
            .values_list(
                "pk", "reference", "category", "issue", "severity", "code", "amount_paid",
                "amount_agreed", "received_at", "team_id", "region", "least",
            )
        )  # fmt: skip
        for row in rows.iterator(chunk_size=PIECE):
            yield _settled(row, teams)


def _settled(row: tuple[Any, ...], teams: dict[int, str]) -> Settled:
    pk, reference, category, issue, severity, currency, price, agreed, at, team, region, least = row
    return Settled(
        pk=pk,
        reference=reference,
        facts=(category, issue, severity, currency),
        price=price,
        agreed=agreed,
        month=timezone.localtime(at).strftime("%Y-%m"),
        team=teams.get(team, ""),
        region=region,
        floor=least or Decimal(0),
    )


def explanations(cases: list[int]) -> dict[int, list[str]]:
    """Return what on file explains that a case differs: choices, shares, extras, mediation."""
    accepted = Offer.objects.filter(plan__case__in=cases, status=OfferStatus.ACCEPTED)
    rows = accepted.select_related("plan__finding", "chosen_option").order_by("pk")
    offers = {offer.plan.case_id: offer for offer in rows}
    options = [offer.chosen_option_id for offer in offers.values()]
    extras = set(
        PlanLine.objects.filter(option__in=options, layer__in=_EXTRA, is_cash=True).values_list(
            "option_id", "layer"
        )
    )
    return {pk: _why(offers.get(pk), extras) for pk in cases}


def _why(offer: Offer | None, extras: set[tuple[int, str]]) -> list[str]:
    if offer is None:
        return [_("调解、裁决或者没有方案")]
    told = []
    if offer.plan.informed_choice:
        told.append(_("消费者知情后的选择"))
    if offer.plan.finding.outcome == Outcome.PARTLY:
        told.append(_("责任按比例承担"))
    if offer.plan.legal_minimum > 0:
        told.append(_("法定最低金额不同"))
    layers = [layer for option, layer in extras if option == offer.chosen_option_id]
    told += [str(Layer(layer).label) for layer in sorted(layers)]
    return told
