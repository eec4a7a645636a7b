"""The report on consistency, reckoned by the database: one statement a table, however many cases.

What it means stands in `compensation.consistency`, whose functions give the same of rows in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from compensation.consistency import (
    FEWEST,
    Difference,
    Facts,
    Outcome,
    Settled,
    Spread,
    Standard,
)
from compensation.selectors.settled import settled_of, settled_rows

PARTS = {"month": "month", "team": "team_name", "region": "region"}
_SHARES = """), shares AS (
  SELECT *, amount_agreed::float8 / amount_paid::float8 AS share FROM settled)
"""
_GROUPS = """, spread AS (
  SELECT category, issue, severity, currency, count(*) AS n, avg(share) AS mean,
         percentile_cont(ARRAY[0.1, 0.5, 0.9]) WITHIN GROUP (ORDER BY share) AS at
    FROM shares GROUP BY category, issue, severity, currency)
"""
_SPREADS = "SELECT category, issue, severity, currency, n, at[1], at[2], at[3], mean FROM spread"
_DIFFERENCES = """
SELECT CASE WHEN GROUPING(month) = 0 THEN 'month' WHEN GROUPING(team_name) = 0 THEN 'team'
            WHEN GROUPING(region) = 0 THEN 'region' ELSE '' END,
       COALESCE(month, team_name, region), count(*), avg(share), avg(share - mean)
  FROM shares JOIN spread USING (category, issue, severity, currency)
 GROUP BY GROUPING SETS ((month), (team_name), (region), ()) ORDER BY 1, 2
"""
_OUTLIERS = """
SELECT shares.pk, reference, category, issue, severity, currency, amount_paid, amount_agreed, month,
       team_name, region, least, n, at[1], at[2], at[3], mean
  FROM shares JOIN spread USING (category, issue, severity, currency)
 WHERE n >= %s AND NOT share BETWEEN at[1] AND at[3]
 ORDER BY abs(share - at[2]) DESC, shares.pk DESC LIMIT %s
"""
_TRIED = """, floors AS (
  SELECT currency, amount_agreed,
         GREATEST(round(amount_paid * %s / 100 + %s, 2), least) AS floor
    FROM settled WHERE %s IN ('', severity) AND %s IN ('', category))
SELECT currency, count(*), count(*) FILTER (WHERE floor > amount_agreed), sum(amount_agreed),
       sum(GREATEST(floor - amount_agreed, 0))
  FROM floors GROUP BY currency ORDER BY currency
"""


@dataclass(frozen=True)
class SettledSince:
    """The cases received since a moment that came to an amount."""

    since: datetime

    def spreads(self) -> dict[Facts, Spread]:
        """Return the spread of each group, also of the small ones."""
        return {tuple(row[:4]): _spread(row[4:]) for row in self._ask(_GROUPS + _SPREADS)}

    def differences(self) -> dict[str, list[Difference]]:
        """Return how months, teams and regions differ from all."""
        rows = list(self._ask(_GROUPS + _DIFFERENCES))
        mean = next((share for part, _name, _n, share, _rest in rows if not part), 0.0)
        found: dict[str, list[Difference]] = {part: [] for part in PARTS}
        for part, name, count, share, rest in rows:
            if part:
                found[part].append(Difference(name, count, share, share - mean, rest))
        return {part: sorted(each, key=lambda one: one.name) for part, each in found.items()}

    def outliers(self, most: int) -> list[tuple[Settled, Spread]]:
        """Return the cases farthest outside P10 to P90 of a group that is large enough."""
        rows = self._ask(_GROUPS + _OUTLIERS, [FEWEST, most])
        return [(settled_of(row[:12]), _spread(row[12:])) for row in rows]

    def tried(self, standard: Standard) -> dict[str, Outcome]:
        """Return what a standard would have cost, by currency; nothing is converted."""
        terms = [standard.percent, standard.extra, standard.severity, standard.category]
        return {
            currency: Outcome(covered, below, agreed, more)
            for currency, covered, below, agreed, more in self._ask(_TRIED, terms)
        }

    def _ask(self, question: str, terms: list[Any] | None = None) -> Iterator[tuple[Any, ...]]:
        rows, given = settled_rows(self.since).query.sql_with_params()
        with connection.cursor() as cursor:
            whole = " ".join(["WITH settled AS NOT MATERIALIZED (", rows, _SHARES, question])
            cursor.execute(whole, [*given, *(terms or [])])
            yield from cursor.fetchall()


def _spread(row: tuple[Any, ...]) -> Spread:
    count, p10, p50, p90, mean = row
    return Spread(count=count, p10=p10, p50=p50, p90=p90, mean=mean)
