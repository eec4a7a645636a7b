"""法定底线: 金额逐项核算、写明依据; 低于法定最低的方案发不出去; 消费者看得到怎么算的。"""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.states import Role
from compensation.models import CompensationPlan, EntitlementSheet, Offer
from compensation.states import PlanStatus
from complaints.models import Case
from tests.compensation.test_pages import line_post, option_post
from tests.liability.doors import consumer_client, staff_client
from tests.liability.makers import determined_case

pytestmark = pytest.mark.django_db

FACTS = {
    "price_paid": "299.00",
    "consumption_purpose": "household",
    "role": "seller",
    "return_and_refund": "on",
    "as_described": "on",
    "other_losses": "38.00",
}
BASIS = "消费者权益保护法第五十二条"


def plan_of_kettle(refund: str, freight: str) -> dict[str, str]:
    """A refund with freight, or a new kettle with freight."""
    post = {"blocks": "3"} | option_post(0, "全额退款") | option_post(1, "换新", kind="replacement")
    post |= option_post(2)
    money = {"kind": "refund", "description": "退还货款", "legal_basis": BASIS}
    way = {"kind": "loss", "description": "寄回运费", "amount": freight, "legal_basis": BASIS}
    new = {"kind": "replace", "description": "同款新机", "amount": "299.00", "unit": "台"}
    post |= line_post(0, 0, **money, amount=refund) | line_post(0, 1, **way)
    ours = {"kind": "allowance", "description": "误工与不便", "amount": "100.00"}
    post |= {"o1-lines-TOTAL_FORMS": "3"} | line_post(1, 2, **ours, layer="standard")
    return post | line_post(1, 0, **new) | line_post(1, 1, **way)


def page(name: str, case: Case) -> str:
    return reverse(f"compensation:{name}", args=[case.reference])


def test_the_kettle_is_reckoned_planned_and_offered_with_its_articles() -> None:
    """「逐项核定」「依法合规」: from facts to an offer that says which article asks for what."""
    case, agent = determined_case(), staff_client(Role.AGENT)

    assert agent.post(page("sheet_edit", case), FACTS).status_code == 303

    short = agent.post(page("plan_edit", case), plan_of_kettle("290.00", "38.00"))
    assert short.status_code == 422 and "低于法定最低金额 337.00" in short.content.decode()
    short = agent.post(page("plan_edit", case), plan_of_kettle("299.00", "30.00"))
    assert short.status_code == 422
    assert not CompensationPlan.objects.exists()

    answer = agent.post(page("plan_edit", case), plan_of_kettle("299.00", "38.00"))
    assert answer.status_code == 303
    assert CompensationPlan.objects.get().status == PlanStatus.APPROVED
    assert agent.post(page("offer_send", case), {"valid_days": "7"}).status_code == 303

    read = consumer_client(case).get(reverse("track:case", args=[case.reference]))
    text = read.content.decode()
    assert Offer.objects.count() == 1
    assert "法律规定至少给你 ¥337.00" in text
    assert "产品质量法第四十条；消费者权益保护法第四十八条、第五十二条" in text


def test_a_later_reckoning_holds_back_the_plan_of_an_earlier_one() -> None:
    """「及时调整」: what was found later counts, before anything leaves the house."""
    case, agent = determined_case(), staff_client(Role.AGENT)
    agent.post(page("sheet_edit", case), FACTS)
    agent.post(page("plan_edit", case), plan_of_kettle("299.00", "38.00"))

    assert (
        agent.post(page("sheet_edit", case), FACTS | {"other_losses": "50.00"}).status_code == 303
    )
    held = agent.post(page("offer_send", case), {"valid_days": "7"})

    assert held.status_code == 422 and "法定金额已经重新核算" in held.content.decode()
    assert not Offer.objects.exists()
    assert EntitlementSheet.objects.filter(case=case).count() == 2
