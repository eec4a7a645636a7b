"""Whose turn it is while an agreement is made: ours to draft, or the signers'."""

from __future__ import annotations

from datetime import datetime

from complaints.actors import Actor
from complaints.models import Case
from complaints.services.stage_clocks import ClockStart, hand_turn
from complaints.states import ClockKind, Stage


def our_turn(
    case: Case, *, by: Actor, cause: str, kind: str = ClockKind.AGREEMENT_DRAFT, subject: str = ""
) -> Case:
    """Let our own clock run; in a mediation its clock goes on alone.

    The usual one is for drafting; after a refusal it is that of a new offer, after the consumer's
    signature that of entry into force.
    """
    if case.stage == Stage.MEDIATING:
        return hand_turn(case, by=by, cause=cause, keep=(ClockKind.MEDIATION,))
    if case.stage != Stage.NEGOTIATING:
        return case
    return hand_turn(case, ClockStart(kind, subject=subject), by=by, cause=cause)


def signers_turn(case: Case, *, subject: str, until: datetime, by: Actor, cause: str) -> Case:
    """Let the clock for signing run until the agreed moment."""
    start = ClockStart(ClockKind.SIGNATURE, subject=subject, until=until)
    return hand_turn(case, start, by=by, cause=cause, keep=(ClockKind.MEDIATION,))
