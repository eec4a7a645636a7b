"""The pages of the compensation app, through HTTP."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.states import Role
from compensation.models import CompensationPlan, Offer, OfferReply
from compensation.selectors import accepted_offer, next_action, open_offer
from compensation.services.approving import submit_plan
from compensation.services.offering import expire_offers
from compensation.states import OfferStatus, PlanStatus
from complaints.actors import Actor
from complaints.moments import now, shift_to
from complaints.states import ClockKind, Stage
from liability.states import Outcome
from tests.compensation.makers import (
    approved_plan,
    chosen_case,
    dear_plan,
    drafted,
    offer_of,
    offered_case,
    plan_of,
)
from tests.factories import make_user, staff
from tests.liability.doors import consumer_client, staff_client
from tests.liability.makers import accepted_case, determined_case

pytestmark = pytest.mark.django_db


def url(name: str, case, *args) -> str:
    return reverse(f"compensation:{name}", args=[case.reference, *args])


def line_post(option: int, row: int, **fields: str) -> dict[str, str]:
    """One line as the browser sends it."""
    line = {"kind": "", "description": "", "amount": "", "quantity": "1", "unit": ""}
    line |= {"layer": "floor", "legal_basis": ""} | fields
    return {f"o{option}-lines-{row}-{name}": value for name, value in line.items()}


def option_post(option: int, title: str = "", **fields: str) -> dict[str, str]:
    """One option as the browser sends it, blank without a title."""
    arrival = "签署后 3 个工作日内" if title else ""
    head = {"title": title, "kind": "refund", "arrival_text": arrival, "performance_days": "3"}
    head |= {"non_cash_duties": "", "legal_minimum": ""} | fields
    post = {f"o{option}-{name}": value for name, value in head.items()}
    post[f"o{option}-lines-TOTAL_FORMS"] = "2"
    post[f"o{option}-lines-INITIAL_FORMS"] = "0"
    return post | line_post(option, 0) | line_post(option, 1)


def plan_post(**fields: str) -> dict[str, str]:
    """A plan of a refund or a new article."""
    refund = {"kind": "refund", "description": "退还货款", "amount": "299.00"}
    new = {"kind": "replace", "description": "同款新机", "amount": "299.00", "unit": "台"}
    basis = "消费者权益保护法第五十二条"
    return (
        {"blocks": "3", "legal_minimum": "299.00", "legal_basis": basis}
        | option_post(0, "全额退款")
        | option_post(1, "换新", kind="replacement", legal_minimum="0")
        | option_post(2)
        | line_post(0, 0, legal_basis=basis, **refund)
        | line_post(1, 0, **new)
        | fields
    )


def test_a_plan_is_previewed_saved_and_submitted() -> None:
    case, client = determined_case(), staff_client(Role.AGENT)
    assert client.get(url("plan_edit", case)).status_code == 200

    preview = client.post(url("plan_edit", case), plan_post(preview="1"))
    assert "消费者会看到" in preview.content.decode()
    assert not CompensationPlan.objects.exists()
    assert client.post(url("plan_edit", case), plan_post(draft="1")).status_code == 303
    assert plan_of(case).status == PlanStatus.DRAFT
    again = client.get(url("plan_edit", case)).content.decode()
    assert "全额退款" in again
    assert "同款新机" in again
    assert client.post(url("plan_edit", case), plan_post()).status_code == 303

    plan = plan_of(case)
    assert plan.status == PlanStatus.APPROVED
    assert [option.total for option in plan.options.all()] == [299, 0]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"legal_minimum": ""}, "请填写金额"),
        ({"legal_basis": ""}, "请写明法定最低金额的法律依据"),
        ({"o0-lines-0-amount": "200"}, "低于法定最低金额"),
        ({"o0-lines-0-amount": "12.345"}, "金额最多两位小数"),
        ({"o0-lines-0-kind": ""}, "请选一项"),
        ({"o0-title": ""}, "请填写标题"),
        ({"o2-title": "第三个"}, "请填写这一项"),
        ({"preview": "1", "legal_basis": ""}, "请写明法定最低金额的法律依据"),
    ],
)
def test_a_plan_that_does_not_fit_is_sent_back(fields: dict, words: str) -> None:
    case = determined_case()

    answer = staff_client(Role.AGENT).post(url("plan_edit", case), plan_post(**fields))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not CompensationPlan.objects.exists()


def test_one_option_is_not_enough_to_submit() -> None:
    case = determined_case()
    blank = option_post(1) | line_post(1, 0)

    answer = staff_client(Role.AGENT).post(url("plan_edit", case), plan_post(**blank))

    assert answer.status_code == 422
    assert "至少要有两个选项" in answer.content.decode()
    assert not CompensationPlan.objects.exists()


def test_an_offer_is_sent() -> None:
    case, client = determined_case(), staff_client(Role.AGENT)
    assert "方案批准之后" in client.get(url("offer_send", case)).content.decode()
    approved_plan(case)
    assert "全额退款" in client.get(url("offer_send", case)).content.decode()

    answer = client.post(url("offer_send", case), {"valid_days": "7"})

    case.refresh_from_db()
    assert (answer.status_code, case.stage) == (303, Stage.NEGOTIATING)


def test_too_short_a_time_is_sent_back() -> None:
    case = determined_case()
    approved_plan(case)

    answer = staff_client(Role.AGENT).post(url("offer_send", case), {"valid_days": "1"})

    assert answer.status_code == 422
    assert not Offer.objects.exists()


def test_an_offer_is_withdrawn() -> None:
    case, client = offered_case(), staff_client(Role.AGENT)
    assert client.get(url("offer_withdraw", case)).status_code == 200

    answer = client.post(url("offer_withdraw", case), {"reason": "漏算了运费"})

    assert answer.status_code == 303
    assert offer_of(case).status == OfferStatus.WITHDRAWN


def test_an_unanswered_case_is_closed() -> None:
    case, client = offered_case(), staff_client(Role.AGENT)
    shift_to(offer_of(case).expires_at + timedelta(minutes=1))
    expire_offers()
    assert "满 48 小时" in client.get(url("close_unanswered", case)).content.decode()
    shift_to(now() + timedelta(hours=49))

    answer = client.post(url("close_unanswered", case))

    case.refresh_from_db()
    assert (answer.status_code, case.stage) == (303, Stage.CLOSED)


def waiting_plan():
    case, agent = determined_case(), staff(Role.AGENT)
    return submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=dear_plan()))


def test_the_list_is_decided_in_place() -> None:
    plan, client = waiting_plan(), staff_client(Role.APPROVER)
    page = client.get(reverse("approvals"))
    assert plan.case.reference in page.content.decode()

    answer = client.post(
        reverse("compensation:decide", args=[plan.pk]),
        {f"plan{plan.pk}-decision": "approve", f"plan{plan.pk}-reason": "同意"},
    )

    plan.refresh_from_db()
    assert (answer.status_code, plan.status) == (303, PlanStatus.APPROVED)
    again = client.post(reverse("compensation:decide", args=[plan.pk]), {})
    assert again.status_code == 303


def test_returning_without_a_reason_is_sent_back() -> None:
    plan = waiting_plan()

    answer = staff_client(Role.APPROVER).post(
        reverse("compensation:decide", args=[plan.pk]), {f"plan{plan.pk}-decision": "return"}
    )

    plan.refresh_from_db()
    assert answer.status_code == 422
    assert "请写明退回的理由" in answer.content.decode()
    assert plan.status == PlanStatus.PENDING_APPROVAL


def test_one_s_own_plan_is_shown_with_why_it_waits(client) -> None:
    author = make_user(Role.AGENT, Role.APPROVER)
    case = determined_case()
    # An approver's authority has no limit: a distress line needs another person all the same.
    plan = dear_plan()
    heavy = plan.options[0]
    line = heavy.lines[0]
    distress = type(line)(
        kind="distress",
        description="抚慰金",
        amount=line.amount,
        legal_basis="民法典第一千一百八十三条",
    )
    both = type(heavy)(title="退款", arrival_text=heavy.arrival_text, lines=[line, distress])
    by = Actor.staff(author)
    drafted_plan = drafted(case, by=by, plan=type(plan)(options=[both, plan.options[1]]))
    submit_plan(case, by=by, plan=drafted_plan)
    client.force_login(author)

    page = client.get(reverse("approvals")).content.decode()

    assert "你参与了拟定" in page
    assert "compensation:decide" not in page


@pytest.mark.parametrize("role", [Role.AGENT, Role.INVESTIGATOR, Role.FINANCE])
def test_the_list_is_for_approvers(role: Role) -> None:
    assert staff_client(role).get(reverse("approvals")).status_code == 403


def test_the_list_takes_the_same_queries_for_many(django_assert_max_num_queries) -> None:
    for _ in range(3):
        waiting_plan()
    client = staff_client(Role.APPROVER)

    with django_assert_max_num_queries(16):
        client.get(reverse("approvals"))


def choice(case, *, position: int = 1) -> dict[str, str]:
    offer = offer_of(case)
    option = offer.plan.options.get(position=position)
    return {"offer": offer.pk, "digest": offer.content_digest, "option": option.pk}


def test_the_consumer_chooses_and_nothing_is_chosen_beforehand() -> None:
    case = offered_case()
    client = consumer_client(case)
    page = client.get(url("choose", case)).content.decode()
    assert page.count('type="radio"') == 2
    assert " checked" not in page
    assert "12315" in page

    answer = client.post(url("choose", case), choice(case, position=2))

    assert answer.status_code == 303
    assert accepted_offer(case).chosen_option.position == 2


def test_the_tracking_page_carries_the_same_form() -> None:
    case = offered_case()
    client = consumer_client(case)

    page = client.get(reverse("track:case", args=[case.reference])).content.decode()

    assert offer_of(case).content_digest in page
    assert url("counter", case) in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"option": ""}, "请选一个方案"),
        ({"option": "987654"}, "请从列出的方案里选一个"),
        ({"digest": "0" * 64}, "方案有变化"),
        ({"offer": "987654"}, "方案有变化"),
    ],
)
def test_a_choice_that_does_not_fit_is_sent_back(fields: dict, words: str) -> None:
    case = offered_case()

    answer = consumer_client(case).post(url("choose", case), choice(case) | fields)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert open_offer(case) is not None


def test_the_choice_can_be_changed_before_the_agreement_is_out() -> None:
    case = chosen_case()
    client = consumer_client(case)
    assert (
        "改选别的方案" in client.get(reverse("track:case", args=[case.reference])).content.decode()
    )

    client.post(url("choose", case), choice(case, position=2))

    assert accepted_offer(case).chosen_option.position == 2


def test_the_consumer_says_something_else() -> None:
    case = offered_case()
    client = consumer_client(case)
    assert client.get(url("counter", case)).status_code == 200
    assert client.post(url("counter", case), {"offer": offer_of(case).pk}).status_code == 422

    answer = client.post(url("counter", case), {"offer": offer_of(case).pk, "text": "台面也要修。"})

    case.refresh_from_db()
    assert answer.status_code == 303
    assert OfferReply.objects.get().text == "台面也要修。"
    assert case.next_due_kind == ClockKind.OFFER


def test_an_ended_offer_stays_readable() -> None:
    case = offered_case()
    shift_to(offer_of(case).expires_at + timedelta(minutes=1))
    expire_offers()

    page = consumer_client(case).get(url("choose", case)).content.decode()

    assert "已经过期" in page
    assert "全额退款" in page
    assert url("counter", case) in page


def test_without_an_offer_the_page_leads_back() -> None:
    case = accepted_case()
    client = consumer_client(case)

    assert client.get(url("choose", case)).status_code == 303
    assert client.get(url("counter", case)).status_code == 303


@pytest.mark.parametrize("name", ["choose", "counter"])
def test_nobody_else_sees_the_offer(client, name: str) -> None:
    assert client.get(url(name, offered_case())).status_code == 404


@pytest.mark.parametrize("name", ["plan_edit", "offer_send", "offer_withdraw", "close_unanswered"])
def test_staff_pages_ask_for_a_log_in(client, name: str) -> None:
    assert client.get(url(name, determined_case())).status_code == 302


def test_the_desk_s_tab_shows_plans_and_answers() -> None:
    case = chosen_case()

    page = staff_client(Role.AGENT).get(
        reverse("desk:case_tab", args=[case.reference, "compensation"])
    )

    assert page.status_code == 200
    assert "你选的方案" in page.content.decode()


def test_the_next_action_follows_the_plan() -> None:
    agent, approver = staff(Role.AGENT), staff(Role.APPROVER)
    case = determined_case()
    assert next_action(case, agent).url == url("plan_edit", case)

    submit_plan(case, by=agent, plan=drafted(case, by=agent, plan=dear_plan()))
    assert next_action(case, agent).disabled_reason
    assert not next_action(case, approver).disabled_reason

    sent = offered_case()
    assert next_action(sent, agent).disabled_reason
    assert next_action(chosen_case(), agent) is None
    assert next_action(accepted_case(), agent) is None
    assert next_action(determined_case(outcome=Outcome.NOT_LIABLE), agent) is None
