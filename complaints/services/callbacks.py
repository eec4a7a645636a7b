"""Calls that consumers asked for: a promise with a clock, until somebody says what came of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Callback, Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import policy_in_force, working_calendar
from complaints.services.cases import touch
from complaints.services.clocks import start_clock
from complaints.services.locking import locked_case
from complaints.services.stage_clocks import save_next_due
from complaints.states import CallbackOutcome, ClockKind

FURTHEST = timedelta(days=60)
LANGUAGES = ("zh-hans", "en")
SUBJECT = "callback"


@transaction.atomic
def ask_callback(
    case: Case, *, wanted_at: datetime, language: str, by: Actor, seen: int | None = None
) -> Case:
    """Promise a call at a moment; an earlier promise that is still open gives way to it.

    Raises CaseError for a moment that has passed or is more than sixty days away, for another
    language than ours, or in a case that has ended.
    """
    _check(by)
    case, moment = locked_case(case, seen=seen), now()
    if not case.is_open:
        raise CaseError(_("案件已经结束。"))
    if not moment < wanted_at <= moment + FURTHEST:
        raise CaseError(_("回电时间要在现在以后、60 天以内。"), field="callback_at")
    if language not in LANGUAGES:
        raise CaseError(_("请选一种语言。"), field="callback_language")
    earlier = Callback.objects.filter(case=case, done_at=None).first()
    if earlier is not None:
        case = _close(case, earlier, CallbackOutcome.NOT_NEEDED, by=by, note="")
    callback = Callback.objects.create(
        case=case, wanted_at=wanted_at, language=language, asked_by=by.user, asked_at=moment
    )
    data = {"callback": callback.pk, "language": language, "at": wanted_at.isoformat()}
    case = touch(case, "callback_asked", by=by, data=data, for_consumer=True)
    policy = policy_in_force(ClockKind.CALLBACK, on=working_calendar().local_date(moment))
    start_clock(
        case,
        ClockKind.CALLBACK,
        by=by,
        cause="callback_asked",
        subject=SUBJECT,
        until=wanted_at,
        policy=policy,
    )
    save_next_due(case)
    return case


@transaction.atomic
def finish_callback(
    case: Case,
    *,
    outcome: str,
    note: str,
    by: Actor,
    again_at: datetime | None = None,
    seen: int | None = None,
) -> Case:
    """Write down what came of the promised call; who was not reached is called again.

    Raises CaseError without an open promise, without a word on what was said, or when nobody was
    reached and no new moment is given.
    """
    _check(by)
    case = locked_case(case, seen=seen)
    callback = Callback.objects.filter(case=case, done_at=None).first()
    if callback is None:
        raise CaseError(_("没有等着打的回电。"))
    if outcome not in CallbackOutcome.values:
        raise CaseError(_("请选一项。"), field="outcome")
    if not note.strip():
        raise CaseError(_("请写明说了什么，或者为什么没打通。"), field="note")
    if outcome == CallbackOutcome.NOT_REACHED and again_at is None:
        raise CaseError(_("没打通要再约一个时间。"), field="again_at")
    case = _close(case, callback, outcome, by=by, note=note)
    if outcome == CallbackOutcome.NOT_REACHED and again_at is not None:
        case = ask_callback(case, wanted_at=again_at, language=callback.language, by=by)
    return case


def _close(case: Case, callback: Callback, outcome: str, *, by: Actor, note: str) -> Case:
    callback.outcome, callback.done_at, callback.done_by = outcome, now(), by.user
    callback.save(update_fields=["outcome", "done_at", "done_by"])
    text = {"note": note.strip()} if note.strip() else None
    data = {"callback": callback.pk, "outcome": outcome}
    return touch(case, "callback_done", by=by, data=data, text=text)


def _check(by: Actor) -> None:
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
