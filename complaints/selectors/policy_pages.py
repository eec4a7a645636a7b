"""Policies and calendars as managers see them: every version, drafts, what runs under them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, QuerySet

from accounts.models import Team
from complaints.clock_arithmetic import WorkingCalendar
from complaints.models import BusinessCalendar, CalendarVersion, Clock, ClockPolicy, Product
from complaints.selectors.policies import in_force
from complaints.states import ClockKind, ClockState, PolicyState


@dataclass(frozen=True)
class PolicyLine:
    """One policy of the list: the version that counts today, the next one, the draft."""

    shown: ClockPolicy
    draft: ClockPolicy | None
    coming: ClockPolicy | None
    running: int

    @property
    def is_only_draft(self) -> bool:
        """Whether no version was ever published."""
        return self.shown.state == PolicyState.DRAFT


def policy_lines(*, on: date) -> list[PolicyLine]:
    """Return every policy once, in the order of the kinds, the usual one of a kind first."""
    running = dict(
        Clock.objects.exclude(state=ClockState.STOPPED)
        .values_list("policy__code")
        .annotate(count=Count("pk"))
    )
    rows = ClockPolicy.objects.select_related("calendar").order_by("code", "-version")
    lines = [
        _line(list(versions), on=on, running=running.get(code, 0))
        for code, versions in groupby(rows, key=lambda policy: policy.code)
    ]
    kinds = list(ClockKind.values)
    return sorted(
        lines,
        key=lambda line: (
            kinds.index(line.shown.kind),
            len(line.shown.conditions),
            line.shown.code,
        ),
    )


def _line(versions: list[ClockPolicy], *, on: date, running: int) -> PolicyLine:
    draft = next((v for v in versions if v.state == PolicyState.DRAFT), None)
    published = [v for v in versions if v.state == PolicyState.PUBLISHED]
    current = next((v for v in published if in_force(v, on)), None)
    coming = [v for v in published if v.effective_from > on]
    shown = current or next(iter(published), None) or versions[0]
    return PolicyLine(
        shown=shown,
        draft=draft,
        coming=coming[-1] if coming and coming[-1] != shown else None,
        running=running,
    )


def versions_of(code: str) -> list[ClockPolicy]:
    """Return every version of a policy, drafts included, the newest first."""
    versions = ClockPolicy.objects.filter(code=code).order_by("-version")
    return list(versions.select_related("calendar", "published_by"))


def draft_of(code: str) -> ClockPolicy | None:
    """Return the draft of a policy, if there is one."""
    drafts = ClockPolicy.objects.filter(code=code, state=PolicyState.DRAFT)
    return drafts.select_related("calendar__current").first()


def usual_policy(kind: str) -> ClockPolicy | None:
    """Return the newest published policy of a kind for ordinary cases, if there is one."""
    published = ClockPolicy.objects.filter(kind=kind, state=PolicyState.PUBLISHED, conditions={})
    return published.select_related("calendar").order_by("-effective_from", "-version").first()


def open_clocks_under(code: str) -> int:
    """Count the clocks that are not stopped under any version of a policy."""
    return Clock.objects.filter(policy__code=code).exclude(state=ClockState.STOPPED).count()


def product_lines() -> list[str]:
    """Return the categories that products have."""
    named = Product.objects.exclude(category="").order_by("category")
    return list(named.values_list("category", flat=True).distinct())


def calendars() -> QuerySet[BusinessCalendar]:
    """Return all working calendars by name, with their rules and teams."""
    return (
        BusinessCalendar.objects.select_related("current").prefetch_related("teams").order_by("pk")
    )


def calendar_called(key: str) -> BusinessCalendar | None:
    """Return one calendar, if there is one of that key."""
    return calendars().filter(key=key).first()


def calendar_versions(key: str) -> QuerySet[CalendarVersion]:
    """Return every wording that a calendar had, the newest first."""
    versions = CalendarVersion.objects.filter(data__key=key)
    return versions.select_related("published_by").order_by("-created_at", "version")


def teams_elsewhere(key: str) -> dict[int, str]:
    """Return the teams that work by another calendar of their own, with its name."""
    held = BusinessCalendar.teams.through.objects.exclude(calendar__key=key)
    return dict(held.values_list("team_id", "calendar__name"))


def teams_called(ids: Iterable[int]) -> list[Team]:
    """Return teams by id."""
    return list(Team.objects.filter(pk__in=list(ids)).order_by("name"))


@dataclass(frozen=True)
class CalendarYear:
    """A year's listed days, and whether its holidays are published."""

    year: int
    rest: tuple[date, ...]
    make_up: tuple[date, ...]
    provisional: bool


def calendar_years(calendar: WorkingCalendar, *, today: date) -> list[CalendarYear]:
    """Return the years that a calendar lists, this year and the next, in order."""
    listed = calendar.rest_days | calendar.make_up_days
    years = {day.year for day in listed} | {today.year, today.year + 1}
    return [
        CalendarYear(
            year=year,
            rest=tuple(sorted(day for day in calendar.rest_days if day.year == year)),
            make_up=tuple(sorted(day for day in calendar.make_up_days if day.year == year)),
            provisional=calendar.is_provisional(date(year, 12, 31)),
        )
        for year in sorted(years)
    ]
