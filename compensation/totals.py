"""Sums of an option's lines. Pure: `Decimal` in, `Decimal` out, nothing rounded.

- payable: what the consumer gets in money, credits taken off;
- statutory: money that counts towards what the law asks for: the floor and our standard, never
  what a customer's tier or goodwill adds, and before credits (what was paid already was paid);
- in_kind: the worth of what is not money;
- cost: what the option costs us in all, which the authority limit is compared with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from compensation.states import Layer, LineKind

_COUNTS = frozenset({Layer.FLOOR, Layer.STANDARD})


class Line(Protocol):
    """What a line must tell to be summed."""

    @property
    def kind(self) -> str: ...
    @property
    def amount(self) -> Decimal: ...
    @property
    def is_cash(self) -> bool: ...
    @property
    def layer(self) -> str: ...


@dataclass(frozen=True)
class OptionTotals:
    """The sums of one option."""

    payable: Decimal
    statutory: Decimal
    in_kind: Decimal
    cost: Decimal


@dataclass(frozen=True)
class LayerSums:
    """One option's worth by why it is given; money and what is in kind are kept apart.

    `floor` is money that the law asks for, less what was paid already.
    """

    floor: Decimal
    standard: Decimal
    tier_extra: Decimal
    goodwill: Decimal
    in_kind: Decimal

    @property
    def added(self) -> Decimal:
        """Money on top of what the law asks for."""
        return self.standard + self.tier_extra + self.goodwill


def layer_sums(lines: Iterable[Line]) -> LayerSums:
    """Return an option's worth by layer; the layers and what is in kind add up to its cost."""
    sums = {layer: Decimal("0.00") for layer in Layer}
    in_kind = Decimal("0.00")
    for line in lines:
        if line.kind == LineKind.CREDIT:
            sums[Layer.FLOOR] -= line.amount
        elif not line.is_cash:
            in_kind += line.amount
        else:
            sums[Layer(line.layer)] += line.amount
    return LayerSums(
        floor=sums[Layer.FLOOR],
        standard=sums[Layer.STANDARD],
        tier_extra=sums[Layer.TIER_EXTRA],
        goodwill=sums[Layer.GOODWILL],
        in_kind=in_kind,
    )


def option_totals(lines: Iterable[Line]) -> OptionTotals:
    """Return the sums; `payable` is negative when credits exceed what is due."""
    gross = credit = statutory = in_kind = Decimal("0.00")
    for line in lines:
        if line.kind == LineKind.CREDIT:
            credit += line.amount
        elif not line.is_cash:
            in_kind += line.amount
        else:
            gross += line.amount
            statutory += line.amount if line.layer in _COUNTS else Decimal(0)
    return OptionTotals(
        payable=gross - credit,
        statutory=statutory,
        in_kind=in_kind,
        cost=gross - credit + in_kind,
    )
