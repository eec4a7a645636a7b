"""The terms of a common remedy: how they are kept, and what they come to for one consumer.

Pure values. A line, or the law's minimum, may follow the price that each consumer paid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from compensation.drafts import LineData, OptionData, PlanData


@dataclass(frozen=True)
class RemedyTerms:
    """What is offered alike; `floor_of_price`: the law's minimum is the price that was paid."""

    plan: PlanData
    floor_of_price: bool = False

    @property
    def needs_price(self) -> bool:
        """Whether anything follows the price."""
        lines = [line for option in self.plan.options for line in option.lines]
        return self.floor_of_price or any(line.of_price for line in lines)


class PriceUnknown(ValueError):
    """The consumer's price is needed and not known."""


class PriceTooHigh(ValueError):
    """The consumer paid more than a line that follows the price may come to."""


def plan_for(terms: RemedyTerms, price: Decimal | None) -> PlanData:
    """Return the plan of one consumer. Raises PriceUnknown, PriceTooHigh."""
    if not terms.needs_price:
        return terms.plan
    if not price:
        raise PriceUnknown
    options = [
        replace(option, lines=[_line_for(line, price) for line in option.lines])
        for option in terms.plan.options
    ]
    floor = price if terms.floor_of_price else terms.plan.legal_minimum
    return replace(terms.plan, options=options, legal_minimum=floor)


def _line_for(line: LineData, price: Decimal) -> LineData:
    if not line.of_price:
        return line
    if price > line.amount:
        raise PriceTooHigh
    return replace(line, amount=price, of_price=False)


def as_json(terms: RemedyTerms) -> dict[str, Any]:
    """Return terms as they are kept; `from_json` gives them back."""
    kept = asdict(terms)
    return {**_texts(kept["plan"]), "floor_of_price": terms.floor_of_price}


def from_json(kept: Mapping[str, Any]) -> RemedyTerms:
    """Return the terms that were kept."""
    options = [
        OptionData(
            **{
                **option,
                "lines": [
                    LineData(**{**line, "amount": Decimal(line["amount"])})
                    for line in option["lines"]
                ],
                "legal_minimum": None
                if option["legal_minimum"] is None
                else Decimal(option["legal_minimum"]),
            }
        )
        for option in kept["options"]
    ]
    plan = PlanData(
        options=options,
        legal_minimum=Decimal(kept["legal_minimum"]),
        legal_basis=kept["legal_basis"],
    )
    return RemedyTerms(plan, kept["floor_of_price"])


def _texts(plan: dict[str, Any]) -> dict[str, Any]:
    """Money is kept as text: a number of JSON would lose its cents."""
    return {
        "options": [
            {
                **option,
                "kind": str(option["kind"]),
                "lines": [
                    {
                        **line,
                        "amount": str(line["amount"]),
                        "kind": str(line["kind"]),
                        "layer": str(line["layer"]),
                    }
                    for line in option["lines"]
                ],
                "legal_minimum": None
                if option["legal_minimum"] is None
                else str(option["legal_minimum"]),
            }
            for option in plan["options"]
        ],
        "legal_minimum": str(plan["legal_minimum"]),
        "legal_basis": plan["legal_basis"],
    }
