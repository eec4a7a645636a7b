"""`python -m benchmarks.entitlements`: entitlement sheets a second, against bare arithmetic.

Needs no database. The same facts go through the rules (strict reading, choice of versions, lines
with article and inputs) and through a bare function that only does the arithmetic of fraud with
refund, loss and credits. Rounds take turns; the ratio is the figure that counts.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from compensation.rules import SHIPPED, RuleBook, evaluate
from complaints.clock_arithmetic import WorkingCalendar

ON = date(2026, 11, 20)
BOOK, CALENDAR = RuleBook(SHIPPED), WorkingCalendar()
Facts = dict[str, Any]


def made_up(count: int, *, seed: int) -> list[Facts]:
    """Return facts of fraud: one to three orders of one to three items, losses, credits."""
    dice = random.Random(seed)

    def amount(most: int) -> str:
        return f"{dice.randint(1, most) / 100:.2f}"

    return [
        {
            "orders": [
                {
                    "items": [
                        {"price_paid": amount(500_000), "qty": dice.randint(1, 3)}
                        for _item in range(dice.randint(1, 3))
                    ]
                }
                for _order in range(dice.randint(1, 3))
            ],
            "fraud_found": True,
            "consumer_requests_extra": True,
            "other_losses": amount(100_000),
            "compensation_already_paid": amount(10_000),
        }
        for _number in range(count)
    ]


def by_rules(facts: Facts) -> str:
    """Reckon one sheet with the product's rules."""
    sheet = evaluate("compensation", facts, book=BOOK, calendar=CALENDAR, on=ON)
    payable: str = sheet.as_data()["payable"]
    return payable


def bare(facts: Facts) -> str:
    """Do only the arithmetic: nothing is checked, chosen, cited or explained."""
    refund = extra = Decimal(0)
    for order in facts["orders"]:
        price = sum(
            (Decimal(item["price_paid"]) * item["qty"] for item in order["items"]), Decimal(0)
        )
        refund += price
        extra += max(3 * price, Decimal(500))
    due = refund + extra + Decimal(facts["other_losses"])
    return f"{max(due - Decimal(facts['compensation_already_paid']), Decimal(0)):.2f}"


def rate(reckon: Callable[[Facts], str], cases: Sequence[Facts]) -> float:
    """Return how many cases a second a function reckons."""
    start = time.perf_counter()
    for facts in cases:
        reckon(facts)
    return len(cases) / (time.perf_counter() - start)


def measured(count: int, rounds: int, seed: int) -> dict[str, Any]:
    """Return the medians of rounds that take turns, after both were seen to agree."""
    cases = made_up(count, seed=seed)
    different = sum(by_rules(facts) != bare(facts) for facts in cases)
    rates = [(rate(by_rules, cases), rate(bare, cases)) for _round in range(rounds)]
    ratios = [plain / ruled for ruled, plain in rates]
    return {
        "cases": count,
        "rounds": rounds,
        "different": different,
        "sheets_per_second": round(statistics.median(ruled for ruled, _plain in rates)),
        "bare_per_second": round(statistics.median(plain for _ruled, plain in rates)),
        "bare_to_sheets": round(statistics.median(ratios), 1),
        "spread": [round(min(ratios), 1), round(max(ratios), 1)],
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print(json.dumps(measured(options.cases, options.rounds, options.seed), indent=1))


if __name__ == "__main__":
    main()
