"""Claims that come again: a policy that got another number, a debtor who was let go too early."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.states import Role
from complaints.errors import CaseError, StepForbidden
from complaints.moments import now, shift_to
from liability.models import RecourseClaim
from liability.services.recourse import close_claim, reopen_claim, withdraw_paid
from liability.states import ClaimStatus, Party
from tests.factories import staff
from tests.liability.doors import staff_client
from tests.liability.test_recourse import claim_against, pay, policy, recover, split_case, today

pytestmark = pytest.mark.django_db


def test_a_policy_that_got_another_number_is_claimed_from_once() -> None:
    cover, case = policy(number="PL-1"), split_case()
    pay(case, "5000.00")
    claim = claim_against(case, "insurer")
    recover(claim, "3000.00")
    cover.number = "PL-1-A"
    cover.save()

    pay(case, "100.00")

    assert list(RecourseClaim.objects.filter(case=case, party="insurer")) == [claim]
    claim.refresh_from_db()
    assert claim.is_open


def test_an_insurer_let_go_when_money_came_back_is_taken_up_again() -> None:
    policy(deductible=1000)
    case = split_case()
    pay(case, "5000.00", source="test:first")
    withdraw_paid("test:first")
    pay(case, "1.00")
    claim = claim_against(case, "insurer")
    assert claim.status == ClaimStatus.WITHDRAWN
    shift_to(now() + timedelta(days=40))

    pay(case, "5000.00")

    claim.refresh_from_db()
    assert claim.status == ClaimStatus.OPEN
    assert claim.notice_due_on > today(), "whoever was never told has time again"
    assert (claim.closed_at, claim.close_reason, claim.warned_at) == (None, "", None)


def ended_claim(case):
    claim = claim_against(case, Party.SUPPLIER)
    recover(claim, "600.00")
    return close_claim(claim, by=staff(Role.FINANCE), reason="已全部追回")


def test_a_further_instalment_lets_an_ended_claim_be_taken_up_again() -> None:
    case, client = split_case(), staff_client(Role.FINANCE)
    pay(case, "1000.00")
    claim = ended_claim(case)
    page = reverse("liability:claim", args=[claim.pk])
    listed = reverse("liability:recourse")
    assert "重新追偿" not in client.get(page).content.decode()
    shift_to(now() + timedelta(days=30))

    pay(case, "500.00")

    assert "还可以追回 ¥300.00" in client.get(listed).content.decode()
    assert "还可以追回 ¥300.00" in client.get(page).content.decode()
    assert client.post(page, {"do": "reopen", "reason": " "}).status_code == 422
    again = {"do": "reopen", "reason": "付了第二期"}
    assert client.post(page, again).status_code == 303
    assert client.post(page, again).status_code == 422, "it is open: nothing to take up"
    claim.refresh_from_db()
    assert (claim.status, claim.closed_at, claim.close_reason) == (ClaimStatus.OPEN, None, "")
    assert claim.entries.get().text == "付了第二期"
    assert recover(claim, "300.00").amount == 300
    assert "结束之后又付了款" not in client.get(listed).content.decode()


def test_nothing_to_bring_back_is_not_taken_up() -> None:
    case = split_case()
    pay(case, "1000.00")
    claim = ended_claim(case)
    with pytest.raises(CaseError, match="全部追回"):
        reopen_claim(claim, by=staff(Role.FINANCE), reason="再看看")
    with pytest.raises(StepForbidden):
        reopen_claim(claim, by=staff(Role.AGENT), reason="再看看")
    claim.refresh_from_db()
    assert claim.status == ClaimStatus.CLOSED
