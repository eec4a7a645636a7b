"""Rules that every template keeps, and that no browser would notice."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLResolver, get_resolver

ROOT = Path(settings.BASE_DIR) / "templates"
PAGES = sorted(ROOT.rglob("*.html"))
# Printed and mailed documents live by other rules: they are no pages.
SCREENS = [p for p in PAGES if p.relative_to(ROOT).parts[0] not in {"documents", "mail"}]
CHINESE = r"[\u4e00-\u9fff\u3002\uff0c\u300c\u300d]"
HALF_WIDTH = re.compile(rf"{CHINESE}[,:;?!]|[,:;?!]{CHINESE}")
MARKUP = re.compile(r"{#.*?#}|{%\s*comment\s*%}.*?{%\s*endcomment\s*%}|<[^>]*>|{{.*?}}", re.DOTALL)
TAG = re.compile(r"{%.*?%}", re.DOTALL)
QUOTED = re.compile(r"\"([^\"]*)\"")
URL = re.compile(r"{%\s*url\s+[\"']([^\"']+)[\"']")
TEXTS = {".html", ".txt"}
FORBIDDEN = {
    "inline style": re.compile(r"\sstyle\s*="),
    "style element": re.compile(r"<style\b"),
    "script without a source": re.compile(r"<script\b(?![^>]*\ssrc=)"),
    "htmx code in an attribute": re.compile(r"\shx-on[:\s=]|\shx-vals=[\"']js:|\sjs:"),
    "event handler": re.compile(r"\son[a-z]+\s*="),
    "unescaped output": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off"),
    "address of another host": re.compile(r"(?:src|href)=[\"']https?://"),
}


def name_of(path: Path) -> str:
    """Name a template in the report of a test."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SCREENS, ids=name_of)
def test_template_holds_nothing_that_the_policy_forbids(path: Path) -> None:
    text = path.read_text()

    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_template_has_at_most_150_lines(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 150


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_template_uses_full_width_punctuation_beside_chinese(path: Path) -> None:
    text = path.read_text()
    inside_tags = [words for tag in TAG.findall(text) for words in QUOTED.findall(tag)]
    visible = TAG.sub(" ", MARKUP.sub(" ", text))

    assert [found.group() for words in [visible, *inside_tags] for found in
            HALF_WIDTH.finditer(words)] == []  # fmt: skip


@pytest.mark.parametrize("path", SCREENS, ids=name_of)
def test_template_uses_only_our_own_classes(path: Path) -> None:
    attributes = re.findall(r"\sclass=\"((?:{%.*?%}|{{.*?}}|[^\"])*)\"", path.read_text())
    plain = [re.sub(r"{%.*?%}|{{.*?}}", " ", words) for words in attributes]
    classes = {name for words in plain for name in words.split()}

    assert {name for name in classes if not name.startswith("rd-")} == set()


@pytest.mark.parametrize(
    "bad",
    ["<p style=\"color:red\">", "<script>go()</script>", "<a hx-on:click=\"x\">", "{{ x|safe }}"],
)  # fmt: skip
def test_the_rules_notice_what_they_are_for(bad: str) -> None:
    assert any(pattern.search(bad) for pattern in FORBIDDEN.values())


def test_the_punctuation_rule_notices_half_width_marks() -> None:
    assert HALF_WIDTH.search("你好,世界")
    assert HALF_WIDTH.search("有危险吗?")
    assert not HALF_WIDTH.search("今天 12:00 到期")


def names_of_addresses(conf: object = None, spaces: str = "") -> set[str]:
    """Give every name that `{% url %}` may say, with its name spaces."""
    names: set[str] = set()
    for pattern in getattr(conf or get_resolver(), "url_patterns", []):
        if isinstance(pattern, URLResolver):
            space = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            names |= names_of_addresses(pattern, space)
        elif pattern.name:
            names.add(spaces + pattern.name)
    return names


def test_every_address_that_a_template_names_is_there() -> None:
    """Also `{% url … as x %}`, which is silent about a name that leads nowhere."""
    texts = {path: path.read_text() for path in ROOT.rglob("*.*") if path.suffix in TEXTS}
    named = {(name_of(path), name) for path, text in texts.items() for name in URL.findall(text)}
    known = names_of_addresses()

    assert len({name for _page, name in named}) > 80
    assert sorted((page, name) for page, name in named if name not in known) == []
