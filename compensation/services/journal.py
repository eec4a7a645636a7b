"""A fund's journal for accounting: a table that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from compensation.models import Fund, FundEntry, FundLine
from compensation.selectors.funds import journal_rows
from complaints.importing.cells import safe_cell

COLUMNS = (
    "entry",
    "booked_on",
    "at",
    "fund",
    "currency",
    "kind",
    "account",
    "amount",
    "case",
    "by",
    "note",
)


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def journal_csv(fund: Fund, *, month: date | None = None) -> Iterator[bytes]:
    """Yield a fund's journal as CSV, a row for each line, the oldest first, with a byte-order mark.

    `allotted` is the other side of an entry: the lines of each add up to nothing.
    """
    writer = csv.writer(_Echo())
    yield ("\ufeff" + str(writer.writerow(COLUMNS))).encode()
    for entry, line in journal_rows(fund, month=month):
        yield str(writer.writerow([safe_cell(cell) for cell in _cells(fund, entry, line)])).encode()


def _cells(fund: Fund, entry: FundEntry, line: FundLine) -> list[Any]:
    return [
        entry.pk,
        entry.booked_on.isoformat(),
        timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
        fund.name,
        fund.currency,
        entry.kind,
        line.account,
        line.amount,
        entry.hold.case.reference if entry.hold else "",
        entry.by.username if entry.by else "",
        entry.note,
    ]
