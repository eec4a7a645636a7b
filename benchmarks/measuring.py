"""Measure intake, pages, PDF and clocks, ours and bare in turns, and print ratios."""

from __future__ import annotations

import argparse
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from benchmarks import database, printing
from benchmarks.load import Call, Outcome, hit, median
from benchmarks.servers import serving

STORY = "水壶底座不加热，拔了插头再试也一样，台面上留下一块水渍印。"
CLIENTS = 16
PAGES = 120
CLOCKS = [1_000, 10_000, 100_000]
LARGE = [500_000]


@dataclass
class Measured:
    """One workload: the outcomes of its rounds, ours and bare."""

    name: str
    ours: list[Outcome] = field(default_factory=list)
    bare: list[Outcome] = field(default_factory=list)

    def rate_ratio(self) -> float:
        """Our rate by the bare one's."""
        return median([o.rate for o in self.ours]) / median([b.rate for b in self.bare])

    def time_ratio(self, share: float) -> float:
        """Our time within which `share` were answered, by the bare one's."""
        ours = median([o.quantile(share) for o in self.ours])
        return ours / median([b.quantile(share) for b in self.bare])


def complaint(number: int) -> Call:
    """Submit one complaint through the API, under a key of its own."""
    body = {
        "description": f"{STORY} {number}",
        "contact": {"name": "周小华", "phone": "13812345678"},
        "category": "QUALITY",
    }
    return Call(
        "POST",
        "/api/v1/complaints/",
        body=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex},
        status=201,
    )


def bare_insert(number: int) -> Call:
    """Insert one row."""
    return Call("POST", "/insert", body=f"{STORY} {number}".encode(), status=201)


def page(path: str, cookie: str = "") -> Callable[[int], Call]:
    """Open one page again and again."""
    headers = {"Cookie": cookie, "Accept-Language": "zh-hans"} if cookie else {}
    return lambda number: Call("GET", path, headers=headers)


def measure_pages(options: argparse.Namespace) -> list[Measured]:
    """Run the workloads over HTTP, interleaved."""
    filled = database.prepare(options.cases)
    intake, queue = Measured("W1 intake"), Measured("W2 queue")
    case_page = Measured("W3 case page")
    loads = [
        (intake, complaint, bare_insert, options.requests, CLIENTS),
        (queue, page("/desk/", filled.cookie), page("/queue"), PAGES, 1),
        (
            case_page,
            page(f"/desk/cases/{filled.reference}/", filled.cookie),
            page(f"/case/{filled.case_id}"),
            PAGES,
            1,
        ),
    ]
    with (
        serving("config.wsgi:application", ready_path="/healthz/live") as our_port,
        serving("benchmarks.bare:application", ready_path="/queue") as bare_port,
    ):
        for make, port in ((complaint, our_port), (bare_insert, bare_port)):
            hit(port, make, requests=40, clients=8)
        for _ in range(options.rounds):
            for measured, ours, bare, requests, clients in loads:
                measured.bare.append(hit(bare_port, bare, requests=requests, clients=clients))
                measured.ours.append(hit(our_port, ours, requests=requests, clients=clients))
    for name, path in (("queue", "/desk/"), ("case page", f"/desk/cases/{filled.reference}/")):
        print(f"SQL statements with {options.cases} cases: {name} {database.statements(path)}")
    return [intake, queue, case_page]


def side(outcomes: list[Outcome]) -> str:
    """Return one side of a row: requests a second, and the time within which 95 % came."""
    rate = median([outcome.rate for outcome in outcomes])
    slow = median([outcome.quantile(0.95) for outcome in outcomes])
    return f"{rate:>10.1f}/s {slow:>7.1f} ms"


def report(measured: list[Measured], paper: printing.Printed, options: argparse.Namespace) -> bool:
    """Print the table; returns whether every answer was right."""
    print(f"cases {options.cases}, rounds {options.rounds}; medians; ratios only are worth quoting")
    print(f"{'workload':<14}{'ours':>22}{'bare':>22}   ours / bare")
    for item in measured:
        print(
            f"{item.name:<14}{side(item.ours)}{side(item.bare)}"
            f"   rate {item.rate_ratio():.2f}, p50 {item.time_ratio(0.5):.2f}, "
            f"p95 {item.time_ratio(0.95):.2f}"
        )
    print(
        f"{'W6 agreement':<14}{paper.ours:>19.0f} ms{paper.bare:>19.0f} ms"
        f"   p50 {paper.ours / paper.bare:.2f}, {paper.pages} pages, {paper.kilobytes:.0f} KiB"
    )
    wrong = sum(outcome.wrong for item in measured for outcome in item.ours + item.bare)
    print(f"wrong answers: {wrong}")
    return wrong == 0


def measure_all_pages(options: argparse.Namespace) -> bool:
    """Measure pages, intake and PDF; tells whether every answer was right and no row is missing."""
    measured = measure_pages(options)
    paper = printing.measure(options.rounds)
    right = report(measured, paper, options)
    expected = 40 + options.rounds * options.requests
    added = database.cases_added()
    print(f"intakes answered {expected}, cases added {added}")
    return right and added == expected


def main() -> int:
    """Measure what is asked for; exit code 1 when an answer, a row or an index was missing."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("all", "pages", "clocks"), default="all")
    parser.add_argument("--cases", type=int, default=10_000, help="cases in the queue")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds")
    parser.add_argument("--requests", type=int, default=600, help="intakes a round")
    parser.add_argument("--large", action="store_true", help="500,000 open clocks too")
    options = parser.parse_args()
    began, right = time.perf_counter(), True
    try:
        if options.what != "clocks":
            right = measure_all_pages(options)
        if options.what != "pages":
            sizes = [*CLOCKS, *(LARGE if options.large else [])]
            right = database.measure_clocks(sizes) and right
        print(f"took {time.perf_counter() - began:.0f} s")
        return 0 if right else 1
    finally:
        database.drop()


if __name__ == "__main__":
    raise SystemExit(main())
