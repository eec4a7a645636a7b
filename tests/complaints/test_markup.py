"""The light markup of public pages: what it means, and that no HTML comes of it."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from complaints.markup import Piece, blocks_of, refused_links

TEXTS = st.text(alphabet="ab *[]()<>&\"'-1. \n/:htps你", max_size=80)


def drawn(text: str) -> str:
    return render_to_string("pages/_blocks.html", {"blocks": blocks_of(text)})


def test_paragraphs_lists_bold_and_links() -> None:
    text = "一段\n接着\n\n- **甲**：打 [12315](tel:12315)\n- 乙\n1. 先\n2、后"
    kinds = [(block.kind, len(block.items)) for block in blocks_of(text)]
    assert kinds == [("p", 1), ("ul", 2), ("ol", 2)]
    html = drawn(text)
    assert "<strong>甲</strong>" in html and '<a href="tel:12315">12315</a>' in html


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "http://plain.example/",
        "//evil.example/",
        "/\\evil.example",
        "data:text/html,x",
        'https://a"onmouseover=x',
    ],
)
def test_link_that_leads_where_none_may_is_text(target: str) -> None:
    text = f"[看这里]({target})"
    assert refused_links(text) == [target]
    assert "<a" not in drawn(text)
    assert blocks_of(text)[0].items[0] == (Piece(text),)


@given(TEXTS)
def test_nothing_typed_becomes_a_tag_of_its_own(text: str) -> None:
    html = drawn(text)
    for tag in ("<p>", "</p>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>"):
        html = html.replace(tag, "")
    html = html.replace("<strong>", "").replace("</strong>", "").replace("</a>", "")
    rest = html.split('<a href="')
    assert "<" not in rest[0]
    assert all(part.startswith(("https://", "tel:", "mailto:", "/")) for part in rest[1:])
    assert all("<" not in part for part in rest[1:])


@given(TEXTS)
def test_no_word_is_lost(text: str) -> None:
    words = "".join(p.words for b in blocks_of(text) for item in b.items for p in item)
    letters = [sign for sign in text if sign in "ab你"]
    assert [sign for sign in words if sign in "ab你"] == letters or "](" in text or "1" in text
