"""Like texts: measured by what they share, found by their marks."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.likeness import BANDS, bands, likeness, shingles

KETTLE = "11 月 19 日晚上烧水时，水壶底座冒出白烟并有焦糊味，孩子吓到了，要求退款并赔偿损失。"
SAME_KETTLE = "11月19日晚上烧水时水壶底座冒出白烟，有焦糊味，孩子吓到了。要求退款，赔偿损失！"
OTHER = "空调买来三天就不制冷，客服一直不回复，我要求换货，再不处理就去 12315。"

texts = st.text(alphabet="水壶空调冒烟退款赔偿客服不回电ab c，。", max_size=200)


def share(one: str, other: str) -> float:
    return likeness(shingles(one), shingles(other))


def test_same_words_with_other_punctuation_are_alike() -> None:
    assert share(KETTLE, SAME_KETTLE) > 0.6
    assert set(bands(KETTLE)) & set(bands(SAME_KETTLE))


def test_other_complaints_are_not_alike() -> None:
    assert share(KETTLE, OTHER) < 0.1


def test_texts_that_say_too_little_are_alike_to_nothing() -> None:
    assert bands("退款") == []
    assert share("退款", "退款") == 0


@given(texts, texts)
def test_likeness_is_symmetric_and_a_share(one: str, other: str) -> None:
    assert share(one, other) == share(other, one)
    assert 0 <= share(one, other) <= 1


@given(texts)
def test_text_shares_all_bands_with_itself(text: str) -> None:
    marks = bands(text)
    assert len(marks) in (0, BANDS)
    assert bands(text) == marks
    assert all(-(2**63) <= mark < 2**63 for mark in marks)


@pytest.mark.parametrize(("kept", "least"), [(0.9, 0.97), (0.75, 0.8)])
def test_texts_much_alike_are_found_by_their_bands(kept: float, least: float) -> None:
    dice = random.Random(7)
    signs = [chr(code) for code in range(0x4E00, 0x4E00 + 800)]
    found = 0
    for _round in range(200):
        text = dice.choices(signs, k=150)
        changed = list(text)
        start = dice.randrange(150)
        for place in range(start, start + round(150 * (1 - kept))):
            changed[place % 150] = dice.choice(signs)
        found += bool(set(bands("".join(text))) & set(bands("".join(changed))))
    assert found / 200 >= least


def test_texts_little_alike_are_seldom_compared() -> None:
    dice = random.Random(7)
    signs = [chr(code) for code in range(0x4E00, 0x4E00 + 200)]
    marks = [set(bands("".join(dice.choices(signs, k=150)))) for _text in range(150)]
    met = sum(bool(a & b) for i, a in enumerate(marks) for b in marks[:i])
    assert met / (150 * 149 / 2) < 0.01
