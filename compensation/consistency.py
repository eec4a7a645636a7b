"""Similar facts, similar money: spreads, differences by month, team and region, a what-if. Pure.

Cases are alike that share category, issue, severity and currency. What they came to is compared as
a share of the price paid, so that dear goods do not look generous. Nothing about a person is asked.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

FEWEST = 5
"""So many cases make a group whose spread says something."""
NOTABLE = 0.10
"""A difference of so much of the price, beyond what the facts explain, is listed."""
CENT = Decimal("0.01")
Facts = tuple[str, str, str, str]


@dataclass(frozen=True)
class Settled:
    """A case with an agreed amount; `price` is more than 0."""

    pk: int
    reference: str
    facts: Facts
    price: Decimal
    agreed: Decimal
    month: str
    team: str
    region: str
    floor: Decimal = Decimal(0)

    @property
    def share(self) -> float:
        """What was agreed, as a share of the price."""
        return float(self.agreed / self.price)


@dataclass(frozen=True)
class Spread:
    """How a group's shares are spread."""

    count: int
    p10: float
    p50: float
    p90: float
    mean: float

    def holds(self, share: float) -> bool:
        """Say whether a share lies between P10 and P90."""
        return self.p10 <= share <= self.p90


@dataclass(frozen=True)
class Difference:
    """How far a month, team or region lies from all: in all, and beyond what the facts explain."""

    name: str
    count: int
    mean: float
    whole: float
    remaining: float

    @property
    def explained(self) -> float:
        """The part of the difference that comes from other sorts of cases."""
        return self.whole - self.remaining

    @property
    def is_notable(self) -> bool:
        """Whether it has to be looked at."""
        return self.count >= FEWEST and abs(self.remaining) >= NOTABLE


def percentile(ordered: array[float], part: float) -> float:
    """Return a percentile of ordered values, between neighbours in proportion."""
    place = (len(ordered) - 1) * part
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def spreads(rows: Iterable[Settled]) -> dict[Facts, Spread]:
    """Return the spread of each group, also of the small ones; one pass, eight bytes a case."""
    shares: dict[Facts, array[float]] = defaultdict(lambda: array("d"))
    for row in rows:
        shares[row.facts].append(row.share)
    found = {}
    for facts, values in shares.items():
        ordered = array("d", sorted(values))
        found[facts] = Spread(
            count=len(ordered),
            p10=percentile(ordered, 0.1),
            p50=percentile(ordered, 0.5),
            p90=percentile(ordered, 0.9),
            mean=sum(ordered) / len(ordered),
        )
    return found


def differences(
    rows: Iterable[Settled],
    groups: Mapping[Facts, Spread],
    by: Mapping[str, Callable[[Settled], str]],
) -> dict[str, list[Difference]]:
    """Return, for each way to divide the cases, how its parts differ; one pass.

    A part's remaining difference is the mean distance of its cases from their own group's mean:
    what is left when it had the same sorts of cases as all.
    """
    sums: dict[str, dict[str, list[float]]] = {name: {} for name in by}
    count, total = 0, 0.0
    for row in rows:
        share = row.share
        count, total = count + 1, total + share
        beyond = share - groups[row.facts].mean
        for name, part_of in by.items():
            part = sums[name].setdefault(part_of(row), [0, 0.0, 0.0])
            part[0] += 1
            part[1] += share
            part[2] += beyond
    mean = total / count if count else 0.0
    return {
        name: sorted(
            (
                Difference(part, int(n), share / n, share / n - mean, beyond / n)
                for part, (n, share, beyond) in parts.items()
            ),
            key=lambda each: each.name,
        )
        for name, parts in sums.items()
    }


def outliers(
    rows: Iterable[Settled], groups: Mapping[Facts, Spread]
) -> Iterator[tuple[Settled, Spread]]:
    """Yield the cases outside P10 to P90 of their group, where it is large enough."""
    for row in rows:
        group = groups[row.facts]
        if group.count >= FEWEST and not group.holds(row.share):
            yield row, group


@dataclass(frozen=True)
class Standard:
    """A standard to try: at least so many per cent of the price and so much on top."""

    percent: Decimal
    extra: Decimal = Decimal(0)
    severity: str = ""
    category: str = ""

    def covers(self, row: Settled) -> bool:
        """Say whether it would hold for a case."""
        category, _issue, severity, _currency = row.facts
        return self.severity in ("", severity) and self.category in ("", category)

    def floor(self, row: Settled) -> Decimal:
        """Return what it would ask for, never below what the law asked for then."""
        own = (row.price * self.percent / 100 + self.extra).quantize(CENT, ROUND_HALF_UP)
        return max(own, row.floor)

    def lacking(self, row: Settled) -> Decimal:
        """Return by how much what was agreed lies below it; 0 for enough, or other cases."""
        if not self.covers(row):
            return Decimal(0)
        return max(self.floor(row) - row.agreed, Decimal(0))


@dataclass
class Outcome:
    """What a standard would have cost in one currency."""

    covered: int = 0
    below: int = 0
    agreed: Decimal = Decimal(0)
    more: Decimal = Decimal(0)

    @property
    def percent(self) -> float:
        """How much more, of what was agreed, in per cent."""
        return float(self.more / self.agreed * 100) if self.agreed else 0.0


def tried(rows: Iterable[Settled], standard: Standard) -> dict[str, Outcome]:
    """Return what a standard would have cost, by currency; nothing is converted. One pass."""
    found: dict[str, Outcome] = {}
    for row in rows:
        if not standard.covers(row):
            continue
        outcome = found.setdefault(row.facts[3], Outcome())
        lacking = standard.lacking(row)
        outcome.covered += 1
        outcome.below += lacking > 0
        outcome.agreed += row.agreed
        outcome.more += lacking
    return found
