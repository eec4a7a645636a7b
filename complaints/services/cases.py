"""Taking a step. `move` is the only way in which a Case changes its stage."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import TransitionNotAllowed

from complaints.actors import Actor
from complaints.errors import StepForbidden, StepNotAllowed
from complaints.models import Case, StageEdge
from complaints.models.machine import declared_edges
from complaints.moments import now
from complaints.permissions import check_step
from complaints.selectors.owners import bar_to_deciding
from complaints.selectors.steps import unmet_condition
from complaints.services.event_clocks import follow_event
from complaints.services.events import append_event
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_consumer
from complaints.services.stage_clocks import NEXT_DUE, ClockStart, turn_stage_clocks
from complaints.states import FINAL_STAGES

STEPS_TOLD_TO_CONSUMER = frozenset(
    {
        "accept",
        "decline",
        "withdraw",
        "reopen",
        "merge",
        "determine_liability",
        "close_without_liability",
        "open_negotiation",
        "close_unanswered",
        "refer_to_mediation",
        "end_mediation",
        "sign",
        "declare_breach",
        "complete_fulfilment",
        "close",
        "request_review",
        "withdraw_review",
        "uphold",
        "dismiss_out_of_time",
        "remit",
        "vary",
        "substitute",
        "suspend_for_external",
        "return_from_external",
        "record_award",
    }
)


@lru_cache(maxsize=1)
def _edge_kinds() -> dict[tuple[str, str], str]:
    return {(verb, source): kind for verb, source, _target, kind in declared_edges()}


@transaction.atomic
def move(
    case: Case,
    verb: str,
    *,
    by: Actor,
    seen: int | None = None,
    step: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
    text: Any = None,
    clocks: Sequence[ClockStart] | None = None,
    tell: bool = True,
) -> Case:
    """Take one step: check the role, lock, check the version, change, record, run clocks, tell.

    `step` goes to the transition, `data` (codes and ids) and `text` (personal, sealed) to the
    event; `clocks` replaces the stage's usual clock. Returns the Case as it now is; the one passed
    in is stale. Raises StepForbidden, StaleCase or StepNotAllowed, and then changes nothing.
    """
    check_step(by, verb)
    case = locked_case(case, seen=seen)
    _check_no_conflict(case, by)
    old = case.stage
    _take(case, verb, step or {})
    kind = _edge_kinds()[verb, old]
    _remember_origin(case, kind, old)
    _stamp(case, verb)
    _save(case)
    event = append_event(
        case,
        verb,
        by=by,
        data=data,
        text=text,
        for_consumer=True,
        old_stage=old,
        new_stage=case.stage,
    )
    follow_event(case, verb, by=by)
    turn_stage_clocks(case, verb, kind, by=by, clocks=clocks)
    if tell and verb in STEPS_TOLD_TO_CONSUMER and case.imported_at is None:
        tell_consumer(case, verb, key=f"step:{event.case_id}:{event.sequence}", event=event)
    return case


def _check_no_conflict(case: Case, by: Actor) -> None:
    """Let nobody take a step in a case that they have an interest in."""
    because = bar_to_deciding(case, by.user) if by.user is not None else ""
    if because:
        words = {"reason": because}
        raise StepForbidden(_("你不能处理这个案件：%(reason)s。请交给别的同事。") % words)


def _take(case: Case, verb: str, step: dict[str, Any]) -> None:
    if (verb, case.stage) not in _edge_kinds():
        raise StepNotAllowed(
            _("案件现在的阶段是「%(stage)s」，不能做这一步。") % {"stage": case.get_stage_display()}
        )
    try:
        getattr(case, verb)(**step)
    except TransitionNotAllowed as refusal:
        raise StepNotAllowed(unmet_condition(case, verb)) from refusal


def _remember_origin(case: Case, kind: str, old: str) -> None:
    if kind == StageEdge.Kind.ASIDE:
        case.origins = [*case.origins, old]
    elif kind == StageEdge.Kind.BACK:
        case.origins = case.origins[:-1]
    else:
        case.origins = []


def _stamp(case: Case, verb: str) -> None:
    moment = now()
    case.stage_since = moment
    case.version += 1
    case.closed_at = moment if case.stage in FINAL_STAGES else None
    if verb == "accept":
        case.accepted_at = moment


def _save(case: Case) -> None:
    case.save(
        update_fields=[
            "stage",
            "origins",
            "version",
            "stage_since",
            "accepted_at",
            "closed_at",
            "decline_ground",
            "merged_into",
        ]
    )


@transaction.atomic
def touch(
    case: Case,
    kind: str,
    *,
    by: Actor,
    changes: dict[str, Any] | None = None,
    seen: int | None = None,
    data: dict[str, Any] | None = None,
    text: Any = None,
    for_consumer: bool = False,
) -> Case:
    """Change fields of a Case without a step, and record it as one event with old and new values.

    `changes` may not name the stage. Returns the Case as it now is. Raises StaleCase.
    """
    case = locked_case(case, seen=seen)
    changes = changes or {}
    differing = {
        field: [_plain(getattr(case, field)), _plain(value)] for field, value in changes.items()
    }
    for field, value in changes.items():
        setattr(case, field, value)
    append_event(
        case,
        kind,
        by=by,
        data={**(data or {}), **({"changes": differing} if differing else {})},
        text=text,
        for_consumer=for_consumer,
    )
    case.version += 1
    due = NEXT_DUE if follow_event(case, kind, by=by) else ()
    case.save(update_fields=[*changes, "version", *due])
    return case


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    return getattr(value, "pk", None) or str(value)
