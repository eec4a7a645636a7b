"""Makers of approvals of instant offers and of cases that fit them, by the services."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounts.states import Role
from compensation.models import Fund, InstantOffer, StandingApproval
from compensation.services.instant import offer_instantly
from compensation.services.standing import StandingData, approve_standing, propose_standing
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from tests.compensation.money_makers import fund_of, with_picture
from tests.factories import make_case, make_user, staff


def standing_data(fund: Fund | None = None, **fields: Any) -> StandingData:
    """Limits for quality cases up to 500 yuan each."""
    today = working_calendar().local_date(now())
    return StandingData(
        categories=fields.pop("categories", ["QUALITY"]),
        most_each=Decimal(fields.pop("most_each", "500.00")),
        most_together=Decimal(fields.pop("most_together", "5000.00")),
        extra=Decimal(fields.pop("extra", "20.00")),
        fund=fund or Fund.objects.first() or fund_of(),
        caretaker=fields.pop("caretaker", None) or make_user(Role.AGENT, display_name="林晓"),
        until=fields.pop("until", today + timedelta(days=90)),
        reason=fields.pop("reason", "小额质量问题，照片清楚的当场解决"),
        **fields,
    )


def proposed(**fields: Any) -> StandingApproval:
    """An approval that waits for another person."""
    return propose_standing(standing_data(**fields), by=staff(Role.AGENT))


def approved(*, by: Actor | None = None, **fields: Any) -> StandingApproval:
    """An approval in force."""
    return approve_standing(proposed(**fields), by=by or staff(Role.MANAGER))


def fitting_case(**fields: Any) -> Case:
    """A minor, documented complaint sent by the form: a kettle of 299 yuan."""
    today = working_calendar().local_date(now())
    about: dict[str, Any] = {
        "category": "QUALITY",
        "issue": "COSMETIC",
        "description": "新买的水壶外壳有一道划痕，想处理一下。",
        "product_text": "安居 K7 电热水壶",
        "order_number": "A-7001",
        "purchased_on": today - timedelta(days=3),
        "amount_paid": Decimal("299.00"),
    }
    documented = fields.pop("documented", True)
    case = make_case(**{**about, **fields})
    return with_picture(case, f"kettle-{case.pk}") if documented else case


def shown(**fields: Any) -> InstantOffer:
    """An instant offer that its consumer sees."""
    approved()
    made = offer_instantly(fitting_case(**fields))
    assert made is not None
    return made
