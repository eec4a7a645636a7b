"""Changing a working calendar: a new version is published, and open cases are computed anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team
from complaints.actors import Actor
from complaints.clock_arithmetic import WorkingCalendar
from complaints.errors import DraftChanged, StepForbidden
from complaints.models import BusinessCalendar, CalendarVersion, TeamCalendar
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import DEFAULT_CALENDAR, forget_policies
from complaints.services.recalculating import Change, Instead, changes, recalculate_open, resting


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


def preview_calendar(
    calendar: WorkingCalendar, *, teams: Iterable[Team] | None = None
) -> list[Change]:
    """Return what publishing a calendar, for these teams, would do to open cases now."""
    forget_policies()
    moving = {} if teams is None else _moving_teams(calendar.key, teams)
    return list(changes(instead=Instead(calendars={calendar.key: calendar}, teams=moving)))


def preview_resting_by(calendar: WorkingCalendar, *, teams: Iterable[Team]) -> int:
    """Return how many paused clocks would run on by a calendar once it is published."""
    moving = _moving_teams(calendar.key, teams)
    return resting(instead=Instead(calendars={calendar.key: calendar}, teams=moving))


def _moving_teams(key: str, teams: Iterable[Team]) -> dict[int, str]:
    """Say which calendar each team will have whose calendar changes."""
    held = TeamCalendar.objects.filter(calendar__key=key).values_list("team_id", flat=True)
    return dict.fromkeys(held, DEFAULT_CALENDAR) | {team.pk: key for team in teams}


def publish_calendar(
    key: str, data: Mapping[str, Any], *, by: Actor, name: str = "", region: str = ""
) -> int:
    """Make `data` the rules of a calendar; return how many clocks of open cases moved.

    A calendar that is not there yet is made. Raises CalendarError naming what is wrong with the
    data. Rules that are the same already change nothing.
    """
    if not put_calendar(key, data, by=by, name=name, region=region):
        return 0
    return recalculate_open(by=by, cause="calendar_published")


@transaction.atomic
def put_calendar(
    key: str,
    data: Mapping[str, Any],
    *,
    by: Actor,
    name: str = "",
    region: str = "",
    teams: Iterable[Team] | None = None,
    seen: str | None = None,
) -> bool:
    """Store a calendar's rules and the teams that work by it; say whether anything is new.

    Clocks that run already are not touched: that is `recalculate_open`. `seen` is the version that
    was changed. Raises CalendarError naming what is wrong, DraftChanged if somebody was faster,
    StepForbidden for staff other than managers.
    """
    if by.user is not None and not has_permission(by, Permission.MANAGE_POLICIES):
        raise StepForbidden(_("只有主管和管理员能改工作日历。"))
    calendar = WorkingCalendar.from_data({**data, "key": key})
    version, _new = CalendarVersion.objects.get_or_create(
        version=calendar.version,
        defaults={"data": calendar.as_data(), "created_at": now(), "published_by": by.user},
    )
    row, made = BusinessCalendar.objects.select_for_update().get_or_create(
        key=key, defaults={"name": name or key, "region": region, "current": version}
    )
    if seen is not None and not made and seen != row.current_id:
        raise DraftChanged(_("你改的时候，别人发布了新的日历。请看过现在的内容再改。"))
    changed = made or row.current_id != version.pk
    moved = teams is not None and _give_to_teams(row, teams)
    row.current, row.name = version, name or row.name
    row.changed_at = now() if changed or moved else row.changed_at
    row.save(update_fields=["current", "name", "changed_at"])
    transaction.on_commit(forget_policies)
    return changed or moved


def _give_to_teams(calendar: BusinessCalendar, teams: Iterable[Team]) -> bool:
    wanted = {team.pk for team in teams}
    held = TeamCalendar.objects.select_for_update().filter(calendar=calendar)
    before = set(held.values_list("team_id", flat=True))
    held.exclude(team_id__in=wanted).delete()
    for team_id in wanted - before:
        TeamCalendar.objects.update_or_create(team_id=team_id, defaults={"calendar": calendar})
    return wanted != before
