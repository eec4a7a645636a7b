"""Writing plans: what is kept, and what is refused without a trace."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.states import Role
from compensation.models import CompensationPlan, PlanLine, PlanOption
from compensation.selectors import last_plan, plan_to_send
from compensation.services.approving import submit_plan
from compensation.services.planning import save_plan
from compensation.states import LineKind, PlanStatus
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase, StepForbidden
from tests.compensation.makers import (
    approved_plan,
    dear_plan,
    drafted,
    goodwill,
    line,
    new_kettle,
    offered_case,
    option,
    plan_data,
    plan_of,
)
from tests.factories import staff
from tests.liability.makers import accepted_case, determined_case

pytestmark = pytest.mark.django_db


def test_a_plan_keeps_options_and_lines_in_order() -> None:
    case = determined_case()

    drafted(case, plan=plan_data(option("全额退款", line(), goodwill()), new_kettle()))

    plan = plan_of(case)
    assert [x.title for x in plan.options.all()] == ["全额退款", "换新并补偿"]
    assert [x.kind for x in plan.options.all()[0].lines.all()] == ["refund", "goodwill"]
    assert plan.options.all()[0].total == Decimal("349.00")
    assert plan.options.all()[1].total == Decimal("38.00")


def test_saving_again_writes_the_same_draft_anew() -> None:
    case = determined_case()
    first = drafted(case)

    second = drafted(case, plan=plan_data(option("只退款"), new_kettle(), option("现金")))

    assert first.pk == second.pk
    assert PlanOption.objects.count() == 3
    assert PlanLine.objects.count() == 4


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (plan_data(*[option()] * 7), "options"),
        (plan_data(legal_minimum=Decimal("-1")), "legal_minimum"),
        (plan_data(legal_minimum=Decimal("1.005")), "legal_minimum"),
        (plan_data(legal_minimum=Decimal("NaN")), "legal_minimum"),
        (plan_data(legal_basis=" "), "legal_basis"),
        (plan_data(informed_choice=True), "informed_choice_reason"),
        (plan_data(informed_choice_reason="说过了"), "informed_choice"),
        (plan_data(option(" ")), "options"),
        (plan_data(option(arrival_text=" ")), "options"),
        (plan_data(option(performance_days=0)), "options"),
        (plan_data(option(performance_days=366)), "options"),
        (plan_data(option(kind="gift")), "options"),
        (plan_data(option("现金", line("-1"))), "options"),
        (plan_data(option("现金", line("0"))), "options"),
        (plan_data(option("维修", line("0", kind=LineKind.REPAIR, is_cash=False))), "options"),
        (plan_data(option("代金券", line("0", kind=LineKind.VOUCHER, is_cash=False))), "options"),
        (plan_data(option("现金", line("1.001"))), "options"),
        (plan_data(option("现金", line(description=" "))), "options"),
        (plan_data(option("现金", line(kind="gift"))), "options"),
        (plan_data(option("现金", line(quantity=0))), "options"),
        (plan_data(option("现金", line(legal_basis=""))), "options"),
        (plan_data(option("现金", line(layer="goodwill"))), "options"),
        (plan_data(option("现金", line(kind=LineKind.GOODWILL))), "options"),
        (plan_data(option("现金", line(), line("300", kind=LineKind.CREDIT))), "options"),
        (plan_data(option("现金", line(kind=LineKind.CREDIT, is_cash=False))), "options"),
        (plan_data(option(legal_minimum=Decimal(0))), "options"),
    ],
)
def test_a_plan_that_cannot_be_right_leaves_nothing(plan, field: str) -> None:
    case = determined_case()
    version = case.version

    with pytest.raises(CaseError) as refusal:
        drafted(case, plan=plan)

    case.refresh_from_db()
    assert refusal.value.field == field
    assert case.version == version
    assert not CompensationPlan.objects.exists()


def test_what_is_given_in_kind_says_its_worth() -> None:
    free = line("0", kind=LineKind.REPLACE, description="同款新机", is_cash=False)

    with pytest.raises(CaseError, match=r"「同款新机」.*「金额」"):
        drafted(determined_case(), plan=plan_data(option(), option("换新", free)))


def test_an_option_without_lines_is_refused() -> None:
    empty = option()

    with pytest.raises(CaseError):
        drafted(determined_case(), plan=plan_data(type(empty)(title="空", arrival_text="马上")))


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.APPROVER, Role.FINANCE, Role.REVIEWER])
def test_other_roles_do_not_plan(role: Role) -> None:
    with pytest.raises(StepForbidden):
        drafted(determined_case(), by=staff(role))

    assert not CompensationPlan.objects.exists()


def test_nobody_plans_before_the_finding() -> None:
    with pytest.raises(CaseError):
        drafted(accepted_case())


def test_a_stale_plan_is_refused() -> None:
    case = determined_case()

    with pytest.raises(StaleCase):
        save_plan(case, by=staff(Role.AGENT), plan=plan_data(), seen=case.version - 1)

    assert not CompensationPlan.objects.exists()


def test_a_waiting_plan_is_not_edited() -> None:
    case = determined_case()
    agent = staff(Role.AGENT)
    submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=dear_plan()))

    with pytest.raises(CaseError):
        drafted(case)

    assert last_plan(case).status == PlanStatus.PENDING_APPROVAL


def test_an_approved_plan_that_was_not_sent_gives_way() -> None:
    case = determined_case()
    first = approved_plan(case)

    second = drafted(case)

    first.refresh_from_db()
    assert (first.status, second.version) == (PlanStatus.SUPERSEDED, 2)
    assert plan_to_send(case) is None


def test_a_sent_plan_stays_as_it_was() -> None:
    case = offered_case()
    sent = plan_of(case)

    drafted(case)

    sent.refresh_from_db()
    assert sent.status == PlanStatus.APPROVED


def test_the_consumer_does_not_plan() -> None:
    with pytest.raises(StepForbidden):
        drafted(determined_case(), by=Actor.consumer())


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE compensation_planline SET amount = 1",
        "DELETE FROM compensation_planline",
        "UPDATE compensation_planoption SET title = 'x'",
        "INSERT INTO compensation_planline (option_id, position, kind, description, quantity, unit,"
        " amount, is_cash, legal_basis, layer) SELECT id, 99, 'refund', 'x', 1, '', 1, true, '',"
        " 'floor' FROM compensation_planoption",
        "UPDATE compensation_compensationplan SET legal_minimum = 0, legal_basis = ''",
        "UPDATE compensation_compensationplan SET decided_by_id = created_by_id",
        "DELETE FROM compensation_compensationplan",
        "TRUNCATE compensation_planline",
    ],
)
def test_the_database_keeps_a_submitted_plan(sql: str) -> None:
    case = determined_case()
    plan = approved_plan(case)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)

    plan.refresh_from_db()
    assert plan.legal_minimum == Decimal("299.00")
    assert PlanLine.objects.count() == 3
