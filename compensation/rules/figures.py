"""What a figure of a rule may be: a count is whole, no share is over one, no loop has no end.

The formulas read figures by these names. Whoever changes one stays within what the formula can
reckon with, so that no version can keep a sheet from being reckoned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True)
class Limits:
    """The least and the most of a figure, and whether it counts something."""

    least: Decimal
    most: Decimal
    whole: bool = False


class FigureFault(StrEnum):
    """What is wrong with a figure."""

    WHOLE = "whole"
    RANGE = "range"
    ORDER = "order"


def _whole(names: str, least: int, most: int) -> dict[str, Limits]:
    return dict.fromkeys(names.split(), Limits(Decimal(least), Decimal(most), whole=True))


def _number(names: str, most: str) -> dict[str, Limits]:
    return dict.fromkeys(names.split(), Limits(Decimal(0), Decimal(most)))


LIMITS: Mapping[str, Limits] = {
    **_whole(
        "days refund_days return_days exchange_days parts_days delay_days repair_days loan_days"
        " new_car_days early_days single_days answer_days done_days",
        0,
        3660,
    ),
    **_whole("months period_months funeral_months", 0, 1200),
    **_whole("years from_age late_age late_years adult_age nursing_years", 0, 130),
    **_whole("repairs same_fault safety_repairs replacements", 1, 100),
    **_whole("early_km farthest", 0, 10_000_000),
    **_whole("year_days", 360, 366),
    **_whole("second legal", 1, 1000),
    **_number("multiple price_multiple loss_multiple excessive most least", "1000"),
    **_number("floor", "1000000000"),
    **_number("deposit_share", "1"),
}
"""By the name of the figure, whichever rule has it."""
RISING = (
    ("least", "most"),
    ("second", "legal"),
    ("return_days", "exchange_days"),
    ("from_age", "late_age"),
)
"""Figures of one rule of which the first is never more than the second."""


def faults_of(figures: Mapping[str, Decimal]) -> Iterable[tuple[str, FigureFault]]:
    """Yield the figures that no formula could reckon with, and why."""
    for name, value in figures.items():
        limits = LIMITS[name]
        if not value.is_finite() or not limits.least <= value <= limits.most:
            yield name, FigureFault.RANGE
        elif limits.whole and value != value.to_integral_value():
            yield name, FigureFault.WHOLE
    for lower, upper in RISING:
        if lower in figures and upper in figures and figures[lower] > figures[upper]:
            yield upper, FigureFault.ORDER
