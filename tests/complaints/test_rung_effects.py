"""A rung tells whom its row names, and may hand the case to the team's manager."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from accounts.states import Role
from complaints.models import Case, CaseEvent, Clock, ClockPolicy, Notification
from complaints.moments import now, shift_to
from complaints.selectors.people import responsible_for
from complaints.services import triage
from complaints.services.events import broken_link
from complaints.services.rung_effects import people_to_tell
from complaints.services.sweeping import sweep
from tests.complaints.walking import ANYONE
from tests.factories import make_case, make_team, make_user

pytestmark = pytest.mark.django_db
LADDER = [
    {"rung": "warn_50", "fraction": "0.5"},
    {"rung": "breach", "fraction": "1", "tell": ["owner"]},
    {"rung": "escalation_1", "after_hours": "4", "effect": "assign_manager"},
]


def owned_case() -> tuple[Case, User, User]:
    """A case with its owner and the manager of the owner's team."""
    manager = make_user(Role.MANAGER)
    owner = make_user(Role.AGENT, team=make_team(manager=manager))
    return triage.assign(make_case(), owner=owner, by=ANYONE), owner, manager


def under(case: Case, ladder: list[dict[str, Any]]) -> Clock:
    """Put the case's clock under a policy that has this ladder."""
    clock = case.clocks.select_related("policy").get()
    policy = clock.policy
    policy.pk, policy.version, policy.state, policy.ladder = None, 99, "draft", ladder
    policy._state.adding = True
    policy.save()
    Clock.objects.filter(pk=clock.pk).update(policy=policy)
    return Clock.objects.select_related("policy").get(pk=clock.pk)


def told(case: Case, clock: Clock, rung: str) -> list[User]:
    return people_to_tell(case, clock=clock, rung=rung)


def test_row_decides_who_is_told() -> None:
    case, owner, manager = owned_case()
    other, gone = make_user(Role.MANAGER), make_user(Role.MANAGER, is_active=False)
    clock = under(
        case,
        [
            {"rung": "warn_50", "tell": ["team_manager"]},
            {"rung": "warn_75", "tell": ["owner", "manager"]},
            {"rung": "breach", "tell": ["owner"]},
            {"rung": "escalation_1", "tell": ["reviewer"]},
        ],
    )
    assert told(case, clock, "warn_50") == [manager]
    assert told(case, clock, "warn_75") == [owner, manager, other]
    assert told(case, clock, "breach") == [owner]
    assert told(case, clock, "escalation_1") == [owner, manager]
    assert gone not in told(case, clock, "warn_75")


def test_row_that_names_nobody_means_the_usual_people() -> None:
    case, owner, manager = owned_case()
    clock = case.clocks.select_related("policy").get()

    assert told(case, clock, "warn_50") == [owner]
    assert told(case, clock, "breach") == [owner, manager]
    case.owner = None
    assert told(case, clock, "warn_50") == [manager]


def test_escalation_hands_the_case_to_the_manager() -> None:
    case, owner, manager = owned_case()
    under(case, LADDER)
    shift_to(now() + timedelta(hours=29))

    sweep()
    sweep()

    fresh = Case.objects.get(pk=case.pk)
    assert fresh.owner == manager
    event = CaseEvent.objects.get(case=case, kind="handed_to_manager")
    assert event.data["changes"]["owner"] == [owner.pk, manager.pk]
    people = Notification.objects.filter(case=case, kind="handed_to_manager")
    assert {notice.user for notice in people} == {owner, manager}
    assert broken_link(fresh) is None


def test_case_of_the_manager_or_without_one_stays() -> None:
    case, _owner, manager = owned_case()
    case = triage.assign(case, owner=manager, by=ANYONE)
    under(case, LADDER)
    alone = make_case()
    under_the_same = ClockPolicy.objects.get(version=99)
    Clock.objects.filter(case=alone).update(policy=under_the_same)
    shift_to(now() + timedelta(hours=29))

    assert sweep().errors == 0

    assert not CaseEvent.objects.filter(kind="handed_to_manager").exists()


def test_case_without_owner_and_team_is_told_to_all_managers() -> None:
    managers = [make_user(Role.MANAGER), make_user(Role.MANAGER)]
    make_user(Role.MANAGER, is_active=False)
    case = make_case()
    clock = case.clocks.select_related("policy").get()
    assert case.team is None
    assert told(case, clock, "warn_50") == told(case, clock, "breach") == managers
    assert responsible_for(case) == managers

    case.team = make_team(manager=managers[1])
    assert told(case, clock, "breach") == responsible_for(case) == [managers[1]]
    managers[1].is_active = False
    case.owner = make_user(Role.AGENT, is_active=False)
    assert told(case, clock, "warn_50") == responsible_for(case) == [managers[0], managers[1]]
