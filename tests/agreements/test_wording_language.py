"""The small language of agreements' texts: pure, allow-listed, and inert whatever is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import agreements.wording
from agreements.clauses import void_clauses
from agreements.wording.filling import fill
from agreements.wording.parsing import PARTS, faults, parse
from agreements.wording.variables import KNOWN

SHIPPED = sorted((Path(agreements.wording.__path__[0]) / "shipped").glob("*.txt"))
WHOLE = "\n".join(["# 全文", *(f"[[{part}]]" for part in PARTS)])
VALUES = dict.fromkeys(KNOWN, "") | {"number": "AG-1", "item": "水壶"}


def codes(body: str) -> list[str]:
    return [fault.code for fault in faults(body, known=KNOWN)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_texts_have_no_fault_and_no_void_clause(path: Path) -> None:
    body = path.read_text(encoding="utf-8")

    assert faults(body, known=KNOWN) == []
    assert void_clauses(body) == []


def test_there_are_five_kinds_in_two_languages() -> None:
    assert len(SHIPPED) == 10


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{{secret}}", "unknown"),
        ("?secret 一句", "unknown"),
        ("{{number.__class__}}", "unknown"),
        ("{{settings.SECRET_KEY}}", "unknown"),
        ("{{ number|safe }}", "unknown"),
        ("{% include 'x' %}", "braces"),
        ("{{{{number}}}}", "braces"),
        ("{{number}", "braces"),
        ("[[files]]", "unknown_part"),
        ("[[lines]]", "part_twice"),
    ],
)
def test_what_is_not_on_the_list_is_refused(line: str, code: str) -> None:
    assert code in codes(f"{WHOLE}\n{line}")


@pytest.mark.parametrize("part", PARTS)
def test_no_part_may_be_missing_or_depend_on_a_condition(part: str) -> None:
    assert codes(WHOLE.replace(f"[[{part}]]", "")) == ["part_missing"]
    assert codes(WHOLE.replace(f"[[{part}]]", f"?number [[{part}]]")) == ["part_conditional"]


def test_text_begins_with_a_heading_and_has_bounds() -> None:
    assert codes(f"没有标题\n{WHOLE}") == ["no_heading"]
    assert codes(WHOLE + "\n字" * 400) == ["too_long"]
    assert codes(WHOLE + "字" * 20_000) == ["too_long"]


def test_conditions_lists_and_empty_sections() -> None:
    body = (
        "# 甲 {{number}}\n?item 买了{{item}}\n!item 没有写\n- 一\n- {{item}}\n后面\n"
        "# 空\n?batch 批次\n"
    )
    printed = fill(parse(body), VALUES)

    assert [section["heading"] for section in printed] == ["甲 AG-1"]
    assert [(line["kind"], line["text"], line["items"]) for line in printed[0]["lines"]] == [
        ("text", "买了水壶", []),
        ("items", "", ["一", "水壶"]),
        ("text", "后面", []),
    ]


@given(st.text(max_size=30))
def test_a_value_is_never_read_as_wording(value: str) -> None:
    shown = "".join(value.split()) or "x"
    printed = fill(
        parse("# 甲\n物品：{{item}}。"), {**VALUES, "item": f"{shown}{{{{number}}}}[[lines]]"}
    )

    assert printed[0]["lines"] == [
        {"kind": "text", "text": f"物品：{shown}{{{{number}}}}[[lines]]。", "items": []}
    ]


@given(st.text(alphabet="#-?![]{}%<>|. \n甲number", max_size=80))
def test_any_text_is_parsed_and_what_passes_prints_nothing_unknown(text: str) -> None:
    body = f"{WHOLE}\n{text}"
    found = faults(body, known=KNOWN)
    printed = fill(parse(body), VALUES)

    if not found:
        words = [line["text"] for section in printed for line in section["lines"]]
        assert not any("{{" in each for each in words)


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz_.()'\"0", min_size=1, max_size=40))
def test_every_name_off_the_list_is_refused(name: str) -> None:
    known = name.strip() in KNOWN
    assert ("unknown" in codes(f"{WHOLE}\n{{{{{name}}}}}")) is not known
