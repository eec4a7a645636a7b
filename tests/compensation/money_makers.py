"""Makers of claims that seem odd, and of funds, by the services."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import Any

from accounts.states import Role
from compensation.models import Fund, ScreeningResult
from compensation.services.funds import allot, open_fund
from compensation.services.marking import note_mark
from compensation.services.screening import decide_screening, screen_waiting
from complaints.actors import Actor
from complaints.models import Case
from complaints.services.evidence import add_evidence
from complaints.services.intake import ContactData
from tests.complaints.intake_steps import picture
from tests.factories import make_case, staff

_keys = itertools.count(1)
HOMES = ("一", "二", "三", "四", "五", "六", "七", "八")
STORIES = (
    "烧水壶买来第二天就漏水，底座也松了",
    "空气炸锅的门关不上，按键没有反应",
    "电风扇转起来晃得厉害，声音很大",
    "吸尘器充不进电，指示灯一直不亮",
    "电饭煲煮饭夹生，内胆涂层掉了一块",
    "加湿器漏在木地板上，地板鼓起来了",
    "洗衣机脱水时跳，门封也破了",
    "冰箱冷藏室结冰，蔬菜都冻坏",
)


def claim(number: int, *, home: str = "", order: str = "", **fields: Any) -> Case:
    """A complaint of a customer of their own."""
    contact = ContactData(
        name=f"客户{number}",
        phone=f"138000000{number:02d}",
        email=f"c{number}@example.test",
        address=home or f"上海市{HOMES[number]}路 {number} 号",
    )
    words = STORIES[number % len(STORIES)]
    return make_case(
        contact=contact,
        description=fields.pop("description", words),
        order_number=order or f"ORDER-{number}",
        **fields,
    )


def with_picture(case: Case, name: str) -> Case:
    """The case with a picture of the consumer's."""
    add_evidence(
        case, by=Actor.consumer(), upload=picture(name), name=f"{name}.jpg", for_consumer=True
    )
    return case


def ring(**fields: Any) -> list[Case]:
    """Three customers of three homes with one payee and one picture."""
    cases = [with_picture(claim(number, **fields), "same") for number in (1, 2, 3)]
    for case in cases:
        note_mark(case, "payee", "6222 0000 1111 2222")
    return cases


def current(case: Case) -> ScreeningResult:
    """The result that counts."""
    return ScreeningResult.objects.get(case=case, is_current=True)


def odd_result() -> ScreeningResult:
    """A result that asks for a person."""
    cases = ring()
    screen_waiting()
    return current(cases[0])


def decided(outcome: str = "ask_proof", *, by: Actor | None = None) -> Any:
    """A decision about such a result."""
    return decide_screening(
        odd_result(),
        by=by or staff(Role.MANAGER),
        outcome=outcome,
        reason="三起用同一张照片",
        words="" if outcome == "cleared" else "照片和另外两起投诉相同",
    )


def fund_of(amount: str = "10000.00", **fields: Any) -> Fund:
    """An open fund with a budget."""
    by = staff(Role.MANAGER)
    fund = open_fund(by=by, name=fields.pop("name", "年度补偿"), **fields)
    allot(fund, by=by, amount=Decimal(amount), note="年初预算", key=f"budget-{next(_keys)}")
    return fund
