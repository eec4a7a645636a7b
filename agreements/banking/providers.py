"""A payment provider behind a small interface, and one for trying things out on this machine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from agreements.banking.orders import PayOrder

ACCEPTED, REJECTED, PENDING = "accepted", "rejected", "pending"


class ProviderUnreachable(Exception):
    """No answer came: nobody knows whether the order arrived. Ask again with the same key."""


@dataclass(frozen=True)
class ProviderAnswer:
    """What became of an order: accepted (paid), rejected with a reason, or not known yet."""

    state: str
    reference: str = ""
    reason: str = ""


class PaymentProvider(Protocol):
    """What a provider has to do.

    An order's `key` makes it one payment, however often it is sent: a provider that does not
    promise so must not be put behind this interface. Who is told by it that an order is decided
    tells us the key (docs/payments.md); what became of it is looked up all the same.
    """

    def send(self, order: PayOrder) -> ProviderAnswer:
        """Pay, or say what became of the order with this key. Raises ProviderUnreachable."""

    def look_up(self, key: str) -> ProviderAnswer | None:
        """Return what became of an order; None when it never arrived. Raises likewise."""


class SandboxProvider:
    """Pays nothing, and answers by the end of the account: the same always, without a network.

    `…0001` rejected (account closed), `…0002` pending until it is looked up, `…0003` no answer to
    the first try though the order arrived, anything else accepted.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self.orders: dict[str, PayOrder] = {}
        self.calls = 0

    def send(self, order: PayOrder) -> ProviderAnswer:
        """Take an order once; the same key again gives the first answer."""
        with self._lock:
            self.calls += 1
            fresh = order.key not in self.orders
            first = self.orders.setdefault(order.key, order)
        if first != order:
            return ProviderAnswer(REJECTED, reason="AM05 duplicate key with another order")
        if fresh and order.payee.account.endswith("0003"):
            raise ProviderUnreachable
        if fresh and order.payee.account.endswith("0002"):
            return ProviderAnswer(PENDING, _reference(order.key))
        return _answer(order)

    def look_up(self, key: str) -> ProviderAnswer | None:
        """Return the answer to an order that arrived."""
        order = self.orders.get(key)
        return None if order is None else _answer(order)


def _answer(order: PayOrder) -> ProviderAnswer:
    if order.payee.account.endswith("0001"):
        return ProviderAnswer(REJECTED, _reference(order.key), "AC04 account closed")
    return ProviderAnswer(ACCEPTED, _reference(order.key))


def _reference(key: str) -> str:
    return f"SB{hashlib.sha256(key.encode()).hexdigest()[:16].upper()}"
