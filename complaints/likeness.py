"""How alike two texts are, and marks by which like texts are found without comparing all.

A text is the set of its overlapping pairs of characters (Chinese) and of words (Latin letters).
Likeness is the share of pairs that both have (Jaccard). Marks are a one-permutation MinHash in 16
bands of three: of texts that are half alike some 9 in 10 share a band, of texts with a twentieth in
common 1 in 500, so that looking a band up in an index leaves few texts to compare.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Set
from itertools import pairwise

BANDS, ROWS = 16, 3
LONGEST = 3000
FEWEST = 6
"""Texts of fewer pairs say too little to be called alike."""
_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[0-9a-z]+")
_BINS = BANDS * ROWS
_SPREAD = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


def shingles(text: str) -> frozenset[str]:
    """Return the pairs of Chinese characters, and of words in Latin letters, that make a text."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    found: set[str] = set()
    latin: list[str] = []
    for run in _RUN.findall(plain):
        if run.isascii():
            latin.append(run)
        else:
            found.update(a + b for a, b in pairwise(run))
    found.update(f"{one} {other}" for one, other in pairwise(latin))
    return frozenset(found)


def likeness(one: Set[str], other: Set[str]) -> float:
    """Return the share of shingles that both have, 0 to 1; 0 where either says too little."""
    if len(one) < FEWEST or len(other) < FEWEST:
        return 0.0
    common = len(one & other)
    return common / (len(one) + len(other) - common)


def bands(text: str) -> list[int]:
    """Return the text's bands, as signed 64-bit numbers; none for a text that says too little."""
    parts = shingles(text)
    if len(parts) < FEWEST:
        return []
    bins: list[int | None] = [None] * _BINS
    for part in parts:
        value = (zlib.crc32(part.encode()) * _SPREAD + _SPREAD) & _MASK
        place = (value >> 40) % _BINS
        value &= (1 << 40) - 1
        held = bins[place]
        if held is None or value < held:
            bins[place] = value
    filled = [_borrowed(bins, place) for place in range(_BINS)]
    return [_band(number, filled) for number in range(BANDS)]


def _borrowed(bins: list[int | None], place: int) -> int:
    """Return a bin's value; an empty one takes the next full one's, changed by how far it is."""
    for step in range(_BINS):
        value = bins[(place + step) % _BINS]
        if value is not None:
            return value + step * 0x1_0000_0001
    raise ValueError("a text without shingles has no bands")


def _band(number: int, filled: list[int]) -> int:
    digest = number + 1
    for value in filled[number * ROWS : (number + 1) * ROWS]:
        digest = ((digest ^ value) * _SPREAD + (digest >> 29)) & _MASK
    return digest - (1 << 63)
