"""What a back-test is asked to do: a policy as data, checked before any of the log is read.

`docs/back-test.md` describes the data. Nothing in a policy is ignored: a key that isn't known is
refused with its place, so that a slip of the pen can't change a figure unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from complaints.backtest.reading import Place
from complaints.backtest.spans import RememberedCalendar
from complaints.backtest.times import DATE_FORMATS, read_moment
from complaints.clock_arithmetic import Budget, CalendarError, WorkingCalendar
from complaints.states import BudgetUnit

FIRST, LAST = "first", "last"
START_GROUPS = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}
MOST_CLOCKS = 12
_WHOLE_UNITS = frozenset(set(BudgetUnit) - {BudgetUnit.ELAPSED_HOURS, BudgetUnit.WORKING_HOURS})
_LARGEST = {BudgetUnit.WEEKS: 5_000, BudgetUnit.MONTHS: 1_200, BudgetUnit.YEARS: 100}
_LARGEST_OTHER = 36_000
_CLOCK_KEYS = (
    "name",
    "start",
    "stop",
    "pause",
    "resume",
    "deadline",
    "budget",
    "within_hours",
    "percentiles",
    "group_by",
    "group_by_start",
)
_POLICY_KEYS = ("columns", "date_format", "time_zone", "calendar", "as_of", "within_days")
_CALENDAR_KEYS = ("key", "zone", "week", "rest_days", "make_up_days", "published_to")


@dataclass(frozen=True)
class Columns:
    """Where a log keeps the case, the event and the moment."""

    case: str
    event: str
    time: str


@dataclass(frozen=True)
class Matcher:
    """Which lines count: each named column must hold one of its values; no column means any."""

    values: tuple[tuple[str, frozenset[str]], ...] = ()

    def matches(self, cells: Mapping[str, str]) -> bool:
        """Say whether a line of the log is meant."""
        return all(cells[column] in wanted for column, wanted in self.values)


@dataclass(frozen=True)
class Mark:
    """What starts or stops a clock: the first or last line that matches, or a column's moment."""

    occurrence: str = FIRST
    matcher: Matcher | None = None
    column: str = ""


@dataclass(frozen=True)
class ClockRule:
    """One promise: when its clock starts, rests and stops, and by when it must have stopped."""

    name: str
    start: Mark
    stop: Mark
    pause: Matcher | None = None
    resume: Matcher = field(default_factory=Matcher)
    deadline: Mark | None = None
    budget: Budget | None = None
    within_hours: tuple[float, ...] = ()
    percentiles: tuple[float, ...] = (50, 90)
    group_by: tuple[str, ...] = ()
    group_by_start: str = ""

    @property
    def groupings(self) -> tuple[str, ...]:
        """Name what the cases are grouped by: columns, then the month or year of the start."""
        return self.group_by + ((f"start_{self.group_by_start}",) if self.group_by_start else ())

    @property
    def working(self) -> bool:
        """Say whether this clock's hours are the calendar's working hours."""
        return self.budget is not None and self.budget.unit == BudgetUnit.WORKING_HOURS

    @property
    def marks(self) -> list[Mark]:
        """All that is a moment: the start, the stop, the deadline of the log."""
        return [self.start, self.stop, *([self.deadline] if self.deadline else [])]


@dataclass(frozen=True)
class Policy:
    """A whole back-test: the log's columns, the calendar, and the clocks to replay."""

    columns: Columns
    clocks: tuple[ClockRule, ...]
    calendar: WorkingCalendar = field(default_factory=WorkingCalendar)
    date_format: str = ""
    time_zone: str = ""
    as_of: datetime | None = None
    within_days: tuple[int, ...] = (7,)

    @property
    def zone(self) -> ZoneInfo:
        """The zone of moments that the log writes without an offset."""
        return ZoneInfo(self.time_zone or self.calendar.zone)

    def moment_columns(self) -> list[str]:
        """Name each column that holds moments, once."""
        named = [mark.column for clock in self.clocks for mark in clock.marks if mark.column]
        return list(dict.fromkeys([self.columns.time, *named]))

    def needed_columns(self) -> tuple[str, ...]:
        """Name each column that the log must have, once."""
        needed = [self.columns.case, self.columns.event, *self.moment_columns()]
        for clock in self.clocks:
            needed += clock.group_by
            matchers = [mark.matcher for mark in clock.marks] + [clock.pause, clock.resume]
            needed += [column for m in matchers if m is not None for column, _values in m.values]
        return tuple(dict.fromkeys(needed))


def read_policy(data: Any) -> Policy:
    """Return the policy that plain data describe. Raises PolicyRefused naming the place at fault.

    A policy with one clock may give the clock's keys beside its own.
    """
    place = Place(data)
    single = place.get("clocks") is None
    place.allow(*_POLICY_KEYS, *(_CLOCK_KEYS if single else ["clocks"]))
    columns = _columns(place.child("columns"))
    clocks = [place] if single else place.children("clocks")
    if not clocks or len(clocks) > MOST_CLOCKS:
        raise place.at("clocks").refused(_("要写 1 到 %(most)d 个时限。") % {"most": MOST_CLOCKS})
    calendar = RememberedCalendar.of(_calendar(place))
    time_zone = _zone(place)
    return Policy(
        columns=columns,
        clocks=tuple(
            _clock(clock, columns, single=single, name=str(number))
            for number, clock in enumerate(clocks, start=1)
        ),
        calendar=calendar,
        date_format=place.one_of("date_format", DATE_FORMATS),
        time_zone=time_zone,
        as_of=_as_of(place, ZoneInfo(time_zone or calendar.zone)),
        within_days=tuple(int(days) for days in place.numbers("within_days", (7,), whole=True)),
    )


def _columns(place: Place) -> Columns:
    place.allow("case", "event", "time")
    return Columns(case=place.text("case"), event=place.text("event"), time=place.text("time"))


def _calendar(place: Place) -> WorkingCalendar:
    if place.get("calendar") is None:
        return WorkingCalendar()
    inner = place.child("calendar")
    inner.allow(*_CALENDAR_KEYS)
    try:
        return WorkingCalendar.from_data(inner.data)
    except CalendarError as error:
        raise inner.at(error.field).refused(
            _("日历读不懂（%(error)s）。") % {"error": error}
        ) from error
    except TypeError as error:
        raise inner.refused(_("日历读不懂（%(error)s）。") % {"error": error}) from error


def _zone(place: Place) -> str:
    name = place.text("time_zone", optional=True)
    if name:
        try:
            WorkingCalendar.from_data({"zone": name})
        except CalendarError as error:
            raise place.at("time_zone").refused(
                _("没有「%(zone)s」这个时区。") % {"zone": name}
            ) from error
    return name


def _as_of(place: Place, zone: ZoneInfo) -> datetime | None:
    text = place.text("as_of", optional=True)
    if not text:
        return None
    try:
        return read_moment(text, "ymd", zone).astimezone(UTC)
    except ValueError as error:
        raise place.at("as_of").refused(
            _("「%(text)s」不是时间，要写成 2011-06-30T00:00Z 这样。") % {"text": text}
        ) from error


def _clock(place: Place, columns: Columns, *, single: bool, name: str) -> ClockRule:
    if not single:
        place.allow(*_CLOCK_KEYS)
    deadline, budget = place.get("deadline"), place.get("budget")
    if deadline is not None and budget is not None:
        raise place.at("budget").refused(_("期限列和时限只能写一个。"))
    pause = place.get("pause")
    if pause is None and place.get("resume") is not None:
        raise place.at("resume").refused(_("没有写暂停，就不能写继续。"))
    return ClockRule(
        name=place.text("name", optional=True) or name,
        start=_mark(place.child("start"), columns),
        stop=_mark(place.child("stop"), columns),
        pause=None if pause is None else _matcher(place.child("pause"), columns),
        resume=(
            Matcher() if place.get("resume") is None else _matcher(place.child("resume"), columns)
        ),
        deadline=None if deadline is None else _deadline(place.child("deadline")),
        budget=None if budget is None else _budget(place.child("budget")),
        within_hours=place.numbers("within_hours", ()),
        percentiles=place.numbers("percentiles", (50, 90), most=100),
        group_by=place.texts("group_by"),
        group_by_start=place.one_of("group_by_start", START_GROUPS),
    )


def _mark(place: Place, columns: Columns) -> Mark:
    occurrence = place.one_of("occurrence", (FIRST, LAST)) or FIRST
    if place.get("column") is not None:
        place.allow("column", "occurrence")
        return Mark(occurrence=occurrence, column=place.text("column"))
    return Mark(occurrence=occurrence, matcher=_matcher(place, columns, "occurrence"))


def _deadline(place: Place) -> Mark:
    place.allow("column", "occurrence")
    occurrence = place.one_of("occurrence", (FIRST, LAST)) or FIRST
    return Mark(occurrence=occurrence, column=place.text("column"))


def _matcher(place: Place, columns: Columns, *also: str) -> Matcher:
    ways = ("any", "event", "events", "match")
    place.allow(*ways, *also)
    if len([way for way in ways if place.get(way) is not None]) != 1:
        raise place.refused(_("event、events、match、any 要写一个，也只能写一个。"))
    if place.get("any") is not None:
        if place.get("any") is not True:
            raise place.at("any").refused(_("只能写 true。"))
        return Matcher()
    if place.get("match") is None:
        wanted = place.texts("events") or (place.text("event"),)
        return Matcher(((columns.event, frozenset(wanted)),))
    pairs = place.child("match")
    if not pairs.data:
        raise pairs.refused(_("至少写一列。"))
    return Matcher(tuple((column, frozenset(pairs.texts(column))) for column in pairs.data))


def _budget(place: Place) -> Budget:
    place.allow("amount", "unit", "rolls")
    unit = place.one_of("unit", [str(u) for u in BudgetUnit if u != BudgetUnit.FIXED])
    if not unit:
        raise place.at("unit").refused(_("没有写单位。"))
    amount = place.amount("amount", most=_LARGEST.get(BudgetUnit(unit), _LARGEST_OTHER))
    if unit in _WHOLE_UNITS and amount != int(amount):
        raise place.at("amount").refused(_("这个单位的数量要是整数。"))
    rolls = place.get("rolls")
    if rolls not in (None, True, False):
        raise place.at("rolls").refused(_("只能写 true 或 false。"))
    return Budget(amount=amount, unit=unit, rolls=rolls is not False)
