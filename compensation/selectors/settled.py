"""Settled cases for the report on consistency, read in pieces, and why some differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, Func, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from compensation.consistency import Settled
from compensation.models import CompensationPlan, Offer, PlanLine
from compensation.states import Layer, OfferStatus, OptionKind
from complaints.models import Case
from complaints.moments import now
from liability.states import Outcome

PIECE = 2000
YEAR = timedelta(days=365)
IN_KIND = frozenset({OptionKind.REPAIR, OptionKind.REPLACEMENT})
"""What is given instead of money: little money then is no little remedy."""
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
        rows = settled_rows(self.since).order_by("pk")
        for row in rows.iterator(chunk_size=PIECE):
            yield settled_of(row)


def settled_rows(since: datetime) -> QuerySet[Case, tuple[Any, ...]]:
    """Return the cases received since a moment that came to an amount, as the columns `COLUMNS`.

    The floor is the chosen option's: a repair has another one than a refund. Without a choice it
    is the last plan's.
    """
    chosen = Offer.objects.filter(case=OuterRef("pk"), status=OfferStatus.ACCEPTED).order_by("-pk")
    chosen = chosen.annotate(least=Coalesce("chosen_option__legal_minimum", "plan__legal_minimum"))
    planned = CompensationPlan.objects.filter(case=OuterRef("pk")).order_by("-version")
    floor = Coalesce(
        Subquery(chosen.values("least")[:1]),
        Subquery(planned.values("legal_minimum")[:1]),
        Value(Decimal("0.00")),
    )
    month = Func(
        F("received_at"),
        Value(timezone.get_current_timezone_name()),
        template="to_char(%(expressions)s, 'YYYY-MM')",
        arg_joiner=" AT TIME ZONE ",
        output_field=CharField(),
    )
    rows = Case.objects.filter(received_at__gte=since, amount_agreed__gte=0, amount_paid__gt=0)
    return rows.annotate(
        month=month, team_name=Coalesce("team__name", Value("")), least=floor
    ).values_list(*COLUMNS)


COLUMNS = (
    "pk", "reference", "category", "issue", "severity", "currency", "amount_paid",
    "amount_agreed", "month", "team_name", "region", "least",
)  # fmt: skip


def settled_of(row: tuple[Any, ...]) -> Settled:
    """Return a row of `COLUMNS` as a settled case."""
    pk, reference, category, issue, severity, currency, *more = row
    price, agreed, month, team, region, least = more
    return Settled(
        pk=pk,
        reference=reference,
        facts=(category, issue, severity, currency),
        price=price,
        agreed=agreed,
        month=month,
        team=team,
        region=region,
        floor=least,
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
    if offer.chosen_option is not None and offer.chosen_option.kind in IN_KIND:
        told.append(str(OptionKind(offer.chosen_option.kind).label))
    if offer.plan.informed_choice:
        told.append(_("消费者知情后的选择"))
    if offer.plan.finding.outcome == Outcome.PARTLY:
        told.append(_("责任按比例承担"))
    if offer.plan.legal_minimum > 0:
        told.append(_("法定最低金额不同"))
    layers = [layer for option, layer in extras if option == offer.chosen_option_id]
    told += [str(Layer(layer).label) for layer in sorted(layers)]
    return told
