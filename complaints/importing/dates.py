"""How a file writes its dates: decided once, by all of them together, never row by row.

Year first is never ambiguous. With the year last, the day and the month are told apart by a date
of the file that can only be read one way; where no date decides, or two contradict each other, a
person must say.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime, time, tzinfo
from functools import lru_cache

from django.utils.translation import gettext as _

from complaints.importing.refusals import FileRefused

YEAR_FIRST, MONTH_FIRST, DAY_FIRST = "ymd", "mdy", "dmy"
DATE_FORMATS = (YEAR_FIRST, MONTH_FIRST, DAY_FIRST)
OLDEST_YEAR = 1900

_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?P<s>[-/.])(?P<month>\d{1,2})(?P=s)(?P<day>\d{1,2})([T ](?P<time>.+))?"
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?P<time>)")
_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<year>\d{4}|\d{2})")


class DateEvidence:
    """What the dates of a file say about how they are written."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, text: str) -> None:
        """Take one date of the file into account; what isn't a date says nothing."""
        for reading in _possible(text):
            self._counts[reading] += 1

    def decide(self) -> str:
        """Return the file's date format, or "" for a file without dates.

        Raises FileRefused when the file doesn't decide, or contradicts itself.
        """
        count = self._counts
        if not count:
            return ""
        if count[YEAR_FIRST] > count["year last"]:
            return YEAR_FIRST
        if count[YEAR_FIRST] == count["year last"]:
            raise FileRefused(_ask(_("一半日期先写年，一半后写年。")))
        if count["only mdy"] and count["only dmy"]:
            raise FileRefused(_ask(_("有的日期只能读作月/日，有的只能读作日/月。")))
        if not count["only mdy"] and not count["only dmy"]:
            raise FileRefused(_ask(_("看不出日期是月/日还是日/月。")))
        return MONTH_FIRST if count["only mdy"] else DAY_FIRST


def _ask(why: str) -> str:
    return _("%(why)s请用 --date-format 说明，再导入。") % {"why": why}


@lru_cache(maxsize=4096)
def _possible(text: str) -> tuple[str, ...]:
    if _reads_as(text, YEAR_FIRST):
        return (YEAR_FIRST,)
    month_first, day_first = _reads_as(text, MONTH_FIRST), _reads_as(text, DAY_FIRST)
    if month_first and day_first:
        return ("year last",)
    if month_first or day_first:
        return ("year last", "only mdy" if month_first else "only dmy")
    return ()


def _reads_as(text: str, date_format: str) -> bool:
    try:
        read_date(text, date_format)
    except ValueError:
        return False
    return True


def read_date(text: str, date_format: str) -> date:
    """Return the date that `text` names in the file's format. Raises ValueError for anything else.

    Years of two digits are taken as strptime takes them: 69 to 99 are the last century's.
    """
    found = _matched(text, date_format)
    if date_format == YEAR_FIRST:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    month, day = ("a", "b") if date_format == MONTH_FIRST else ("b", "a")
    return date(_full_year(found["year"]), int(found[month]), int(found[day]))


def _matched(text: str, date_format: str) -> re.Match[str]:
    patterns = (_YEAR_FIRST, _COMPACT) if date_format == YEAR_FIRST else (_YEAR_LAST,)
    for pattern in patterns:
        if found := pattern.fullmatch(text):
            return found
    raise ValueError(text)


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (1900 if year >= 69 else 2000)


@lru_cache(maxsize=4096)
def read_moment(text: str, date_format: str, zone: tzinfo) -> datetime:
    """Return the moment that `text` names: with its time if it has one, else the day's beginning.

    Raises ValueError for what is no date of that format, or one that can't be meant.
    """
    day = read_date(text, date_format)
    if not OLDEST_YEAR <= day.year <= 9000:
        raise ValueError(text)
    clock = time.min
    if date_format == YEAR_FIRST and (written := _matched(text, date_format)["time"]):
        clock = time.fromisoformat(written)
    return datetime.combine(day, clock, tzinfo=clock.tzinfo or zone)
