"""Every kind of event that any service writes has words."""

from __future__ import annotations

import ast
from pathlib import Path

from complaints.services.firing import EVENT_KINDS
from config.presenters import EVENT_TEXTS

ROOT = Path(__file__).resolve().parents[2]
APPS = ("complaints", "liability", "compensation", "agreements", "reviews", "config", "insights")
WRITERS = {"append_event", "next_event", "touch", "move"}


def written_kinds() -> dict[str, str]:
    """Give each kind that stands as text in a call of a writer, and the file where it does."""
    found = {}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                for kind in _kinds(node):
                    found[kind] = str(path.relative_to(ROOT))
    return found


def _kinds(node: ast.AST) -> list[str]:
    if not isinstance(node, ast.Call) or len(node.args) < 2:
        return []
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name not in WRITERS:
        return []
    texts = [each for each in ast.walk(node.args[1]) if isinstance(each, ast.Constant)]
    return [each.value for each in texts if isinstance(each.value, str)]


def test_every_kind_written_anywhere_has_words() -> None:
    kinds = {**written_kinds(), **dict.fromkeys(EVENT_KINDS, "firing")}

    missing = {kind: where for kind, where in kinds.items() if kind not in EVENT_TEXTS}

    assert {"received", "accept", "message"} <= set(kinds)
    assert missing == {}


def test_every_kind_has_words_for_staff_and_an_icon() -> None:
    assert all(str(text.staff) and text.icon for text in EVENT_TEXTS.values())
