"""Names and numbers are found however they are written, and words that are none are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liability.naming import names_in, put_for
from liability.reports import loss_lines, without_names

PHONE = "13812345678"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("请联系周 小华", "周小华"),
        ("电话 138-1234-5678", PHONE),
        ("电话 138 1234 5678。", PHONE),
        ("+86 138 1234 5678", PHONE),
        ("8613812345678", PHONE),
        ("１３８１２３４５６７８", PHONE),
        ("电话 13812345678", "+8613812345678"),
        ("the supplier ACME co., LTD. says", "Acme Co., Ltd."),
        ("ＡＣＭＥ公司", "acme公司"),
        ("恒达温控(苏州)有限公司", "恒达温控（苏州）有限公司"),
        ("写信到 Zhou@Example.test", "zhou@example.test"),
        ("寄到上海市徐汇区漕溪北路18号", "上海市徐汇区漕溪北路 18 号"),
    ],
)
def test_a_name_is_found_however_it_is_written(text: str, name: str) -> None:
    assert names_in(text, name)
    assert not names_in(put_for(text, name, "某方"), name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("comes with it", "IT"),
        ("订单号 2138123456789", PHONE),
        ("liability", "Li"),
        ("型号 K7", "K"),
        ("周三小华来过", "周小华"),
        ("任何文字", ""),
    ],
)
def test_other_words_are_left_alone(text: str, name: str) -> None:
    assert put_for(text, name, "某方") == text


def test_what_stands_for_a_name_is_no_pattern() -> None:
    assert put_for("恒达温控说", "恒达温控", r"\g<1>") == r"\g<1>说"


@given(st.text(max_size=60), st.text(min_size=2, max_size=12))
def test_no_text_breaks_it(text: str, name: str) -> None:
    put_for(text, name, "某方")


def test_names_leave_every_part_of_a_report() -> None:
    told = {"method": ["问过恒达 温控。"], "cause": "ＨＥＮＧＤＡ 的触点", "loss": {"x": "hengda"}}
    clean = without_names(told, {"恒达温控": "供货者", "Hengda": "供货者"})
    assert clean == {"method": ["问过供货者。"], "cause": "供货者 的触点", "loss": {"x": "供货者"}}


@pytest.mark.parametrize("amount", ["5²", "٣x", "1.2.3", "--", "1e5", "0.001"])
def test_an_amount_that_is_none_is_refused_not_a_fault(amount: str) -> None:
    with pytest.raises(ValueError, match="手机"):
        loss_lines(f"手机 | {amount}")
