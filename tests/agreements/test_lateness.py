"""What late money costs: every day counted once, nothing compounded, rounded once."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.lateness import LateTerms, late_sum

DUE = date(2026, 3, 2)
FIVE = LateTerms(Decimal("0.05"))


def cost(
    terms: LateTerms, owed: str, *paid: tuple[int, str], until: int
) -> tuple[int, Decimal, bool, bool]:
    """Days, amount, capped, in grace; payments and end by days after the due day."""
    payments = [(DUE + timedelta(days=day), Decimal(amount)) for day, amount in paid]
    end = DUE + timedelta(days=until)
    found = late_sum(terms, owed=Decimal(owed), due_on=DUE, paid=payments, until=end)
    return found.days, found.amount, found.capped, found.in_grace


def test_due_day_is_free_and_the_day_of_payment_counts() -> None:
    assert cost(FIVE, "1000.00", until=0) == (0, Decimal("0.00"), False, False)
    assert cost(FIVE, "1000.00", (0, "1000.00"), until=9) == (0, Decimal("0.00"), False, False)
    assert cost(FIVE, "1000.00", (1, "1000.00"), until=9) == (1, Decimal("0.50"), False, False)
    assert cost(FIVE, "1000.00", (10, "1000.00"), until=10) == (10, Decimal("5.00"), False, False)


def test_part_payment_lowers_the_sum_from_the_next_day() -> None:
    # 1000 for 4 days, 400 for 6: 4000 + 2400 = 6400 sum-days at 0.05 % = 3.20
    assert cost(FIVE, "1000.00", (4, "600.00"), (10, "400.00"), until=10)[:2] == (
        10,
        Decimal("3.20"),
    )


def test_two_payments_of_one_day_are_one_step() -> None:
    both = cost(FIVE, "1000.00", (3, "300.00"), (3, "300.00"), until=5)
    assert both == cost(FIVE, "1000.00", (3, "600.00"), until=5)


def test_payment_after_the_end_changes_nothing() -> None:
    assert cost(FIVE, "1000.00", (8, "1000.00"), until=5) == cost(FIVE, "1000.00", until=5)


def test_grace_frees_who_pays_within_it_and_nobody_later() -> None:
    terms = LateTerms(Decimal("0.05"), grace_days=3)
    assert cost(terms, "1000.00", (3, "1000.00"), until=3) == (3, Decimal("0.00"), False, True)
    assert cost(terms, "1000.00", (4, "1000.00"), until=4) == (4, Decimal("2.00"), False, False)


def test_cap_is_a_share_of_what_was_overdue() -> None:
    terms = LateTerms(Decimal("1"), cap_percent=Decimal("30"))
    assert cost(terms, "100.00", until=30) == (30, Decimal("30.00"), False, False)
    assert cost(terms, "100.00", until=31) == (31, Decimal("30.00"), True, False)
    # Half was paid in time: the cap is of the other half.
    assert cost(terms, "100.00", (0, "50.00"), until=400)[1] == Decimal("15.00")


def test_sum_is_rounded_once_half_up() -> None:
    # 299 at 0.05 % is 0.1495 a day: 3 days are 0.4485, not three times 0.15.
    assert cost(FIVE, "299.00", until=2)[1] == Decimal("0.30")
    assert cost(FIVE, "299.00", until=20)[1] == Decimal("2.99")
    assert cost(LateTerms(Decimal("0.5")), "1.00", until=1)[1] == Decimal("0.01")


def test_impossible_facts_are_refused() -> None:
    with pytest.raises(ValueError, match="more was paid"):
        cost(FIVE, "10.00", (1, "10.01"), until=3)
    with pytest.raises(ValueError, match="negative"):
        cost(FIVE, "-1.00", until=3)
    with pytest.raises(ValueError, match="negative"):
        LateTerms(Decimal("-0.01"))


_CENTS = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)


@given(
    owed=_CENTS,
    parts=st.lists(st.tuples(st.integers(-5, 40), st.integers(1, 9)), max_size=5),
    until=st.integers(0, 60),
    rate=st.integers(0, 100).map(lambda n: Decimal(n) / 100),
)
def test_it_is_what_day_by_day_comes_to(
    owed: Decimal, parts: list[tuple[int, int]], until: int, rate: Decimal
) -> None:
    share = (owed / 50).quantize(Decimal("0.01"))
    paid = [(DUE + timedelta(days=day), share * weight) for day, weight in parts]
    end = DUE + timedelta(days=until)
    terms = LateTerms(rate)

    by_day = Decimal(0)
    for count in range(1, until + 1):
        day = DUE + timedelta(days=count)
        by_day += owed - sum((amount for when, amount in paid if when < day), Decimal(0))
    found = late_sum(terms, owed=owed, due_on=DUE, paid=paid, until=end)

    assert abs(found.amount - by_day * rate / 100) <= Decimal("0.005")
    assert sum((span.unpaid * span.days for span in found.spans), Decimal(0)) == by_day
    assert all(one.last < two.first for one, two in zip(found.spans, found.spans[1:], strict=False))


@given(owed=_CENTS, first=st.integers(0, 200), more=st.integers(0, 200))
def test_later_is_never_cheaper_and_the_cap_holds(owed: Decimal, first: int, more: int) -> None:
    terms = LateTerms(Decimal("0.3"), grace_days=3, cap_percent=Decimal("30"))
    ends = [DUE + timedelta(days=first), DUE + timedelta(days=first + more)]
    sooner, later = [
        late_sum(terms, owed=owed, due_on=DUE, paid=[], until=end).amount for end in ends
    ]

    assert sooner <= later <= owed * Decimal("0.30") + Decimal("0.005")
