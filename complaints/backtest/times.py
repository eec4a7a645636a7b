"""How a column of a log writes its moments: decided once, by the whole column.

Year first is never ambiguous, and may stand beside any other form. With the year last, the day and
the month are told apart by an entry that can only be read one way; where no entry decides, or two
contradict each other, a person must say (`date_format` in the policy).
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache

YEAR_FIRST, MONTH_FIRST, DAY_FIRST = "ymd", "mdy", "dmy"
DATE_FORMATS = (YEAR_FIRST, MONTH_FIRST, DAY_FIRST)
OLDEST_YEAR, NEWEST_YEAR = 1900, 2200

_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?:(?P<s>[-/.])(?P<month>\d{1,2})(?P=s)(?P<day>\d{1,2})"
    r"|年(?P<month_zh>\d{1,2})月(?P<day_zh>\d{1,2})日)(?:(?:[T ]\s*|(?<=日))(?P<clock>\d.*))?"
)
_YEAR_LAST = re.compile(
    r"(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<year>\d{4}|\d{2})"
    r"(?:[T ,]\s*(?P<clock>\d.*))?"
)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?:\s*(?P<half>[AaPp])\.?[Mm]\.?)?(?:\s*(?P<offset>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?))?"
)


class Ambiguous(Exception):
    """A column doesn't show whether its dates are month/day or day/month."""


class DateEvidence:
    """What the entries of a column say about how they are written, unless a person has said so."""

    def __init__(self, zone: tzinfo, given: str = "") -> None:
        self._zone, self._given = zone, given
        self._counts: Counter[str] = Counter()
        self._latest: datetime | None = None

    def add(self, text: str) -> bool:
        """Take one entry into account; False when it can't be read as a moment."""
        try:
            moment = read_moment(text, self._given or YEAR_FIRST, self._zone)
        except ValueError:
            readings = () if self._given else _readings(text)
            self._counts.update(readings)
            return bool(readings)
        if self._latest is None or moment > self._latest:
            self._latest = moment
        return True

    def decide(self) -> str:
        """Return the form of the dates whose year is last; Ambiguous when the column hides it."""
        if self._given:
            return self._given
        month_first, day_first = self._counts["only mdy"], self._counts["only dmy"]
        if self._counts["year last"] and bool(month_first) == bool(day_first):
            raise Ambiguous
        if day_first:
            return DAY_FIRST
        return MONTH_FIRST if month_first or self._counts["either"] else YEAR_FIRST

    @property
    def latest(self) -> datetime | None:
        """The latest entry; None while some can only be read once the column has decided."""
        return None if self._counts else self._latest


@lru_cache(maxsize=8192)
def _readings(text: str) -> tuple[str, ...]:
    month_first, day_first = _read(text, MONTH_FIRST), _read(text, DAY_FIRST)
    if month_first and day_first:
        return ("either",) if month_first == day_first else ("year last",)
    if month_first or day_first:
        return ("year last", "only mdy" if month_first else "only dmy")
    return ()


def _read(text: str, date_format: str) -> datetime | None:
    try:
        return read_moment(text, date_format, UTC)
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def read_moment(text: str, date_format: str, zone: tzinfo) -> datetime:
    """Return the moment in UTC that `text` names; without an offset it is local time of `zone`.

    A date alone is the beginning of its day. Of an hour that a change of the clocks repeats, the
    first is meant. Raises ValueError for what is no moment, or one that can't be meant.
    """
    moment = _plain(text, zone) or _written_out(text, date_format, zone)
    if not OLDEST_YEAR <= moment.year <= NEWEST_YEAR:
        raise ValueError(text)
    return moment.astimezone(UTC)


def _plain(text: str, zone: tzinfo) -> datetime | None:
    if text[4:5] != "-" or text[7:8] != "-":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _written_out(text: str, date_format: str, zone: tzinfo) -> datetime:
    found = _YEAR_FIRST.fullmatch(text)
    if found is not None:
        month, day_of_month = found["month"] or found["month_zh"], found["day"] or found["day_zh"]
    else:
        found = _YEAR_LAST.fullmatch(text)
        if found is None or date_format == YEAR_FIRST:
            raise ValueError(text)
        pair = (found["a"], found["b"])
        month, day_of_month = pair if date_format == MONTH_FIRST else pair[::-1]
    day = date(_full_year(found["year"]), int(month), int(day_of_month))
    clock = _read_clock(found["clock"], zone) if found["clock"] else time(tzinfo=zone)
    return datetime.combine(day, clock)


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year >= 69 else 2000)


def _read_clock(text: str, zone: tzinfo) -> time:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    hour = int(found["hour"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if found["half"] in "Pp" else 0)
    part = int((found["part"] or "0").ljust(6, "0")[:6])
    offset = _offset(found["offset"]) if found["offset"] else zone
    return time(hour, int(found["minute"]), int(found["second"] or 0), part, tzinfo=offset)


@lru_cache(maxsize=128)
def _offset(text: str) -> tzinfo:
    if text in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if span >= timedelta(hours=24) or int(digits[2:]) > 59:
        raise ValueError(text)
    return timezone(-span if text[0] == "-" else span)
