"""Tables that finance takes along: no cell in them is computed by a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from agreements.models import Statement
from agreements.presenters import problem_words
from agreements.selectors.payouts import due_cells, entries_of
from complaints.importing.cells import safe_cell


def entries_csv(statement: Statement) -> bytes:
    """Return a statement's entries with their verdicts, in its order."""
    rows = (
        [
            entry.position,
            entry.booked_on.isoformat(),
            "debit" if entry.outgoing else "credit",
            entry.amount,
            entry.currency,
            entry.key,
            entry.bank_ref,
            entry.counterpart,
            entry.reason,
            entry.outcome,
            str(problem_words(entry.problem)),
            entry.payout.obligation.agreement.case.reference if entry.payout else "",
            entry.handled_note,
        ]
        for entry in entries_of(statement)
    )
    head = (
        "position booked_on direction amount currency end_to_end_id bank_reference counterpart "
        "reason outcome problem case handled"
    )
    return _table(head.split(), rows)


def due_csv() -> bytes:
    """Return what is due, by day: accounts masked, as the list shows them."""
    head = ["due_on", "case", "agreement", "description", "amount", "currency", "batch"]
    return _table(head, due_cells())


def _table(head: Iterable[str], rows: Iterable[list[Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()
