"""What a rung does besides being recorded: what its row of the ladder says, and whom it tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.clock_arithmetic import is_warning
from complaints.models import Case, Clock, Timer
from complaints.selectors.owners import bars
from complaints.selectors.people import managers_of, responsible_for
from complaints.services.cases import touch
from complaints.services.outbox import tell_staff
from complaints.services.pausing import end_pause
from complaints.states import NOBODYS_FAULT, ClockKind, Rung

ASSIGN_MANAGER = "assign_manager"
OWNER, TEAM_MANAGER = "owner", "team_manager"
_CHANGED = (
    "event_count",
    "last_event_hash",
    "version",
    "is_late",
    "next_due_at",
    "next_due_kind",
    "owner",
)


def blames_us(clock: Clock) -> bool:
    """Say whether the end of a clock's time is a promise of ours that was missed."""
    return clock.kind not in NOBODYS_FAULT


def was_promised(clock: Clock) -> bool:
    """Say whether the consumer is told of a clock's breach; triage is a matter of the house."""
    return blames_us(clock) and clock.kind != ClockKind.TRIAGE


def ends_pause(timer: Timer) -> bool:
    """Say whether a timer is the end of a pause, which lets another clock run on."""
    return timer.clock.kind == ClockKind.PAUSE_END and timer.rung == Rung.BREACH


def carry_out_effect(case: Case, timer: Timer) -> None:
    """Do to a locked Case what a rung's row says; the Case then holds what was changed."""
    effect = _row(timer.clock, timer.rung).get("effect", "")
    if ends_pause(timer):
        end_pause(case, timer.clock)
        told = responsible_for(case)
        tell_staff(case, "pause_ended", users=told, key=f"timer:{timer.pk}")
    elif effect == ASSIGN_MANAGER and case.is_open:
        _hand_to_manager(case, timer)
    else:
        return
    case.refresh_from_db(fields=_CHANGED)


def people_to_tell(case: Case, *, clock: Clock, rung: str) -> list[User]:
    """Return whom a rung's row names, each once.

    A row that names nobody, or nobody who is there, means the owner and, from the breach on or if
    nobody owns the case, the team's manager; where neither is there, all managers.
    """
    named = _people(case, _row(clock, rung).get("tell", ()))
    if named:
        return named
    warns_owner = is_warning(rung) and case.owner is not None
    usual = _people(case, (OWNER,) if warns_owner else (OWNER, TEAM_MANAGER))
    return usual or managers_of(case)


def _row(clock: Clock, rung: str) -> Mapping[str, Any]:
    return next((row for row in clock.policy.ladder if row["rung"] == rung), {})


def _people(case: Case, names: Iterable[str]) -> list[User]:
    people: list[User | None] = []
    for name in names:
        if name == OWNER:
            people.append(case.owner)
        elif name == TEAM_MANAGER:
            people.append(case.team.manager if case.team else None)
        elif name in Role.values:
            holders = User.objects.filter(is_active=True, roles__contains=[name])
            people += holders.order_by("pk")
    seen = {person.pk: person for person in people if person is not None and person.is_active}
    return list(seen.values())


def _hand_to_manager(case: Case, timer: Timer) -> None:
    manager = case.team.manager if case.team else None
    if manager is None or not manager.is_active or case.owner_id == manager.pk:
        return
    if bars(case, [manager]):
        return
    data = {"clock": timer.clock.kind, "rung": timer.rung}
    told = [person for person in (manager, case.owner) if person is not None]
    touch(case, "handed_to_manager", by=Actor.system(), changes={"owner": manager}, data=data)
    tell_staff(case, "handed_to_manager", users=told, key=f"handed:{timer.pk}", data=data)
