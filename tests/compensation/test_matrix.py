"""The matrix of approval: amount, severity, deviation, similar cases; stand-ins; the database."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.services import plan_absence
from accounts.states import AbsenceReason, Role
from compensation.models import AuthorityLimit, CompensationPlan
from compensation.ranges import Spread
from compensation.selectors.checks import check_words, plan_checks
from compensation.selectors.plans import Authority, authority_to_plan, deciders_today
from compensation.selectors.proposals import Proposal
from compensation.selectors.similar import SimilarCases, similar_cases
from compensation.services.approving import approve_plan, submit_plan
from compensation.services.sheets import record_sheet
from compensation.states import PlanStatus
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Notification
from complaints.moments import now
from complaints.states import Severity
from tests.compensation.makers import (
    chosen_case,
    dear_plan,
    drafted,
    goodwill,
    line,
    new_kettle,
    option,
    plan_data,
    plan_of,
)
from tests.factories import make_user, staff
from tests.liability.makers import determined_case

pytestmark = pytest.mark.django_db
ANY = Authority(has_any=True, most=None)


def away(user, stand_in) -> None:
    """Put somebody on leave today, with a stand-in."""
    today = now().date()
    plan_absence(
        user,
        starts_on=today - timedelta(days=1),
        ends_on=today + timedelta(days=2),
        reason=AbsenceReason.LEAVE,
        by=make_user(Role.MANAGER),
        stand_in=stand_in,
    )


def reckoned(**fields) -> Case:
    """A case of 299 yuan whose floor was reckoned."""
    case = determined_case(amount_paid=Decimal("299.00"), **fields)
    facts = {"price_paid": "299.00", "return_and_refund": True, "as_described": False}
    record_sheet(case, by=staff(Role.AGENT), facts={**facts, "other_losses": "38.00"})
    return case


def as_proposed(*more, **fields):
    """The proposal for such a case, written by hand, with what is added to the refund."""
    refund = option("全额退款", line("299.00"), line("38.00", kind="loss"), *more)
    new = option(
        "换新",
        line("299.00", kind="replace", is_cash=False),
        line("38.00", kind="loss"),
        line("100.00", kind="allowance", layer="standard"),
        kind="replacement",
    )
    return plan_data(refund, new, **fields)


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AGENT])
def test_nobody_promises_much_alone_managers_neither(role: Role) -> None:
    case, maker = determined_case(), staff(role)

    plan = submit_plan(case, by=maker, plan=drafted(case, by=maker, plan=dear_plan()))

    assert plan.status == PlanStatus.PENDING_APPROVAL
    with pytest.raises(StepForbidden):
        approve_plan(case, by=maker, plan=plan)


def test_a_severe_case_is_never_decided_alone() -> None:
    agent = staff(Role.AGENT)

    assert authority_to_plan(agent, currency="CNY").covers(Decimal(1000))
    for severity, alone in ((Severity.MINOR, True), (Severity.SEVERE, False)):
        authority = authority_to_plan(agent, currency="CNY", severity=severity)
        assert authority.covers(Decimal("0.01")) is alone


def test_what_the_rules_propose_needs_no_reason() -> None:
    case, agent = reckoned(), staff(Role.AGENT)

    plan = submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=as_proposed()))

    assert (plan.status, plan.checks, plan.deviation) == (PlanStatus.APPROVED, [], None)
    assert (plan.cost, plan.alone_limit) == (Decimal("437.00"), Decimal("1000.00"))


@pytest.mark.parametrize("more", ["30.00", "33.70"])
def test_a_tenth_is_no_deviation(more: str) -> None:
    case, agent = reckoned(), staff(Role.AGENT)
    plan = drafted(case, by=agent, plan=as_proposed(goodwill(more)))

    assert submit_plan(case, by=agent, plan=plan).checks == []


def test_a_deviation_states_its_reason_and_another_person_decides() -> None:
    case, agent = reckoned(), staff(Role.AGENT)
    plan = drafted(case, by=agent, plan=as_proposed(goodwill("80.00")))
    with pytest.raises(CaseError) as refusal, transaction.atomic():
        submit_plan(case, by=agent, plan=plan)
    assert refusal.value.field == "deviation_reason"

    told = as_proposed(goodwill("80.00"), deviation_reason="请假证明两天")
    plan = submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=told))

    assert plan.status == PlanStatus.PENDING_APPROVAL
    assert plan.deviation == Decimal("0.2374")
    assert "+24%" in check_words(plan.checks[0])
    approve_plan(case, by=staff(Role.APPROVER), plan=plan)


def test_less_than_the_standard_is_a_deviation_too() -> None:
    case, agent = reckoned(), staff(Role.AGENT)
    cheap = option(
        "换新",
        line("299.00", kind="replace", is_cash=False),
        line("38.00", kind="loss"),
        kind="replacement",
    )
    data = plan_data(
        option("全额退款", line("299.00"), line("38.00", kind="loss")),
        cheap,
        deviation_reason="消费者只要新机",
    )

    plan = submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=data))

    assert plan.deviation == Decimal("-0.2288") and plan.status == PlanStatus.PENDING_APPROVAL


def test_a_wide_deviation_is_beyond_an_approver_and_within_a_manager() -> None:
    case, agent = reckoned(), staff(Role.AGENT)
    told = as_proposed(goodwill("200.00"), deviation_reason="媒体之外的长期客户")
    plan = submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=told))

    with pytest.raises(StepForbidden):
        approve_plan(case, by=staff(Role.APPROVER), plan=plan)
    with pytest.raises(StepForbidden):
        approve_plan(case, by=staff(Role.AGENT, Role.APPROVER), plan=plan)
    approve_plan(case, by=staff(Role.MANAGER), plan=plan)


def test_what_lies_outside_similar_cases_is_pointed_out() -> None:
    case, agent = determined_case(), staff(Role.AGENT)
    drafted(case, by=agent)
    usual = Spread(12, Decimal("300.00"), Decimal("310.00"), Decimal("330.00"))
    by_kind = {"refund": usual, "replacement": usual}
    proposal = Proposal([], SimilarCases(count=12, whole=usual, by_kind=by_kind))

    found = plan_checks(case, plan_of(case), alone=ANY, proposal=proposal)

    assert [(one["code"], one["option"]) for one in found] == [
        ("outlier", "全额退款"),
        ("outlier", "换新并补偿"),
    ]
    assert "300.00 到 330.00" in check_words(found[0])
    others = Proposal([], SimilarCases(count=12, whole=usual, by_kind={"repair": usual}))
    assert plan_checks(case, plan_of(case), alone=ANY, proposal=others) == []


def test_similar_cases_are_those_decided_alike_and_nothing_about_the_person() -> None:
    for price in ("100", "200", "299", "400", "1000"):
        chosen_case(
            plan=plan_data(option("退款", line(price)), new_kettle(), legal_minimum=Decimal(0)),
            amount_paid=Decimal(1000),
            category="QUALITY",
        )
    case = determined_case(amount_paid=Decimal("500.00"), category="QUALITY")
    other = determined_case(amount_paid=Decimal("500.00"), category="SERVICE")

    found = similar_cases(case)

    assert (found.count, found.chosen) == (5, {"refund": 5})
    assert found.whole.middle == Decimal("149.50")
    assert (found.whole.low, found.whole.high) == (Decimal("70.00"), Decimal("380.00"))
    assert similar_cases(other).count == 0


def test_a_stand_in_decides_with_the_limits_of_the_one_who_is_away() -> None:
    case, agent = determined_case(), staff(Role.AGENT)
    principal, other = make_user(Role.APPROVER), staff(Role.INVESTIGATOR)
    AuthorityLimit.objects.filter(role=Role.APPROVER).update(amount=1400)
    away(principal, other.user)
    plan = submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=dear_plan()))

    assert Notification.objects.filter(user=other.user, kind="plan_to_approve").exists()
    assert not Notification.objects.filter(user=principal, kind="plan_to_approve").exists()
    with pytest.raises(StepForbidden, match="审批额度"):
        approve_plan(case, by=other, plan=plan)
    AuthorityLimit.objects.filter(role=Role.APPROVER).update(amount=1437)
    approved = approve_plan(case, by=other, plan=plan)

    assert (approved.decided_by, approved.decided_for) == (other.user, principal)


def test_nobody_decides_in_the_place_of_a_maker() -> None:
    case, maker = determined_case(), staff(Role.AGENT, Role.APPROVER)
    other = staff(Role.INVESTIGATOR)
    plan = submit_plan(case, by=maker, plan=drafted(case, by=maker, plan=dear_plan()))
    away(maker.user, other.user)

    assert deciders_today().place(other.user, plan) == (False, None)
    with pytest.raises(StepForbidden):
        approve_plan(case, by=other, plan=plan)


@pytest.mark.parametrize("column", ["decided_by", "decided_for"])
def test_the_database_keeps_makers_from_deciding(column: str) -> None:
    case, first, last = determined_case(), staff(Role.MANAGER), staff(Role.AGENT)
    drafted(case, by=first, plan=dear_plan())
    plan = submit_plan(case, by=last, plan=drafted(case, by=last, plan=dear_plan()))
    facts = {"decided_by": make_user(Role.APPROVER), "decided_at": now(), "status": "approved"}

    with pytest.raises(IntegrityError), transaction.atomic():
        CompensationPlan.objects.filter(pk=plan.pk).update(**{**facts, column: first.user})
    with pytest.raises(IntegrityError), transaction.atomic():
        CompensationPlan.objects.filter(pk=plan.pk).update(makers=[last.user.pk])


def test_the_database_lets_nobody_alone_beyond_the_limit() -> None:
    case, agent = determined_case(), staff(Role.AGENT)
    plan = drafted(case, by=agent, plan=dear_plan())

    with pytest.raises(IntegrityError), transaction.atomic():
        CompensationPlan.objects.filter(pk=plan.pk).update(
            within_authority=True,
            status="approved",
            decided_at=now(),
            cost=Decimal("1437.00"),
            alone_limit=Decimal("1000.00"),
        )
