"""What is paid to the consumer is what recourse goes by; what came back is not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.states import Role
from agreements.services.performing import basis_of, deny_arrival
from agreements.services.returning import return_payment
from complaints.actors import Actor
from liability.models import RecourseBasis
from liability.selectors.recourse import paid_for
from tests.agreements.makers import fulfilling_case, only_obligation, paid
from tests.factories import staff

pytestmark = pytest.mark.django_db


def test_a_payment_is_a_basis_once() -> None:
    case = fulfilling_case()
    duty = only_obligation(case)

    row = paid(duty, "100.00", key="k1")
    paid(duty, "100.00", key="k1")

    assert RecourseBasis.objects.get().source == basis_of(row)
    assert paid_for(case) == Decimal("100.00")


def test_a_payment_that_came_back_is_none() -> None:
    case = fulfilling_case()
    row = paid(only_obligation(case))
    deny_arrival(row.obligation, by=Actor.consumer(), note="没有收到")

    return_payment(row, by=staff(Role.FINANCE), reason="账号写错")

    assert paid_for(case) == 0
    assert RecourseBasis.objects.get().withdrawn_at is not None
