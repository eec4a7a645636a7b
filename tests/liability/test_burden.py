"""Who has to prove, by date and category."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from liability.burden import (
    ARTICLES,
    FLAW_IN_SIX_MONTHS,
    ONLINE_RECORDS,
    PERSONAL_DATA,
    PREPAID_RECORDS,
    PRODUCT_DEFENCES,
    WHO_CLAIMS_PROVES,
    BurdenFacts,
    burdens,
    months_later,
)
from liability.presenters import ARTICLE_WORDS, BURDEN_WORDS

PHONE = BurdenFacts(
    category="QUALITY",
    product_kind="手机",
    received_on=date(2026, 3, 31),
    flaw_on=date(2026, 9, 30),
)


def rules(facts: BurdenFacts) -> list[str]:
    return [burden.rule for burden in burdens(facts)]


def test_a_flaw_on_the_last_day_of_six_months_is_the_operators_to_disprove() -> None:
    burden = burdens(PHONE)[0]
    assert (burden.rule, burden.bearer, burden.until) == (
        FLAW_IN_SIX_MONTHS,
        "operator",
        date(2026, 9, 30),
    )
    assert "第二十三条第三款" in burden.article


@pytest.mark.parametrize(
    "facts",
    [
        replace(PHONE, flaw_on=date(2026, 10, 1)),
        replace(PHONE, flaw_on=date(2026, 3, 30)),
        replace(PHONE, flaw_on=None),
        replace(PHONE, received_on=None),
        replace(PHONE, product_kind="食品"),
        replace(PHONE, category="SERVICE"),
    ],
)
def test_outside_date_goods_or_category_the_general_rule_is_left(facts: BurdenFacts) -> None:
    assert rules(facts) == [WHO_CLAIMS_PROVES]


@pytest.mark.parametrize(
    ("facts", "rule"),
    [
        (BurdenFacts(category="QUALITY", issue="SAFETY"), PRODUCT_DEFENCES),
        (BurdenFacts(category="QUALITY", endangers=True), PRODUCT_DEFENCES),
        (BurdenFacts(category="PRIVACY"), PERSONAL_DATA),
        (BurdenFacts(category="PREPAID"), PREPAID_RECORDS),
        (BurdenFacts(category="DELIVERY", channel="ecommerce_platform"), ONLINE_RECORDS),
        (replace(PHONE, product_kind="旧房装修"), FLAW_IN_SIX_MONTHS),
    ],
)
def test_special_rules_come_before_the_general_one(facts: BurdenFacts, rule: str) -> None:
    assert rules(facts) == [rule, WHO_CLAIMS_PROVES]


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-400, 400))
def test_the_burden_turns_once_at_each_end(received: date, days: int) -> None:
    flaw = received + timedelta(days=days)
    found = rules(replace(PHONE, received_on=received, flaw_on=flaw))
    inside = received <= flaw <= months_later(received, 6)
    assert (found[0] == FLAW_IN_SIX_MONTHS) is inside
    assert found[-1] == WHO_CLAIMS_PROVES


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 60))
def test_months_end_on_the_day_or_the_months_last(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_every_rule_has_words_and_the_same_article_on_the_page() -> None:
    assert set(BURDEN_WORDS) == set(ARTICLES)
    with translation.override("zh-hans"):
        assert {rule: str(words) for rule, words in ARTICLE_WORDS.items()} == ARTICLES
