"""Delegation of approvals: dated, within the giver's limit, on record, never around the maker."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from compensation.models import AuthorityLimit, CompensationPlan, Delegation
from compensation.services.approving import approve_plan, return_plan, submit_plan
from compensation.services.delegating import DelegationData, delegate, end_delegation
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent, Notification
from complaints.selectors.owners import today
from tests.compensation.makers import dear_plan, drafted
from tests.factories import make_user, staff
from tests.liability.doors import staff_client
from tests.liability.makers import determined_case

pytestmark = pytest.mark.django_db


def data(taker: User, **fields: Any) -> DelegationData:
    begun = {
        "taker": taker,
        "starts_on": today(),
        "ends_on": today() + timedelta(days=7),
        "most": Decimal("2000.00"),
        "reason": "出差一周",
    }
    return DelegationData(**{**begun, **fields})


def given(giver: Actor, taker: User, **fields: Any) -> Delegation:
    return delegate(data(taker, **fields), by=giver)


def waiting(case: Case, by: Actor | None = None) -> CompensationPlan:
    """A plan of 1437 yuan that waits for another person."""
    agent = by or staff(Role.AGENT)
    return submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=dear_plan()))


def test_the_taker_decides_for_the_giver_and_the_plan_says_so() -> None:
    case, giver, taker = determined_case(), staff(Role.APPROVER), staff(Role.INVESTIGATOR)
    row = given(giver, taker.user)
    plan = waiting(case)
    assert Notification.objects.filter(user=taker.user, kind="plan_to_approve").exists()
    assert Notification.objects.filter(user=taker.user, kind="delegated").exists()

    approved = approve_plan(case, by=taker, plan=plan)

    assert (approved.decided_by, approved.decided_for) == (taker.user, giver.user)
    assert approved.delegation == row
    event = CaseEvent.objects.get(case=case, kind="plan_approved")
    assert (event.actor, event.data["delegation"]) == (taker.user, row.pk)
    shown = staff_client(Role.MANAGER).get(
        reverse("desk:case_tab", args=[case.reference, "compensation"])
    )
    assert "委托到" in shown.content.decode()


def test_nobody_without_a_delegation_decides() -> None:
    case, taker = determined_case(), staff(Role.INVESTIGATOR)
    plan = waiting(case)

    with pytest.raises(StepForbidden):
        approve_plan(case, by=taker, plan=plan)


def test_the_amount_of_the_delegation_and_of_the_giver_both_hold() -> None:
    case, giver, taker = determined_case(), staff(Role.APPROVER), staff(Role.INVESTIGATOR)
    AuthorityLimit.objects.filter(role=Role.APPROVER).update(amount=1500)
    with pytest.raises(CaseError) as refusal:
        given(giver, taker.user, most=Decimal("1500.01"))
    assert refusal.value.field == "most"
    given(giver, taker.user, most=Decimal("1436.99"))
    plan = waiting(case)
    with pytest.raises(StepForbidden, match="审批额度"):
        approve_plan(case, by=taker, plan=plan)
    end_delegation(Delegation.objects.get(), by=giver)
    given(giver, taker.user, most=Decimal("1437.00"))

    AuthorityLimit.objects.filter(role=Role.APPROVER).update(amount=1000)
    with pytest.raises(StepForbidden, match="审批额度"):
        approve_plan(case, by=taker, plan=plan)  # the giver may less now, so the taker too
    AuthorityLimit.objects.filter(role=Role.APPROVER).update(amount=1500)
    assert approve_plan(case, by=taker, plan=plan).decided_for == giver.user


def test_days_and_the_end_of_a_delegation_hold() -> None:
    case, giver, taker = determined_case(), staff(Role.APPROVER), staff(Role.INVESTIGATOR)
    soon = today() + timedelta(days=2)
    row = given(giver, taker.user, starts_on=soon, ends_on=soon)
    plan = waiting(case)
    with pytest.raises(StepForbidden):
        approve_plan(case, by=taker, plan=plan)
    with pytest.raises(StepForbidden):
        end_delegation(row, by=taker)

    end_delegation(row, by=giver)
    assert end_delegation(row, by=giver).ended_by == giver.user
    given(giver, taker.user)
    assert return_plan(case, by=taker, plan=plan, reason="漏算运费").decided_for == giver.user


def test_a_maker_decides_in_nobody_s_place_and_nobody_in_a_maker_s() -> None:
    case, giver = determined_case(), staff(Role.APPROVER)
    maker, other = staff(Role.AGENT), staff(Role.INVESTIGATOR)
    given(giver, maker.user)
    plan = waiting(case, by=maker)
    with pytest.raises(StepForbidden, match="自己拟定"):
        approve_plan(case, by=maker, plan=plan)

    second, both = determined_case(), staff(Role.AGENT, Role.APPROVER)
    given(both, other.user)
    own = waiting(second, by=both)
    with pytest.raises(StepForbidden):
        approve_plan(second, by=other, plan=own)


def test_what_was_handed_on_is_not_handed_on_again() -> None:
    taker = staff(Role.INVESTIGATOR)
    given(staff(Role.APPROVER), taker.user)

    with pytest.raises(StepForbidden):
        given(taker, make_user(Role.AGENT))


def test_an_approver_with_too_little_decides_by_a_delegation_that_covers() -> None:
    case, manager, approver = determined_case(), staff(Role.MANAGER), staff(Role.APPROVER)
    AuthorityLimit.objects.filter(role=Role.APPROVER).update(amount=1000)
    given(manager, approver.user, most=Decimal("5000.00"))

    approved = approve_plan(case, by=approver, plan=waiting(case))

    assert approved.decided_for == manager.user


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"most": Decimal(0)}, "most"),
        ({"most": Decimal("-1")}, "most"),
        ({"most": Decimal("NaN")}, "most"),
        ({"most": Decimal("1.001")}, "most"),
        ({"reason": " "}, "reason"),
        ({"days": -1}, "ends_on"),
        ({"days": 93}, "ends_on"),
        ({"from": -1}, "starts_on"),
    ],
)
def test_a_delegation_that_cannot_be_names_its_field(fields: dict[str, Any], field: str) -> None:
    fields = dict(fields)
    if "days" in fields:
        fields["ends_on"] = today() + timedelta(days=fields.pop("days"))
    if "from" in fields:
        fields["starts_on"] = today() + timedelta(days=fields.pop("from"))

    with pytest.raises(CaseError) as refusal:
        given(staff(Role.MANAGER), make_user(Role.AGENT), **fields)

    assert refusal.value.field == field
    assert not Delegation.objects.exists()


def test_nobody_delegates_to_themselves_to_the_gone_or_twice() -> None:
    giver, taker = staff(Role.MANAGER), make_user(Role.AGENT)
    given(giver, taker)
    for other in (giver.user, make_user(Role.AGENT, is_active=False), taker):
        with pytest.raises(CaseError) as refusal:
            given(giver, other)
        assert refusal.value.field == "taker"
    assert Delegation.objects.count() == 1


def test_the_database_refuses_a_decision_outside_its_delegation() -> None:
    case, giver, taker = determined_case(), staff(Role.APPROVER), staff(Role.INVESTIGATOR)
    row = given(giver, taker.user, most=Decimal("1437.00"))
    approved = approve_plan(case, by=taker, plan=waiting(case))
    plans = CompensationPlan.objects.filter(pk=approved.pk)
    for change in (
        {"decided_by": giver.user},
        {"decided_for": make_user(Role.APPROVER)},
        {"decided_at": approved.decided_at + timedelta(days=30)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            plans.update(**change)
    for change in ({"most": 9999}, {"ends_on": today() + timedelta(days=90)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delegation.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.filter(pk=row.pk).delete()


def logged_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)
    return client


def test_the_pages_give_use_and_take_back() -> None:
    url, giver, taker = (
        reverse("compensation:delegations"),
        staff(Role.APPROVER),
        make_user(Role.INVESTIGATOR, display_name="赵启"),
    )
    client, case = logged_in(giver), determined_case()
    post = {
        "taker": taker.pk, "starts_on": today().isoformat(), "ends_on": today().isoformat(),
        "most": "2000.00", "currency": "CNY", "reason": "出差",
    }  # fmt: skip
    assert client.post(url, {**post, "most": "0"}).status_code == 422
    assert client.post(url, post).status_code == 303
    waiting(case)
    other = logged_in(Actor.staff(taker))
    listed = other.get(reverse("approvals")).content.decode()
    assert "每个方案最多 ¥2,000.00" in listed
    assert "赵启" in client.get(url).content.decode()
    assert "委托一位同事" not in other.get(url).content.decode()
    assert staff_client(Role.FINANCE).get(url).status_code == 403
    end = reverse("compensation:delegation_end", args=[Delegation.objects.get().pk])
    assert other.post(end).status_code == 403
    assert client.post(end).status_code == 303
    assert other.get(url).status_code == 403
    assert "收回于" in client.get(url).content.decode()
