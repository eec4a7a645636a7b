"""Who gets a case: a rule that can be told in sentences, whatever order people come in."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.choosing import EMERGENCY_EXTRA, Candidate, Choice, Need, choose

KETTLES, ENGLISH = 1, 2


def chosen(*people: Candidate, **need: object) -> int | None:
    choice = choose(people, Need(**need))
    return choice.chosen.pk if choice.chosen else None


def test_least_loaded_of_the_team_gets_it() -> None:
    busy, free = Candidate(1, team=1, open_cases=9), Candidate(2, team=1, open_cases=3)
    assert chosen(busy, free, team=1) == 2


def test_load_is_measured_by_what_each_can_carry() -> None:
    half = Candidate(1, team=1, open_cases=5, limit=10)
    third = Candidate(2, team=1, open_cases=10, limit=30)
    assert chosen(half, third, team=1) == 2


@pytest.mark.parametrize(
    ("flaw", "code"),
    [
        ({"is_away": True}, "away"),
        ({"is_barred": True}, "barred"),
        ({"open_cases": 30}, "full"),
    ],
)
def test_who_cannot_take_it_is_passed_over_and_named(flaw: dict, code: str) -> None:
    able = Candidate(1, team=1, open_cases=29)
    choice = choose([able, replace(Candidate(2, team=1), **flaw)], Need(team=1))
    assert choice.chosen is not None and choice.chosen.pk == 1
    assert choice.passed == {code: [2]}


def test_who_gave_it_back_does_not_get_it_again() -> None:
    choice = choose([Candidate(1, team=1), Candidate(2, team=1)], Need(team=1, not_to={1}))
    assert choice.chosen is not None and choice.chosen.pk == 2
    assert choice.passed == {"gave_back": [1]}


def test_skill_goes_before_team_and_team_before_nothing() -> None:
    able = Candidate(1, team=2, skills=frozenset({KETTLES}), open_cases=20)
    near = Candidate(2, team=1)
    assert chosen(able, near, team=1, skills=frozenset({KETTLES})) == 1
    choice = choose([near], Need(team=1, skills=frozenset({KETTLES})))
    assert choice.chosen == near
    assert "lacks_skill" in choice.why
    assert chosen(replace(near, team=2), team=1, skills=frozenset({ENGLISH})) is None


def test_who_knows_the_customer_comes_first_but_not_in_an_emergency() -> None:
    knows = Candidate(1, team=1, open_cases=20, is_familiar=True)
    free = Candidate(2, team=1)
    assert chosen(knows, free, team=1) == 1
    assert chosen(knows, free, team=1, is_emergency=True) == 2


def test_emergency_goes_over_the_limit_but_not_without_end() -> None:
    full = Candidate(1, team=1, open_cases=30)
    assert chosen(full, team=1) is None
    choice = choose([full], Need(team=1, is_emergency=True))
    assert choice.chosen == full
    assert "over_limit" in choice.why
    crushed = replace(full, open_cases=30 + EMERGENCY_EXTRA)
    assert chosen(crushed, team=1, is_emergency=True) is None


people = st.lists(
    st.builds(
        Candidate,
        pk=st.integers(1, 40),
        team=st.sampled_from([None, 1, 2]),
        skills=st.frozensets(st.sampled_from([KETTLES, ENGLISH])),
        open_cases=st.integers(0, 40),
        limit=st.integers(0, 35),
        is_away=st.booleans(),
        is_barred=st.booleans(),
        is_familiar=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda person: person.pk,
)
needs = st.builds(
    Need,
    team=st.sampled_from([None, 1, 2]),
    skills=st.frozensets(st.sampled_from([KETTLES, ENGLISH])),
    is_emergency=st.booleans(),
    not_to=st.frozensets(st.integers(1, 40), max_size=3),
)


@given(people, needs, st.randoms())
def test_nobody_is_chosen_who_must_not_be(
    crowd: list[Candidate], need: Need, dice: random.Random
) -> None:
    choice = choose(crowd, need)
    shuffled = list(crowd)
    dice.shuffle(shuffled)

    assert choose(shuffled, need) == choice
    if choice.chosen is not None:
        person = choice.chosen
        assert not (person.is_away or person.is_barred or person.pk in need.not_to)
        assert person.open_cases < person.limit + (EMERGENCY_EXTRA if need.is_emergency else 0)
        assert person.team == need.team or need.team is None or need.skills <= person.skills
        assert choice.why or len(crowd) > 1
    passed = [pk for pks in choice.passed.values() for pk in pks]
    assert len(passed) == len(set(passed))
    assert choice.chosen is None or choice.chosen.pk not in passed


@given(people, needs)
def test_somebody_is_chosen_wherever_somebody_able_is_free(
    crowd: list[Candidate], need: Need
) -> None:
    able = Candidate(99, team=need.team, skills=need.skills, limit=1)
    assert choose([*crowd, able], need) != Choice()
    assert choose([*crowd, able], need).chosen is not None
