"""When is a promise due? Properties of the arithmetic, and the worked examples of its rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from complaints.clock_arithmetic import (
    Budget,
    LedgerEntry,
    RungRule,
    WorkingCalendar,
    due_moment,
    rung_moments,
    running_time,
)
from complaints.states import BudgetUnit, LedgerAction, Rung

SHANGHAI = ZoneInfo("Asia/Shanghai")
PLAIN = WorkingCalendar()
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
SPANS = st.timedeltas(timedelta(seconds=1), timedelta(days=20))
HOURS = st.decimals(Decimal("0.25"), Decimal(2000), places=2)
DAYS = st.integers(0, 90)
ELAPSED, WORKING, CALENDAR = (
    BudgetUnit.ELAPSED_HOURS,
    BudgetUnit.WORKING_DAYS,
    BudgetUnit.CALENDAR_DAYS,
)
NEW_YEAR = WorkingCalendar(
    rest_days=frozenset(date(2027, 2, day) for day in range(5, 12)),
    make_up_days=frozenset({date(2027, 2, 13), date(2027, 2, 14)}),
)


def started(moment: datetime) -> list[LedgerEntry]:
    return [LedgerEntry(LedgerAction.START, moment)]


def rested(start: datetime, pauses: list[tuple[timedelta, timedelta]]) -> list[LedgerEntry]:
    """A ledger that runs and rests in turn."""
    ledger, moment = started(start), start
    for runs, rests in pauses:
        ledger.append(LedgerEntry(LedgerAction.PAUSE, moment + runs))
        moment = moment + runs + rests
        ledger.append(LedgerEntry(LedgerAction.RESUME, moment))
    return ledger


def local(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


@given(MOMENTS, HOURS)
def test_elapsed_hours_count_every_second(start, hours):
    due = due_moment(Budget(hours, ELAPSED), started(start), PLAIN)
    assert due - start == timedelta(hours=float(hours))


@given(MOMENTS, HOURS, st.lists(st.tuples(SPANS, SPANS), max_size=4))
def test_rests_before_it_is_due_put_it_off_by_exactly_their_length(start, hours, pauses):
    budget, due_in = Budget(hours, ELAPSED), timedelta(hours=float(hours))
    without = due_moment(budget, started(start), PLAIN)
    with_rests = due_moment(budget, rested(start, pauses), PLAIN)
    used = accumulate(runs for runs, _rests in pauses)
    counted = [rests for (_runs, rests), run in zip(pauses, used, strict=True) if run < due_in]
    assert with_rests - without == sum(counted, timedelta(0))


@given(MOMENTS, HOURS)
def test_change_of_summer_time_costs_no_second(start, hours):
    berlin = WorkingCalendar(zone="Europe/Berlin")
    assert due_moment(Budget(hours, ELAPSED), started(start), berlin) == due_moment(
        Budget(hours, ELAPSED), started(start), PLAIN
    )


@given(MOMENTS, st.sampled_from([ELAPSED, WORKING, CALENDAR]), DAYS, DAYS)
def test_more_budget_is_never_due_earlier(start, unit, one, other):
    less, more = sorted([one, other])
    assert due_moment(Budget(Decimal(less), unit), started(start), NEW_YEAR) <= due_moment(
        Budget(Decimal(more), unit), started(start), NEW_YEAR
    )


@given(MOMENTS, SPANS, st.sampled_from([ELAPSED, WORKING, CALENDAR]), DAYS)
def test_a_later_start_is_never_due_earlier(start, later, unit, amount):
    budget = Budget(Decimal(amount), unit)
    assert due_moment(budget, started(start), NEW_YEAR) <= due_moment(
        budget, started(start + later), NEW_YEAR
    )


@given(MOMENTS, st.sampled_from([WORKING, CALENDAR]), DAYS, st.lists(st.tuples(SPANS, SPANS)))
def test_day_budgets_end_at_midnight_after_a_working_day(start, unit, amount, pauses):
    due = due_moment(Budget(Decimal(amount), unit), rested(start, pauses[:3]), NEW_YEAR)
    ends = due.astimezone(SHANGHAI)
    assert (ends.hour, ends.minute, ends.second, ends.microsecond) == (0, 0, 0, 0)
    assert NEW_YEAR.is_working_day(ends.date() - timedelta(days=1))
    assert due > start


@given(MOMENTS, st.integers(1, 60))
def test_so_many_working_days_lie_between(start, amount):
    due = due_moment(Budget(Decimal(amount), WORKING), started(start), NEW_YEAR)
    day, last = NEW_YEAR.local_date(start), due.astimezone(SHANGHAI).date() - timedelta(days=1)
    between = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(NEW_YEAR.is_working_day(one) for one in between) == amount


@given(MOMENTS, st.integers(1, 40), st.integers(1, 30))
def test_a_rest_over_whole_days_gives_those_days_back(start, amount, rest):
    budget = Budget(Decimal(amount), CALENDAR)
    free = WorkingCalendar(make_up_days=frozenset(_every_day(start, 120)))
    noon = datetime.combine(free.local_date(start), datetime.min.time(), SHANGHAI) + timedelta(
        hours=36
    )
    ledger = rested(start, [(noon - start, timedelta(days=rest))])
    unrested = due_moment(budget, started(start), free)
    assert due_moment(budget, ledger, free) == unrested + timedelta(days=rest)


def _every_day(start: datetime, count: int) -> list[date]:
    return [(start + timedelta(days=n)).astimezone(SHANGHAI).date() for n in range(-1, count)]


@pytest.mark.parametrize(
    ("start", "days", "unit", "due"),
    [
        # the day of the start does not count, the last day counts to its end
        (local(2026, 11, 23, 9), 5, WORKING, local(2026, 12, 1)),
        (local(2026, 11, 27, 23), 1, WORKING, local(2026, 12, 1)),
        (local(2026, 11, 28, 10), 1, WORKING, local(2026, 12, 1)),
        # New Year: the 5th to the 11th rest, Saturday 13th and Sunday 14th are worked
        (local(2027, 2, 4, 9), 1, WORKING, local(2027, 2, 13)),
        (local(2027, 2, 12, 9), 2, WORKING, local(2027, 2, 15)),
        # sixty calendar days; a last day of rest rolls to the next worked one
        (local(2026, 11, 23, 9), 60, CALENDAR, local(2027, 1, 23)),
        (local(2027, 2, 1, 9), 4, CALENDAR, local(2027, 2, 13)),
    ],
)
def test_worked_examples(start, days, unit, due):
    assert due_moment(Budget(Decimal(days), unit), started(start), NEW_YEAR) == due


def test_day_begins_by_the_calendars_zone():
    late_evening_utc = datetime(2026, 11, 22, 17, tzinfo=UTC)  # Monday 01:00 in Shanghai
    due = due_moment(Budget(Decimal(1), WORKING), started(late_evening_utc), PLAIN)
    assert due == local(2026, 11, 25)


def test_day_at_whose_end_the_clock_rested_does_not_count():
    start = local(2026, 11, 23, 9)
    ledger = rested(start, [(timedelta(hours=30), timedelta(hours=24))])  # 24th 15:00 to 25th
    assert due_moment(Budget(Decimal(5), WORKING), ledger, PLAIN) == local(2026, 12, 2)


@given(MOMENTS, SPANS, st.sampled_from([ELAPSED, WORKING, CALENDAR]))
def test_paused_clock_is_never_due(start, runs, unit):
    ledger = [*started(start), LedgerEntry(LedgerAction.PAUSE, start + runs)]
    assert due_moment(Budget(Decimal(3), unit), ledger, PLAIN) is None


@given(MOMENTS, MOMENTS, st.sampled_from(list(BudgetUnit)))
def test_moment_agreed_beforehand_goes_before_the_amount(start, until, unit):
    assert due_moment(Budget(Decimal(3), unit, until=until), started(start), PLAIN) == until


def test_unknown_unit_is_an_error():
    with pytest.raises(ValueError, match="moons"):
        due_moment(Budget(Decimal(3), "moons"), started(local(2026, 1, 1)), PLAIN)


@given(MOMENTS, st.lists(st.tuples(SPANS, SPANS), max_size=4), SPANS)
def test_time_used_is_the_time_not_rested(start, pauses, after):
    ledger = rested(start, pauses)
    running = sum((runs for runs, _rests in pauses), timedelta(0)) + after
    until = ledger[-1].at + after
    assert running_time(ledger, until=until) == running
    stopped = [*ledger, LedgerEntry(LedgerAction.STOP, until)]
    later = until + timedelta(days=9)
    assert running_time(stopped, until=later) == running


def test_time_used_before_the_start_is_none():
    ledger = started(local(2026, 1, 2))
    assert running_time(ledger, until=local(2026, 1, 1)) == timedelta(0)


LADDER = [
    RungRule(Rung.ESCALATION_2, after_hours=Decimal(24)),
    RungRule(Rung.BREACH, fraction=Decimal(1)),
    RungRule(Rung.WARN_HALF, fraction=Decimal("0.5")),
    RungRule(Rung.WARN_LATE, fraction=Decimal("0.75")),
    RungRule(Rung.ESCALATION_1, after_hours=Decimal(0)),
]


@given(MOMENTS, SPANS)
def test_rungs_stand_in_the_order_of_time(start, span):
    assume(span > timedelta(minutes=1))
    budget = Budget(Decimal(0), BudgetUnit.FIXED, until=start + span)
    rungs = rung_moments(LADDER, budget=budget, ledger=started(start), calendar=PLAIN)
    assert [rung for rung, _moment in rungs] == [rung.value for rung in Rung]
    moments = dict(rungs)
    assert moments[Rung.BREACH] == moments[Rung.ESCALATION_1] == start + span
    assert moments[Rung.WARN_HALF] - start == pytest.approx(span / 2, abs=timedelta(seconds=1))
    assert moments[Rung.ESCALATION_2] == start + span + timedelta(hours=24)
