"""Claims that come again: a policy that got another number, a debtor who was let go too early."""

from __future__ import annotations

from datetime import timedelta

import pytest

from complaints.moments import now, shift_to
from liability.models import RecourseClaim
from liability.services.recourse import withdraw_paid
from liability.states import ClaimStatus
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
