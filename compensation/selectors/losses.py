"""The loss sheet as it is read, and what it tells the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from compensation.models import LossItem
from compensation.states import LossKind
from complaints.models import Case

INJURY = {
    LossKind.MEDICAL: "medical",
    LossKind.NUTRITION: "nutrition",
    LossKind.INJURY_TRAVEL: "transport",
}
"""Items by receipt that the rules about injuries know by name."""
OF_INJURY = frozenset({*INJURY, LossKind.NURSING, LossKind.MEALS, LossKind.INJURY_WAGES})


@dataclass(frozen=True)
class LossSums:
    """What was claimed and what was verified, in the case's currency."""

    claimed: Decimal
    verified: Decimal
    waiting: int
    by_currency: Sequence[tuple[str, Decimal]] = ()
    of_injury: bool = False

    @property
    def several(self) -> bool:
        """Whether claims stand in more than one currency, so that each is told on its own."""
        return len(self.by_currency) > 1


def losses_of(case: Case) -> QuerySet[LossItem]:
    """Return a case's losses in the order in which they were entered."""
    rows = LossItem.objects.filter(case=case).select_related(
        "evidence__file", "entered_by", "verified_by"
    )
    return rows.order_by("number")


def loss_sums(items: Iterable[LossItem]) -> LossSums:
    """Return the sums; what nobody verified counts as waiting.

    What was claimed is also told for each currency as it was claimed.
    """
    rows = list(items)
    claimed: dict[str, Decimal] = {}
    for row in rows:
        claimed[row.currency] = claimed.get(row.currency, Decimal(0)) + row.claimed
    return LossSums(
        claimed=sum((row.due for row in rows), Decimal(0)),
        verified=sum((row.verified or Decimal(0) for row in rows), Decimal(0)),
        waiting=sum(row.verified is None for row in rows),
        by_currency=sorted(claimed.items()),
        of_injury=any(row.kind in OF_INJURY for row in rows),
    )


def verified_losses(case: Case) -> list[tuple[str, Decimal]]:
    """Return the verified losses that are no injury's, each with its words."""
    rows = [row for row in losses_of(case) if row.verified and row.kind not in OF_INJURY]
    return [(row.description, row.verified or Decimal(0)) for row in rows]


def loss_facts(case: Case) -> dict[str, Decimal]:
    """Return the verified losses as facts of a purchase: injury has facts of its own.

    Empty where nothing was verified, so that it never writes over what a person entered.
    """
    amounts = [amount for _told, amount in verified_losses(case)]
    return {"other_losses": sum(amounts, Decimal(0))} if amounts else {}


def injury_facts(case: Case) -> dict[str, Decimal]:
    """Return the verified losses of an injury as its rules name them.

    What they reckon by days and rates (nursing, meals, earnings) goes in as proven losses.
    """
    facts: dict[str, Decimal] = {}
    for row in losses_of(case):
        if not row.verified:
            continue
        name = INJURY.get(LossKind(row.kind), "losses")
        if row.kind == LossKind.PROPERTY:
            name = "other_property"
        facts[name] = facts.get(name, Decimal(0)) + row.verified
    return facts
