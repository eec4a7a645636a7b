"""A person pauses a clock: for a listed cause, with proof, up to a cap, and the consumer is told.

While a clock rests, another runs to the end of the pause and then lets it go on, so that nothing
waits for ever because somebody forgot it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Clock, Evidence
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.pause_caps import is_used_proof, largest_cap, pause_room
from complaints.services.cases import touch
from complaints.services.clocks import pause_clocks, resume_clocks, start_clock, stop_clocks
from complaints.services.locking import locked_case
from complaints.services.outbox import has_address, tell_consumer
from complaints.services.stage_clocks import pause_subject, save_next_due
from complaints.states import NOBODYS_FAULT, ClockKind, ClockState, PauseCause

JUST_AFTER = timedelta(hours=4)
"""A pause this soon after the consumer wrote is marked for the manager."""


@transaction.atomic
def pause_clock(
    case: Case,
    clock_id: int,
    *,
    cause: str,
    until: datetime,
    reason: str,
    by: Actor,
    proof_id: int | None = None,
    told: bool = False,
    seen: int | None = None,
) -> Case:
    """Rest one running clock of ours until `until` at the latest, and tell the consumer why.

    `told` says that a person told a consumer who has no address. Raises CaseError, naming the
    field, for a cause that the clock's policy does not list, a pause beyond its cap or in the past,
    a missing reason or proof, a consumer who was not asked or told, or a clock that is late, paused
    or not ours to pause; StepForbidden for anybody who does not handle cases.
    """
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    case = locked_case(case, seen=seen)
    clock = _running(case, clock_id)
    rule = _rule(clock, cause)
    _check_span(clock, rule, until)
    if not reason.strip():
        raise CaseError(_("请写明为什么暂停，消费者会看到。"), field="reason")
    proof = _proof(case, proof_id, rule)
    detail = {
        "pause": cause,
        "until": until.isoformat(),
        "proof": proof.pk if proof else None,
        "after_reply": _just_after_reply(case),
        "told_by": _told_by(case, told=told),
    }
    pause_clocks(case, [clock], by=by, cause="paused", depth=None, detail=detail)
    start_clock(
        case,
        ClockKind.PAUSE_END,
        by=by,
        cause="paused",
        subject=pause_subject(clock.pk),
        until=until,
    )
    save_next_due(case)
    return _record(case, "clock_paused", clock, by=by, data=detail, text={"reason": reason})


@transaction.atomic
def resume_clock(case: Case, clock_id: int, *, by: Actor, cause: str = "resumed") -> Case:
    """Let a clock that a person paused run on; `cause` tells why.

    Raises CaseError when it is not paused, StepForbidden for staff who do not handle cases.
    """
    if by.user is not None and not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    case = locked_case(case)
    clock = case.clocks.filter(
        pk=clock_id, state=ClockState.PAUSED, pause_depth__isnull=True
    ).first()
    if clock is None:
        raise CaseError(_("这个期限没有暂停，或者已经继续计时。"))
    ending = _ending_of(case, clock.pk)
    if ending is not None and ending.state == ClockState.PAUSED:
        return _resume_with_stage(case, clock, ending, by=by, cause=cause)
    at = min(now(), _ended_at(ending)) if ending is not None else now()
    _stop_pause_end(case, clock.pk, by=by, cause=cause)
    resume_clocks(case, [clock], by=by, cause=cause, at=at)
    save_next_due(case)
    return _record(case, "clock_resumed", clock, by=by, data=_resumed(clock, cause))


def _resume_with_stage(case: Case, clock: Clock, ending: Clock, *, by: Actor, cause: str) -> Case:
    """End a pause in a case that has stepped aside: the clock then runs on with its stage."""
    clock.pause_depth = ending.pause_depth
    clock.save(update_fields=["pause_depth"])
    stop_clocks(case, [ending], by=by, cause=cause)
    data = {"clock": clock.kind, "why": cause}
    return touch(case, "clock_resumed", by=by, data=data, for_consumer=False)


@transaction.atomic
def resume_on_reply(case: Case, *, by: Actor) -> Case:
    """Let clocks run on that waited for the consumer, now that the consumer has sent something."""
    waiting = [
        clock.pk
        for clock in case.clocks.filter(state=ClockState.PAUSED, pause_depth__isnull=True)
        if paused_for(clock) == PauseCause.CONSUMERS_EVIDENCE
    ]
    for clock_id in waiting:
        case = resume_clock(case, clock_id, by=Actor.system(), cause="evidence_received")
    return case


def end_pause(case: Case, ending: Clock) -> None:
    """Carry out the end of a pause on a locked Case whose pause clock has come.

    The clock runs on from that moment, however late it is noticed. A pause that somebody ended
    before does nothing.
    """
    clock_id = int(ending.subject.partition(":")[2])
    clock = case.clocks.filter(
        pk=clock_id, state=ClockState.PAUSED, pause_depth__isnull=True
    ).first()
    over = _ending_of(case, clock_id)
    if over is None or over.pk != ending.pk or over.state != ClockState.RUNNING:
        return
    by = Actor.system()
    _stop_pause_end(case, clock_id, by=by, cause="cap_reached")
    if clock is not None:
        resume_clocks(case, [clock], by=by, cause="cap_reached", at=_ended_at(over))
    save_next_due(case)
    if clock is not None:
        _record(case, "clock_resumed", clock, by=by, data=_resumed(clock, "cap_reached"))


def _ended_at(ending: Clock) -> datetime:
    """The end of a pause that came while its case had stepped aside counts from the return."""
    ran_since = ending.ledger.order_by("-id").exclude(action="stop").values_list("at", flat=True)
    return max(ending.due_at or now(), ran_since[0])


def paused_for(clock: Clock) -> str:
    """Return the cause of a paused clock's pause, or "" if a step rested it."""
    last = clock.ledger.order_by("-id").values_list("detail", flat=True).first() or {}
    return str(last.get("pause", ""))


@dataclass(frozen=True)
class PauseChoice:
    """A cause for which a clock may be paused now, until when at the latest, and if with proof."""

    cause: str
    latest: datetime
    needs_proof: bool
    needs_asking: bool


def pause_choices(clock: Clock) -> list[PauseChoice]:
    """Return the causes that a running clock's policy still leaves time for."""
    found = [
        PauseChoice(
            cause=rule["cause"],
            latest=pause_room(clock, rule, begin=now()).latest,
            needs_proof=bool(rule.get("proof", True)),
            needs_asking=_needs_asking(rule),
        )
        for rule in clock.policy.pause_rules
    ]
    return [choice for choice in found if choice.latest > now()]


def _running(case: Case, clock_id: int) -> Clock:
    clock = case.clocks.select_related("policy").filter(pk=clock_id).first()
    if clock is None or clock.state != ClockState.RUNNING or clock.due_at is None:
        raise CaseError(_("这个期限现在没有在计时。"), field="clock")
    if clock.kind in NOBODYS_FAULT:
        raise CaseError(_("这个期限不是我们的，不能暂停。"), field="clock")
    if clock.due_at <= now():
        raise CaseError(_("已经超时，不能再暂停。"), field="clock")
    return clock


def _rule(clock: Clock, cause: str) -> dict[str, Any]:
    for rule in clock.policy.pause_rules:
        if rule["cause"] == cause:
            return rule
    raise CaseError(_("这个期限的规则不允许因为这个原因暂停。"), field="cause")


def _check_span(clock: Clock, rule: dict[str, Any], until: datetime) -> None:
    if until <= now():
        raise CaseError(_("暂停要到以后的一个时间为止。"), field="until")
    room = pause_room(clock, rule, begin=now())
    if room.has_room(until):
        return
    words = _("因为这个原因，一共最多可以暂停 %(days)s 天。") % {"days": rule["cap_days"]}
    if room.is_short_together(until):
        words = _("这个期限各种原因的暂停加起来最多 %(days)s 天。") % {"days": largest_cap(clock)}
    raise CaseError(words, field="until")


def _needs_asking(rule: dict[str, Any]) -> bool:
    """Nobody waits for what was not asked for; a rule that asks for proof has that anyway."""
    return rule["cause"] == PauseCause.CONSUMERS_EVIDENCE and not rule.get("proof", True)


def _proof(case: Case, proof_id: int | None, rule: dict[str, Any]) -> Evidence | None:
    proof = case.evidence.select_related("file").filter(pk=proof_id).first() if proof_id else None
    if proof is None and (rule.get("proof", True) or proof_id):
        raise CaseError(_("请选一份能证明暂停原因的材料。"), field="proof")
    if proof is None and _needs_asking(rule) and not _was_asked(case):
        raise CaseError(_("请先写消息请消费者补充材料，或者选一份证明材料。"), field="proof")
    if proof is not None and is_used_proof(case, proof):
        raise CaseError(_("这份材料已经用来证明过一次暂停，请选另一份。"), field="proof")
    return proof


def _was_asked(case: Case) -> bool:
    """Say whether staff have written to the consumer since the consumer wrote last."""
    wrote, asked = case.consumer_wrote_at, case.staff_wrote_at
    return asked is not None and (wrote is None or asked > wrote)


def _told_by(case: Case, *, told: bool) -> str:
    """Say who tells the consumer of the pause: the system, or staff where it has no address."""
    if has_address(case):
        return "system"
    if not told:
        raise CaseError(_("消费者没有留邮箱和手机，请先打电话或者写信告知。"), field="told")
    return "staff"


def _just_after_reply(case: Case) -> bool:
    """Whatever staff wrote since: an answer does not unmake that the consumer has just written."""
    wrote = case.consumer_wrote_at
    return wrote is not None and now() - wrote < JUST_AFTER


def _ending_of(case: Case, clock_id: int) -> Clock | None:
    ending = case.clocks.filter(kind=ClockKind.PAUSE_END, subject=pause_subject(clock_id))
    return ending.exclude(state=ClockState.STOPPED).first()


def _stop_pause_end(case: Case, clock_id: int, *, by: Actor, cause: str) -> None:
    ending = _ending_of(case, clock_id)
    stop_clocks(case, [ending] if ending else [], by=by, cause=cause)


def _resumed(clock: Clock, cause: str) -> dict[str, Any]:
    return {"why": cause, "due": clock.due_at.isoformat() if clock.due_at else None}


def _record(
    case: Case, kind: str, clock: Clock, *, by: Actor, data: dict[str, Any], text: Any = None
) -> Case:
    told = {"clock": clock.kind, "name": clock.policy.name, **data}
    case = touch(case, kind, by=by, data=told, text=text, for_consumer=True)
    tell_consumer(
        case,
        kind,
        key=f"{kind}:{clock.pk}:{case.version}",
        data=told,
        secret={"reason": text["reason"]} if text else None,
    )
    return case
