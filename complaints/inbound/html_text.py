"""HTML of mails as text: links keep their address, what is quoted goes, nothing is loaded."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import nh3

_BLOCKS = frozenset({"p", "div", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "pre", "hr"})
_TAGS = {*_BLOCKS, "br", "li", "td", "th", "a", "blockquote", "span", "b", "i"}
_MARKS = {"class", "id"}
_QUOTES = re.compile(
    r"gmail_quote|yahoo_quoted|moz-cite-prefix|divRplyFwdMsg|appendonsend|qqmail_orig|"
    r"ntes_not_fresh|isReplyContent|mail_quote|foxdiv",
    re.IGNORECASE,
)
_VOID = frozenset({"br", "hr"})
_DEEPEST = 500
_LONGEST = 2_000_000
_NESTING = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NOT_NESTING = frozenset(
    ("p", "li", "td", "th", "tr", "br", "hr", "img", "meta", "link", "input", "col", "dd", "dt")
)
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")


def html_to_text(html: str) -> str:
    """Return what a person reads of HTML; scripts, styles, comments and quoted mails are gone."""
    html = html[:_LONGEST]
    if _is_too_deep(html):  # no client writes so, and reading it properly would take minutes
        return unescape(_ANY_TAG.sub("\n", html))
    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "head", "template"},
        attributes={tag: set(_MARKS) for tag in _TAGS} | {"a": {"href", *_MARKS}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    reader = _Reader()
    reader.feed(clean)
    reader.close()
    return reader.text()


def _is_too_deep(html: str) -> bool:
    depth = 0
    for closing, tag in _NESTING.findall(html):
        if tag.lower() in _NOT_NESTING:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > _DEEPEST:
            return True
    return False


class _Reader(HTMLParser):
    """Reads HTML that nh3 has put in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.open: list[str] = []
        self.quoted_at: int | None = None
        self.href = ""
        self.link_from = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID and len(self.open) < _DEEPEST:
            self.open.append(tag)
        given = {name: value or "" for name, value in attrs}
        marks = f"{given.get('class', '')} {given.get('id', '')}"
        if self.quoted_at is None and (tag == "blockquote" or _QUOTES.search(marks)):
            self.quoted_at = len(self.open) if tag not in _VOID else None
        if tag == "br" or tag in _BLOCKS:
            self._say("\n")
        elif tag == "li":
            self._say("\n- ")
        elif tag in ("td", "th"):
            self._say(" ")
        elif tag == "a":
            self.href, self.link_from = given.get("href", ""), len(self.words)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self.href:
            shown = "".join(self.words[self.link_from :]).strip()
            if shown not in (self.href, self.href.removeprefix("mailto:")):
                self._say(f" ({self.href})")
            self.href = ""
        if tag in _BLOCKS:
            self._say("\n")
        if tag in self.open:
            while self.open and self.open.pop() != tag:
                continue
        if self.quoted_at is not None and len(self.open) < self.quoted_at:
            self.quoted_at = None

    def handle_data(self, data: str) -> None:
        self._say(data if "pre" in self.open else re.sub(r"\s+", " ", data))

    def _say(self, words: str) -> None:
        if self.quoted_at is None:
            self.words.append(words)

    def text(self) -> str:
        """What was read, lines trimmed."""
        lines = "".join(self.words).split("\n")
        return "\n".join(line.strip() for line in lines)
