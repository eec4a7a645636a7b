"""Complaints that come in clumps, and parts that rise at the same time, are no defect of one."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liability.detection import Complaint, detect
from liability.detection.together import Clumps, Standing, rise_together
from tests.liability.streams import FIRST_DAY, keys, stream

PARTS = keys(120)
MONTHLY = {key: (0.2, 1.0, 2.0, 5.0)[n % 4] for n, key in enumerate(PARTS)}


def in_clumps(complaints: list[Complaint], seed: int) -> list[Complaint]:
    """One in four is sent a second time on its day, under another number."""
    source = Random(seed)
    again = [each for each in complaints if source.random() < 0.25]
    return complaints + [Complaint(each.day, each.key, f"{each.id} again") for each in again]


def winter_of_half(key, day):
    """A hard season for every second part, half a year apart in the two halves of the earth."""
    half = 182 if int(key[0].split()[1]) % 2 else 0
    return 3.0 if (day + half) % 365 < 75 else 0.5


@pytest.mark.slow
def test_clumps_raise_no_more_alarms_than_are_allowed():
    alarms = 0
    for seed in range(3):
        alarms += len(detect(in_clumps(stream(MONTHLY, days=1095, seed=seed), seed)))
    assert alarms <= 1, "nine years of 120 parts, one in ten years allowed"


@pytest.mark.slow
def test_first_winter_of_half_the_parts_is_hardly_told_of():
    alarms = 0
    for seed in range(3):
        alarms += len(detect(stream(MONTHLY, days=600, seed=seed, factor=winter_of_half)))
    assert alarms <= 2


def test_surge_of_one_part_is_told_though_letters_come_in_clumps():
    def surge(key, day):
        return 5.0 if key == PARTS[3] and day >= 500 else 1.0

    told = detect(in_clumps(stream(MONTHLY, days=600, seed=5, factor=surge), 5))
    assert [(alarm.key, alarm.day < FIRST_DAY + 545) for alarm in told] == [(PARTS[3], True)]


def test_clumps_are_measured():
    whole = stream(dict.fromkeys(PARTS[:20], 5.0), days=1000, seed=2)
    assert clumps_of(whole) < 0.02
    assert 0.3 < clumps_of(in_clumps(whole, 2)) < 0.5


def test_rising_level_is_no_clump():
    def wave(key, day):
        return 6.0 if day // 100 % 2 else 0.2

    assert clumps_of(stream(dict.fromkeys(PARTS[:20], 5.0), days=1000, seed=2, factor=wave)) < 0.1


def clumps_of(complaints: list[Complaint]) -> float:
    clumps = Clumps()
    counted: dict[tuple, int] = {}
    for each in complaints:
        counted[each.key, each.day] = counted.get((each.key, each.day), 0) + 1
    for (key, day), count in sorted(counted.items(), key=lambda item: item[0][1]):
        clumps.add(count, counted.get((key, day - 7), 0))
    return clumps.value


def standings(rising: int, calm: int) -> list[Standing]:
    many = [Standing((f"up {n}",), 9, 2.0) for n in range(rising)]
    return many + [Standing((f"calm {n}",), 2, 2.0) for n in range(calm)]


@given(st.integers(0, 4), st.integers(0, 60))
def test_few_that_rise_explain_nothing(rising, calm):
    assert rise_together(standings(rising, calm), ("one",)) == 1.0


@given(st.integers(10, 40), st.integers(0, 40))
def test_many_that_rise_explain_as_much_as_they_rise(rising, calm):
    assert 3.5 < rise_together(standings(rising, calm), ("one",)) < 4.5


def test_one_does_not_explain_itself():
    assert rise_together(standings(5, 10), ("up 0",)) == 1.0
