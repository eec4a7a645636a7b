"""Money: rounded half up at the end of a line, shared so that the parts make the whole."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")


def rounded(amount: Decimal) -> Decimal:
    """Return an amount in whole fen, a half rounded up."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def from_fraction(amount: Fraction) -> Decimal:
    """Return an exact amount, not negative, in whole fen, a half rounded up."""
    return Decimal((amount * 200 + 1) // 2) * CENT


def written(amount: Decimal) -> str:
    """Return an amount as sheets write it: 1299.00."""
    return f"{rounded(amount):.2f}"


def at_least_nothing(amount: Decimal) -> Decimal:
    """Return an amount that never is a debt."""
    return max(amount, NOTHING)


def shared(total: Decimal, weights: Sequence[tuple[str, Decimal]]) -> list[Decimal]:
    """Share a total by weight, in fen, by largest remainder: the parts make the total exactly.

    Who gets a fen that is over does not depend on the order of the parties: the largest remainder,
    then the largest weight, then the name decides. Raises ValueError where nobody has a weight.
    """
    whole = sum((weight for _name, weight in weights), Decimal(0))
    if whole <= 0:
        raise ValueError("nobody has a share")
    with localcontext() as context:
        context.prec = 60
        exact = [total * weight / whole for _name, weight in weights]
    parts = [amount.quantize(CENT, ROUND_FLOOR) for amount in exact]
    left = int((total - sum(parts, Decimal(0))) / CENT)
    order = sorted(
        range(len(weights)),
        key=lambda one: (parts[one] - exact[one], -weights[one][1], weights[one][0]),
    )
    for one in order[:left]:
        parts[one] += CENT
    return parts
