"""What was bought, in whichever way the facts tell it: by orders, by units, as one price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from compensation.rules.facts import FactError, Facts, check
from compensation.rules.fault import whole_loss
from compensation.rules.money import NOTHING
from compensation.rules.sheets import Case

WAYS = ("orders", "unit_price", "price_paid", "service_total", "undelivered_part")
UNSAFE = ("food_unsafe", "drug_fake_or_inferior")
OTHER_GROUNDS = ("paid", "travel_fee", "schemes", "distress_approved", "personal_info_misused")
Units = tuple[Decimal, int]
"""What some units of one thing cost together, and how many they are."""


@dataclass(frozen=True)
class Order:
    """One order: what the affected goods cost, and what of it a multiple is reckoned on."""

    price: Decimal
    base: Decimal
    day: date


@dataclass(frozen=True)
class Purchases:
    """All orders of a case with affected goods; what was paid in all; the first order's day."""

    orders: Sequence[Order]
    paid: Decimal
    day: date

    @property
    def price(self) -> Decimal:
        """What the affected goods cost."""
        return sum((order.price for order in self.orders), NOTHING)

    @property
    def base(self) -> Decimal:
        """What a multiple is reckoned on."""
        return sum((order.base for order in self.orders), NOTHING)


def purchases_of(case: Case) -> Purchases | None:
    """Return what was bought, or None where the facts tell of no purchase.

    Raises FactError for facts that tell it twice, or in two currencies.
    """
    facts = case.facts
    ways = [name for name in WAYS[:4] if name in facts]
    if len(ways) > 1:
        raise FactError(ways[1], f"tells the price a second time, beside {ways[0]}")
    _one_currency(facts)
    if "orders" in facts:
        return _by_orders(case)
    if "unit_price" in facts:
        return _by_units(case)
    if not facts.any(*WAYS):
        return _unpriced(case)
    return _as_one(case)


def _one_currency(facts: Facts) -> None:
    told = [facts.get("currency")]
    for order in facts.get("orders", ()):
        told += [order.get("currency"), *(item.get("currency") for item in order.get("items"))]
    check("currency", len({one for one in told if one}) <= 1, "amounts are in several currencies")


def _by_orders(case: Case) -> Purchases:
    """Read orders; of an order that is wholly unaffected nothing is left but that it was paid."""
    orders, knowing, paid, days = [], [], NOTHING, []
    for told in case.facts.need("orders"):
        day = told.get("contract_date", _day(case))
        units = [(one.need("price_paid") * one.get("qty", 1), one) for one in told.need("items")]
        paid += sum((price for price, _item in units), NOTHING)
        hit = [(price, one.get("qty", 1)) for price, one in units if _is_affected(case, one)]
        if not hit:
            continue
        days.append(day)
        if _is_knowing(case, day):
            knowing += hit
        else:
            price = sum((price for price, _number in hit), NOTHING)
            orders.append(Order(price, price, day))
    if knowing:
        orders.append(_within_need(case, knowing, min(days)))
    return Purchases(orders, paid, min(days, default=_day(case)))


def _is_affected(case: Case, item: Facts) -> bool:
    """Say whether an item counts; where no fraud was found, `fraud` tells nothing of safety."""
    facts = case.facts
    unsafe = any(facts.flag(name) for name in UNSAFE) and not facts.flag("fraud_found")
    return unsafe or item.flag("fraud", default=True)


def _by_units(case: Case) -> Purchases:
    facts, day = case.facts, _day(case)
    unit, quantity = facts.need("unit_price"), facts.get("quantity", 1)
    price, times = unit * quantity, facts.get("purchases", 1)
    check("purchases", times <= quantity, "are more than the units bought")
    if _is_knowing(case, day):
        return Purchases([_within_need(case, [(price, quantity)], day)], price, day)
    each, over = divmod(quantity, times)
    units = [each + (number < over) for number in range(times)]
    return Purchases([Order(unit * n, unit * n, day) for n in units], price, day)


def _is_knowing(case: Case, day: date) -> bool:
    """Say whether household need limits the base: then many purchases are added up as one."""
    facts = case.facts
    if not facts.flag("knowing_buyer") or case.rule("R06", day) is None:
        return False
    return "unit_price" in facts or any(facts.flag(name) for name in UNSAFE)


def _within_need(case: Case, units: Sequence[Units], day: date) -> Order:
    """Add purchases up as one order whose base is what a household needs, the dearest first."""
    left, base = case.facts.need("reasonable_household_quantity"), NOTHING
    for price, number in sorted(units, key=lambda one: one[0] / one[1], reverse=True):
        kept = min(number, left)
        base += price * kept / number
        left -= kept
    return Order(sum((price for price, _number in units), NOTHING), base, day)


def _as_one(case: Case) -> Purchases:
    facts, day = case.facts, _day(case)
    if "price_paid" in facts:
        price = paid = facts.need("price_paid")
    else:
        paid = facts.get("service_total", facts.get("undelivered_part"))
        price = facts.get("undelivered_part", paid)
        check("undelivered_part", price <= paid, "is more than the whole service cost")
    if _is_knowing(case, day):
        units = [(price, facts.need("quantity"))]
        return Purchases([_within_need(case, units, day)], paid, day)
    return Purchases([Order(price, price, day)], paid, day)


def _unpriced(case: Case) -> Purchases | None:
    """Take unsafe goods without a price like a gift, if a loss is told: a multiple may rest on it.

    Raises FactError where neither a price nor a loss is told.
    """
    facts, day = case.facts, _day(case)
    if not any(facts.flag(name) for name in UNSAFE):
        return None
    if whole_loss(facts):
        return Purchases([Order(NOTHING, NOTHING, day)], NOTHING, day)
    if facts.any(*OTHER_GROUNDS):
        return None
    raise FactError("unit_price" if "quantity" in facts else "price_paid", "is needed here")


def _day(case: Case) -> date:
    day: date = case.facts.get("contract_date", case.on)
    return day
