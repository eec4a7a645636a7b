"""Figures by region: which one counts for a case, and the table as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import QuerySet

from compensation.models import OF_A_YEAR, RegionalStatistic, StatisticKind
from compensation.regions import Region, chain, region_told
from complaints.models import Case

CENT = Decimal("0.01")
HOME_CURRENCY = "CNY"
"""What all figures are told in; a case in another currency takes none of them."""
MONTHS, DAYS = 12, 365
HIGHER_AT_HOME = frozenset({StatisticKind.INCOME, StatisticKind.CONSUMPTION})
"""What may follow the place where the person lives where that gives more (解释 2022 art 18)."""
NATIONAL_LEAST = frozenset({StatisticKind.MEALS})
"""Standards that the country sets at least: a region's own counts where it gives more."""
FACTS: dict[str, tuple[StatisticKind, int]] = {
    "urban_disposable_income": (StatisticKind.INCOME, 1),
    "urban_consumption": (StatisticKind.CONSUMPTION, 1),
    "monthly_wage": (StatisticKind.AVERAGE_WAGE, MONTHS),
    "nursing_rate": (StatisticKind.NURSING, 1),
    "meal_rate": (StatisticKind.MEALS, 1),
    "coefficient": (StatisticKind.COEFFICIENT, 1),
}
"""The facts of an injury that come from the table, and by what the table's figure is divided."""


@dataclass(frozen=True)
class Figure:
    """A figure as a rule reads it, with the row that it was taken from."""

    fact: str
    value: Decimal
    row: RegionalStatistic

    def as_fact(self) -> dict[str, object]:
        """Return what the sheet keeps of the source, so that any line can be explained."""
        row = self.row
        detail = {"detail": row.detail} if row.detail else {}
        return {
            "fact": self.fact,
            "region": row.region,
            "year": row.year,
            "figure": f"{row.value.normalize():f}",
            "source": row.source,
            "checked": row.is_checked,
            **detail,
        }


def live_statistics() -> QuerySet[RegionalStatistic]:
    """Return the figures that were not withdrawn."""
    return RegionalStatistic.objects.filter(withdrawn_at=None)


def statistic_of(
    kind: str, *, region: str, day: date, detail: str = ""
) -> RegionalStatistic | None:
    """Return the figure of a region that counts on a day, or None where the table has none.

    A statistic is that of the last year before, or of the latest that is known; a standard is the
    one that holds in that year. The narrowest region that has one counts; a standard that the
    country sets at least never goes below the country's.
    """
    last = day.year - 1 if kind in OF_A_YEAR else day.year
    regions = chain(region)
    rows = live_statistics().filter(kind=kind, detail=detail, region__in=regions, year__lte=last)
    latest: dict[str, RegionalStatistic] = {}
    for row in rows.order_by("year", "pk"):
        latest[row.region] = row
    found = [latest[code] for code in regions if code in latest]
    if kind in NATIONAL_LEAST:
        return max(found, key=lambda row: row.value, default=None)
    return next(iter(found), None)


def figure_of(
    fact: str, *, region: str, day: date, home: str = "", detail: str = ""
) -> Figure | None:
    """Return the figure for a fact of an injury, or None. `home` is where the person lives."""
    kind, divisor = FACTS[fact]
    return _figure(fact, kind, divisor, region=region, home=home, day=day, detail=detail)


def daily_wage(sector: str, *, region: str, day: date) -> Figure | None:
    """Return what a day's work is worth by a sector's wage, else by everybody's, or None."""
    kind = StatisticKind.SECTOR_WAGE if sector else StatisticKind.AVERAGE_WAGE
    return _figure("daily_income_lost", kind, DAYS, region=region, day=day, detail=sector)


def _figure(
    fact: str,
    kind: StatisticKind,
    divisor: int,
    *,
    region: str,
    day: date,
    home: str = "",
    detail: str = "",
) -> Figure | None:
    row = statistic_of(kind, region=region, day=day, detail=detail)
    if home and kind in HIGHER_AT_HOME:
        other = statistic_of(kind, region=home, day=day, detail=detail)
        if other is not None and (row is None or other.value > row.value):
            row = other
    if row is None:
        return None
    if kind == StatisticKind.COEFFICIENT:
        return Figure(fact, row.value, row)
    return Figure(fact, (row.value / divisor).quantize(CENT, ROUND_HALF_UP), row)


def regions_told(case: Case, facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the regions that a case's form begins with: the last sheet's, else the address's."""
    used = {one["fact"]: one["region"] for one in facts.get("statistics", ())}
    at_home = used.get("urban_disposable_income", used.get("urban_consumption", ""))
    court = next((used[name] for name in used if not name.startswith("urban_")), at_home)
    if not court:
        told = region_told(case.region, case.consumer.address or "")
        return {"region": told or str(Region.NATION)}
    return {"region": court} | ({"home": at_home} if at_home not in ("", court) else {})


def figures_on(region: str, *, day: date) -> list[RegionalStatistic]:
    """Return the figures that count in a region on a day, all but sectors and degrees."""
    kinds = [kind for kind, _divisor in FACTS.values() if kind != StatisticKind.COEFFICIENT]
    found = [statistic_of(kind, region=region, day=day) for kind in kinds]
    return [row for row in found if row is not None]


def sectors() -> list[str]:
    """Return the sectors whose wages the table knows."""
    rows = live_statistics().filter(kind=StatisticKind.SECTOR_WAGE)
    return sorted(set(rows.values_list("detail", flat=True)))


def table_of(region: str = "") -> QuerySet[RegionalStatistic]:
    """Return the figures that stand, of one region where asked, the latest year first."""
    rows = live_statistics().select_related("entered_by", "checked_by")
    if region:
        rows = rows.filter(region=region)
    return rows.order_by("region", "kind", "-year", "pk")


def withdrawn_statistics() -> QuerySet[RegionalStatistic]:
    """Return the figures that were withdrawn, the latest first."""
    rows = RegionalStatistic.objects.filter(withdrawn_at__isnull=False)
    return rows.select_related("withdrawn_by").order_by("-withdrawn_at", "-pk")
