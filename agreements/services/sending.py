"""Sending released payouts to a payment provider: once each, however often it is tried."""

from __future__ import annotations

import logging
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import import_string

from agreements.banking.orders import PayOrder
from agreements.banking.providers import (
    ACCEPTED,
    REJECTED,
    PaymentProvider,
    ProviderAnswer,
    ProviderUnreachable,
    SandboxProvider,
)
from agreements.models import Payout
from agreements.services.batches import as_order
from agreements.services.settling import fail_payout, settle_paid
from agreements.states import BatchState, PayoutChannel, PayoutState
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.moments import now

logger = logging.getLogger(__name__)
SYSTEM = Actor.system()


@lru_cache(maxsize=4)
def _made(name: str) -> PaymentProvider:
    if name == "sandbox":
        return SandboxProvider()
    provider: PaymentProvider = import_string(name)()
    return provider


def the_provider() -> PaymentProvider | None:
    """Return the provider that is set; None where the company has none."""
    return _made(settings.PAYMENT_PROVIDER) if settings.PAYMENT_PROVIDER else None


def send_payouts(*, limit: int = 200, provider: PaymentProvider | None = None) -> dict[str, int]:
    """Send every released payout of the provider's channel; safe to run twice, and at once."""
    provider = provider or the_provider()
    counts = {"paid": 0, "failed": 0, "waiting": 0}
    if provider is None:
        return counts
    waiting = Payout.objects.filter(
        state=PayoutState.SENT,
        batch__state=BatchState.RELEASED,
        batch__channel=PayoutChannel.PROVIDER,
    )
    for pk in waiting.order_by("tries", "pk").values_list("pk", flat=True)[:limit]:
        counts[_send(pk, provider)] += 1
    return counts


def _send(pk: int, provider: PaymentProvider) -> str:
    try:
        return send_payout(pk, provider=provider)
    except CaseError as refusal:
        logger.warning("payout_not_booked", extra={"row": pk, "reason": type(refusal).__name__})
        return "waiting"


def send_payout(pk: int, *, provider: PaymentProvider) -> str:
    """Ask what became of a payout, send it if it never arrived, and book the answer.

    Outside of a transaction: the provider is asked without a lock, under the payout's own key, and
    the answer is booked once whoever brings it. Returns paid, failed or waiting.
    """
    payout = Payout.objects.select_related(
        "batch", "obligation__agreement__case", "payee__agreement__case__consumer"
    ).get(pk=pk)
    if payout.state != PayoutState.SENT:
        return "paid" if payout.state == PayoutState.PAID else "failed"
    order = as_order(payout, currency=payout.batch.currency)
    tried = payout.tries > 0
    Payout.objects.filter(pk=pk).update(tries=F("tries") + 1)
    answer = _asked(provider, order, tried=tried)
    return "waiting" if answer is None else _booked(payout, answer)


def hear_of_payout(key: str, *, provider: PaymentProvider) -> str:
    """Ask the provider about a payout because something told us to; say what is known now.

    Nothing of what told us is believed but the key: the provider itself is asked, and nothing is
    sent. The same word any number of times, or an unknown key, changes nothing ("unknown").
    """
    rows = Payout.objects.select_related("batch", "obligation__agreement__case")
    payout = rows.filter(
        key=key, batch__state=BatchState.RELEASED, batch__channel=PayoutChannel.PROVIDER
    ).first()
    if payout is None:
        return "unknown"
    if payout.state != PayoutState.SENT:
        return "paid" if payout.state == PayoutState.PAID else "failed"
    try:
        answer = provider.look_up(key)
    except ProviderUnreachable:
        return "waiting"
    return "waiting" if answer is None else _booked(payout, answer)


def _booked(payout: Payout, answer: ProviderAnswer) -> str:
    """Book what the provider says of a payout; once, whoever brings it."""
    if answer.state == ACCEPTED:
        with transaction.atomic():
            settle_paid(
                payout,
                by=SYSTEM,
                amount=payout.amount,
                paid_at=now(),
                reference=answer.reference,
            )
        return "paid"
    if answer.state == REJECTED:
        fail_payout(payout, by=SYSTEM, reason=answer.reason or "rejected")
        return "failed"
    return "waiting"


def _asked(provider: PaymentProvider, order: PayOrder, *, tried: bool) -> ProviderAnswer | None:
    try:
        found = provider.look_up(order.key) if tried else None
        return found if found is not None else provider.send(order)
    except ProviderUnreachable:
        return None
