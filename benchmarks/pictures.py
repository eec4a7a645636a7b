"""How long it takes to find the pictures that look like one, among more and more of them.

`python -m benchmarks.pictures --database NAME` works inside one transaction that is undone. The
marks are those of drawn pictures with bits turned over at random, so that bands repeat as they do
among real photographs of similar things.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time

SIZES = (1_000, 10_000, 100_000)
LOOKS = 200


def main() -> None:
    """Print median and 95th percentile of a look, and the plan, for each number of pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True, help="name of a migrated database")
    arguments = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.db import connection, transaction

    connection.settings_dict["NAME"] = arguments.database
    with transaction.atomic():
        _measure()
        transaction.set_rollback(True)


def _measure() -> None:
    from django.db import connection

    from complaints.picture_marks import MOST, Mark, mark_of_image, signed
    from complaints.selectors.lookalikes import MOST_CANDIDATES, NEAR
    from tests.complaints.vault_makers import drawing

    draw = random.Random(1)
    drawn = [mark for seed in range(1_000) if (mark := mark_of_image(drawing(seed)))]

    def turned(mark: Mark, most: int) -> Mark:
        bits = sum(1 << place for place in draw.sample(range(128), draw.randint(0, most)))
        return Mark(mark.rows ^ bits >> 64, mark.columns ^ bits & (1 << 64) - 1)

    held, filled = [], 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for size in SIZES:
            marks = [turned(draw.choice(drawn), 60) for _ in range(size - filled)]
            cursor.executemany(
                "INSERT INTO complaints_picturemark (file_id, rows, columns, bands)"
                " VALUES (gen_random_uuid(), %s, %s, %s)",
                [(signed(mark.rows), signed(mark.columns), mark.bands) for mark in marks],
            )
            held, filled = [*held, *marks], size
            cursor.execute("ANALYZE complaints_picturemark")
            times, found = [], 0
            for _ in range(LOOKS):
                mark = turned(draw.choice(held), 7)
                asked = {
                    "rows": signed(mark.rows),
                    "columns": signed(mark.columns),
                    "bands": mark.bands,
                    "file": "00000000-0000-0000-0000-000000000000",
                    "most": MOST,
                    "limit": MOST_CANDIDATES,
                }
                begun = time.perf_counter()
                cursor.execute(NEAR, asked)
                found += bool(cursor.fetchall())
                times.append((time.perf_counter() - begun) * 1000)
            times.sort()
            cursor.execute(f"EXPLAIN {NEAR}", asked)
            plan = " ".join(row for (row,) in cursor.fetchall())
            way = "index" if "complaints_picture_bands" in plan else "scan of all"
            print(
                f"{size:>7} pictures: median {statistics.median(times):.2f} ms,"
                f" p95 {times[int(LOOKS * 0.95)]:.2f} ms, {found} of {LOOKS} found, by {way}"
            )


if __name__ == "__main__":
    main()
