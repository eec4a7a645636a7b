"""Names and texts of strangers become harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.text import clean_name, clean_text, clean_tree, extension_of


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("照片.jpg", "照片.jpg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\windows\\system.ini", "system.ini"),
        ("/abs/olute.pdf", "olute.pdf"),
        ("C:\\Users\\me\\a.pdf", "a.pdf"),
        ("a.php\u200b", "a.php"),
        ("a.jpg ", "a.jpg"),
        ("a.jpg...", "a.jpg"),
        ("inv\u202egpj.exe", "invgpj.exe"),
        ("a\x00b\r\nc.jpg", "ab c.jpg"),
        ("cafe\u0301.jpg", "café.jpg"),
        ("\ud800x.jpg", "x.jpg"),
        ("", "file"),
        ("...", "file"),
        ("a" * 300 + ".jpeg", "a" * 145 + ".jpeg"),
        ("a" * 300, "a" * 150),
        ("x." + "y" * 300, "x." + "y" * 148),
    ],
)
def test_clean_name(name, cleaned):
    assert clean_name(name) == cleaned


@given(st.text(max_size=400))
def test_clean_name_of_anything_is_short_one_line_and_no_path(name):
    cleaned = clean_name(name)
    assert 1 <= len(cleaned) <= 150
    assert not set(cleaned) & set("/\\\n\r\t\x00\u202e\u200b")
    assert cleaned == clean_name(cleaned) or len(cleaned) == 150
    cleaned.encode("utf-8")


def test_clean_text_keeps_lines_and_drops_what_hides_or_turns():
    assert clean_text("一\r\n二\t三\u202e四\u200b\u2066五\x07") == "一\n二 三四五"


def test_clean_text_keeps_rare_characters_and_emoji():
    assert clean_text("龘𠮷㙓 ℃ ① 👍🏽") == "龘𠮷㙓 ℃ ① 👍🏽"


def test_clean_tree_cleans_every_text():
    dirty = {"a\u200b": ["x\x00", {"b": "y\u202e"}], "n": 1, "f": None, "t": True}
    assert clean_tree(dirty) == {"a": ["x", {"b": "y"}], "n": 1, "f": None, "t": True}


@pytest.mark.parametrize(
    ("name", "extension"),
    [("a.JPG", "jpg"), ("a", ""), (".jpg", ""), ("a.b.c", "c"), ("a.", "")],
)
def test_extension_of(name, extension):
    assert extension_of(name) == extension
