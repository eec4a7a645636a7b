"""What was bought, in whichever way the facts tell it: by orders, by units, as one price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from compensation.rules.facts import FactError, Facts, check
from compensation.rules.money import NOTHING
from compensation.rules.sheets import Case

WAYS = ("orders", "unit_price", "price_paid", "service_total", "undelivered_part")


@dataclass(frozen=True)
class Order:
    """One order: what the affected goods cost, and what of it a multiple is reckoned on."""

    price: Decimal
    base: Decimal
    day: date


@dataclass(frozen=True)
class Purchases:
    """All orders of a case, and what was paid in all, unaffected goods with them."""

    orders: Sequence[Order]
    paid: Decimal

    @property
    def price(self) -> Decimal:
        """What the affected goods cost."""
        return sum((order.price for order in self.orders), NOTHING)

    @property
    def base(self) -> Decimal:
        """What a multiple is reckoned on."""
        return sum((order.base for order in self.orders), NOTHING)

    @property
    def day(self) -> date:
        """The day of the first order."""
        return min(order.day for order in self.orders)


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
        return None
    return _as_one(case)


def _one_currency(facts: Facts) -> None:
    told = [facts.get("currency")]
    for order in facts.get("orders", ()):
        told += [order.get("currency"), *(item.get("currency") for item in order.get("items"))]
    check("currency", len({one for one in told if one}) <= 1, "amounts are in several currencies")


def _by_orders(case: Case) -> Purchases:
    orders, paid = [], NOTHING
    for order in case.facts.need("orders"):
        prices = [
            (item.need("price_paid") * item.get("qty", 1), item.flag("fraud", default=True))
            for item in order.need("items")
        ]
        paid += sum((price for price, _hit in prices), NOTHING)
        hit = [price for price, affected in prices if affected]
        if hit:
            price = sum(hit, NOTHING)
            orders.append(Order(price, price, order.get("contract_date", _day(case))))
    if not orders:
        orders = [Order(NOTHING, NOTHING, _day(case))]
    return Purchases(orders, paid)


def _by_units(case: Case) -> Purchases:
    facts, day = case.facts, _day(case)
    unit, quantity = facts.need("unit_price"), facts.get("quantity", 1)
    price, times = unit * quantity, facts.get("purchases", 1)
    check("purchases", times <= quantity, "are more than the units bought")
    if _is_knowing(case):
        kept = min(quantity, facts.need("reasonable_household_quantity"))
        return Purchases([Order(price, unit * kept, day)], price)
    each, over = divmod(quantity, times)
    units = [each + (number < over) for number in range(times)]
    return Purchases([Order(unit * n, unit * n, day) for n in units], price)


def _is_knowing(case: Case) -> bool:
    """Say whether household need limits the base: then many purchases are added up as one."""
    if not case.facts.flag("knowing_buyer"):
        return False
    return case.rule("R06", _day(case)) is not None


def _as_one(case: Case) -> Purchases:
    facts = case.facts
    if "price_paid" in facts:
        price = paid = facts.need("price_paid")
    else:
        paid = facts.get("service_total", facts.get("undelivered_part"))
        price = facts.get("undelivered_part", paid)
        check("undelivered_part", price <= paid, "is more than the whole service cost")
    return Purchases([Order(price, price, _day(case))], paid)


def _day(case: Case) -> date:
    day: date = case.facts.get("contract_date", case.on)
    return day
