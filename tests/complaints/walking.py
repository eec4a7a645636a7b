"""Taking a case from stage to stage by `move` alone, as tests of the machine need it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from accounts.states import Role
from complaints.actors import CONSUMER_ROLE, GUEST_MEDIATOR_ROLE, SYSTEM_ROLE, Actor
from complaints.models import Case
from complaints.moments import now
from complaints.services.cases import move, touch
from complaints.services.stage_clocks import ClockStart
from complaints.states import (
    ActorKind,
    ClockKind,
    DeclineGround,
    Severity,
    Stage,
)
from tests.factories import make_case, make_user

ALL_ROLES = [*map(str, Role), CONSUMER_ROLE, GUEST_MEDIATOR_ROLE, SYSTEM_ROLE]
ANYONE = Actor(kind=ActorKind.SYSTEM, roles=frozenset(ALL_ROLES))
VERBS_INTO_FULFILMENT = {"start_fulfilment", "resume_fulfilment", "record_award"}

_LIABILITY = "accept open_investigation determine_liability"
_NEGOTIATING = f"{_LIABILITY} open_negotiation"
_FULFILLING = f"{_NEGOTIATING} sign start_fulfilment"
_BREACHED = f"{_FULFILLING} declare_breach"
_CLOSED = f"{_FULFILLING} complete_fulfilment close"
ROADS: dict[tuple[str, ...], str] = {
    (Stage.RECEIVED,): "",
    (Stage.ACCEPTED,): "accept",
    (Stage.INVESTIGATING,): "accept open_investigation",
    (Stage.LIABILITY_DETERMINED,): _LIABILITY,
    (Stage.NEGOTIATING,): _NEGOTIATING,
    (Stage.AGREED,): f"{_NEGOTIATING} sign",
    (Stage.FULFILLING,): _FULFILLING,
    (Stage.BREACHED,): _BREACHED,
    (Stage.FOLLOWING_UP,): f"{_FULFILLING} complete_fulfilment",
    (Stage.CLOSED,): _CLOSED,
    (Stage.DECLINED,): "decline",
    (Stage.MEDIATING, Stage.NEGOTIATING): f"{_NEGOTIATING} refer_to_mediation",
    (Stage.MEDIATING, Stage.BREACHED): f"{_BREACHED} refer_to_mediation",
    (Stage.UNDER_REVIEW, Stage.LIABILITY_DETERMINED): f"{_LIABILITY} request_review",
    (Stage.UNDER_REVIEW, Stage.NEGOTIATING): f"{_NEGOTIATING} request_review",
    (Stage.UNDER_REVIEW, Stage.DECLINED): "decline request_review",
    (Stage.UNDER_REVIEW, Stage.CLOSED): f"{_CLOSED} request_review",
    (Stage.EXTERNAL, Stage.ACCEPTED): "accept suspend_for_external",
    (Stage.EXTERNAL, Stage.INVESTIGATING): "accept open_investigation suspend_for_external",
    (Stage.EXTERNAL, Stage.LIABILITY_DETERMINED): f"{_LIABILITY} suspend_for_external",
    (Stage.EXTERNAL, Stage.NEGOTIATING): f"{_NEGOTIATING} suspend_for_external",
    (Stage.EXTERNAL, Stage.MEDIATING): f"{_NEGOTIATING} refer_to_mediation suspend_for_external",
    (Stage.EXTERNAL, Stage.BREACHED): f"{_BREACHED} suspend_for_external",
    (Stage.WITHDRAWN, Stage.RECEIVED): "withdraw",
    (Stage.WITHDRAWN, Stage.ACCEPTED): "accept withdraw",
    (Stage.WITHDRAWN, Stage.INVESTIGATING): "accept open_investigation withdraw",
    (Stage.WITHDRAWN, Stage.LIABILITY_DETERMINED): f"{_LIABILITY} withdraw",
    (Stage.WITHDRAWN, Stage.NEGOTIATING): f"{_NEGOTIATING} withdraw",
    (Stage.WITHDRAWN, Stage.MEDIATING): f"{_NEGOTIATING} refer_to_mediation withdraw",
    (Stage.WITHDRAWN, Stage.UNDER_REVIEW): f"{_LIABILITY} request_review withdraw",
    (Stage.WITHDRAWN, Stage.EXTERNAL): "accept suspend_for_external withdraw",
    (Stage.MERGED, Stage.RECEIVED): "merge",
    (Stage.MERGED, Stage.ACCEPTED): "accept merge",
    (Stage.MERGED, Stage.INVESTIGATING): "accept open_investigation merge",
}
"""The steps that lead to each stage, and for a returning stage to each stage it was left from."""


def actor_of(role: str) -> Actor:
    """Somebody who holds this one role."""
    if role == CONSUMER_ROLE:
        return Actor.consumer()
    if role == GUEST_MEDIATOR_ROLE:
        return Actor.guest_mediator()
    if role == SYSTEM_ROLE:
        return Actor.system()
    return Actor.staff(make_user(Role(role)))


def facts_of(verb: str, other: Case | None) -> dict[str, Any]:
    """What `move` must be given for a verb, besides the actor."""
    facts: dict[str, Any] = {}
    if verb == "decline":
        facts["step"] = {"ground": DeclineGround.OUT_OF_REMIT}
    if verb == "merge":
        facts["step"] = {"into": other}
    if verb in VERBS_INTO_FULFILMENT:
        until = now() + timedelta(days=5)
        facts["clocks"] = [ClockStart(ClockKind.OBLIGATION, subject="obligation:1", until=until)]
    return facts


def take(case: Case, verb: str, *, by: Actor = ANYONE, other: Case | None = None) -> Case:
    """Take one step; what the step needs is filled in."""
    if verb == "merge" and other is None:
        other = make_case()
    return move(case, verb, by=by, **facts_of(verb, other))


def minor_case() -> Case:
    """A case just received that any verb of the machine may carry on."""
    return touch(make_case(), "classified", by=ANYONE, changes={"severity": Severity.MINOR})


def case_at(*place: str) -> Case:
    """A case at a stage, with the stage that it was left from where it is a returning one."""
    return follow(minor_case(), ROADS[place])


def case_in(stage: str) -> Case:
    """A case in a stage, by the first road that leads there."""
    return case_at(*next(place for place in ROADS if place[0] == stage))


def follow(case: Case, road: str) -> Case:
    """Take the steps of a road, one after the other."""
    for verb in road.split():
        case = take(case, verb)
    return case


_TRACES = """
SELECT c::text,
  (SELECT string_agg(k::text, ';' ORDER BY k.id) FROM complaints_clock k WHERE k.case_id = c.id),
  (SELECT string_agg(t::text, ';' ORDER BY t.id) FROM complaints_timer t WHERE t.case_id = c.id),
  (SELECT count(*) FROM complaints_clockentry),
  (SELECT count(*) FROM complaints_caseevent),
  (SELECT count(*) FROM complaints_eventpayload),
  (SELECT count(*) FROM complaints_outboxmessage),
  (SELECT count(*) FROM complaints_notification),
  (SELECT count(*) FROM complaints_message)
FROM complaints_case c WHERE c.id = %s
"""


def traces(case: Case) -> tuple[Any, ...]:
    """Everything that a step could leave behind: the case, its clocks, and counts of the rest."""
    with connection.cursor() as cursor:
        cursor.execute(_TRACES, [case.pk])
        return tuple(cursor.fetchone())


def check_at_commit() -> None:
    """Let the database check now what it would check at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
