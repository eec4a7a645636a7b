"""What the rules propose: the law's floor first, tiers only add, and nothing about the person."""

from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from compensation.proposing import Due, Ground, Standard, Words, proposed_options
from compensation.ranges import Spread, quantile, spread
from compensation.selectors.proposals import proposal_for
from compensation.selectors.standards import standards_on, usable
from compensation.services.sheets import record_sheet
from compensation.states import NEVER_CASH, Layer, LineKind, OptionKind
from compensation.totals import layer_sums, option_totals
from complaints.models import Consumer
from complaints.moments import now
from complaints.states import CustomerTier, Severity
from tests.factories import staff
from tests.liability.makers import determined_case

WORDS = {kind: Words(str(kind), "签署后 7 天", 7) for kind in OptionKind}
REFUND = Due(LineKind.REFUND, "退还货款", Decimal("1299.00"), "消费者权益保护法第五十二条")
FREIGHT = Due(LineKind.LOSS, "寄回运费", Decimal("38.00"), "消费者权益保护法第五十二条")
money = st.decimals(min_value=1, max_value=50_000, places=2)


def table() -> list[Standard]:
    """Rows like the shipped ones."""
    row = {"layer": Layer.STANDARD, "basis": "公司补偿标准"}
    extra = {"layer": Layer.TIER_EXTRA, "basis": "公司补偿标准"}
    return [
        Standard("免费维修", line_kind="repair", option_kind="repair", share=Decimal("0.1"), **row),
        Standard(
            "误工与不便",
            line_kind="allowance",
            option_kind="replacement",
            severity="severe",
            amount=Decimal(200),
            **row,
        ),
        Standard("代金券", line_kind="voucher", option_kind="repair", amount=Decimal(300), **row),
        Standard("会员", line_kind="membership", tier="long_term", amount=Decimal(60), **extra),
        Standard("优惠", line_kind="discount", tier="business", share=Decimal("0.05"), **extra),
        Standard("积分", line_kind="points", tier="new", amount=Decimal(10), **extra),
    ]


def ground(**fields) -> Ground:
    begun = Ground(
        price=Decimal("1299.00"),
        severity=Severity.SEVERE,
        category="QUALITY",
        tier=CustomerTier.REGULAR,
        due=[REFUND, FREIGHT],
    )
    return replace(begun, **fields)


def options(facts: Ground, rows=None):
    rows = table() if rows is None else rows
    found = proposed_options(facts, rows, words=WORDS, new_article="新机", as_similar="一致")
    return {one.kind: one for one in found}


def test_the_kettle_s_three_options() -> None:
    found = options(ground())

    assert list(found) == [OptionKind.REFUND, OptionKind.REPLACEMENT, OptionKind.REPAIR]
    payable = [option_totals(one.lines).payable for one in found.values()]
    assert payable == [Decimal("1337.00"), Decimal("238.00"), Decimal("38.00")]
    assert option_totals(found["replacement"].lines).in_kind == Decimal("1299.00")


@given(price=money, loss=money, severity=st.sampled_from(Severity.values))
def test_every_option_gives_the_law_its_money(price: Decimal, loss: Decimal, severity: str) -> None:
    due = [replace(REFUND, amount=price), replace(FREIGHT, amount=loss)]

    for kind, option in options(ground(price=price, severity=severity, due=due)).items():
        beside = loss if kind in ("repair", "replacement") else price + loss
        assert layer_sums(option.lines).floor == beside
        assert all(line.amount >= 0 for line in option.lines)


@given(price=money, tier=st.sampled_from(CustomerTier.values))
def test_a_tier_only_ever_adds(price: Decimal, tier: str) -> None:
    facts = ground(price=price, due=[replace(REFUND, amount=price), FREIGHT])
    plain, better = options(facts), options(replace(facts, tier=tier))

    assert set(plain) <= set(better)
    for kind, option in plain.items():
        before, after = layer_sums(option.lines), layer_sums(better[kind].lines)
        assert (after.floor, after.standard) == (before.floor, before.standard)
        assert option_totals(better[kind].lines).cost >= option_totals(option.lines).cost
        assert set(option.lines) <= set(better[kind].lines)


@given(price=money)
def test_more_paid_never_gives_less(price: Decimal) -> None:
    due = [replace(REFUND, amount=price)]
    more = [replace(REFUND, amount=price + 100)]
    before = options(ground(price=price, due=due))
    after = options(ground(price=price + 100, due=more))

    for kind, option in before.items():
        assert option_totals(after[kind].lines).cost >= option_totals(option.lines).cost


def test_points_and_gifts_stand_beside_the_money_and_never_instead() -> None:
    donation = Standard(
        "公益捐赠", layer="standard", line_kind="donation", basis="标准",
        option_kind="donation", amount=Decimal(5000),
    )  # fmt: skip

    option = options(ground(), [*table(), donation])["donation"]

    assert option_totals(option.lines).statutory == Decimal("1337.00")
    assert [line.is_cash for line in option.lines] == [True, True, False]


def test_nothing_due_and_nothing_paid_proposes_nothing() -> None:
    assert options(ground(price=Decimal(0), due=[]), table()[:2]) == {}


def test_a_price_difference_is_no_way_around_a_refund() -> None:
    row = Standard(
        "差价", layer="standard", line_kind="price_difference", basis="标准",
        option_kind="price_difference", share=Decimal("0.2"),
    )  # fmt: skip

    assert "price_difference" not in options(ground(), [row])
    assert "price_difference" in options(ground(due=[FREIGHT]), [row])


def test_less_than_nine_of_ten_got_is_lifted_by_goodwill() -> None:
    low = Spread(9, Decimal("1400.00"), Decimal("1450.00"), Decimal("1600.00"))

    option = options(ground(similar={"refund": low}))["refund"]

    assert option.lines[-1].kind == LineKind.GOODWILL
    assert option.lines[-1].amount == Decimal("63.00")
    assert option_totals(option.lines).statutory == Decimal("1337.00")


def test_what_the_consumer_wishes_stands_first() -> None:
    assert next(iter(options(ground(wish="repair")))) == "repair"
    assert next(iter(options(ground(chosen={"replacement": 7})))) == "replacement"


def test_the_ground_knows_nothing_about_the_person() -> None:
    known = {field.name for field in fields(Ground)}

    assert known == {"price", "severity", "category", "tier", "due", "wish", "similar", "chosen"}


@pytest.mark.django_db
def test_same_facts_give_the_same_amounts_whoever_it_is() -> None:
    told = []
    people = [("周小华", False, "上海"), ("王大妈", True, "拉萨"), ("Mr John Smith", False, "")]
    for name, care, region in people:
        case = determined_case(amount_paid=Decimal("1299.00"))
        Consumer.objects.filter(pk=case.consumer_id).update(needs_care=care)
        type(case).objects.filter(pk=case.pk).update(region=region, title=name)
        case = type(case).objects.get(pk=case.pk)
        facts = {"price_paid": "1299.00", "return_and_refund": True, "as_described": False}
        record_sheet(case, by=staff(Role.AGENT), facts={**facts, "other_losses": "138.00"})
        told.append(
            [
                (option.kind, [(line.kind, line.amount) for line in option.lines])
                for option in proposal_for(case).options
            ]
        )

    assert told[0] and told[0] == told[1] == told[2]


@pytest.mark.django_db
def test_shipped_rows_are_usable_and_tiers_give_no_money_for_the_law() -> None:
    rows = standards_on(now().date())

    assert len(rows) == 13
    for row in rows:
        usable(row)
        if row.layer == Layer.TIER_EXTRA:
            assert row.line_kind in NEVER_CASH


def test_quantiles_lie_between_neighbours() -> None:
    values = [Decimal(x) for x in (1, 2, 3, 4, 10)]

    assert quantile(values, Decimal("0.5")) == 3
    assert quantile(values, Decimal("0.9")) == Decimal("7.6")
    assert spread(values[:4]) is None
    assert spread(list(reversed(values))).low == Decimal("1.4")
