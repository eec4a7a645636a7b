"""`python -m benchmarks.alarms`: false alarms and delays of the batch alarm on made streams.

Draws worlds of parts (`--parts`, `--years`, `--worlds`) whose complaints come by chance, in one
shape a world, and counts alarms where nothing happened; then plants a surge in one part and tells
after how many days and complaints it was raised. Needs no database; the seed makes it repeatable.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import cos, exp, pi
from random import Random

from liability.detection import Alarm, Complaint, detect
from liability.detection.series import Key

FIRST_DAY = 737_000
YEAR, MONTH = 365, 30
RATES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Complaints a month, drawn for each part."""
SURGED: Key = ("the part",)
Course = Callable[[int, int], float]
"""How many times its usual rate a part (its number) has on a day."""


@dataclass(frozen=True)
class Shape:
    """What the parts of a world do when nothing is wrong."""

    name: str
    course: Course
    clumped: bool = False
    """Complaints come in clumps: a customer writes twice, a blog is read."""


def _steady(_part: int, _day: int) -> float:
    return 1.0


def _winter(part: int, day: int) -> float:
    """A season six times as strong as the rest, half a year apart in the two halves of the earth.

    Seasons come up to two weeks early or late.
    """
    half = YEAR // 2 if part % 2 else 0
    late = Random(day // YEAR * 7919 + part % 2).randrange(-14, 15)
    return 3.0 if (day + half + late) % YEAR < 75 else 0.5


def _wave(part: int, day: int) -> float:
    return 1 + 0.7 * cos(2 * pi * (day / YEAR + part % 12 / 12))


def _drift(_part: int, day: int) -> float:
    """Twice as many after three years, and so on: a fleet that ages."""
    return 2.0 ** (day / (3 * YEAR))


def _gaps(_part: int, day: int) -> float:
    """Nothing was recorded for four months of every second year."""
    return 0.0 if day % (2 * YEAR) > 2 * YEAR - 120 else 1.0


def _born_late(part: int, day: int) -> float:
    """Every third part comes to market later and takes half a year until its full rate."""
    age = day - part * 11 % (4 * YEAR) if part % 3 == 0 else YEAR
    return max(0.0, min(1.0, age / 182))


SHAPES = [
    Shape("steady", _steady),
    Shape("steady, in clumps", _steady, clumped=True),
    Shape("winter, both halves of the earth", _winter),
    Shape("wave, twelve phases", _wave),
    Shape("slow drift, doubling in 3 years", _drift),
    Shape("gaps of four months", _gaps),
    Shape("parts that come to market", _born_late),
]


def poisson(source: Random, mean: float) -> int:
    """Draw a count (Knuth's way; means are small here)."""
    floor, count, product = exp(-mean), 0, source.random()
    while product > floor:
        count += 1
        product *= source.random()
    return count


def drawn(source: Random, key: Key, rates: Iterator[float], *, clumped: bool) -> list[Complaint]:
    """Return complaints of one part at these rates a day."""
    made = []
    for day, rate in enumerate(rates):
        many = poisson(source, rate / 1.25 if clumped else rate)
        if clumped:
            many += sum(source.random() < 0.25 for _ in range(many))
        for number in range(many):
            made.append(Complaint(FIRST_DAY + day, key, f"{key[0]}/{day}/{number}"))
    return made


def world(seed: int, *, parts: int, years: int, shape: Shape) -> list[Complaint]:
    """Return the complaints of a world without a surge."""
    source, made = Random(seed), []
    for part in range(parts):
        usual = source.choice(RATES) / MONTH
        rates = (usual * shape.course(part, day) for day in range(years * YEAR))
        made += drawn(source, (f"part {part}",), rates, clumped=shape.clumped)
    return made


def surge(seed: int, *, monthly: float, times: float, lasting: int = 182) -> list[Complaint]:
    """Return the complaints of a part that surges after three years, for half a year."""
    begin = 3 * YEAR
    rates = (
        monthly / MONTH * (times if begin <= day < begin + lasting else 1)
        for day in range(begin + lasting)
    )
    return drawn(Random(seed), SURGED, rates, clumped=False)


def report_false_alarms(options: argparse.Namespace) -> float:
    """Print alarms in worlds without a surge; return the most a year of any shape."""
    print(f"False alarms: {options.worlds} worlds of {options.parts} parts, {options.years} years")
    most = 0.0
    for shape in [s for s in SHAPES if options.only in s.name]:
        alarms: list[list[Alarm]] = []
        rows = 0
        for seed in range(options.worlds):
            made = world(seed, parts=options.parts, years=options.years, shape=shape)
            rows += len(made)
            alarms.append(detect(made))
        count = sum(map(len, alarms))
        later = sum(alarm.day - FIRST_DAY >= YEAR for each in alarms for alarm in each)
        again = count - sum(len({alarm.key for alarm in each}) for each in alarms)
        a_year = count / (options.worlds * options.years)
        most = max(most, a_year)
        print(
            f"  {shape.name:34} {rows:7} rows {count:4} alarms = {a_year:.3f} a year,"
            f" {later} after the first year, {again} on a part for a second time",
            flush=True,
        )
    return most


def report_delays(options: argparse.Namespace) -> None:
    """Print after how many days and complaints a surge among other parts was raised."""
    print(f"Surges of half a year among {options.parts} steady parts, {options.runs} runs each")
    others = world(options.worlds, parts=options.parts, years=4, shape=SHAPES[0])
    for monthly in (1.0, 5.0, 20.0):
        for times in (2.0, 4.0, 8.0):
            found: list[tuple[int, int]] = []
            for seed in range(options.runs):
                mine = surge(1000 + seed, monthly=monthly, times=times)
                last = mine[-1].day
                among = [each for each in others if each.day <= last]
                begin = FIRST_DAY + 3 * YEAR
                first = next(
                    (a for a in detect(mine + among) if a.key == SURGED and a.day >= begin), None
                )
                if first:
                    until = sum(begin <= each.day <= first.day for each in mine)
                    found.append((first.day - begin, until))
            days = sorted(day for day, _ in found)
            told = (
                f"after {days[0]}-{days[-1]} days, median {statistics.median(days):.0f}, with"
                f" {statistics.median(until for _, until in found):.0f} complaints of it"
                if found
                else ""
            )
            print(
                f"  {monthly:4.0f} a month x{times:.0f}: {len(found)}/{options.runs} {told}",
                flush=True,
            )


def main() -> int:
    """Run both parts; exit code 1 when a steady world has more false alarms than are allowed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parts", type=int, default=200)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--worlds", type=int, default=4)
    parser.add_argument("--runs", type=int, default=5, help="runs for each kind of surge")
    parser.add_argument("--only", default="", help="only shapes whose name holds this")
    options = parser.parse_args()
    report_false_alarms(options)
    if options.runs:
        report_delays(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
