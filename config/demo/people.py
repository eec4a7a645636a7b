"""How the demonstration's people share the work, and what is known of two of its customers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from accounts.models import Skill, User
from accounts.services import plan_absence, set_workload
from accounts.states import AbsenceReason
from complaints.actors import Actor
from complaints.customer_states import ConsentPurpose, ContactChannel, CustomerKind
from complaints.models import Case, Customer, SkillNeed
from complaints.selectors.owners import today
from complaints.services.assigning import tend_owners
from complaints.services.customers import record_consent, set_kinds, set_preferences
from complaints.states import Urgency

# skill, what a case must be to ask for it, who has it
SKILLS: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("安全处置", {"urgency": Urgency.EMERGENCY}, ("agent", "agent2")),
    ("英语", {"language": "en"}, ("agent2",)),
    ("关怀沟通", {"for_care": True}, ("agent", "agent3")),
]
LIMITS = {"agent": 25, "agent2": 25, "agent3": 20, "investigator": 15}


def arrange_people(users: Mapping[str, User]) -> None:
    """Set skills, limits and an absence; then give out what nobody owns."""
    held: dict[str, list[Skill]] = {}
    for name, asks, holders in SKILLS:
        skill = Skill.objects.create(name=name)
        SkillNeed.objects.create(skill=skill, **asks)
        for username in holders:
            held.setdefault(username, []).append(skill)
    for username, limit in LIMITS.items():
        skills = held.get(username, [])
        set_workload(users[username], skills=skills, most_open_cases=limit, takes_cases=True)
    plan_absence(
        users["agent3"],
        starts_on=today() + timedelta(days=3),
        ends_on=today() + timedelta(days=9),
        reason=AbsenceReason.LEAVE,
        by=users["manager"],
        stand_in=users["agent2"],
    )
    tend_owners()


def know_customers(users: Mapping[str, User]) -> None:
    """Write down what the person with most complaints wishes."""
    by = Actor.staff(users["agent"])
    case = Case.objects.filter(consumer__needs_care=True).order_by("pk").first()
    if case is None or case.consumer.customer_id is None:
        return
    customer = Customer.objects.get(pk=case.consumer.customer_id)
    kinds = [CustomerKind.VULNERABLE, CustomerKind.LONG_TERM]
    set_kinds(customer, by=by, kinds=kinds, reason="家里有老人，购买五年以上")
    set_preferences(
        customer, by=by, channel=ContactChannel.PHONE, hours_from=time(9), hours_to=time(11, 30)
    )
    record_consent(customer, by=by, purpose=ConsentPurpose.SURVEY, given=True, source="来电时说的")
