"""Who was heard, and who still has time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from liability.hearing import Said, same_name, sides

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HEARD = Said("respondent", "生产部门", heard_at=NOW)


def test_the_respondent_is_heard_or_lets_its_time_pass() -> None:
    assert not sides([], present=NOW)[0].heard
    assert sides([HEARD], present=NOW)[0].heard
    assert sides([Said("respondent", "甲", answer_by=NOW)], present=NOW)[0].heard
    later = NOW + timedelta(days=1)
    waiting = sides([Said("respondent", "甲", answer_by=later)], present=NOW)[0]
    assert (waiting.heard, waiting.waits_until) == (False, later)


def test_a_supplier_is_heard_by_its_own_name() -> None:
    told = [HEARD, Said("respondent", "恒达 温控", heard_at=NOW)]
    names = ["恒达温控", "恒达温控 ", "别家", ""]
    found = sides(told, bearers=[("supplier", name) for name in names], present=NOW)
    assert [(side.name, side.heard) for side in found] == [
        ("", True),
        ("恒达温控", True),
        ("别家", False),
    ]


def test_names_are_one_whatever_width_case_and_spaces() -> None:
    assert same_name("ＡＢＣ 公司", "abc公司")
    assert not same_name("甲公司", "乙公司")


@given(st.lists(st.sampled_from([HEARD, Said("other", "乙"), Said("consumer", "丙", NOW)])))
def test_what_others_say_never_counts_for_the_respondent(said: list[Said]) -> None:
    assert sides(said, present=NOW)[0].heard is (HEARD in said)
