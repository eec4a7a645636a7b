"""How texts and queries are compared: folded character by character, cut into pairs.

Folding drops what the eye drops: width (ＡＢ, Ⅷ), letter case, accents, invisible characters. It
treats every character by itself, so whatever stands in a text stands in the folded text too, and
two characters are enough to find it. The database does the same by the same rules, in the functions
`complaints_fold` and `complaints_grams`; a test compares both for all of Unicode.

Names are never kept in clear: every part of a name becomes a keyed digest, as phone numbers do.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from complaints import sealing

MOST_WORDS, LONGEST_WORD = 50, 100
LONGEST_NAME_PART = 20
NAME_MARK, TOKEN_LENGTH = "=", 16


def is_dropped(character: str) -> bool:
    """Say whether a character is nothing to look for: an accent, a mark, an invisible one."""
    if unicodedata.combining(character):
        return True
    code = ord(character)
    if 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF:
        return True
    return unicodedata.category(character) in ("Cc", "Cf") and not character.isspace()


class _Folds(dict[int, str]):
    """What becomes of each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFKD", chr(code))
        kept = (" " if part.isspace() else part for part in parts if not is_dropped(part))
        plain = "".join(part.lower() for part in kept).replace("ς", "σ")
        self[code] = plain
        return plain


_FOLDS = _Folds()


def folded(text: str) -> str:
    """Return a text as it is compared."""
    return text.translate(_FOLDS)


def query_words(text: str) -> list[str]:
    """Return the words of a query, all of which a case must hold; none when nothing is left."""
    words = [word[:LONGEST_WORD] for word in text.replace("\x00", "").split()]
    return [word for word in dict.fromkeys(words) if folded(word).strip()][:MOST_WORDS]


def name_token(part: str) -> str:
    """Return the digest under which names that hold `part` are found."""
    return NAME_MARK + sealing.blind_index("name", folded(part))[:TOKEN_LENGTH]


def name_tokens(name: str) -> list[str]:
    """Return the digests of everything that stands in a name: all parts of each of its words."""
    parts = {
        word[start:end]
        for word in folded(name).split()
        for start in range(len(word))
        for end in range(start + 1, min(len(word), start + LONGEST_NAME_PART) + 1)
    }
    return sorted(map(name_token, parts))


@dataclass(frozen=True)
class Piece:
    """A piece of a text, and whether it is what was looked for."""

    text: str
    hit: bool


def _origins(text: str) -> Sequence[int]:
    """Return for each character of the folded text of which character of the text it is a part."""
    if all(len(_FOLDS[ord(character)]) == 1 for character in set(text)):
        return range(len(text))
    return [at for at, character in enumerate(text) for _part in _FOLDS[ord(character)]]


def _spans(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Return where the words stand in a text, by characters of the text itself; joined, sorted."""
    plain, spans = folded(text), []
    wanted_words = [wanted for wanted in map(folded, words) if wanted in plain]
    origins = _origins(text) if wanted_words else range(0)
    for wanted in wanted_words:
        at = plain.find(wanted) if wanted else -1
        while at >= 0:
            spans.append((origins[at], origins[at + len(wanted) - 1] + 1))
            at = plain.find(wanted, at + 1)
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def pieces(text: str, words: Sequence[str]) -> list[Piece]:
    """Cut a text into what was looked for and what was not."""
    found, done = [], 0
    for start, end in _spans(text, words):
        found += [Piece(text[done:start], hit=False), Piece(text[start:end], hit=True)]
        done = end
    found.append(Piece(text[done:], hit=False))
    return [piece for piece in found if piece.text]


def excerpt(text: str, words: Sequence[str], *, around: int = 40) -> list[Piece]:
    """Return the surroundings of the first place where a word stands; nothing where none does."""
    spans = _spans(text, words)
    if not spans:
        return []
    start, end = max(0, spans[0][0] - around), min(len(text), spans[0][1] + 2 * around)
    cut = ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
    return pieces(" ".join(cut.split()), words)
