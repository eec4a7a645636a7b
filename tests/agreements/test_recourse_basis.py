"""What is paid to the consumer is what recourse goes by; what came back is not."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounts.states import Role
from agreements.models import Obligation
from agreements.services.performing import basis_of, deny_arrival, record_performance
from agreements.services.returning import return_payment
from compensation.states import LineKind, OptionKind
from complaints.actors import Actor
from liability.models import RecourseBasis
from liability.selectors.recourse import paid_for
from tests.agreements.makers import fulfilling_case, only_obligation, paid, perform_all
from tests.compensation.makers import line, option, plan_data
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


def test_a_thing_counts_at_its_worth_until_it_turns_out_not_to_have_arrived() -> None:
    case = fulfilling_case(position=2)
    duty = Obligation.objects.select_related("agreement__case").get(kind="replacement")

    for _time in range(2):
        record_performance(duty, by=staff(Role.AGENT), note="已寄出")
    basis = RecourseBasis.objects.get(in_kind=True)
    assert (basis.amount, basis.withdrawn_at) == (Decimal("299.00"), None)
    assert paid_for(case) == Decimal("299.00")

    deny_arrival(duty, by=Actor.consumer(), note="没有收到")
    assert paid_for(case) == 0
    again = Obligation.objects.select_related("agreement__case").get(pk=duty.pk)
    record_performance(again, by=staff(Role.AGENT), note="重新寄出")
    assert paid_for(case) == Decimal("299.00")
    assert RecourseBasis.objects.filter(in_kind=True).count() == 2


def test_things_alike_count_once_each_and_words_without_a_line_nothing() -> None:
    double = option(
        "换新两台",
        *(
            line(amount, kind=LineKind.REPLACE, description="同款新机", is_cash=False)
            for amount in ("299.00", "250.00")
        ),
        line("38.00", kind=LineKind.LOSS, description="寄回运费"),
        kind=OptionKind.REPLACEMENT,
        legal_minimum=Decimal("38.00"),
        non_cash_duties="书面道歉",
    )
    case = fulfilling_case(plan=plan_data(option(), double), position=2)

    perform_all(case)

    worths = RecourseBasis.objects.filter(in_kind=True).order_by("id").values_list("amount")
    assert [worth for (worth,) in worths] == [Decimal("299.00"), Decimal("250.00")]
    assert paid_for(case) == Decimal("587.00")
