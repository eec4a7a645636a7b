"""Words for PostgreSQL's text search that work for Chinese: overlapping pairs of characters.

A run of Chinese characters is cut into its pairs (and every single character), so that any
substring of two or more characters is found by an index, with no dictionary to keep.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_TOKEN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[0-9a-z]+(?:-[0-9a-z]+)*")


def _runs(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).lower())


def index_terms(text: str, *, limit: int = 4000) -> str:
    """Return the terms under which `text` is found, space-separated."""
    terms: dict[str, None] = {}
    for run in dict.fromkeys(_runs(text[:limit])):
        if run.isascii():
            terms.update(dict.fromkeys([run, *run.split("-")] if "-" in run else [run]))
        else:
            terms.update(dict.fromkeys(run))
            terms.update(dict.fromkeys(a + b for a, b in pairwise(run)))
    return " ".join(terms)


def query_terms(text: str) -> list[str]:
    """Return the terms that a text must all have to answer the query `text`."""
    terms: list[str] = []
    for run in _runs(text):
        if run.isascii() or len(run) == 1:
            terms.append(run)
        else:
            terms.extend(a + b for a, b in pairwise(run))
    return list(dict.fromkeys(terms))
