"""Which days and hours are worked, in which zone: holidays, make-up days (调休), business hours."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ONE_DAY = timedelta(days=1)
MIDNIGHT_AFTER = "24:00"
Hours = tuple[tuple[str, str], ...]
Week = tuple[Hours, ...]
OFFICE_HOURS: Week = ((("09:00", "18:00"),),) * 5 + ((),) * 2
"""Monday to Friday from nine to six."""
ROUND_THE_CLOCK: Week = ((("00:00", MIDNIGHT_AFTER),),) * 7
_LONGEST_REST = 366


class CalendarError(ValueError):
    """The data are no calendar; the message says what is wrong with them, `field` where."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days and hours. Days not listed follow the week; a year not published is provisional.

    Where `published_to` is None nobody has published any year yet.

    `week` holds the hours of Monday to Sunday in local time; a weekday without hours rests. A
    make-up day has the hours of its own weekday or, if that rests, of the first weekday that works.
    """

    zone: str = "Asia/Shanghai"
    rest_days: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    week: Week = OFFICE_HOURS
    published_to: date | None = field(default=None)
    key: str = "default"

    @cached_property
    def version(self) -> str:
        """Name of exactly these rules: the same data have the same version, anywhere."""
        raw = json.dumps(self.as_data(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(raw.encode()).hexdigest()[:16]

    @cached_property
    def _usual_hours(self) -> Hours:
        return next((hours for hours in self.week if hours), ())

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def is_working_day(self, day: date) -> bool:
        """Say whether people work on `day`: make-up days first, then holidays, then the week."""
        if day in self.make_up_days:
            return True
        return day not in self.rest_days and bool(self.week[day.weekday()])

    def is_provisional(self, day: date) -> bool:
        """Say whether the holidays of `day`'s time are not published yet, so that it may change."""
        return self.published_to is None or day > self.published_to

    def local_date(self, moment: datetime) -> date:
        """Return the calendar's date at `moment`."""
        return moment.astimezone(self._zone).date()

    def end_of(self, day: date) -> datetime:
        """Return 24:00 of `day`, as a moment."""
        return datetime.combine(day + ONE_DAY, time.min, tzinfo=self._zone)

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the worked spans of `day` as moments in UTC, in order."""
        if not self.is_working_day(day):
            return []
        hours = self.week[day.weekday()] or self._usual_hours
        found = [(self._moment(day, begin), self._moment(day, end)) for begin, end in hours]
        return [(begin, end) for begin, end in found if begin < end]

    def spans_from(self, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield the worked spans that end after `moment`, the first cut to begin with it.

        Raises CalendarError where nobody works for a year.
        """
        day, idle = self.local_date(moment), 0
        while idle < _LONGEST_REST:
            spans = [(max(begin, moment), end) for begin, end in self.spans(day) if end > moment]
            yield from spans
            idle = 0 if spans else idle + 1
            day += ONE_DAY
        raise CalendarError("week", f"no working time within a year before {day}")

    def _moment(self, day: date, clock: str) -> datetime:
        if clock == MIDNIGHT_AFTER:
            return self.end_of(day).astimezone(UTC)
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=self._zone).astimezone(UTC)

    def as_data(self) -> dict[str, Any]:
        """Return the calendar as JSON can carry it; `from_data` gives it back."""
        return {
            "key": self.key,
            "zone": self.zone,
            "week": [[list(span) for span in hours] for hours in self.week],
            "rest_days": sorted(day.isoformat() for day in self.rest_days),
            "make_up_days": sorted(day.isoformat() for day in self.make_up_days),
            "published_to": self.published_to.isoformat() if self.published_to else None,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> WorkingCalendar:
        """Return the calendar that `as_data` described; CalendarError names what is wrong."""
        published = data.get("published_to")
        calendar = cls(
            key=str(data.get("key", "default")),
            zone=_zone(data.get("zone", "Asia/Shanghai")),
            week=checked_week(data.get("week", OFFICE_HOURS)),
            rest_days=_days(data, "rest_days"),
            make_up_days=_days(data, "make_up_days"),
            published_to=_day("published_to", published) if published else None,
        )
        both = calendar.rest_days & calendar.make_up_days
        if both:
            raise CalendarError("make_up_days", f"{min(both)} is a day of rest as well")
        return calendar


def checked_week(raw: Any) -> Week:
    """Return seven weekdays' hours; CalendarError unless they are in order and do not overlap."""
    if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) != 7:
        raise CalendarError("week", "needs seven lists of hours, Monday first")
    week = tuple(tuple(_span(span) for span in hours) for hours in raw)
    if not any(week):
        raise CalendarError("week", "no weekday has hours")
    for hours in week:
        for (_begin, end), (begin, _end) in pairwise(hours):
            if begin < end:
                raise CalendarError("week", f"hours overlap: {begin} is before {end}")
    return week


def _span(raw: Any) -> tuple[str, str]:
    try:
        begin, end = (_clock(part) for part in raw)
    except (TypeError, ValueError) as error:
        raise CalendarError("week", f"not hours like 09:00 to 18:00: {raw!r}") from error
    if begin >= end:
        raise CalendarError("week", f"hours end before they begin: {begin} to {end}")
    return begin, end


def _clock(raw: str) -> str:
    return raw if raw == MIDNIGHT_AFTER else time.fromisoformat(raw).strftime("%H:%M")


def _zone(raw: Any) -> str:
    try:
        ZoneInfo(str(raw))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise CalendarError("zone", f"unknown time zone {raw!r}") from error
    return str(raw)


def _days(data: Mapping[str, Any], name: str) -> frozenset[date]:
    return frozenset(_day(name, day) for day in data.get(name, ()))


def _day(name: str, raw: Any) -> date:
    try:
        return date.fromisoformat(str(raw))
    except ValueError as error:
        raise CalendarError(name, f"not a date like 2027-01-01: {raw!r}") from error
