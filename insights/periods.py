"""Spans of days that a figure speaks of, in the company's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

WEEK = timedelta(days=7)
PRESETS = ("week", "month", "12weeks", "custom")
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included."""

    first: date
    last: date
    preset: str = "custom"

    @property
    def starts(self) -> datetime:
        """The first moment of the period."""
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after the period."""
        return _midnight(self.last + timedelta(days=1))

    def previous(self) -> Period:
        """Return the period of the same length just before."""
        length = self.last - self.first + timedelta(days=1)
        return Period(self.first - length, self.last - length)

    def weeks(self) -> list[Period]:
        """Cut the period into weeks that begin on Mondays; the ends may be shorter."""
        weeks, first = [], self.first
        while first <= self.last:
            last = min(first + timedelta(days=6 - first.weekday()), self.last)
            weeks.append(Period(first, last))
            first = last + timedelta(days=1)
        return weeks

    def query(self) -> str:
        """Return the period as a query string, to be kept in links."""
        return f"from={self.first.isoformat()}&to={self.last.isoformat()}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def preset_period(preset: str, *, today: date) -> Period:
    """Return the period that a preset stands for; the last twelve weeks for any other word."""
    monday = today - timedelta(days=today.weekday())
    if preset == "week":
        return Period(monday, today, preset)
    if preset == "month":
        return Period(today.replace(day=1), today, preset)
    return Period(monday - 11 * WEEK, today, "12weeks")


def period_between(first: date, last: date) -> Period:
    """Return a period of chosen days, put in order and at most three years long."""
    first, last = min(first, last), max(first, last)
    return Period(max(first, last - LONGEST), last)
