"""The money of the demonstration: a fund from the first day on, a closed month, instant offers."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from compensation.models import Fund
from compensation.selectors.standards import standards_on
from compensation.services.funds import allot, close_month, open_fund
from compensation.services.standards import (
    StandardData,
    publish_standard,
    save_standard,
    standard_mark,
)
from compensation.services.standing import StandingData, approve_standing, propose_standing
from complaints.actors import Actor
from complaints.moments import now, reset_shift, shift_to
from complaints.selectors.policies import working_calendar
from complaints.states import Category

BUDGET, MORE = Decimal("180000.00"), Decimal("60000.00")


def set_money_aside(users: dict[str, User], *, since: datetime) -> Fund:
    """Open the company's fund before the first complaint, with a budget and a later addition."""
    finance = Actor.staff(users["finance"])
    try:
        shift_to(since)
        fund = open_fund(by=finance, name="客诉补偿资金")
        allot(fund, by=finance, amount=BUDGET, note="年度预算", key="demo-budget")
    finally:
        reset_shift()
    return fund


REFERENCES = (
    ("inconvenience-severe", "150.00", "300.00", "演示数据：三家同类商家公开的安全事故补偿说明"),
    ("inconvenience-moderate", "50.00", "150.00", "演示数据：三家同类商家公开的售后补偿说明"),
    ("voucher-severe", "200.00", "500.00", "演示数据：两家平台公开的安抚券档位"),
    ("warranty-two-years", "80.00", "200.00", "演示数据：厂商两年延保的公开售价"),
)
"""What others pay for the same, invented: every one says that it is a demonstration's."""


def look_at_the_market(users: dict[str, User]) -> None:
    """Give rows of the company's table a market reference: the manager drafts, another publishes.

    The published version holds from today on, so that earlier plans keep what they stood on.
    """
    today = working_calendar().local_date(now())
    writer, publisher = Actor.staff(users["manager"]), Actor.staff(users["admin"])
    for code, low, high, source in REFERENCES:
        row = next(row for row in standards_on(today) if row.code == code)
        kept = {one.name: getattr(row, one.name) for one in fields(StandardData)}
        new = StandardData(
            **kept
            | {
                "market_low": Decimal(low),
                "market_high": Decimal(high),
                "market_source": source,
                "market_document": "演示用，不是真实的市场数据",
                "market_on": today,
                "effective_from": today,
                "reason": "补上市场参考，金额不变。",
            }
        )
        draft = save_standard(code, by=writer, new=new)
        publish_standard(code, by=publisher, mark=standard_mark(draft))


def close_books(users: dict[str, User], fund: Fund) -> None:
    """Add to the budget, and close the month before this one."""
    finance = Actor.staff(users["finance"])
    allot(fund, by=finance, amount=MORE, note="四季度追加", key="demo-addition")
    last_month = working_calendar().local_date(now()).replace(day=1) - timedelta(days=1)
    close_month(fund, by=finance, month=last_month)


def allow_instant_offers(users: dict[str, User], fund: Fund) -> None:
    """Switch instant offers on: an agent proposed the limits, the manager approved them."""
    today = working_calendar().local_date(now())
    limits = StandingData(
        categories=[Category.QUALITY, Category.DELIVERY, Category.AFTER_SALE],
        most_each=Decimal("1000.00"),
        most_together=Decimal("20000.00"),
        extra=Decimal("20.00"),
        fund=fund,
        caretaker=users["agent"],
        until=today + timedelta(days=180),
        reason="小额、照片清楚、没有异常提示的质量和物流问题，当场解决比来回沟通更好。",
    )
    proposed = propose_standing(limits, by=Actor.staff(users["agent"]))
    approve_standing(proposed, by=Actor.staff(users["manager"]))
