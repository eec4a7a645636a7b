"""Changing a working calendar: a new version is published, and open cases are computed anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from complaints.actors import Actor
from complaints.clock_arithmetic import WorkingCalendar
from complaints.models import BusinessCalendar, CalendarVersion
from complaints.moments import now
from complaints.selectors.policies import forget_policies
from complaints.services.recalculating import recalculate_open


@dataclass(frozen=True)
class DayOff:
    """A day that is not what its weekday says: rest, or work (调休)."""

    day: date
    works: bool


def with_days(
    calendar: WorkingCalendar,
    days: Iterable[DayOff],
    *,
    years: Iterable[int],
    published_to: date | None,
) -> WorkingCalendar:
    """Return a calendar whose listed days of these years are exactly `days`; others are kept.

    A year that was provisional is so corrected, days taken out as well as put in.
    """
    replaced, listed = set(years), list(days)
    rest = {day for day in calendar.rest_days if day.year not in replaced}
    make_up = {day for day in calendar.make_up_days if day.year not in replaced}
    rest |= {one.day for one in listed if not one.works}
    make_up |= {one.day for one in listed if one.works}
    known_to = max(filter(None, (calendar.published_to, published_to)), default=None)
    return replace(
        calendar,
        rest_days=frozenset(rest - make_up),
        make_up_days=frozenset(make_up),
        published_to=known_to,
    )


def publish_calendar(
    key: str, data: Mapping[str, Any], *, by: Actor, name: str = "", region: str = ""
) -> int:
    """Make `data` the rules of a calendar; return how many clocks of open cases moved.

    A calendar that is not there yet is made. Raises CalendarError naming what is wrong with the
    data. Rules that are the same already change nothing.
    """
    calendar = WorkingCalendar.from_data({**data, "key": key})
    with transaction.atomic():
        version, _made = CalendarVersion.objects.get_or_create(
            version=calendar.version,
            defaults={"data": calendar.as_data(), "created_at": now(), "published_by": by.user},
        )
        row, made = BusinessCalendar.objects.select_for_update().get_or_create(
            key=key, defaults={"name": name or key, "region": region, "current": version}
        )
        if not made and row.current_id == version.pk:
            return 0
        row.current = version
        row.save(update_fields=["current"])
    forget_policies()
    return recalculate_open(by=by, cause="calendar_published")
