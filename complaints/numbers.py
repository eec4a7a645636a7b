"""Whole numbers in addresses and posts: one way to read them, whatever somebody sends.

Python refuses to read a number of thousands of digits, and the database one beyond its columns;
neither may end in an error page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import overload

from django.core.exceptions import BadRequest

MOST_DIGITS = 18


@overload
def whole_number(words: object) -> int | None: ...
@overload
def whole_number(words: object, default: int) -> int: ...
def whole_number(words: object, default: int | None = None) -> int | None:
    """Return the number that a text is; `default` for any other text, and for one too long."""
    text = words if isinstance(words, str) else ""
    is_number = text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS
    return int(text) if is_number else default


@overload
def number_seen(post: Mapping[str, object]) -> int | None: ...
@overload
def number_seen(post: Mapping[str, object], name: str) -> int | None: ...
@overload
def number_seen(post: Mapping[str, object], name: str = "seen", *, default: int) -> int: ...
def number_seen(
    post: Mapping[str, object], name: str = "seen", *, default: int | None = None
) -> int | None:
    """Return the version that a page had; `default` where a post names none.

    Raises BadRequest for what is no number: such a post is not taken, since nobody could tell what
    it had seen.
    """
    words = post.get(name) or ""
    found = whole_number(words)
    if words and found is None:
        raise BadRequest(f"{name} is no number")
    return default if found is None else found
