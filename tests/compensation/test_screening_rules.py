"""Points, bands and signs of claim screening: what counts, who is spared, what is never asked."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from statistics import mean
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.rings import make_world
from benchmarks.screening import screen
from compensation.screening import Band, Claim, Signal, UnknownSignal, score, signs_of
from compensation.screening.scoring import LEAD_REVIEW_FROM, POINTS, SECOND_REVIEW_FROM, SHARED

CODES = st.sets(st.sampled_from([str(signal) for signal in Signal]))


def claim(number: int, **marks: Any) -> Claim:
    """A claim of an account, an order, a home of its own."""
    own: dict[str, Any] = {
        "account": f"a{number}",
        "day": 100 + number,
        "order": f"o{number}",
        "address": f"home{number}",
    }
    return Claim(id=number, **(own | marks))


def claims(count: int, **marks: Any) -> list[Claim]:
    return [claim(number, **marks) for number in range(1, count + 1)]


@pytest.mark.parametrize(
    ("signals", "points", "band"),
    [
        ([], 0, "normal"),
        (["claims_90d_ge_5"], 20, "normal"),
        (["evidence_hash_reused", "shared_payee"], 60, "second_review"),
        (["evidence_forged_confirmed"], 70, "second_review"),
        (["evidence_forged_confirmed", "template_text"], 85, "lead_legal_review"),
        (["shared_payee", "shared_device", "shared_address"], 30, "normal"),
        (["serial_mismatch", "claims_90d_ge_5"], 50, "second_review"),
    ],
)
def test_points_and_band(signals: list[str], points: int, band: str) -> None:
    result = score(signals)

    assert (result.score, result.band, result.auto_reject) == (points, band, False)
    assert sum(reason.points for reason in result.reasons) == points


@given(CODES, st.sampled_from([str(signal) for signal in Signal]))
def test_another_sign_never_lowers_the_score(codes: set[str], more: str) -> None:
    before, after = score(codes), score(codes | {more})

    assert after.score >= before.score
    assert not after.auto_reject
    assert {reason.signal for reason in after.reasons} == {*codes, more}


@given(CODES)
def test_the_band_is_that_of_the_points(codes: set[str]) -> None:
    result = score(list(codes) * 2)

    single = sum(POINTS[Signal(code)] for code in codes if code not in SHARED)
    assert result.score == single + (30 if codes & set(SHARED) else 0)
    expected = Band.SECOND_REVIEW if result.score >= SECOND_REVIEW_FROM else Band.NORMAL
    if result.score >= LEAD_REVIEW_FROM:
        expected = Band.LEAD_LEGAL_REVIEW
    assert result.band is expected


@pytest.mark.parametrize("code", ["sex", "age", "married", "marital_status", "gender", "", "x"])
def test_who_a_person_is_is_no_sign(code: str) -> None:
    with pytest.raises(UnknownSignal, match="unknown signal"):
        score([code])


def test_no_mark_of_a_person_is_an_input() -> None:
    told = {field.name for field in fields(Claim)} | {str(signal) for signal in Signal}

    traits = ("sex", "gender", "age", "birth", "marital", "married", "ethnic", "religion", "tier")
    assert not [name for name in told for trait in traits if trait in name.split("_")]


def test_a_payee_of_three_homes_is_a_sign_and_of_two_is_not() -> None:
    assert signs_of(claims(3, payee="p")).signals == {
        number: frozenset({Signal.SHARED_PAYEE}) for number in (1, 2, 3)
    }
    assert signs_of(claims(2, payee="p")).signals == {}


@pytest.mark.parametrize("count", [4, 60])
def test_people_at_one_address_may_share_everything(count: int) -> None:
    shared = {"address": "one", "payee": "p", "device": "d", "phone": "t"}

    found = signs_of(claims(count, **shared))

    assert found.signals == {}


def test_one_picture_for_three_orders_ends_the_sparing_of_an_address() -> None:
    found = signs_of(claims(3, address="one", payee="p", pictures=("same",)))

    signals = {Signal.SHARED_ADDRESS, Signal.SHARED_PAYEE, Signal.PICTURE_REUSED}
    assert set(found.signals.values()) == {frozenset(signals)}
    assert score(found.signals[1]).band is Band.SECOND_REVIEW


def test_one_order_told_of_twice_is_no_reuse() -> None:
    found = signs_of(claims(2, address="one", order="same", pictures=("same",)))

    assert found.signals == {}


def test_a_picture_that_a_crowd_has_is_no_reuse_but_within_a_group() -> None:
    crowd = claims(40, pictures=("web",))

    assert signs_of(crowd).signals == {}
    ring = [replace(each, device="d") if each.id <= 4 else each for each in crowd]
    found = signs_of(ring).signals
    assert set(found) == {1, 2, 3, 4}
    assert Signal.PICTURE_REUSED in found[1]


def test_a_terminal_of_many_customers_leads_to_nobody() -> None:
    found = signs_of(claims(60, device="terminal"))

    assert {score(signals).band for signals in found.signals.values()} == {Band.NORMAL}
    assert found.groups == {}


def test_a_chain_of_different_marks_is_one_group() -> None:
    chain = [
        claim(1, payee="p1", pictures=("x",)),
        claim(2, payee="p1", device="d1", pictures=("x",)),
        claim(3, device="d1", payee="p2", pictures=("y",)),
        claim(4, payee="p2", device="d2", pictures=("y",)),
        claim(5, device="d2", pictures=("x",)),
        claim(6, payee="elsewhere"),
    ]

    found = signs_of(chain)

    assert found.groups == dict.fromkeys(range(1, 6), 1)
    assert all(score(found.signals[n]).band is Band.LEAD_LEGAL_REVIEW for n in range(1, 6))
    assert 6 not in found.signals


@pytest.mark.parametrize(("last", "often"), [(100 + 89, True), (100 + 90, False)])
def test_five_claims_in_ninety_days(last: int, often: bool) -> None:
    days = [100, 110, 120, 130, last]
    found = signs_of(claim(n, account="a", day=day) for n, day in enumerate(days))

    assert (Signal.FREQUENT in found.signals.get(0, ())) is often


def test_what_is_asked_counts_against_what_was_paid_only_without_proof() -> None:
    asked = claim(1, paid=Decimal(100), claimed=Decimal("300.01"))

    assert signs_of([asked]).signals == {1: frozenset({Signal.OVER_THREE_TIMES})}
    assert signs_of([replace(asked, has_proof=True)]).signals == {}
    assert signs_of([replace(asked, claimed=Decimal(300))]).signals == {}
    assert signs_of([replace(asked, paid=Decimal(0))]).signals == {}


def test_three_buys_of_one_item_in_the_week_after_the_first_fault() -> None:
    def bought(*days: int) -> list[Claim]:
        rows = [claim(n, account="a", product="k", bought_on=day) for n, day in enumerate(days)]
        return [replace(each, day=200 + each.id) for each in rows]

    assert Signal.BOUGHT_AGAIN in signs_of(bought(150, 201, 203, 207)).signals[0]
    assert signs_of(bought(150, 201, 203, 208)).signals == {}


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_claims_changes_nothing(dice: Any) -> None:
    world = make_world(300, seed=dice.randrange(10**6)).claims
    mixed = world[:]
    dice.shuffle(mixed)

    one, other = signs_of(world), signs_of(mixed)

    assert one.signals == other.signals
    assert one.groups == other.groups


@pytest.mark.slow
def test_planted_rings_are_found_and_decoys_spared() -> None:
    outcomes = [screen(make_world(20_000, seed=seed)) for seed in (1, 2, 3)]

    assert mean(outcome.recall for outcome in outcomes) >= 0.9
    assert mean(outcome.precision for outcome in outcomes) >= 0.9
    for outcome in outcomes:
        sorts = {outcome.world.truth[number] for number in outcome.flagged}
        assert not sorts & {"", "family", "dormitory", "office", "office at home", "terminal"}
