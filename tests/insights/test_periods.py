"""Spans of days: presets, the span before, and weeks."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from insights.periods import LONGEST, Period, period_between, preset_period

SUNDAY = date(2026, 11, 22)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


def test_this_week_begins_on_monday():
    period = preset_period("week", today=SUNDAY)
    assert (period.first, period.last) == (date(2026, 11, 16), SUNDAY)


def test_an_unknown_preset_is_the_last_twelve_weeks():
    period = preset_period("", today=SUNDAY)
    assert period.first == date(2026, 8, 31)
    assert len(period.weeks()) == 12


def test_moments_are_the_companys_days():
    period = Period(SUNDAY, SUNDAY)
    assert period.starts.isoformat() == "2026-11-22T00:00:00+08:00"
    assert period.ends - period.starts == timedelta(days=1)


@given(days, days)
def test_weeks_cover_the_period_once(first, second):
    period = period_between(first, second)
    covered = [
        week.first + timedelta(days=n)
        for week in period.weeks()
        for n in range((week.last - week.first).days + 1)
    ]
    whole = [period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1)]
    assert covered == whole


@given(days, days)
def test_the_period_before_ends_the_day_before_and_is_as_long(first, second):
    period = period_between(first, second)
    before = period.previous()
    assert before.last == period.first - timedelta(days=1)
    assert before.last - before.first == period.last - period.first <= LONGEST
