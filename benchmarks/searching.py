"""Fill a database with real complaints (and more made of them), and search it as people do."""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import database

SIZES = [1_000, 10_000, 100_000]
QUERIES = 200
PERCENT = 100


def main() -> int:
    """Measure each size in turn; fail when the index is not used."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the real complaints")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--keep", action="store_true", help="go on with the database as it is")
    parser.add_argument("--queries", type=int, default=QUERIES)
    options = parser.parse_args()
    if options.keep:
        import_module("django").setup()
    else:
        database.make()
    import_module("django.core.management").call_command(
        "collectstatic", interactive=False, verbosity=0
    )
    filling: Any = import_module("benchmarks.search_filling")
    texts = filling.texts(options.data)
    p95: list[float] = []
    for size in sorted(options.sizes):
        started = time.perf_counter()
        filling.fill_to(size, texts)
        filled = time.perf_counter() - started
        times = _times(filling, options.queries)
        p95.append(_quantile(times["all"], 95))
        print(f"{size:>7,} cases (filled in {filled:.0f} s, index {filling.index_size()})")
        for kind, taken in times.items():
            print(
                f"    {kind:<12} p50 {statistics.median(taken):6.1f} ms   "
                f"p95 {_quantile(taken, 95):6.1f} ms   n {len(taken)}"
            )
        print(f"    {filling.plan()}")
    growth, more = p95[-1] / p95[0], max(options.sizes) / min(options.sizes)
    print(f"p95 grows {growth:.1f} times while cases grow {more:.0f} times")
    used: bool = filling.index_is_used()
    if not options.keep:
        database.drop()
    return 0 if used else 1


def _times(filling: Any, count: int) -> dict[str, list[float]]:
    """Return how long each query's whole page took, by kind of query."""
    browser = filling.browser()
    taken: dict[str, list[float]] = {"all": []}
    for kind, text in _queries(filling, count):
        started = time.perf_counter()
        answer = browser.get("/desk/search/", {"q": text})
        spent = (time.perf_counter() - started) * 1000
        if answer.status_code not in (200, 303):
            raise SystemExit(f"search for {text!r} answered {answer.status_code}")
        taken.setdefault(kind, []).append(spent)
        taken["all"].append(spent)
    return taken


def _queries(filling: Any, count: int) -> Iterator[tuple[str, str]]:
    """Yield queries cut out of texts that are there: mostly two characters, as people type."""
    chance = random.Random(20261122)
    texts = filling.some_texts(chance, 500)
    kinds = ["2 chars", "2 chars", "2 chars", "4 chars", "2 words", "1 char"]
    numbers = iter(range(10 * count))
    drawn = ((kinds[number % len(kinds)], chance.choice(texts)) for number in numbers)
    for kind, text in islice(drawn, count):
        words = "".join(text.split()) if "\u4e00" <= text[0] <= "\u9fff" else text
        yield kind, _cut(kind, words, chance)


def _cut(kind: str, text: str, chance: random.Random) -> str:
    length = int(kind[0]) if kind.endswith(("chars", "char")) else 2
    if kind == "2 words":
        return f"{_cut('2 chars', text, chance)} {_cut('2 chars', text, chance)}"
    start = chance.randrange(max(1, len(text) - length))
    return text[start : start + length].strip() or text[:length]


def _quantile(values: list[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // PERCENT)]


if __name__ == "__main__":
    raise SystemExit(main())
