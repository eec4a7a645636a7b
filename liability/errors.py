"""Refusals that name a row of a table of shares."""

from __future__ import annotations

from typing import Any

from complaints.errors import CaseError


class ShareError(CaseError):
    """A share can't be written down. `table` and `row` (from 0, in that table) say which one, and
    `column` the input at fault; without a row the whole table is meant.
    """

    def __init__(
        self, message: Any, *, table: str = "", row: int | None = None, column: str | None = None
    ) -> None:
        super().__init__(message, field="shares")
        self.table, self.row, self.column = table, row, column
