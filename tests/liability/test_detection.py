"""The alarm's properties, on streams made by chance with and without surges."""

from __future__ import annotations

from dataclasses import replace
from math import exp, factorial
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liability.detection import Alarm, Complaint, Settings, Units, detect
from liability.detection.tail import chance_of_at_least
from tests.liability.streams import FIRST_DAY, keys, stream

ROOMY = {"deadline": None, "max_examples": 20}
_DAYS = st.integers(min_value=0, max_value=500)
_KEYS = st.sampled_from([("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")])
_COMPLAINTS = st.lists(st.tuples(_DAYS, _KEYS), max_size=120)
_BURSTS = st.lists(
    st.tuples(st.integers(80, 480), _KEYS, st.integers(3, 15)), min_size=1, max_size=3
)


def made(rows: list[tuple[int, tuple[str, str]]], bursts=()) -> list[Complaint]:
    rows = rows + [(day + n % 3, key) for day, key, count in bursts for n in range(count)]
    return [Complaint(FIRST_DAY + day, key, str(n)) for n, (day, key) in enumerate(rows)]


def surge(when: int, until: int, times: float, key=("part 0",)):
    return lambda each, day: times if each == key and when <= day < until else 1.0


@given(st.integers(0, 30), st.floats(0.01, 20))
def test_poisson_tail_is_the_sum_of_its_terms(count, mean):
    below = sum(exp(-mean) * mean**k / factorial(k) for k in range(count))
    assert chance_of_at_least(count, mean) == pytest.approx(1 - below, abs=1e-9)


@given(st.integers(1, 60), st.floats(0.01, 20), st.floats(0.2, 200))
def test_tail_falls_with_the_count_and_rises_with_the_mean(count, mean, size):
    chance = chance_of_at_least(count, mean, size)
    assert 0 <= chance_of_at_least(count + 1, mean, size) <= chance <= 1
    assert chance <= chance_of_at_least(count, mean * 1.5, size) + 1e-9


@settings(**ROOMY)
@given(_COMPLAINTS, _BURSTS, st.integers(60, 500))
def test_what_comes_later_changes_no_alarm(rows, bursts, cut):
    complaints = made(rows, bursts)
    whole = [alarm for alarm in detect(complaints) if alarm.day <= FIRST_DAY + cut]
    assert detect([each for each in complaints if each.day <= FIRST_DAY + cut]) == whole


@settings(**ROOMY)
@given(_COMPLAINTS, _BURSTS, st.randoms(use_true_random=False))
def test_order_of_rows_changes_no_alarm(rows, bursts, source):
    complaints = made(rows, bursts)
    mixed = list(complaints)
    source.shuffle(mixed)
    assert detect(mixed) == detect(complaints)


@settings(**ROOMY)
@given(_COMPLAINTS, _BURSTS)
def test_alarm_says_what_it_counted(rows, bursts):
    complaints = made(rows, bursts)
    for alarm in detect(complaints):
        counted = {
            each.id
            for each in complaints
            if each.key == alarm.key and alarm.day - alarm.window < each.day <= alarm.day
        }
        assert set(alarm.ids) == counted
        assert alarm.count == len(alarm.ids) >= Settings().fewest
        assert alarm.count >= Settings().least_ratio * alarm.expected > 0
        assert alarm.statistic >= 1 / Settings().false_alarms_a_year


@pytest.mark.parametrize("rate", [1.0, 10.0])
def test_chance_alone_rarely_alarms_on_one_key(rate):
    alarms = [detect(stream({("a",): rate}, days=1825, seed=seed)) for seed in range(8)]
    assert sum(map(len, alarms)) <= 4, "40 years of chance, one in ten years allowed"


def test_chance_alone_rarely_alarms_on_many_keys():
    monthly = {key: (0.1, 0.5, 2.0)[n % 3] for n, key in enumerate(keys(60))}
    alarms = [detect(stream(monthly, days=1095, seed=seed)) for seed in range(3)]
    assert sum(map(len, alarms)) <= 2


@pytest.mark.parametrize(
    ("rate", "times", "within"), [(20.0, 2, 120), (20.0, 3, 45), (5.0, 5, 60), (20.0, 5, 21)]
)
def test_surge_is_found_in_time_and_told_once(rate, times, within):
    found = []
    for seed in range(5):
        monthly = {key: rate if n == 0 else 3.0 for n, key in enumerate(keys(8))}
        complaints = stream(monthly, days=950, seed=seed, factor=surge(730, 900, times))
        alarms = [alarm for alarm in detect(complaints) if alarm.key == ("part 0",)]
        delays = [alarm.day - FIRST_DAY - 730 for alarm in alarms if alarm.day >= FIRST_DAY + 730]
        found += [delay for delay in delays[:1] if delay <= within]
        assert len(delays) <= 1
    assert len(found) >= 4


def test_second_surge_is_told_after_the_first_has_faded():
    def twice(key, day):
        return 8.0 if 500 <= day < 560 or 860 <= day < 920 else 1.0

    alarms = detect(stream({("a",): 5.0}, days=1000, seed=3, factor=twice))
    assert len(alarms) == 2
    assert [500 <= alarms[0].day - FIRST_DAY < 560, 860 <= alarms[1].day - FIRST_DAY < 920] == [
        True,
        True,
    ]


def winter(key, day):
    """Sixty hard days a year that don't begin on the same day each year."""
    return 12.0 if 300 <= (day + day // 365 * 8) % 365 < 360 else 0.5


@pytest.mark.parametrize("seed", range(8))
def test_season_does_not_alarm_every_year(seed):
    alarms = detect(stream({("a",): 4.0}, days=365 * 5, seed=seed, factor=winter))
    assert len(alarms) <= 1
    assert all(alarm.day < FIRST_DAY + 365 for alarm in alarms)


def test_season_of_siblings_in_earlier_years_is_known_to_a_new_model():
    models = [(f"model {n}", "frozen") for n in range(8)]
    monthly = {**dict.fromkeys(models, 3.0), ("new", "frozen"): 3.0}

    def new_in_third_year(key, day):
        return winter(key, day) if key[0] != "new" or day >= 760 else 0.0

    alarms = detect(stream(monthly, days=365 * 3, seed=5, factor=new_in_third_year))
    assert [alarm for alarm in alarms if alarm.key[0] == "new"] == []


def test_surge_beyond_the_season_is_told():
    def worse(key, day):
        return winter(key, day) * (5 if day >= 365 * 4 else 1)

    complaints = stream({("a",): 6.0}, days=365 * 5, seed=2, factor=worse)
    late = [alarm for alarm in detect(complaints) if alarm.day >= FIRST_DAY + 365 * 4]
    assert late


def test_press_that_raises_everything_is_no_defect_of_one_part():
    monthly = dict.fromkeys(keys(20), 3.0)
    loud = stream(monthly, days=1000, seed=1, factor=lambda key, day: 3 if 800 <= day < 860 else 1)
    assert len(detect(loud)) <= 1


def sales(rate_of: dict[int, float], months: int = 34) -> Units:
    return Units({("a",): [(FIRST_DAY + 30 * n, rate_of.get(n, 1000.0)) for n in range(months)]})


def test_more_units_sold_explain_more_complaints():
    complaints = stream({("a",): 15.0}, days=1000, seed=4, factor=surge(700, 1000, 4, ("a",)))
    assert len(detect(complaints)) == 1
    assert detect(complaints, units=sales(dict.fromkeys(range(23, 40), 4000.0))) == []


def test_surge_is_found_with_units_that_do_not_explain_it():
    complaints = stream({("a",): 15.0}, days=1000, seed=4, factor=surge(700, 1000, 4, ("a",)))
    alarm = detect(complaints, units=sales({}))[0]
    assert 700 <= alarm.day - FIRST_DAY <= 760
    assert alarm.by_units


def test_few_units_sold_make_the_same_count_an_alarm():
    many = dict.fromkeys(keys(12), 2.0)
    late = dict.fromkeys([("part 0",)], 0.0)

    def from_day_700(key, day):
        return 0.0 if key == ("part 0",) and day < 700 else 1.0

    complaints = stream({**late, **many}, days=1000, seed=6, factor=from_day_700)
    sold = {key: [(None, 100.0 if key == ("part 0",) else 20_000.0)] for key in many}
    assert detect(complaints) == []
    assert [alarm.key for alarm in detect(complaints, units=Units(sold))] == [("part 0",)]


@given(st.integers(1, 4))
def test_a_handful_is_never_an_alarm(count):
    quiet = [Complaint(FIRST_DAY, ("a",), "0"), Complaint(FIRST_DAY + 300, ("a",), "1")]
    burst = [Complaint(FIRST_DAY + 400, ("b",), f"b{n}") for n in range(count)]
    assert detect(quiet + burst) == []


def test_alarm_is_a_value():
    complaints = stream({("a",): 20.0}, days=800, seed=1, factor=surge(700, 800, 5, ("a",)))
    alarm = detect(complaints)[0]
    assert isinstance(alarm, Alarm)
    assert replace(alarm) == alarm


def test_gap_in_the_stream_is_no_surge():
    source = Random(1)
    days = [day for day in range(1500) if not 500 <= day < 900]
    complaints = [
        Complaint(FIRST_DAY + day, (f"part {source.randrange(3)}",), str(day)) for day in days
    ]
    assert len(detect(complaints)) <= 1
