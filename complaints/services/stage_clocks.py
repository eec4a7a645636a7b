"""Which clocks run in which stage, and what a step does to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from complaints.actors import Actor
from complaints.models import Case, Clock, StageEdge
from complaints.models.case import emergency_is_answered
from complaints.services.clocks import (
    live_clocks,
    pause_clocks,
    refresh_next_due,
    resume_clocks,
    start_clock,
    stop_clocks,
)
from complaints.services.locking import locked_case
from complaints.states import UNBOUND_CLOCKS, ClockKind, Stage

ENTRY_CLOCK = {
    Stage.RECEIVED: ClockKind.ACKNOWLEDGEMENT,
    Stage.ACCEPTED: ClockKind.SOLUTION,
    Stage.INVESTIGATING: ClockKind.INVESTIGATION,
    Stage.LIABILITY_DETERMINED: ClockKind.OFFER,
    Stage.NEGOTIATING: ClockKind.OFFER,
    Stage.MEDIATING: ClockKind.MEDIATION,
    Stage.AGREED: ClockKind.ENTRY_INTO_FORCE,
    Stage.BREACHED: ClockKind.BREACH_REMEDY,
    Stage.FOLLOWING_UP: ClockKind.FOLLOW_UP,
    Stage.UNDER_REVIEW: ClockKind.REVIEW,
    Stage.EXTERNAL: ClockKind.EXTERNAL,
}
"""The clock that starts when a stage is entered and the caller names no other.

`fulfilling` has none: its clocks are the obligations', which the caller must name.
"""


NEXT_DUE = ("next_due_at", "next_due_kind", "is_late")
"""The fields of a Case that are derived from its running clocks."""


@dataclass(frozen=True)
class ClockStart:
    """A clock that a step starts instead of the stage's usual one."""

    kind: str
    subject: str = ""
    until: datetime | None = None


def turn_stage_clocks(
    case: Case, verb: str, edge: str, *, by: Actor, clocks: Sequence[ClockStart] | None
) -> None:
    """Do to the clocks of a locked Case what a step asks for, and save its next due moment.

    A step aside rests the stage's clocks, the step back lets exactly those run on, a step onward
    stops them. The emergency clock runs through all of it; unanswered, even past the Case's end.
    """
    live = live_clocks(case)
    passing = ending_with_stage(live) if case.is_open else ending_with_case(case, live)
    resumed: list[Clock] = []
    if edge == StageEdge.Kind.ASIDE:
        pause_clocks(case, passing, by=by, cause=verb, depth=len(case.origins))
    elif edge == StageEdge.Kind.BACK:
        resumed = [c for c in live if c.pause_depth == len(case.origins) + 1]
        stop_clocks(case, _begun_aside(passing), by=by, cause=verb)
    else:
        stop_clocks(case, passing, by=by, cause=verb)
    resume_clocks(case, resumed if case.is_open else [], by=by, cause=verb)
    if case.is_open and (clocks is not None or not resumed):
        for start in clocks if clocks is not None else _usual(case):
            start_clock(
                case, start.kind, by=by, cause=verb, subject=start.subject, until=start.until
            )
    save_next_due(case)


def ending_with_stage(live: Sequence[Clock], *, keep: Sequence[str] = ()) -> list[Clock]:
    """Return the live clocks that end or rest with a stage; the end of a pause goes with its clock.

    Emergencies, promises that follow events and the kinds in `keep` run on.
    """
    staying = {clock.pk for clock in live if clock.kind in UNBOUND_CLOCKS or clock.kind in keep}
    subjects = {pause_subject(pk) for pk in staying}
    return [
        clock
        for clock in live
        if clock.pk not in staying
        and not (clock.kind == ClockKind.PAUSE_END and clock.subject in subjects)
    ]


def _begun_aside(passing: Sequence[Clock]) -> list[Clock]:
    """Return what the step back ends; what a person had paused before the step aside stays so."""
    resting = {c.subject for c in passing if c.kind == ClockKind.PAUSE_END and c.pause_depth}
    return [c for c in passing if c.pause_depth is None and pause_subject(c.pk) not in resting]


def ending_with_case(case: Case, live: Sequence[Clock]) -> list[Clock]:
    """Return the live clocks that end or rest with the Case.

    A request about the data runs on, and so does a danger that nobody has answered.
    """
    staying = {ClockKind.DATA_REQUEST}
    if not emergency_is_answered(case):
        staying.add(ClockKind.EMERGENCY)
    return [clock for clock in live if clock.kind not in staying]


def pause_subject(clock_id: int) -> str:
    """Return the subject of the clock that ends the pause of another."""
    return f"clock:{clock_id}"


def _usual(case: Case) -> list[ClockStart]:
    kind = ENTRY_CLOCK.get(Stage(case.stage))
    return [ClockStart(kind)] if kind else []


def save_next_due(case: Case) -> None:
    """Derive the Case's next due moment from its running clocks and save it."""
    refresh_next_due(case)
    case.save(update_fields=NEXT_DUE)


@transaction.atomic
def hand_turn(
    case: Case, *starts: ClockStart, by: Actor, cause: str, keep: Sequence[str] = ()
) -> Case:
    """Within a stage, stop the running clocks and start others: it is somebody else's turn.

    The emergency clock and the kinds in `keep` run on. Returns the Case as it now is.
    """
    case = locked_case(case)
    passing = ending_with_stage(live_clocks(case), keep=keep)
    stop_clocks(case, [c for c in passing if c.pause_depth is None], by=by, cause=cause)
    for start in starts:
        start_clock(case, start.kind, by=by, cause=cause, subject=start.subject, until=start.until)
    save_next_due(case)
    return case


@transaction.atomic
def stop_kind(case: Case, kind: str, *, by: Actor, cause: str, subject: str = "") -> Case:
    """Stop one running clock of a Case, if there is one. Returns the Case as it now is."""
    case = locked_case(case)
    ending = [c for c in live_clocks(case) if c.kind == kind and c.subject == subject]
    stop_clocks(case, ending, by=by, cause=cause)
    save_next_due(case)
    return case
