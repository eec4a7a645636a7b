"""The report on consistency and a standard that is tried, as tables for a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from compensation.consistency import Settled, Standard, spreads
from complaints.importing.cells import safe_cell

COLUMNS = (
    "case", "category", "issue", "severity", "currency", "month", "team", "region",
    "price", "agreed", "share", "p10", "p50", "p90", "outside",
)  # fmt: skip
TRIED = (
    "case", "category", "severity", "currency", "price", "agreed", "legal_floor", "new_floor",
    "lacking",
)  # fmt: skip


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def consistency_csv(rows: Iterable[Settled]) -> Iterator[bytes]:
    """Yield every settled case with its group's spread; `rows` is read twice, in pieces."""
    groups = spreads(rows)
    return _table(COLUMNS, (_row(row, groups) for row in rows))


def _row(row: Settled, groups: dict[Any, Any]) -> list[Any]:
    group = groups[row.facts]
    return [
        row.reference,
        *row.facts,
        row.month,
        row.team,
        row.region,
        row.price,
        row.agreed,
        *(f"{part:.4f}" for part in (row.share, group.p10, group.p50, group.p90)),
        "" if group.holds(row.share) else "outside",
    ]


def standard_csv(rows: Iterable[Settled], standard: Standard) -> Iterator[bytes]:
    """Yield the cases that a standard covers, with what each would have lacked."""
    return _table(TRIED, (_tried(row, standard) for row in rows if standard.covers(row)))


def _tried(row: Settled, standard: Standard) -> list[Any]:
    category, _issue, severity, currency = row.facts
    return [
        row.reference,
        category,
        severity,
        currency,
        row.price,
        row.agreed,
        row.floor,
        standard.floor(row),
        standard.lacking(row),
    ]


def _table(columns: Iterable[str], rows: Iterable[list[Any]]) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    yield ("\ufeff" + str(writer.writerow(columns))).encode()
    for row in rows:
        yield str(writer.writerow([safe_cell(cell) for cell in row])).encode()
