"""What a record of another system means for us, before it becomes a Case."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from decimal import Decimal

from django.utils.translation import gettext as _

from complaints.importing.dates import read_moment
from complaints.importing.refusals import BadRecord
from complaints.states import Channel

SENT_BEFORE_RECEIVED = "sent_before_received"
RECEIVED_IN_FUTURE = "received_in_future"
SENT_IN_FUTURE = "sent_in_future"
OCCURRED_AFTER_RECEIVED = "occurred_after_received"
NO_RECEIVED_DATE = "no_received_date"
CHANGED_AT_SOURCE = "changed_at_source"

LAST_LINE_UNFINISHED = "last_line_unfinished"

UNDATED = frozenset({NO_RECEIVED_DATE, RECEIVED_IN_FUTURE})
"""Flags that say: the moment of receipt can't be relied on, so no promise counts from it."""


@dataclass(frozen=True)
class SourceComplaint:
    """A complaint as another system has it, in our terms.

    `facts` are codes of the source that we keep (its answer, its own label), never personal text;
    `flags` say what is odd and was kept; `digest` tells whether the source changed its record.
    """

    external_ref: str
    description: str
    title: str
    received_at: datetime | None
    digest: str
    acknowledged_at: datetime | None = None
    occurred_on: date | None = None
    channel: str = Channel.IMPORT
    language: str = "en"
    currency: str = "USD"
    category: str = ""
    issue: str = ""
    wished_remedy: str = ""
    wished_detail: str = ""
    danger: bool = False
    product_text: str = ""
    serial_number: str = ""
    respondent: str = ""
    region: str = ""
    needs_care: bool = False
    order_number: str = ""
    amount_paid: Decimal | None = None
    purchased_on: date | None = None
    name: str = ""
    phone: str = ""
    email: str = ""
    deadline: datetime | None = None
    facts: dict[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """The cells of a record, with the file's date format and the present moment."""

    cells: dict[str, str]
    date_format: str
    zone: tzinfo
    now: datetime

    def text(self, column: str, *, limit: int | None = None) -> str:
        """Return a cell's text, "" where the layout has no such column, cut to `limit`."""
        value = self.cells.get(column, "")
        if limit is None or len(value) <= limit:
            return value
        return value[: limit - 1] + "…"

    def required(self, column: str) -> str:
        """Return a cell's text. Raises BadRecord when it is empty."""
        value = self.text(column)
        if not value:
            raise BadRecord(_("「%(column)s」是空的。") % {"column": column})
        return value

    def number(self, column: str) -> str:
        """Return an identifying number. Raises BadRecord for anything but digits."""
        value = self.required(column)
        if not (value.isascii() and value.isdigit() and len(value) <= 20):
            raise self._wrong(column)
        return value

    def moment(self, column: str) -> datetime | None:
        """Return the moment in a cell, None for an empty one.

        Raises BadRecord when it is no date in the file's format.
        """
        value = self.text(column)
        if not value:
            return None
        try:
            return read_moment(value, self.date_format, self.zone)
        except ValueError as error:
            raise self._wrong(column) from error

    def required_moment(self, column: str) -> datetime:
        """Return the moment in a cell. Raises BadRecord when there is none."""
        self.required(column)
        moment = self.moment(column)
        if moment is None:
            raise self._wrong(column)
        return moment

    def _wrong(self, column: str) -> BadRecord:
        return BadRecord(
            _("「%(column)s」的内容看不懂：%(value)s")
            % {"column": column, "value": self.text(column, limit=40)}
        )

    def facts(self, **columns: str) -> dict[str, str]:
        """Return the named cells that aren't empty, cut to a code's length."""
        found = {name: self.text(column, limit=80) for name, column in columns.items()}
        return {name: value for name, value in found.items() if value}

    def digest(self) -> str:
        """Return a digest of all cells."""
        raw = json.dumps(self.cells, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(raw.encode()).hexdigest()


def odd_dates(
    now: datetime,
    *,
    received: datetime | None,
    sent: datetime | None = None,
    occurred: date | None = None,
) -> list[str]:
    """Return the flags for dates that can't all be right; nothing is corrected."""
    flags = []
    if received is None:
        flags.append(NO_RECEIVED_DATE)
    elif received > now:
        flags.append(RECEIVED_IN_FUTURE)
    if sent is not None and sent > now:
        flags.append(SENT_IN_FUTURE)
    if sent is not None and received is not None and sent < received:
        flags.append(SENT_BEFORE_RECEIVED)
    if occurred is not None and received is not None and occurred > received.date():
        flags.append(OCCURRED_AFTER_RECEIVED)
    return flags


@dataclass(frozen=True)
class Source:
    """Another system: its name, layouts and date columns, and what a row of it means."""

    name: str
    layouts: tuple[tuple[str, ...], ...]
    date_columns: tuple[str, ...]
    read: Callable[[Row], SourceComplaint]
