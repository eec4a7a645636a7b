"""What a plan is made of before it is written: plain values, checked by the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from compensation.states import Layer, OptionKind


@dataclass(frozen=True)
class LineData:
    """One item of an option; `amount` is the whole line's.

    `of_price`, in a common remedy: what the consumer paid, up to the amount.
    """

    kind: str
    description: str
    amount: Decimal
    quantity: int = 1
    unit: str = ""
    is_cash: bool = True
    legal_basis: str = ""
    layer: str = Layer.FLOOR
    of_price: bool = False


@dataclass(frozen=True)
class OptionData:
    """One way to make it good. `legal_minimum` goes before the plan's for a remedy in kind."""

    title: str
    arrival_text: str
    lines: Sequence[LineData] = field(default_factory=tuple)
    kind: str = OptionKind.REFUND
    performance_days: int = 3
    non_cash_duties: str = ""
    legal_minimum: Decimal | None = None


@dataclass(frozen=True)
class PlanData:
    """A whole plan. Below the legal minimum only with the reason of an informed choice; away from
    the company's standard only with the reason of the deviation.
    """

    options: Sequence[OptionData]
    legal_minimum: Decimal = Decimal(0)
    legal_basis: str = ""
    informed_choice: bool = False
    informed_choice_reason: str = ""
    deviation_reason: str = ""


def options_from(stored: Sequence[Mapping[str, Any]]) -> tuple[OptionData, ...]:
    """Return options that were stored as JSON (`dataclasses.asdict`, amounts as text)."""
    return tuple(
        OptionData(**{**option, "lines": tuple(_line_from(line) for line in option["lines"])})
        for option in stored
    )


def _line_from(stored: Mapping[str, Any]) -> LineData:
    return LineData(**{**stored, "amount": Decimal(stored["amount"])})
