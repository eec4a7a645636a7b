"""A provider's notices: signed, believed in nothing but the key, and paid once however often."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from agreements.banking.providers import SandboxProvider
from agreements.models import Payment, Payout
from agreements.services import sending
from agreements.services.sending import hear_of_payout, send_payout
from agreements.states import PayoutState
from compensation.selectors.funds import journal_is_kept, sums_of
from complaints.models import Case
from complaints.moments import now
from complaints.notifications.webhooks import signature
from tests.agreements.pay_makers import batch_of, only_payout, paid_case, released
from tests.agreements.test_pay_races import check_paid_once
from tests.agreements.test_races import at_once
from tests.compensation.money_makers import fund_of

TOKEN = "a-token-for-tests"
PENDING_ACCOUNT = "6222021234567890002"


@pytest.fixture
def sandbox(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxProvider]:
    """A sandbox of the test's own behind the interface, with notices switched on."""
    settings.PAYMENT_NOTICE_TOKEN = TOKEN
    provider = SandboxProvider()
    monkeypatch.setattr("agreements.views.notices.the_provider", lambda: provider)
    yield provider


def notice(body: Any, *, token: str = TOKEN, age: int = 0) -> int:
    """Post a notice; gives the status."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    stamp = int(now().timestamp()) - age
    headers = {
        "Redress-Timestamp": str(stamp),
        "Redress-Signature": signature(token, timestamp=stamp, body=raw),
    }
    return (
        Client()
        .post(
            reverse("agreements:payment_notice"),
            raw,
            content_type="application/json",
            headers=headers,
        )
        .status_code
    )


def pending(sandbox: SandboxProvider) -> tuple[Case, Payout]:
    """A payout that the provider took and has not decided when we asked."""
    case = paid_case(PENDING_ACCOUNT)
    released(case, channel="provider")
    payout = only_payout(case)
    assert send_payout(payout.pk, provider=sandbox) == "waiting"
    return case, payout


@pytest.mark.django_db
def test_notice_makes_us_ask_and_pays_once(sandbox: SandboxProvider) -> None:
    fund = fund_of("1000.00")
    case, payout = pending(sandbox)
    for _time in range(3):
        assert notice({"key": payout.key, "state": "rejected", "amount": "0.01"}) == 202

    check_paid_once(case)
    assert journal_is_kept(fund) and sandbox.calls == 1
    assert sums_of(fund).paid == Payment.objects.get().amount


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "fields", "status"),
    [
        ({"key": "PB2020000001-0001"}, {}, 202),
        ({"key": "KEY"}, {"token": "another"}, 401),
        ({"key": "KEY"}, {"age": 301}, 401),
        ({"key": "KEY"}, {"age": -400}, 401),
        ({"key": 7}, {}, 400),
        ({"key": ""}, {}, 400),
        ({"key": "x" * 36}, {}, 400),
        (["KEY"], {}, 400),
        (b"{", {}, 400),
        (b"\xff", {}, 400),
        (b"[" * 9_000, {}, 400),
        (b"x" * 10_001, {}, 413),
    ],
)
def test_other_words_change_nothing(
    sandbox: SandboxProvider, body: Any, fields: dict[str, Any], status: int
) -> None:
    _case, payout = pending(sandbox)
    if isinstance(body, dict) and body.get("key") == "KEY":
        body = {"key": payout.key}

    assert notice(body, **fields) == status
    assert not Payment.objects.exists()


@pytest.mark.django_db
def test_notice_sends_nothing(sandbox: SandboxProvider) -> None:
    case = paid_case()
    released(case, channel="provider")
    assert notice({"key": only_payout(case).key}) == 202
    draft = batch_of(paid_case(), channel="provider").payouts.get()
    assert notice({"key": draft.key}) == 202

    assert sandbox.calls == 0 and not sandbox.orders
    assert set(Payout.objects.values_list("state", flat=True)) == {"sent", "planned"}


@pytest.mark.django_db
def test_off_until_a_token_and_a_provider_are_set(settings: LazySettings) -> None:
    assert notice({"key": "x"}) == 404
    settings.PAYMENT_NOTICE_TOKEN, settings.PAYMENT_PROVIDER = TOKEN, ""
    assert notice({"key": "x"}) == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_workers_and_replayed_notices_at_once_pay_once(
    sandbox: SandboxProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    fund = fund_of("1000.00")
    case, payout = pending(sandbox)
    monkeypatch.setattr(sending, "the_provider", lambda: sandbox)

    results = at_once(
        *[lambda: send_payout(payout.pk, provider=sandbox) for _ in range(3)],
        *[lambda: hear_of_payout(payout.key, provider=sandbox) for _ in range(3)],
    )
    assert results == ["done"] * 6
    assert len(sandbox.orders) == 1
    assert Payout.objects.get().state == PayoutState.PAID
    check_paid_once(case)
    assert journal_is_kept(fund)
