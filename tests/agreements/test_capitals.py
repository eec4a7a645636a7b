"""Capital numerals: every example of the rules, both optional forms, and the refusals."""

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.capitals import LARGEST, NotCapitals, from_capitals, to_capitals

EXAMPLES = [
    ("0.00", "零元整"),
    ("0.05", "伍分"),
    ("0.50", "伍角整"),
    ("10.00", "壹拾元整"),
    ("100.05", "壹佰元零伍分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    ("1010.00", "壹仟零壹拾元整"),
    ("1409.50", "壹仟肆佰零玖元伍角整"),
    ("1437.00", "壹仟肆佰叁拾柒元整"),
    ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("10010.10", "壹万零壹拾元零壹角整"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("107000.53", "壹拾万柒仟元零伍角叁分"),
    ("2000050.00", "贰佰万零伍拾元整"),
    ("20000000.00", "贰仟万元整"),
    ("100010001.00", "壹亿零壹万零壹元整"),
    ("100001000.00", "壹亿零壹仟元整"),
    ("100000001.00", "壹亿零壹元整"),
    ("100000000.00", "壹亿元整"),
    ("999999999999.99", "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
]
amounts = st.integers(0, int(LARGEST * 100)).map(lambda cents: Decimal(cents).scaleb(-2))
sparse = st.lists(st.sampled_from("00000123456789"), min_size=1, max_size=14).map(
    lambda digits: Decimal("".join(digits)).scaleb(-2)
)
"""Amounts with many zeros, where the rules are hardest."""


@pytest.mark.parametrize(("figures", "capitals"), EXAMPLES)
def test_to_capitals_follows_the_rules(figures, capitals):
    assert to_capitals(figures) == capitals
    assert to_capitals(Decimal(figures)) == capitals
    assert from_capitals(capitals) == Decimal(figures)


@pytest.mark.parametrize(
    ("capitals", "figures"),
    [
        ("壹仟陆佰捌拾元叁角贰分", "1680.32"),
        ("壹拾万零柒仟元伍角叁分", "107000.53"),
        ("壹拾万零柒仟元零伍角叁分", "107000.53"),
        ("壹仟肆佰零玖元伍角", "1409.50"),
        ("壹万零壹拾元壹角", "10010.10"),
        ("伍角", "0.50"),
        ("人民币壹仟肆佰叁拾柒元整", "1437.00"),
    ],
)
def test_from_capitals_reads_the_optional_forms(capitals, figures):
    assert from_capitals(capitals) == Decimal(figures)


@given(amounts)
def test_capitals_round_trip(amount):
    assert from_capitals(to_capitals(amount)) == amount


@given(amounts)
def test_capitals_use_only_their_characters_and_never_two_zeros(amount):
    text = to_capitals(amount)
    assert set(text) <= set("零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整")
    assert "零零" not in text
    assert text.endswith(("分", "整"))


@given(amounts, amounts)
def test_different_amounts_never_read_alike(one, other):
    assert (to_capitals(one) == to_capitals(other)) == (one == other)


@pytest.mark.parametrize(
    "wrong",
    ["-1", "1.234", "1.230", "1,437.00", "1e3", " 1", "", "abc", "１２", "1000000000000", ".5"],
)
def test_to_capitals_refuses_text(wrong):
    with pytest.raises(NotCapitals):
        to_capitals(wrong)


@pytest.mark.parametrize(
    "wrong",
    [Decimal("-0.01"), Decimal("0.001"), Decimal("1E12"), Decimal("NaN"), Decimal("Infinity")],
)
def test_to_capitals_refuses_decimals(wrong):
    with pytest.raises(NotCapitals):
        to_capitals(wrong)


@pytest.mark.parametrize("wrong", [1.5, 3, None])
def test_to_capitals_refuses_other_types(wrong):
    with pytest.raises(NotCapitals):
        to_capitals(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "整",
        "元整",
        "人民币",
        "人民币 壹元整",
        "壹元",
        "壹元壹分整",
        "零",
        "零元",
        "拾元整",
        "壹元零壹角整",
        "壹佰零元整",
        "壹佰伍元整",
        "壹仟肆佰零玖元零伍角整",
        "壹亿壹万零壹元整",
        "壹万万元整",
        "一元整",
        "壹圆整",
        "壹佰元伍分",
        "壹佰零零伍元整",
        "壹拾佰元整",
    ],
)
def test_from_capitals_refuses(wrong):
    with pytest.raises(NotCapitals):
        from_capitals(wrong)


def told_otherwise(amount):
    """A second, independent way: every digit with its unit, then what is zero struck out."""
    yuan, cents = divmod(int(amount * 100), 100)
    digits = "零壹贰叁肆伍陆柒捌玖"
    units = ["", "拾", "佰", "仟", "万", "拾", "佰", "仟", "亿", "拾", "佰", "仟"]
    places = [(int(digit), units[at]) for at, digit in enumerate(reversed(str(yuan)))]
    whole = "".join(digits[digit] + unit for digit, unit in reversed(places))
    whole = re.sub("零[仟佰拾]", "零", whole)
    whole = re.sub("零+", "零", whole)
    whole = re.sub("零([万亿])", r"\1", whole)
    whole = whole.replace("亿万", "亿零" if yuan % 10**4 else "亿")
    whole = re.sub("零+", "零", whole).removesuffix("零")
    jiao, fen = divmod(cents, 10)
    if not yuan:
        whole = ""
    text = f"{whole}元" if whole else ""
    if jiao:
        return (
            text
            + ("零" if text and yuan % 10 == 0 else "")
            + digits[jiao]
            + "角"
            + (f"{digits[fen]}分" if fen else "整")
        )
    if fen:
        return text + ("零" if text else "") + f"{digits[fen]}分"
    return text + "整" if text else "零元整"


@settings(max_examples=400)
@given(st.one_of(amounts, sparse))
def test_a_second_reckoning_writes_the_same(amount):
    assert to_capitals(amount) == told_otherwise(amount)


@settings(max_examples=400)
@given(st.one_of(amounts, sparse), st.data())
def test_whatever_is_read_is_one_of_the_few_spellings(amount, data):
    """A written amount with a character dropped, doubled or changed reads as another, or not."""
    text = to_capitals(amount)
    at = data.draw(st.integers(0, len(text) - 1))
    char = data.draw(st.sampled_from("零壹玖拾佰仟万亿元角分整"))
    for changed in (text[:at] + text[at + 1 :], text[:at] + char + text[at:], text[:at] + char):
        try:
            read = from_capitals(changed)
        except NotCapitals:
            continue
        plain = to_capitals(read)
        assert changed.replace("零", "").removesuffix("整") == plain.replace("零", "").removesuffix(
            "整"
        )


@given(st.text("人民币零壹贰叁肆伍陆柒捌玖拾佰仟万亿元角分整", max_size=12))
def test_any_text_is_an_amount_or_is_refused(text):
    try:
        read = from_capitals(text)
    except NotCapitals:
        return
    assert from_capitals(to_capitals(read)) == read
