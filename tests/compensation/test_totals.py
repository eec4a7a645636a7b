"""Sums of lines: nothing lost, nothing rounded, goodwill never counts for the law."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from compensation.drafts import LineData
from compensation.states import Layer, LineKind
from compensation.totals import option_totals
from tests.compensation.makers import goodwill, line

amounts = st.decimals(min_value=0, max_value=1_000_000, places=2)
lines = st.lists(
    st.builds(
        LineData,
        kind=st.sampled_from(list(LineKind)),
        description=st.just("x"),
        amount=amounts,
        is_cash=st.booleans(),
        layer=st.sampled_from(list(Layer)),
    ),
    max_size=12,
)


@given(lines)
def test_the_sums_are_the_lines(given: list[LineData]) -> None:
    totals = option_totals(given)
    credit = sum((x.amount for x in given if x.kind == LineKind.CREDIT), Decimal(0))
    rest = sum((x.amount for x in given if x.kind != LineKind.CREDIT), Decimal(0))

    assert totals.cost == rest - credit
    assert totals.payable + totals.in_kind == totals.cost


@given(lines)
def test_the_order_of_lines_does_not_matter(given: list[LineData]) -> None:
    assert option_totals(given) == option_totals(list(reversed(given)))


@given(lines, amounts)
def test_goodwill_never_counts_towards_the_law(given: list[LineData], amount: Decimal) -> None:
    extra = line(str(amount), kind=LineKind.GOODWILL, layer=Layer.GOODWILL)

    assert option_totals([*given, extra]).statutory == option_totals(given).statutory


@given(lines, amounts)
def test_more_money_never_makes_less(given: list[LineData], amount: Decimal) -> None:
    before, after = option_totals(given), option_totals([*given, line(str(amount))])

    assert after.payable == before.payable + amount
    assert after.statutory == before.statutory + amount


def test_a_voucher_is_not_money() -> None:
    totals = option_totals([line("100"), line("300", kind=LineKind.VOUCHER, is_cash=False)])

    assert (totals.payable, totals.in_kind, totals.cost) == (100, 300, 400)


def test_what_was_paid_before_is_taken_off_but_counts_for_the_law() -> None:
    totals = option_totals([line("299"), line("100", kind=LineKind.CREDIT), goodwill("50")])

    assert (totals.payable, totals.statutory) == (249, 299)
