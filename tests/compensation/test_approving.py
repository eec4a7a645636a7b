"""Approval: within authority at once, else by another person with enough authority."""

from decimal import Decimal

import pytest
from django.db import transaction

from accounts.states import Role
from compensation.models import AuthorityLimit
from compensation.selectors import authority_of, may_approve, plans_to_approve
from compensation.selectors.plans import authority_to_plan
from compensation.services.approving import approve_plan, return_plan, submit_plan
from compensation.states import LineKind, PlanStatus
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Notification
from tests.compensation.makers import dear_plan, drafted, line, new_kettle, option, plan_data
from tests.factories import make_user, staff
from tests.liability.makers import determined_case

pytestmark = pytest.mark.django_db


def waiting_plan(*, by: Actor | None = None):
    case = determined_case()
    agent = by or staff(Role.AGENT)
    return case, submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=dear_plan()))


def test_a_plan_within_authority_is_approved_at_once() -> None:
    case = determined_case()
    agent = staff(Role.AGENT)

    plan = submit_plan(case, by=agent, plan=drafted(case, by=agent))

    assert (plan.status, plan.within_authority, plan.decided_by) == ("approved", True, None)


@pytest.mark.parametrize(
    ("amount", "status"),
    [("1000.00", PlanStatus.APPROVED), ("1000.01", PlanStatus.PENDING_APPROVAL)],
)
def test_the_limit_is_exact(amount: str, status: str) -> None:
    case = determined_case()
    agent = staff(Role.AGENT)
    plan = plan_data(option("退款", line(amount)), new_kettle())

    assert submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=plan)).status == status


def test_what_is_given_in_kind_counts_for_the_limit() -> None:
    case = determined_case()
    agent = staff(Role.AGENT)
    car = line("5000", kind=LineKind.REPLACE, description="新机", is_cash=False)
    plan = plan_data(option(), option("换新", car, legal_minimum=Decimal(0)))

    submitted = submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=plan))

    assert submitted.status == PlanStatus.PENDING_APPROVAL


@pytest.mark.parametrize("kind", [LineKind.DISTRESS, LineKind.EXTRA_DAMAGES])
def test_some_lines_always_need_an_approver(kind: str) -> None:
    case = determined_case()
    agent = staff(Role.AGENT)
    plan = plan_data(option("退款", line(), line("1", kind=kind)), new_kettle())

    submitted = submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=plan))

    assert submitted.status == PlanStatus.PENDING_APPROVAL


def test_a_currency_without_a_limit_needs_an_approver() -> None:
    assert not authority_of(staff(Role.AGENT), currency="USD").covers(Decimal(1))


def test_who_may_promise_any_amount_may_in_every_currency() -> None:
    assert authority_of(staff(Role.APPROVER), currency="USD").covers(Decimal(10**6))
    AuthorityLimit.objects.create(role=Role.APPROVER, currency="USD", amount=Decimal(500))

    limited = authority_of(staff(Role.APPROVER), currency="USD")

    assert limited.covers(Decimal(500)) and not limited.covers(Decimal(501))


def test_the_highest_limit_of_one_s_roles_counts() -> None:
    both = authority_of(staff(Role.AGENT, Role.MANAGER), currency="CNY")

    assert both.covers(Decimal("99999999"))


@pytest.mark.parametrize(
    "plan",
    [
        plan_data(option()),
        plan_data(option("少退", line("298.99")), new_kettle()),
        plan_data(option(), option("修一修", line("38", kind=LineKind.LOSS))),
    ],
)
def test_a_plan_the_consumer_may_not_get_is_not_submitted(plan) -> None:
    case = determined_case()
    agent = staff(Role.AGENT)
    draft = drafted(case, by=agent, plan=plan)

    with pytest.raises(CaseError) as refusal, transaction.atomic():
        submit_plan(case, by=agent, plan=draft)

    draft.refresh_from_db()
    assert refusal.value.field == "options"
    assert (draft.status, draft.submitted_at) == (PlanStatus.DRAFT, None)


def test_an_informed_choice_may_go_below_the_minimum() -> None:
    case = determined_case()
    agent = staff(Role.AGENT)
    plan = plan_data(
        option("少退", line("200")),
        new_kettle(),
        informed_choice=True,
        informed_choice_reason="消费者想留下水壶，电话里讲明了可以全额退款。",
    )

    submitted = submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=plan))

    assert submitted.status == PlanStatus.PENDING_APPROVAL
    assert [check["code"] for check in submitted.checks] == ["below_floor"]
    approve_plan(case, by=staff(Role.APPROVER), plan=submitted)


def test_a_plan_is_submitted_once() -> None:
    case, plan = waiting_plan()

    with pytest.raises(CaseError):
        submit_plan(case, by=staff(Role.AGENT), plan=plan)


def test_approvers_are_told_and_see_it_in_their_list() -> None:
    approver = make_user(Role.APPROVER)

    _, plan = waiting_plan()

    assert list(plans_to_approve()) == [plan]
    assert Notification.objects.filter(user=approver, kind="plan_to_approve").exists()


def test_another_person_approves() -> None:
    case, plan = waiting_plan()
    approver = staff(Role.APPROVER)

    approve_plan(case, by=approver, plan=plan, note="同意")

    plan.refresh_from_db()
    assert (plan.status, plan.decided_by, plan.decision_note) == ("approved", approver.user, "同意")
    assert not plans_to_approve().exists()


def test_nobody_approves_their_own_plan() -> None:
    both = staff(Role.AGENT, Role.APPROVER)
    case, plan = waiting_plan(by=both)

    assert (plan.status, plan.within_authority) == (PlanStatus.PENDING_APPROVAL, False)
    assert not may_approve(plan, both)
    with pytest.raises(StepForbidden):
        approve_plan(case, by=both, plan=plan)
    with pytest.raises(StepForbidden):
        return_plan(case, by=both, plan=plan, reason="再想想")

    plan.refresh_from_db()
    assert plan.status == PlanStatus.PENDING_APPROVAL


def test_an_agent_who_also_approves_plans_within_the_agents_limit() -> None:
    both = staff(Role.AGENT, Role.APPROVER)

    assert not authority_to_plan(both, currency="CNY").covers(Decimal("1000.01"))
    case = determined_case()
    assert submit_plan(case, by=both, plan=drafted(case, by=both)).status == PlanStatus.APPROVED


def test_an_agent_who_also_approves_decides_other_peoples_plans() -> None:
    case, plan = waiting_plan()

    approve_plan(case, by=staff(Role.AGENT, Role.APPROVER), plan=plan)

    plan.refresh_from_db()
    assert plan.status == PlanStatus.APPROVED


def test_who_wrote_an_earlier_draft_does_not_approve_it_either() -> None:
    case = determined_case()
    first, second = staff(Role.MANAGER), staff(Role.AGENT)
    drafted(case, by=first, plan=dear_plan())
    plan = submit_plan(case, by=second, plan=drafted(case, by=second, plan=dear_plan()))

    with pytest.raises(StepForbidden):
        approve_plan(case, by=first, plan=plan)


def test_the_approver_s_own_limit_holds() -> None:
    case, plan = waiting_plan()
    AuthorityLimit.objects.filter(role=Role.APPROVER).update(amount=1400)

    with pytest.raises(StepForbidden):
        approve_plan(case, by=staff(Role.APPROVER), plan=plan)


@pytest.mark.parametrize("role", [Role.AGENT, Role.INVESTIGATOR, Role.FINANCE, Role.REVIEWER])
def test_other_roles_do_not_approve(role: Role) -> None:
    case, plan = waiting_plan()

    with pytest.raises(StepForbidden):
        approve_plan(case, by=staff(role), plan=plan)
    with pytest.raises(StepForbidden):
        return_plan(case, by=staff(role), plan=plan, reason="不行")


def test_a_returned_plan_can_be_edited_and_submitted_again() -> None:
    agent = staff(Role.AGENT)
    case, plan = waiting_plan(by=agent)

    return_plan(case, by=staff(Role.APPROVER), plan=plan, reason="少了运费")
    again = submit_plan(case, by=agent, plan=drafted(case, by=agent))

    assert (again.pk, again.status, again.decision_note) == (plan.pk, PlanStatus.APPROVED, "")
    assert Notification.objects.filter(user=agent.user, kind="plan_returned").exists()


def test_returning_needs_a_reason() -> None:
    case, plan = waiting_plan()

    with pytest.raises(CaseError) as refusal:
        return_plan(case, by=staff(Role.APPROVER), plan=plan, reason=" ")

    plan.refresh_from_db()
    assert refusal.value.field == "reason"
    assert plan.status == PlanStatus.PENDING_APPROVAL


def test_a_plan_of_another_case_is_refused() -> None:
    _, plan = waiting_plan()

    with pytest.raises(CaseError):
        approve_plan(determined_case(), by=staff(Role.APPROVER), plan=plan)
