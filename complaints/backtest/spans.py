"""A working calendar that remembers the spans of its days: a log asks for the same ones again."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from functools import cached_property

from complaints.clock_arithmetic import WorkingCalendar


class RememberedCalendar(WorkingCalendar):
    """The same calendar, of the same version, at the cost of a look-up a day."""

    @classmethod
    def of(cls, calendar: WorkingCalendar) -> RememberedCalendar:
        """Return a calendar with the same rules."""
        return cls(**{one.name: getattr(calendar, one.name) for one in fields(calendar)})

    @cached_property
    def _known(self) -> dict[date, list[tuple[datetime, datetime]]]:
        return {}

    def spans(self, day: date) -> list[tuple[datetime, datetime]]:
        known = self._known.get(day)
        if known is None:
            known = self._known[day] = super().spans(day)
        return known
