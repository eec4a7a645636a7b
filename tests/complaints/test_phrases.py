"""Variables in texts: what is found, filled, left, and never evaluated."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from complaints.phrases import filled, pieces, unknown_in, variables_in

NAMES = st.text(alphabet="abc称呼编号_1 .|'\"()[]", min_size=0, max_size=8)
PLAIN = st.text(alphabet="你好 {}abc\n称", max_size=30)
TEXTS = st.lists(st.one_of(PLAIN, NAMES.map(lambda name: "{{" + name + "}}")), max_size=6).map(
    "".join
)
VALUES = st.dictionaries(NAMES.map(str.strip), st.text(max_size=20), max_size=5)


def test_spaces_inside_the_braces_do_not_matter() -> None:
    done = filled("{{ 称呼 }}，编号 {{编号}}", {"称呼": "周", "编号": "RD-1"})
    assert (done.text, done.is_whole) == ("周，编号 RD-1", True)


def test_unknown_and_blank_are_named_once_in_order() -> None:
    done = filled("{{b}}{{a}}{{b}}{{c}}", {"a": "1", "c": " "})
    assert (done.unknown, done.blank, done.text) == (("b",), ("c",), "{{b}}1{{b}}{{c}}")


@given(TEXTS, VALUES)
def test_every_variable_is_filled_unknown_or_blank(text: str, values: dict[str, str]) -> None:
    done = filled(text, values)
    used = set(variables_in(text))
    got = {name for name in used if values.get(name, "").strip()}
    assert set(done.unknown) == used - values.keys() == set(unknown_in(text, values.keys()))
    assert set(done.blank) == (used & values.keys()) - got
    assert done.is_whole == (used == got)


@given(TEXTS)
def test_without_values_nothing_changes(text: str) -> None:
    assert filled(text, {}).text == text


@given(PLAIN.filter(lambda text: "{{" not in text), VALUES)
def test_text_without_a_pair_of_braces_stays(text: str, values: dict[str, str]) -> None:
    assert filled(text, values).text == text


@given(TEXTS, st.text(min_size=1, max_size=20).filter(str.strip))
def test_value_is_put_in_as_it_is(text: str, value: str) -> None:
    names = variables_in(text)
    done = filled(text, dict.fromkeys(names, value))
    assert done.is_whole
    assert done.text.count(value) >= (1 if names else 0)


@given(TEXTS)
def test_pieces_are_the_whole_text(text: str) -> None:
    assert "".join(words for _kind, words in pieces(text, lambda _name: "x")) == text
