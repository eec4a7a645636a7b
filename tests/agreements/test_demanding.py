"""Instalments: the plan that the consumer sees, and the rest at once after one that is too late."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from agreements.days import today
from agreements.forms.duties import agreed_duties
from agreements.models import Breach, Obligation, Wording
from agreements.selectors.schedule import rest_to_demand, schedule_of
from agreements.selectors.summaries import summary_rows
from agreements.services.breaches import plan_remedy
from agreements.services.demanding import demand_rest
from agreements.services.printing import agreement_context
from agreements.services.pursuing import pursue
from agreements.services.wording import save_wording
from agreements.terms import Undertaking
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, CaseEvent, Clock, Notification, OutboxMessage
from complaints.moments import now, shift_to
from complaints.states import ClockKind, ClockState, Stage
from tests.agreements.makers import drafted, paid, signed
from tests.agreements.test_instalments import agreed
from tests.compensation.makers import chosen_case
from tests.factories import staff
from tests.liability.doors import consumer_client, staff_client

AGREED = {"instalments": "3", "every": "month", "acceleration_days": "15"}


@given(st.decimals("0.24", "9999999.99", places=2), st.integers(1, 24))
def test_duties_of_any_sum_add_up_to_it(total: Decimal, count: int) -> None:
    duty = Undertaking(kind="payment", description="支付补偿款", due_on=None, amount=total)
    data = {"due_0": date(2027, 1, 31), "instalments": count, "every": "month"}
    parts = agreed_duties(data, (duty,), language="zh-hans")

    assert sum(part.amount or Decimal(0) for part in parts) == total
    assert len(parts) == count and len({part.due_on for part in parts}) == count


def in_parts(**fields: str) -> Case:
    """A case whose 299.00 are paid in three parts, a month apart."""
    case = chosen_case()
    return signed(case, terms=agreed(case, **{**AGREED, **fields})).case


def parts_of(case: Case) -> list[Obligation]:
    rows = Obligation.objects.filter(agreement__case=case, kind="payment")
    return list(rows.select_related("agreement__case").order_by("position"))


def let_pass(days: int) -> None:
    """Let days pass after the first part's day, and do what time decides."""
    shift_to(now() + timedelta(days=9 + days))
    pursue()


@pytest.mark.django_db
def test_text_says_from_when_on_the_rest_can_be_asked_for() -> None:
    case = chosen_case()
    agreement = drafted(case, terms=agreed(case, **AGREED, security="保证金 100 元"))
    context = agreement_context(agreement, draft=True)
    said = str(context["sections"])

    assert agreement.wording is not None and agreement.wording.kind == "instalments"
    assert said.count("逾期超过 15 日") == 1
    assert not [row for row in context["extra_clauses"] if "余款" in row["title"]]
    assert context["performance"]["security"] == "保证金 100 元"
    rows = {str(row["label"]): str(row["value"]) for row in summary_rows(agreement)}
    assert "15 天" in rows["余款一次付清"]
    assert rows["分期的担保"] == "保证金 100 元"


@pytest.mark.django_db
def test_company_text_without_the_variable_gets_a_clause() -> None:
    old = Wording.objects.filter(kind="instalments", language="zh-hans").latest("number")
    body = "\n".join(row for row in old.body.splitlines() if "acceleration_days" not in row)
    save_wording(
        "instalments",
        "zh-hans",
        by=staff(Role.MANAGER),
        title=old.title,
        body=body,
        reason="改",
        seen=old.number,
    )
    case = chosen_case()
    context = agreement_context(drafted(case, terms=agreed(case, **AGREED)), draft=True)

    assert "逾期超过 15 日" not in str(context["sections"])
    assert [row["text"] for row in context["extra_clauses"] if row["title"] == "余款一次付清"] == [
        "任何一期逾期超过 15 日的，乙方可以要求甲方一次付清余款。"
    ]


@pytest.mark.django_db
def test_nothing_of_it_where_money_is_paid_at_once() -> None:
    terms = agreed(chosen_case(), acceleration_days="15")

    assert (terms.acceleration_days, terms.security) == (0, "")


@pytest.mark.django_db
def test_consumer_asks_for_the_rest_and_all_is_due_today() -> None:
    case = in_parts()
    let_pass(15)
    assert rest_to_demand(Case.objects.get(pk=case.pk)) == []
    shift_to(now() + timedelta(days=1))
    case = Case.objects.get(pk=case.pk)
    assert case.stage == Stage.BREACHED
    _first, second, third = parts_of(case)
    client = consumer_client(case)
    assert (
        "要求一次付清" in client.get(reverse("track:case", args=[case.reference])).content.decode()
    )
    address = reverse("agreements:answer_obligation", args=[case.reference, second.pk])
    assert client.post(address, {"rest": "1"}).status_code == 303

    before = (second.due_on, third.due_on)
    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.due_on, third.due_on) == (today(), today())
    assert (second.agreed_due_on, third.agreed_due_on) == before
    assert OutboxMessage.objects.filter(case=case, kind="rest_due").count() == 1
    assert Notification.objects.filter(case=case, kind="rest_demanded").exists()
    assert CaseEvent.objects.get(case=case, kind="rest_demanded").data["amount"] == "199.33"
    assert client.post(address, {"rest": "1"}).status_code == 303
    assert CaseEvent.objects.filter(case=case, kind="rest_demanded").count() == 1
    page = client.get(reverse("track:case", args=[case.reference])).content.decode()
    assert "提前到期，原定" in page and "要求余下各期" not in page


@pytest.mark.django_db
def test_demand_while_performing_moves_the_clocks() -> None:
    case = in_parts()
    let_pass(20)
    case = Case.objects.get(pk=case.pk)
    first, second, third = parts_of(case)
    case = plan_remedy(
        case,
        by=staff(Role.AGENT),
        remedy="马上补付",
        new_dates={first.pk: today() + timedelta(days=1)},
    )
    assert case.stage == Stage.FULFILLING
    case = demand_rest(case, by=staff(Role.AGENT), note="电话里提出")

    running = Clock.objects.filter(case=case, kind=ClockKind.OBLIGATION, state=ClockState.RUNNING)
    due = {clock.subject: clock.due_at for clock in running}
    assert due[second.subject] == due[third.subject] == parts_of(case)[1].due_at
    assert len(due) == 3
    with pytest.raises(CaseError, match="没有可以要求"):
        demand_rest(case, by=Actor.consumer())


@pytest.mark.django_db
def test_who_may_ask_and_when() -> None:
    case = in_parts(acceleration_days="")
    let_pass(40)
    with pytest.raises(CaseError, match="没有可以要求"):
        demand_rest(case, by=Actor.consumer())
    other = in_parts()
    with pytest.raises(CaseError, match="没有可以要求"):
        demand_rest(other, by=Actor.consumer())
    with pytest.raises(StepForbidden):
        demand_rest(other, by=staff(Role.FINANCE), note="她要求的")
    with pytest.raises(CaseError, match="怎样提出"):
        demand_rest(other, by=staff(Role.AGENT), note=" ")


@pytest.mark.django_db
def test_part_that_falls_due_during_a_breach_stays_late_from_its_day() -> None:
    case = in_parts()
    let_pass(2)
    shift_to(now() + timedelta(days=33))
    pursue()
    case = Case.objects.get(pk=case.pk)
    first, second, _third = parts_of(case)
    assert Breach.objects.count() == 1
    late_from = second.due_on
    days = {duty.pk: today() + timedelta(days=2) for duty in (first, second)}
    plan_remedy(case, by=staff(Role.AGENT), remedy="两期一起补付", new_dates=days)

    assert Breach.objects.get(obligation=second).due_was == late_from
    assert Breach.objects.filter(new_due=None).count() == 0


@pytest.mark.django_db
def test_plan_of_payments_adds_up_and_leaves_out_what_lateness_cost() -> None:
    case = in_parts(penalty_rate="0.05")
    first, *_rest = parts_of(case)
    let_pass(3)
    paid(first, "99.67")
    duties = list(
        Obligation.objects.filter(agreement__case=case).prefetch_related("payments", "breaches")
    )
    schedule = schedule_of(duties)

    assert len(duties) == 4
    assert schedule is not None and len(schedule.parts) == 3
    assert (schedule.total, schedule.paid, schedule.left) == (
        Decimal("299.00"),
        Decimal("99.67"),
        Decimal("199.33"),
    )


@pytest.mark.django_db
def test_desk_writes_down_that_the_consumer_asked() -> None:
    case = in_parts()
    let_pass(20)
    client = staff_client(Role.AGENT)
    tab = client.get(reverse("desk:case_tab", args=[case.reference, "agreement"]))
    assert "登记消费者的要求" in tab.content.decode()
    address = reverse("agreements:rest", args=[case.reference])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "今天来电要求"}).status_code == 303

    assert all(duty.due_on <= today() for duty in parts_of(case))
    assert "没有可以要求" in client.get(address).content.decode()
