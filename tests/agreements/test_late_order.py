"""What lateness costs does not depend on the order in which payments are recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.states import Role
from agreements.days import today
from agreements.models import Breach, LateCharge, Obligation
from agreements.selectors.proposals import proposed_terms
from agreements.services.breaches import plan_remedy
from agreements.services.pursuing import pursue
from complaints.errors import CaseError
from complaints.models import Case
from complaints.moments import shift_to
from tests.agreements.makers import fulfilling_case, only_obligation, paid, signed
from tests.compensation.makers import chosen_case
from tests.factories import staff

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("days", "cost"),
    [
        ([(9, "100.00"), (-1, "199.00")], "0.45"),
        ([(9, "100.00"), (5, "199.00")], "0.95"),
        ([(5, "199.00"), (9, "100.00")], "0.95"),
        ([(9, "100.00"), (0, "199.00")], "0.45"),
        ([(0, "100.00"), (-1, "199.00")], None),
    ],
)
def test_last_day_counts_whichever_payment_is_written_down_last(
    days: list[tuple[int, str]], cost: str | None
) -> None:
    duty = only_obligation(fulfilling_case())
    due = duty.due_at - timedelta(hours=12)
    shift_to(due + timedelta(days=10))
    for after, amount in days:
        duty.refresh_from_db()
        paid(duty, amount, paid_at=due + timedelta(days=after))

    found = LateCharge.objects.filter(late=duty).first()
    assert (found.amount if found else None) == (Decimal(cost) if cost else None)


def two_parts() -> tuple[Obligation, Obligation]:
    """A signed agreement by which we pay 100.00, and three days later 199.00."""
    case = chosen_case()
    terms = proposed_terms(case)
    assert terms is not None
    (whole,) = terms.undertakings
    assert whole.due_on is not None
    first = replace(whole, amount=Decimal("100.00"), description="第一期")
    second = replace(
        whole,
        amount=Decimal("199.00"),
        description="第二期",
        due_on=whole.due_on + timedelta(days=3),
    )
    agreement = signed(case, terms=replace(terms, undertakings=(first, second)))
    one, two = agreement.obligations.order_by("position")
    return one, two


def test_what_falls_due_during_a_breach_keeps_the_day_that_it_missed() -> None:
    one, two = two_parts()
    case = one.agreement.case
    shift_to(one.due_at + timedelta(hours=1))
    assert pursue()["breached"] == 1
    missed = two.due_on
    shift_to(two.due_at + timedelta(days=2) - timedelta(hours=6))
    day = today() + timedelta(days=2)
    plan_remedy(
        Case.objects.get(pk=case.pk),
        by=staff(Role.AGENT),
        remedy="后天一起付",
        new_dates={one.pk: day, two.pk: day},
    )
    assert list(two.breaches.values_list("due_was", "new_due")) == [(missed, day)]

    paid(Obligation.objects.get(pk=two.pk), "199.00")
    row = LateCharge.objects.get(late=two)
    assert (row.due_was, row.days, row.amount) == (missed, 2, Decimal("0.20"))


def test_second_remedy_leaves_the_first_on_record() -> None:
    duty = only_obligation(fulfilling_case())
    case = duty.agreement.case
    for remedy in ("改走微信", "改走支付宝"):
        duty.refresh_from_db()
        shift_to(duty.due_at + timedelta(hours=1))
        pursue()
        case = plan_remedy(
            Case.objects.get(pk=case.pk),
            by=staff(Role.AGENT),
            remedy=remedy,
            new_dates={duty.pk: today() + timedelta(days=1)},
        )
    told = Breach.objects.filter(obligation=duty).order_by("pk").values_list("remedy", flat=True)
    assert list(told) == ["改走微信", "改走支付宝"]


def test_remedy_does_not_put_off_for_good() -> None:
    duty = only_obligation(fulfilling_case())
    shift_to(duty.due_at + timedelta(hours=1))
    pursue()
    case = Case.objects.get(pk=duty.agreement.case_id)
    with pytest.raises(CaseError, match="重新约定") as caught:
        plan_remedy(
            case,
            by=staff(Role.AGENT),
            remedy="明年付",
            new_dates={duty.pk: today() + timedelta(days=31)},
        )
    assert caught.value.field == f"due_{duty.pk}"
    duty.refresh_from_db()
    assert duty.due_on < today()
