"""Properties of the triage rules: what holds for any text."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from complaints.triage_rules import Facts, propose, proposing
from complaints.triage_rules.chinese import CHINESE
from complaints.triage_rules.english import ENGLISH
from complaints.triage_rules.proposing import READ_FIRST, READ_LAST
from complaints.triage_rules.reading import read_plain

SENTENCES = [
    "热水壶漏电，孩子被烫伤了。",
    "吃完拉肚子。",
    "包装破了。",
    "客服不理人！",
    "怕着火，不敢用。",
    "没有受伤。",
    "The toaster caught fire.",
    "Nobody was hurt.",
    "It could explode.",
    "The colour is wrong.",
    "已经打12315投诉了。",
]
DENIALS = [
    "没有受伤。",
    "没有着火。",
    "不会过敏。",
    "从来没有漏电。",
    "Nobody was injured.",
    "No fire.",
]
WORDS = [
    "漏电",
    "孩子",
    "没有",
    "怕",
    "虫",
    "有",
    "一",
    "fire",
    "could ",
    "hit me ",
    "，",
    "。",
    "\n",
]
RANK = {"normal": 0, "emergency": 1, "minor": 0, "moderate": 1, "severe": 2}
told = st.lists(st.sampled_from(SENTENCES), max_size=6).map("".join)
jumbled = st.lists(st.sampled_from(WORDS) | st.text(max_size=4), max_size=30).map("".join)
anything = st.text() | told | jumbled


@given(anything)
@example("ﬁre \u200b火\u0301")
def test_spans_lie_inside_the_text_and_hold_the_words(text):
    for finding in propose(text).findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.words == text[finding.start : finding.end]


@given(anything)
def test_the_plain_form_points_back_in_order(text):
    plain = read_plain(text)

    assert len(plain.text) == len(plain.origin)
    assert plain.origin == sorted(plain.origin)
    assert all(0 <= place < len(text) for place in plain.origin)


@given(told, st.sampled_from(DENIALS))
def test_a_denial_added_never_raises(text, denial):
    before, after = propose(text), propose(text + denial)

    assert RANK[after.urgency] <= RANK[before.urgency]


@given(told, st.sampled_from(SENTENCES))
def test_a_sentence_added_never_lowers(text, sentence):
    before, after = propose(text), propose(text + sentence)

    assert RANK[after.urgency] >= RANK[before.urgency]
    assert RANK[after.severity] >= RANK[before.severity]


@given(anything, st.integers(min_value=0, max_value=9), st.booleans())
def test_more_facts_never_lower(text, similar, danger):
    before = propose(text, Facts(similar_on_batch=similar))
    after = propose(text, Facts(similar_on_batch=similar + 1, danger_reported=danger))

    assert RANK[after.urgency] >= RANK[before.urgency]
    assert RANK[after.severity] >= RANK[before.severity]


@given(
    told, st.lists(st.sampled_from("\u200b\u200c\u200d\u2060\ufeff\x00\x07"), max_size=5), st.data()
)
def test_what_shows_nothing_changes_nothing(text, hidden, data):
    dirty = text
    for character in hidden:
        place = data.draw(st.integers(min_value=0, max_value=len(dirty)))
        dirty = dirty[:place] + character + dirty[place:]

    assert propose(dirty).urgency == propose(text).urgency
    assert propose(dirty).reasons == propose(text).reasons


@given(anything)
def test_the_same_text_has_the_same_answer(text):
    assert propose(text) == propose(text)


@pytest.mark.parametrize("piece", ["一", "有一个", "长满了出", "hit the ", "i ", "child door "])
def test_repetition_is_read_through(piece):
    """Repetition that would make a careless pattern run for ever."""
    assert propose(piece * (100_000 // len(piece)) + "热水壶漏电。").urgency == "emergency"


@pytest.mark.slow
def test_a_megabyte_is_read_through():
    text = "没什么特别的，客服不错。" * 90_000 + "热水壶漏电。"

    assert len(text) > 1_000_000
    assert propose(text).urgency == "emergency"


def test_of_a_very_long_text_the_ends_are_read_and_it_is_said():
    quiet = "没什么特别的，客服不错。" * 90_000
    half = len(quiet) // 2

    hidden = propose(f"{quiet[:half]}热水壶漏电。{quiet[half:]}")
    at_the_end = propose(f"{quiet}热水壶漏电。")

    assert hidden.reasons == ["not_all_read"]
    assert (hidden.urgency, hidden.safety) == ("normal", False)
    assert at_the_end.reasons == ["shock", "not_all_read"]
    words = [(f.words, f.start) for f in at_the_end.findings if f.words]
    assert words == [("漏电", len(quiet) + 3)]
    assert "not_all_read" not in propose(quiet[: READ_FIRST + READ_LAST]).reasons


def test_the_rules_read_no_more_than_they_say(monkeypatch):
    """What is read is bounded, and so is the time that any text can take."""
    read = []
    monkeypatch.setattr(
        proposing, "read_plain", lambda text: read.append(len(text)) or read_plain(text)
    )
    propose("if might " * 120_000)

    assert read == [READ_FIRST, READ_LAST]


def test_no_pattern_repeats_a_group_without_a_bound():
    for rule in (*CHINESE, *ENGLISH):
        for risky in (")*", ")+", ".*", ".+"):
            assert risky not in rule.pattern, rule.code
