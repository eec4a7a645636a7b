"""Run the faults one after the other and print what came of each."""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.faults.checking import Outcome
from tests.faults.killing import kill_sweepers, kill_workers
from tests.faults.outages import (
    after_a_week,
    called_many_times,
    nobody_sweeps,
    poisoned,
    skewed,
    without_broker,
)
from tests.faults.racing import acknowledgement_races

Faults = dict[str, Callable[[], Outcome]]


def quick(seed: int) -> Faults:
    """What `make test` runs: a hundred kills, and the others in small."""
    return {
        "kill": partial(kill_sweepers, cases=410, kills=100, seconds=18.0, restarts=1, seed=seed),
        "workers": partial(kill_workers, cases=60, kills=10, seconds=6.0, seed=seed),
        "broker": partial(without_broker, cases=10),
        "duplicates": partial(called_many_times, cases=12, times=10),
        "poison": partial(poisoned, cases=8),
        "ahead": partial(skewed, cases=5, hours=2.0),
        "behind": partial(skewed, cases=5, hours=-2.0),
        "week": partial(after_a_week, cases=60),
        "races": partial(acknowledgement_races, races=60, seed=seed),
        "nobody": nobody_sweeps,
    }


def whole(seed: int) -> Faults:
    """The long ones: more kills, every race, and a week's backlog of thousands."""
    return {
        **quick(seed),
        "kill": partial(kill_sweepers, cases=1000, kills=500, seconds=90.0, restarts=4, seed=seed),
        "workers": partial(kill_workers, cases=420, kills=100, seconds=40.0, seed=seed),
        "broker": partial(without_broker, cases=100),
        "duplicates": partial(called_many_times, cases=100, times=10),
        "week": partial(after_a_week, cases=1000),
        "races": partial(acknowledgement_races, races=1000, seed=seed),
    }


def main() -> int:
    """Run the chosen faults; exit code 1 when one did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="as in make test")
    parser.add_argument("--only", default="", help="names, comma separated")
    parser.add_argument("--seed", type=int, default=None, help="run the same choices again")
    parser.add_argument("--json", type=Path, help="write the outcomes to a file too")
    options = parser.parse_args()
    seed = random.SystemRandom().randrange(10**6) if options.seed is None else options.seed
    faults = quick(seed) if options.quick else whole(seed)
    chosen = options.only.split(",") if options.only else list(faults)
    print(f"seed {seed}", flush=True)
    outcomes = {name: run(name, faults[name]) for name in chosen}
    if options.json:
        found = {name: {**vars(outcome)} for name, outcome in outcomes.items()}
        options.json.write_text(json.dumps(found, ensure_ascii=False, default=str))
    return 1 if any(outcome.wrong for outcome in outcomes.values()) else 0


def run(name: str, fault: Callable[[], Outcome]) -> Outcome:
    """Run one fault and print its figures."""
    began = time.monotonic()
    outcome = fault()
    took = time.monotonic() - began
    held = "held" if not outcome.wrong else "BROKEN: " + "; ".join(outcome.wrong)
    print(f"\n{name}: {outcome.fault} — {held} ({took:.0f} s)")
    for figure, value in outcome.figures.items():
        print(f"  {figure:<40}{value!s:>10}")
    print(end="", flush=True)
    return outcome
