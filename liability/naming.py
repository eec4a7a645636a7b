"""Finding a person's or a firm's name in a text, however it is written there. Pure.

Width, case and spaces differ from one writer to the next; digits of a phone number come in groups.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

SHORTEST_NAME = 2
_FEWEST_DIGITS, _MAINLAND = 7, 11
_CERTAIN = 4
"""Latin names of fewer letters are also words: they are found only as they are written."""
_BETWEEN_DIGITS = r"[\s\-‐-―−.·•()（）/_]*"
_PHONE = re.compile(r"\+?[\d\s\-.()/_]+")
_WIDE = 0xFEE0


def names_in(text: str, name: str) -> bool:
    """Say whether a text has a name, an address or a phone number in it."""
    found = _pattern(name)
    return found is not None and found.search(text) is not None


def put_for(text: str, name: str, other: str) -> str:
    """Return a text in which something else stands wherever a name stood."""
    found = _pattern(name)
    return text if found is None else found.sub(lambda _match: other, text)


@lru_cache(maxsize=256)
def _pattern(name: str) -> re.Pattern[str] | None:
    """Return what finds a name; None for one too short to be told from other words."""
    plain = unicodedata.normalize("NFKC", name).strip()
    if len("".join(plain.split())) < SHORTEST_NAME:
        return None
    digits = "".join(each for each in plain if each.isdecimal())
    if len(digits) >= _FEWEST_DIGITS and _PHONE.fullmatch(plain):
        return re.compile(_of_digits(digits))
    return re.compile(_of_letters(plain), _flags(plain))


def _of_digits(digits: str) -> str:
    """Return an expression for a number with or without the code of the country before it."""
    local = digits[-_MAINLAND:] if len(digits) > _MAINLAND else digits
    each = [f"[{digit}{chr(ord(digit) + _WIDE)}]" for digit in local]
    return rf"(?:[+＋]\d{{1,3}}{_BETWEEN_DIGITS})?(?<!\d)(?:86{_BETWEEN_DIGITS})?" + (
        _BETWEEN_DIGITS.join(each) + r"(?!\d)"
    )


def _of_letters(plain: str) -> str:
    parts = plain.split()
    built, before = "", ""
    for part in parts:
        for place, letter in enumerate(part):
            loose = before and (place == 0 or not (before.isascii() and letter.isascii()))
            built += (r"\s*" if loose else "") + _of_letter(letter)
            before = letter
    begins = r"(?<![A-Za-z0-9])" if _latin(plain[0]) else ""
    ends = r"(?![A-Za-z0-9])" if _latin(plain[-1]) else ""
    return begins + built + ends


def _of_letter(letter: str) -> str:
    if "!" <= letter <= "~":
        return f"[{re.escape(letter)}{chr(ord(letter) + _WIDE)}]"
    return re.escape(letter)


def _latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _flags(plain: str) -> re.RegexFlag:
    return re.NOFLAG if plain.isascii() and len(plain) < _CERTAIN else re.IGNORECASE
