"""Fifty plans at one fund at once: it never falls below zero and adds up at every instant."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection

from accounts.states import Role
from compensation.models import Fund, FundHold, Offer
from compensation.selectors.funds import journal_is_kept, sums_of
from compensation.services.funds import FundShort
from compensation.services.offering import send_offer
from complaints.errors import CaseError
from tests.compensation.makers import approved_plan
from tests.compensation.money_makers import fund_of
from tests.compensation.test_races import race
from tests.factories import staff
from tests.liability.makers import determined_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PLANS, AFFORDED = 50, 20


class Watch(threading.Thread):
    """Reads the balances, over and over, with a connection of its own."""

    def __init__(self, fund: Fund) -> None:
        super().__init__()
        self.fund, self.over, self.wrong, self.seen = fund, threading.Event(), [], 0

    def run(self) -> None:
        try:
            while not self.over.is_set() or not self.seen:
                sums = sums_of(Fund.objects.get(pk=self.fund.pk))
                self.seen += 1
                parts = (sums.free, sums.reserved, sums.committed, sums.paid)
                if not sums.adds_up or min(parts) < 0 or sums.allotted != Decimal("5980.00"):
                    self.wrong.append(sums)
        finally:
            connection.close()


def test_fifty_racing_plans_never_overdraw_a_fund() -> None:
    cases = [determined_case() for _ in range(PLANS)]
    plans = [approved_plan(case) for case in cases]
    agents = [staff(Role.AGENT) for _ in cases]
    fund = fund_of("5980.00")
    watch = Watch(fund)
    watch.start()

    results = race(
        *[
            lambda case=case, plan=plan, by=by: send_offer(case, by=by, plan=plan)
            for case, plan, by in zip(cases, plans, agents, strict=True)
        ]
    )
    watch.over.set()
    watch.join()

    assert watch.wrong == []
    refused = [result for result in results if isinstance(result, CaseError)]
    assert len(refused) == PLANS - AFFORDED
    assert all(isinstance(refusal, FundShort) for refusal in refused)
    sums = sums_of(Fund.objects.get(pk=fund.pk))
    assert (sums.free, sums.reserved) == (Decimal("0.00"), Decimal("5980.00"))
    assert Offer.objects.count() == FundHold.objects.filter(reserved=299).count() == AFFORDED
    assert journal_is_kept(fund)
