"""Options proposed from rules: severity, what the law gives, similar cases, kind of customer. Pure.

What goes in is all that may count: nothing about who the person is (sex, age, family, health,
origin) has a place here, so the same facts give the same amounts. Every option carries the law's
floor first; the standard, a tier's extra and goodwill stand beside it as lines of their own and
can only add.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from compensation.drafts import LineData, OptionData
from compensation.ranges import CENT, Spread
from compensation.states import NEVER_CASH, Layer, LineKind, OptionKind
from compensation.totals import option_totals

MOST_PROPOSED = 4
REMEDY_IN_KIND = {
    OptionKind.REPLACEMENT: LineKind.REPLACE,
    OptionKind.REPAIR: LineKind.REPAIR,
}


@dataclass(frozen=True)
class Due:
    """What the law asks for: one line of the entitlement sheet."""

    kind: str
    title: str
    amount: Decimal
    article: str


@dataclass(frozen=True)
class Standard:
    """A row of the company's table, ready to be used; `basis` names it and its version."""

    title: str
    layer: str
    line_kind: str
    basis: str
    option_kind: str = ""
    severity: str = ""
    category: str = ""
    tier: str = ""
    amount: Decimal | None = None
    share: Decimal | None = None
    most: Decimal | None = None
    quantity: int = 1
    unit: str = ""

    def worth(self, price: Decimal) -> Decimal:
        """Return what the row comes to for a price, to the fen and never below nothing."""
        if self.amount is not None:
            return self.amount
        worth = (price * (self.share or Decimal(0))).quantize(CENT, ROUND_HALF_UP)
        return worth if self.most is None else min(worth, self.most)


@dataclass(frozen=True)
class Words:
    """How a kind of option is told: title, when it arrives, in how many days.

    `with_line` are titles that go first where the option has a line of that kind.
    """

    title: str
    arrival: str
    days: int
    with_line: Mapping[str, str] = field(default_factory=dict)

    def title_for(self, lines: Iterable[LineData]) -> str:
        """Return the title of an option with these lines."""
        found = (self.with_line[line.kind] for line in lines if line.kind in self.with_line)
        return next(found, self.title)


@dataclass(frozen=True)
class Ground:
    """All that a proposal rests on. `similar` and `chosen` speak of decided cases like this one."""

    price: Decimal
    severity: str
    category: str
    tier: str
    due: Sequence[Due] = ()
    wish: str = ""
    similar: Mapping[str, Spread] = field(default_factory=dict)
    chosen: Mapping[str, int] = field(default_factory=dict)


def proposed_options(
    ground: Ground,
    standards: Iterable[Standard],
    *,
    words: Mapping[str, Words],
    new_article: str,
    as_similar: str,
) -> list[OptionData]:
    """Return the options to begin with, the wished one first; none where nothing is known."""
    rows = [row for row in standards if fits(row, ground)]
    kinds = _kinds(ground, rows)
    options = [_option(kind, ground, rows, words, new_article) for kind in kinds]
    lifted = [
        _as_others(option, ground, as_similar)
        for option in options
        if option.lines and option_totals(option.lines).payable >= 0
    ]
    order = {kind: place for place, kind in enumerate(kinds)}
    lifted.sort(
        key=lambda one: (
            one.kind != ground.wish,
            -ground.chosen.get(one.kind, 0),
            order[OptionKind(one.kind)],
        )
    )
    return lifted[:MOST_PROPOSED]


def fits(row: Standard, ground: Ground) -> bool:
    """Say whether a row of the table is for a case on such ground, and gives anything."""
    return (
        row.severity in ("", ground.severity)
        and row.category in ("", ground.category)
        and row.tier in ("", ground.tier)
        and row.worth(ground.price) > 0
    )


def _kinds(ground: Ground, rows: Sequence[Standard]) -> list[OptionKind]:
    """Return the kinds: the law's money, then remedies in kind, then what the table names.

    A tier brings no kind of its own: it must not push out what everybody is offered.
    """
    refund = any(line.kind == LineKind.REFUND for line in ground.due)
    kinds = [OptionKind.REFUND] if refund else [OptionKind.MONEY] if ground.due else []
    if ground.price > 0:
        kinds.append(OptionKind.REPLACEMENT)
    named = {OptionKind(row.option_kind) for row in rows if row.option_kind and not row.tier}
    if OptionKind.REPAIR in named and ground.price > 0:
        kinds.append(OptionKind.REPAIR)
    if refund:
        named.discard(OptionKind.PRICE_DIFFERENCE)
    placed = {OptionKind.REFUND, OptionKind.MONEY, *REMEDY_IN_KIND}
    return [*kinds, *sorted(named - placed)]


def _option(
    kind: OptionKind,
    ground: Ground,
    rows: Sequence[Standard],
    words: Mapping[str, Words],
    new_article: str,
) -> OptionData:
    in_kind = kind in REMEDY_IN_KIND
    lines = [_new_article(ground, new_article)] if kind == OptionKind.REPLACEMENT else []
    added = [_line(row, ground) for row in rows if row.option_kind in ("", kind)]
    lines += [line for line in added if line.kind in (LineKind.REPAIR, LineKind.REPLACE)]
    if in_kind and not lines:
        return OptionData(title="", arrival_text="", kind=kind)
    lines += [
        LineData(one.kind, one.title, one.amount, legal_basis=one.article)
        for one in ground.due
        if not (in_kind and one.kind == LineKind.REFUND)
    ]
    lines += [line for line in added if line not in lines]
    told = words[kind]
    return OptionData(
        title=told.title_for(lines),
        arrival_text=told.arrival,
        performance_days=told.days,
        kind=kind,
        lines=tuple(lines),
    )


def _new_article(ground: Ground, title: str) -> LineData:
    return LineData(LineKind.REPLACE, title, ground.price, is_cash=False)


def _line(row: Standard, ground: Ground) -> LineData:
    remedy = row.line_kind in (LineKind.REPAIR, LineKind.REPLACE)
    return LineData(
        row.line_kind,
        row.title,
        row.worth(ground.price),
        quantity=row.quantity,
        unit=row.unit,
        is_cash=row.line_kind not in NEVER_CASH,
        legal_basis="" if remedy else row.basis,
        layer=Layer.FLOOR if remedy else row.layer,
    )


def _as_others(option: OptionData, ground: Ground, title: str) -> OptionData:
    """Add goodwill to an option that nine of ten similar consumers got more from."""
    similar = ground.similar.get(option.kind)
    if similar is None:
        return option
    missing = similar.low - option_totals(option.lines).cost
    if missing <= 0:
        return option
    more = LineData(LineKind.GOODWILL, title, missing, layer=Layer.GOODWILL)
    return replace(option, lines=(*option.lines, more))
