"""How much evidence weighs. Pure: `Decimal` between 0 and 1 in and out.

A kind of evidence has a weight of its own; a copy, a sign of tampering and each doubt about how an
electronic record came about (电子签名法 art 8: creation, integrity, sender) multiply it. Weights
help a person to look at everything; they decide nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

STEP = Decimal("0.01")
NOTHING, ALL = Decimal(0), Decimal(1)
COPY, TAMPER, DOUBT = "copy", "tamper", "doubt"
CLEAR = Decimal("0.10")
"""Two sides that differ by less than this are about even."""


@dataclass(frozen=True)
class Look:
    """What was seen of one piece of evidence."""

    kind: str
    is_copy: bool = False
    is_tampered: bool = False
    doubts: int = 0


def weight_of(look: Look, table: Mapping[str, Decimal]) -> Decimal:
    """Return what a piece of evidence weighs by a table of kinds and factors.

    Raises KeyError for a kind that the table doesn't know, ValueError for a table outside 0 to 1.
    """
    factors = [table[look.kind]]
    factors += [table[COPY]] if look.is_copy else []
    factors += [table[TAMPER]] if look.is_tampered else []
    factors += [table[DOUBT]] * look.doubts
    if any(not NOTHING <= factor <= ALL for factor in factors):
        raise ValueError("weights lie between 0 and 1")
    weight = ALL
    for factor in factors:
        weight *= factor
    return weight.quantize(STEP, rounding=ROUND_HALF_UP)


def side_weight(weights: Collection[Decimal]) -> Decimal:
    """Return what several pieces weigh together: each takes its part of what was left in doubt."""
    doubt = ALL
    for weight in sorted(weights):
        doubt *= ALL - weight
    return (ALL - doubt).quantize(STEP, rounding=ROUND_HALF_UP)


def leaning(weight_for: Decimal, weight_against: Decimal) -> int:
    """Return 1 when a claim's evidence speaks for it, -1 against it, 0 when it is about even."""
    difference = weight_for - weight_against
    if abs(difference) < CLEAR:
        return 0
    return 1 if difference > 0 else -1
