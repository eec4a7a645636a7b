"""`python -m benchmarks.screening`: claim screening on planted rings, and beside a plain self-join.

Draws worlds of claims (see benchmarks/rings.py), screens them, and prints recall and precision by
claim with 95 % intervals over the worlds, what became of each sort of ring and decoy, and how long
it took. With `--database NAME` the same marks go into a temporary table, and a self-join that only
pairs accounts by equal marks is timed beside it in turns, in a transaction that is undone. Ends
with exit code 1 when recall or precision, as the mean of the worlds, is below what is asked for.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass

from benchmarks.rings import World, make_world, marks_of
from compensation.screening import Band, score, signs_of

LEAST = 0.9
SELF_JOIN = """
SELECT a.claim, count(DISTINCT b.account)
  FROM bench_mark a JOIN bench_mark b ON b.kind = a.kind AND b.value = a.value
   AND b.account <> a.account
 GROUP BY a.claim
"""


@dataclass(frozen=True)
class Outcome:
    """What screening said of one world."""

    world: World
    flagged: frozenset[int]
    seconds: float

    @property
    def recall(self) -> float:
        """The share of the rings' claims that a second person is to look at."""
        planted = self.world.ring_claims()
        return len(planted & self.flagged) / len(planted)

    @property
    def precision(self) -> float:
        """The share of the claims sent to a second person that are of a ring."""
        return len(self.world.ring_claims() & self.flagged) / len(self.flagged)


def screen(world: World) -> Outcome:
    """Screen a world as a whole."""
    begun = time.perf_counter()
    found = signs_of(world.claims)
    flagged = frozenset(
        number
        for number, signals in found.signals.items()
        if score(signals).band is not Band.NORMAL
    )
    return Outcome(world, flagged, time.perf_counter() - begun)


def self_join_seconds(world: World) -> float:
    """Time the self-join over the same marks; the table is indexed and analysed before."""
    from django.db import connection, transaction

    rows = io.StringIO("".join("\t".join(map(str, row)) + "\n" for row in marks_of(world)))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_mark (claim bigint, account text, kind text, value text)"
            " ON COMMIT DROP"
        )
        cursor.copy_expert("COPY bench_mark FROM STDIN", rows)
        cursor.execute("CREATE INDEX ON bench_mark (kind, value)")
        cursor.execute("ANALYZE bench_mark")
        begun = time.perf_counter()
        cursor.execute(SELF_JOIN)
        cursor.fetchall()
        seconds = time.perf_counter() - begun
        transaction.set_rollback(True)
    return seconds


def _print_sorts(outcomes: list[Outcome]) -> None:
    total: Counter[str] = Counter()
    flagged: Counter[str] = Counter()
    for outcome in outcomes:
        total.update(outcome.world.truth.values())
        flagged.update(outcome.world.truth[number] for number in outcome.flagged)
    for sort, count in sorted(total.items()):
        share = flagged[sort] / count
        print(f"  {sort or 'ordinary':28} {flagged[sort]:>6} of {count:>7} flagged ({share:.2%})")


def _spread(name: str, values: list[float]) -> None:
    middle = statistics.mean(values)
    half = 1.96 * statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0
    least = min(values)
    print(
        f"{name:10} mean {middle:.4f} [{middle - half:.4f}, {middle + half:.4f}], least {least:.4f}"
    )


def main() -> int:
    """Print the figures; 1 when one is below the least."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--worlds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--database", help="a database of the development instance, for the join")
    arguments = parser.parse_args()
    if arguments.database:
        _set_up(arguments.database)
    outcomes, ratios = [], []
    for number in range(arguments.worlds):
        world = make_world(arguments.claims, seed=arguments.seed + number)
        outcomes.append(screen(world))
        if arguments.database:
            joined = self_join_seconds(world)
            ratios.append(outcomes[-1].seconds / joined)
            print(f"world {number}: screening {outcomes[-1].seconds:.2f} s, join {joined:.2f} s")
    print(f"{arguments.worlds} worlds of {arguments.claims} claims")
    recalls = [outcome.recall for outcome in outcomes]
    precisions = [outcome.precision for outcome in outcomes]
    _spread("recall", recalls)
    _spread("precision", precisions)
    _print_sorts(outcomes)
    print(f"screening  median {statistics.median(o.seconds for o in outcomes):.2f} s")
    if ratios:
        print(f"screening ÷ self-join: median {statistics.median(ratios):.2f}")
    means = [statistics.mean(values) for values in (recalls, precisions)]
    return 0 if min(means) >= LEAST else 1


def _set_up(database: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database


if __name__ == "__main__":
    sys.exit(main())
