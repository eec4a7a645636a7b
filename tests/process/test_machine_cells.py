"""Every cell of the machine: each stage, each verb, each role; allowed or refused without a trace.

The two tables are written down a second time here, so that a change of the machine or of a right is
made twice or noticed.
"""

from __future__ import annotations

import pytest
from django.db import transaction

from complaints.actors import Actor
from complaints.errors import StepForbidden, StepNotAllowed
from complaints.models import Case, Clock
from complaints.permissions import STEP_ROLES
from complaints.services.events import broken_link
from complaints.states import FINAL_STAGES, ClockState, Stage
from tests.complaints.walking import (
    ALL_ROLES,
    ANYONE,
    ROADS,
    actor_of,
    case_at,
    case_in,
    check_at_commit,
    follow,
    take,
    traces,
)
from tests.factories import make_case

ORIGIN, NO_SUCH_STEP = "origin", "no such step"
MACHINE: dict[str, dict[str, str]] = {
    "received": {
        "accept": "accepted",
        "decline": "declined",
        "withdraw": "withdrawn",
        "merge": "merged",
    },
    "accepted": {
        "open_investigation": "investigating",
        "settle_directly": "negotiating",
        "decline": "declined",
        "merge": "merged",
        "withdraw": "withdrawn",
        "suspend_for_external": "external",
    },
    "investigating": {
        "determine_liability": "liability_determined",
        "merge": "merged",
        "withdraw": "withdrawn",
        "suspend_for_external": "external",
    },
    "liability_determined": {
        "open_negotiation": "negotiating",
        "reinvestigate": "investigating",
        "close_without_liability": "closed",
        "request_review": "under_review",
        "withdraw": "withdrawn",
        "suspend_for_external": "external",
    },
    "negotiating": {
        "sign": "agreed",
        "refer_to_mediation": "mediating",
        "reinvestigate": "investigating",
        "request_review": "under_review",
        "close_unanswered": "closed",
        "withdraw": "withdrawn",
        "suspend_for_external": "external",
    },
    "mediating": {
        "sign": "agreed",
        "end_mediation": ORIGIN,
        "withdraw": "withdrawn",
        "suspend_for_external": "external",
    },
    "agreed": {"start_fulfilment": "fulfilling"},
    "fulfilling": {"complete_fulfilment": "following_up", "declare_breach": "breached"},
    "breached": {
        "resume_fulfilment": "fulfilling",
        "refer_to_mediation": "mediating",
        "suspend_for_external": "external",
    },
    "following_up": {"close": "closed", "resume_fulfilment": "fulfilling"},
    "under_review": {
        "uphold": ORIGIN,
        "dismiss_out_of_time": ORIGIN,
        "withdraw_review": ORIGIN,
        "remit": "investigating",
        "vary": "negotiating",
        "substitute": "liability_determined",
        "withdraw": "withdrawn",
    },
    "external": {
        "return_from_external": ORIGIN,
        "record_award": "fulfilling",
        "close": "closed",
        "withdraw": "withdrawn",
    },
    "declined": {"request_review": "under_review", "reopen": "received"},
    "withdrawn": {"reopen": ORIGIN},
    "merged": {"unmerge": ORIGIN},
    "closed": {"request_review": "under_review", "reopen": "investigating"},
}
RIGHTS: dict[str, str] = {
    "accept": "agent manager",
    "decline": "agent manager",
    "merge": "agent manager",
    "unmerge": "agent manager",
    "withdraw": "agent manager consumer",
    "reopen": "manager",
    "open_investigation": "agent manager investigator",
    "settle_directly": "agent manager",
    "determine_liability": "investigator manager",
    "reinvestigate": "agent manager investigator",
    "close_without_liability": "agent manager investigator system",
    "open_negotiation": "agent manager approver",
    "close_unanswered": "agent manager system",
    "sign": "agent approver manager consumer mediator guest_mediator",
    "start_fulfilment": "agent approver manager consumer mediator guest_mediator system",
    "complete_fulfilment": "agent manager finance consumer system",
    "declare_breach": "agent manager system",
    "resume_fulfilment": "agent manager finance consumer",
    "close": "agent manager consumer system",
    "refer_to_mediation": "agent manager consumer",
    "end_mediation": "agent manager mediator guest_mediator",
    "request_review": "agent manager consumer",
    "withdraw_review": "agent manager consumer",
    "uphold": "reviewer",
    "dismiss_out_of_time": "reviewer",
    "remit": "reviewer",
    "vary": "reviewer",
    "substitute": "reviewer",
    "suspend_for_external": "agent manager",
    "return_from_external": "agent manager",
    "record_award": "agent manager",
}


class Undo(Exception):
    """Takes back a step that was only tried."""


def refusal(case: Case, verb: str, actor: Actor, other: Case) -> str:
    """Try a step that must be refused; nothing around it would take back what it left."""
    try:
        take(case, verb, by=actor, other=other)
    except StepForbidden:
        return "forbidden"
    except StepNotAllowed:
        return NO_SUCH_STEP
    return "taken"


def landing(case: Case, verb: str, actor: Actor, other: Case) -> str:
    """Take a step that must be allowed, look at what it did, and take it back."""
    try:
        with transaction.atomic():
            moved = take(case, verb, by=actor, other=other)
            check_at_commit()
            check_moved(case, moved)
            stage = moved.stage
            raise Undo
    except Undo:
        return stage


def check_moved(before: Case, moved: Case) -> None:
    assert moved.version == before.version + 1
    assert moved.event_count == before.event_count + 1
    assert broken_link(moved) is None
    running = Clock.objects.filter(case=moved, state=ClockState.RUNNING).exists()
    assert running == (moved.stage not in FINAL_STAGES)
    assert (moved.next_due_at is not None) == running


def test_the_tables_name_the_same_stages_and_verbs():
    assert set(MACHINE) == set(Stage.values)
    assert set(RIGHTS) == set(STEP_ROLES)
    assert set(RIGHTS) == {verb for verbs in MACHINE.values() for verb in verbs}


@pytest.mark.django_db
@pytest.mark.parametrize("stage", list(MACHINE))
def test_each_verb_by_each_role(stage):
    case, other = case_in(stage), make_case()
    actors = {role: actor_of(role) for role in ALL_ROLES}
    before = traces(case)
    for verb, roles in RIGHTS.items():
        target = MACHINE[stage].get(verb, NO_SUCH_STEP)
        allowed = roles.split() if target != NO_SUCH_STEP else []
        for role in set(ALL_ROLES) - set(allowed):
            reason = NO_SUCH_STEP if role in roles.split() else "forbidden"
            assert refusal(case, verb, actors[role], other) == reason, (stage, verb, role)
        assert traces(case) == before, (stage, verb, "a refusal left something behind")
        for role in allowed:
            lands = case.origin if target == ORIGIN else target
            assert landing(case, verb, actors[role], other) == lands, (stage, verb, role)


@pytest.mark.django_db
@pytest.mark.parametrize("place", [p for p in ROADS if len(p) > 1], ids="<".join)
def test_each_way_back_leads_to_the_very_stage_that_was_left(place):
    case = case_at(*place)
    assert case.origin == place[1]
    for verb, target in MACHINE[place[0]].items():
        if target == ORIGIN:
            assert landing(case, verb, ANYONE, case) == place[1]


@pytest.mark.django_db
def test_remittal_of_a_refusal_unheard_accepts_and_of_anything_else_investigates():
    unheard = case_at("under_review", "declined")
    heard = follow(case_in("accepted"), "decline request_review")
    closed = case_at("under_review", "closed")
    assert take(unheard, "remit").stage == "accepted"
    assert take(heard, "remit").stage == "investigating"
    assert take(closed, "remit").stage == "investigating"
