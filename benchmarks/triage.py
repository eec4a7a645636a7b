"""`python -m benchmarks.triage`: recall and precision of the triage rules on the shared real data.

Needs no database. Vehicle complaints carry their own truth (crash, fire, injured, deaths); the
Chinese reviews were labelled by hand (docs/triage.md), as a stratified sample that is weighted
back to the whole file. Intervals: Wilson where rows count alike, bootstrap by stratum where not.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import math
import os
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from complaints.triage_rules import propose

HERE = Path(__file__).resolve().parent.parent
LABELS = HERE / "docs" / "triage" / "zh_reviews_labels.csv"
REVIEWS, VEHICLES = "zh_reviews.csv.gz", "nhtsa_ford_body_2020_2024.csv.gz"
STRATA_SIZES = {"1": 1760, "2": 7624, "3a": 449, "3b": 39782}
"""How many of the file's 49,615 reviews each stratum has; see docs/triage.md for its words."""
DRAWS = 4000
Z = 1.96


@dataclass(frozen=True)
class Row:
    """One judged row: its truth, what was proposed, and how many rows it stands for."""

    truth: bool
    flagged: bool
    weight: float = 1.0
    stratum: str = ""


def wilson(hits: int, total: int) -> tuple[float, float]:
    """Return the 95 % Wilson interval of a share."""
    if not total:
        return (0.0, 1.0)
    share, spread = hits / total, Z * Z / total
    middle = (share + spread / 2) / (1 + spread)
    half = Z * math.sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return (max(0.0, middle - half), min(1.0, middle + half))


def recall(rows: Iterable[Row]) -> float:
    """Return the weighted share of the true ones that was flagged."""
    true = [row for row in rows if row.truth]
    whole = sum(row.weight for row in true)
    return sum(row.weight for row in true if row.flagged) / whole if whole else math.nan


def precision(rows: Iterable[Row]) -> float:
    """Return the weighted share of the flagged ones that is true."""
    flagged = [row for row in rows if row.flagged]
    whole = sum(row.weight for row in flagged)
    return sum(row.weight for row in flagged if row.truth) / whole if whole else math.nan


def bootstrap(rows: Sequence[Row], seed: int = 20261122) -> dict[str, tuple[float, float]]:
    """Return 95 % intervals by drawing each stratum anew, with replacement."""
    dice = random.Random(seed)
    strata = [[row for row in rows if row.stratum == name] for name in STRATA_SIZES]
    found: dict[str, list[float]] = {"recall": [], "precision": []}
    for _ in range(DRAWS):
        drawn = [row for part in strata for row in dice.choices(part, k=len(part))]
        for name, measure in (("recall", recall), ("precision", precision)):
            value = measure(drawn)
            if not math.isnan(value):
                found[name].append(value)
    return {name: _middle(sorted(values)) for name, values in found.items()}


def _middle(values: list[float]) -> tuple[float, float]:
    return (values[int(0.025 * len(values))], values[int(0.975 * len(values)) - 1])


def _read(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _flagged(text: str) -> bool:
    return propose(text).urgency == "emergency"


def review_rows(folder: Path, part: str) -> list[Row]:
    """Return the labelled reviews of a part ("tune" or "held"), each with its design weight."""
    texts = {row["row"]: row["review"] for row in _read(folder / REVIEWS)}
    with LABELS.open(encoding="utf-8", newline="") as file:
        labels = [label for label in csv.DictReader(file) if label["part"] == part]
    taken = Counter(label["stratum"] for label in labels)
    return [
        Row(
            truth=label["emergency"] == "1",
            flagged=_flagged(texts[label["row"]]),
            weight=STRATA_SIZES[label["stratum"]] / taken[label["stratum"]],
            stratum=label["stratum"],
        )
        for label in labels
    ]


def harmed(row: dict[str, str]) -> bool:
    """Say whether the authority's own flags tell of a crash, a fire, an injury or a death."""
    return (
        row["CRASH"] == "Y" or row["FIRE"] == "Y" or row["INJURED"] != "0" or row["DEATHS"] != "0"
    )


def _coin(salt: str, row: dict[str, str]) -> bool:
    digest = hashlib.sha256(f"{salt}:{row['CMPLID']}".encode()).hexdigest()
    return int(digest, 16) % 2 == 1


def vehicle_part(row: dict[str, str]) -> str:
    """Return "tune" (read for the rules), "read" (read after the first measure) or "held"."""
    if _coin("triage-split-1", row):
        return "tune"
    return "read" if _coin("triage-split-2", row) else "held"


def _share(name: str, hits: int, total: int) -> str:
    low, high = wilson(hits, total)
    share = hits / total if total else math.nan
    return f"{name} {hits}/{total} = {share:.3f} [{low:.3f}, {high:.3f}]"


def _print_vehicles(folder: Path) -> None:
    rows = [
        (vehicle_part(row), harmed(row), _flagged(row["CDESCR"]))
        for row in _read(folder / VEHICLES)
    ]
    print(f"Vehicle complaints, {len(rows)} rows, truth: crash, fire, injured or deaths")
    for parts in (("tune",), ("read",), ("held",), ("read", "held"), ("tune", "read", "held")):
        chosen = [row for row in rows if row[0] in parts]
        true = [row for row in chosen if row[1]]
        flagged = sum(row[2] for row in chosen)
        print(f"  {'+'.join(parts):15}", _share("recall", sum(row[2] for row in true), len(true)))
        print(f"  {'':15}", _share("flagged", flagged, len(chosen)))


def _print_reviews(folder: Path) -> None:
    for part in ("tune", "held"):
        rows = review_rows(folder, part)
        intervals = bootstrap(rows)
        print(
            f"Chinese reviews, part {part}: {len(rows)} labelled, {sum(r.truth for r in rows)} true"
        )
        for name, measure in (("recall", recall), ("precision", precision)):
            low, high = intervals[name]
            print(f"  {name} {measure(rows):.3f} [{low:.3f}, {high:.3f}] (weighted)")
        true = [row for row in rows if row.truth]
        flagged = [row for row in rows if row.flagged]
        print("  " + _share("recall in the sample", sum(r.flagged for r in true), len(true)))
        print("  " + _share("precision in the sample", sum(r.truth for r in flagged), len(flagged)))
        quiet = [row for row in rows if row.stratum == "3b"]
        print(
            "  "
            + _share("true in the stratum without words", sum(r.truth for r in quiet), len(quiet))
        )


def main() -> None:
    """Print both measurements."""
    options = argparse.ArgumentParser(description=__doc__)
    given = os.environ.get("REDRESS_SHARED_DATA") or HERE.parent / "shared" / "data"
    options.add_argument("--data", type=Path, default=Path(given), help="the folder of the data")
    folder = options.parse_args().data
    _print_reviews(folder)
    _print_vehicles(folder)


if __name__ == "__main__":
    main()
