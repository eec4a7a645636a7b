"""The money of the demonstration: a fund from the first day on, a closed month, instant offers."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from accounts.models import User
from compensation.models import Fund
from compensation.services.funds import allot, close_month, open_fund
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
