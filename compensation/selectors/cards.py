"""An option as people read it: what it comes to, its lines, when it arrives. Pure values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from compensation.drafts import OptionData
from compensation.states import LineKind
from compensation.totals import LayerSums, layer_sums, option_totals


@dataclass(frozen=True)
class LineShown:
    """A line: an amount of money, or words for what is not money."""

    label: str
    amount: Decimal
    words: str = ""


@dataclass(frozen=True)
class OptionShown:
    """An option on a card; `fastest` is a fact, never advice."""

    value: Any
    title: str
    kind: str
    payable: Decimal
    unit: str
    lines: Sequence[LineShown]
    arrival: str
    days: int
    duties: str
    bases: Sequence[str]
    statutory: Decimal
    cost: Decimal
    layers: LayerSums
    shortfall: Decimal = Decimal(0)
    fastest: bool = False


def shown_option(
    option: Any, lines: Iterable[Any], *, value: Any = "", minimum: Decimal = Decimal(0)
) -> OptionShown:
    """Return a card of a stored option, or of one that is being written.

    `minimum` is what the law asks for where the option has none of its own; what its money lacks
    of it is its `shortfall`.
    """
    rows = list(lines)
    totals = option_totals(rows)
    least = minimum if option.legal_minimum is None else option.legal_minimum
    return OptionShown(
        value=value,
        title=option.title,
        kind=option.kind,
        payable=totals.payable,
        unit=_unit(rows, totals.payable),
        lines=[_shown_line(line) for line in rows],
        arrival=option.arrival_text,
        days=option.performance_days,
        duties=option.non_cash_duties,
        bases=list(dict.fromkeys(line.legal_basis for line in rows if line.legal_basis)),
        statutory=totals.statutory,
        cost=totals.cost,
        layers=layer_sums(rows),
        shortfall=max(least - totals.statutory, Decimal(0)),
    )


def _shown_line(line: Any) -> LineShown:
    if line.kind == LineKind.CREDIT:
        return LineShown(line.description, -line.amount)
    if line.is_cash or line.kind == LineKind.VOUCHER:
        return LineShown(line.description, line.amount)
    words = f"{line.quantity} {line.unit}" if line.unit else _("免费")
    return LineShown(line.description, line.amount, words)


def _unit(lines: Sequence[Any], payable: Decimal) -> str:
    names = {
        LineKind.REPLACE: _("换新"),
        LineKind.REPAIR: _("维修"),
        LineKind.VOUCHER: _("代金券"),
        LineKind.POINTS: _("积分"),
        LineKind.DONATION: _("公益捐赠"),
    }
    kinds = [LineKind(line.kind) for line in lines if not line.is_cash]
    told = list(dict.fromkeys(names.get(kind, _("权益")) for kind in kinds))
    cash = [_("现金")] if payable or not told else []
    return " + ".join([*cash, *told])


def with_fastest(options: Sequence[OptionShown]) -> list[OptionShown]:
    """Mark the one option that arrives before all others, where there is one."""
    fewest = min((option.days for option in options), default=0)
    alone = sum(option.days == fewest for option in options) == 1
    return [
        replace(option, fastest=alone and len(options) > 1 and option.days == fewest)
        for option in options
    ]


def drafted_cards(
    options: Sequence[OptionData], *, minimum: Decimal = Decimal(0)
) -> list[OptionShown]:
    """Return the cards of options that are not stored yet."""
    return with_fastest([shown_option(option, option.lines, minimum=minimum) for option in options])
