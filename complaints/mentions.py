"""Who a note calls by "@": the longest known name after the sign, with or without a space behind.

Chinese is written without spaces ("@王敏请看一下"), so names are looked for, not words.
"""

from __future__ import annotations

from collections.abc import Mapping

SIGN = "@"


def mentioned(text: str, names: Mapping[int, tuple[str, ...]]) -> list[int]:
    """Return whom a text calls, in the order of the first call; each of `names` may have several.

    Two people of one name are both called. An "@" inside a word of Latin letters or digits (a mail
    address) calls nobody, nor does a Latin name that goes on.
    """
    called: dict[int, None] = {}
    lowered = text.lower()
    for place, sign in enumerate(lowered):
        if sign != SIGN or _is_inside_word(lowered, place):
            continue
        called.update(dict.fromkeys(_called_at(lowered[place + 1 :], names)))
    return list(called)


def _called_at(rest: str, names: Mapping[int, tuple[str, ...]]) -> list[int]:
    found: list[int] = []
    longest = 0
    for key, known in names.items():
        length = max((len(name) for name in known if _begins(rest, name.lower())), default=0)
        if length > longest:
            found, longest = [key], length
        elif length and length == longest:
            found.append(key)
    return found


def _begins(rest: str, name: str) -> bool:
    if not name or not rest.startswith(name):
        return False
    after = rest[len(name) : len(name) + 1]
    return not (_is_latin(name[-1]) and after and _is_latin(after))


def _is_latin(sign: str) -> bool:
    return sign.isascii() and (sign.isalnum() or sign == "_")


def _is_inside_word(text: str, place: int) -> bool:
    return place > 0 and (_is_latin(text[place - 1]) or text[place - 1] == ".")
