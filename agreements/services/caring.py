"""Caring calls: planned after a case, made by a person, ended by a word or by silence."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agreements.days import today, working_days_after
from agreements.models import CareCall, CareCallRule, CareTry
from agreements.periods import BETWEEN_TRIES, CARE_TRIES, SURVEY_OPEN
from agreements.selectors.care_calls import closed_without_call, in_vain, rules
from agreements.services.rights import require
from agreements.states import CallOutcome, CareCause, CareState
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.people import managers_of, responsible_for
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.states import Category, Stage


@transaction.atomic
def save_rule(
    rule: CareCallRule | None,
    *,
    by: Actor,
    name: str,
    cause: str,
    after_days: int,
    category: str = "",
    is_active: bool = True,
) -> CareCallRule:
    """Write a rule, or change one; planned calls stay. Raises CaseError for what is none."""
    require(by, Permission.MANAGE_POLICIES)
    if cause not in CareCause.values or (category and category not in Category.values):
        raise CaseError(_("请选一项。"), field="cause")
    if not name.strip():
        raise CaseError(_("请填写名称。"), field="name")
    if not 1 <= after_days <= 365:
        raise CaseError(_("天数要在 1 到 365 之间。"), field="after_days")
    row = rule or CareCallRule()
    row.name, row.cause, row.category = name.strip()[:60], cause, category
    row.after_days, row.is_active = after_days, is_active
    row.changed_by, row.changed_at = by.user, now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise CaseError(_("已经有一条同名的规则。"), field="name") from None
    return row


def cases_to_plan(limit: int) -> list[tuple[int, int]]:
    """Return (case, rule) for closed cases that ask for a call; of several rules the soonest."""
    found: dict[int, int] = {}
    for rule in rules().filter(is_active=True).order_by("after_days", "pk"):
        for pk in closed_without_call(rule).values_list("pk", flat=True)[:limit]:
            found.setdefault(pk, rule.pk)
    return list(found.items())[:limit]


@transaction.atomic
def plan_care_call(case: Case, rule: CareCallRule, *, by: Actor) -> bool:
    """Plan one call for a closed case, on a working day; say if it was planned."""
    case = locked_case(case)
    unknown = not case.consumer.contact.get("phone")
    if case.stage != Stage.CLOSED or case.closed_at is None or unknown:
        return False
    if CareCall.objects.filter(case=case).exists():
        return False
    closed_on = working_calendar().local_date(case.closed_at)
    due_on = working_days_after(closed_on + timedelta(days=rule.after_days - 1), 1)
    CareCall.objects.create(case=case, rule=rule, due_on=due_on, planned_at=now())
    data = {"due": due_on.isoformat()}
    touch(case, "care_call_planned", by=by, data=data)
    return True


def _open_call(call: CareCall, *, by: Actor, seen: int | None) -> CareCall:
    """Return a planned call freshly read, with its case locked first."""
    require(by, Permission.HANDLE_CASE)
    if by.user is None:
        raise StepForbidden(_("电话要由一位同事登记。"))
    case = locked_case(call.case, seen=seen)
    fresh = CareCall.objects.select_for_update(of=("self",)).get(pk=call.pk)
    fresh.case = case
    if fresh.state != CareState.PLANNED:
        raise CaseError(_("这个关怀电话已经登记过结果。"))
    return fresh


@transaction.atomic
def record_care(
    call: CareCall, *, by: Actor, state: str, words: str = "", seen: int | None = None
) -> CareCall:
    """Record what somebody said who was reached; where help is needed our people are told.

    Raises CaseError for a state that is no answer, or help without a word what for.
    """
    call = _open_call(call, by=by, seen=seen)
    if state not in (CareState.WELL, CareState.NEEDS_HELP, CareState.NO_MORE):
        raise CaseError(_("请选一项。"), field="state")
    if state == CareState.NEEDS_HELP and not words.strip():
        raise CaseError(_("请写明需要什么帮助。"), field="words")
    if words.strip():
        call.words_sealed = sealing.seal(call.case.consumer.key_sealed, words.strip())
    _end(call, state, by=by)
    case = touch(call.case, "care_call_made", by=by, data={"state": state})
    if state == CareState.NEEDS_HELP:
        people = {user.pk: user for user in [*responsible_for(case), *managers_of(case)]}
        key = f"care_call:{call.pk}:help"
        tell_staff(case, "care_needed", users=list(people.values()), key=key, by_mail=True)
    return call


@transaction.atomic
def record_care_try(
    call: CareCall,
    *,
    by: Actor,
    outcome: str,
    again_at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
) -> CareCall:
    """Record a call in which nothing could be asked; after three in vain the calls end.

    Nobody there (two hours apart at least) and a wrong number count; a call agreed for later does
    not. Raises CaseError for a moment that is missing or not within fourteen days.
    """
    call = _open_call(call, by=by, seen=seen)
    if outcome not in CallOutcome.values:
        raise CaseError(_("请选一项。"), field="outcome")
    if outcome == CallOutcome.CALL_AGAIN and again_at is None:
        raise CaseError(_("请填写约好什么时候再打。"), field="again_at")
    if again_at is not None and not now() < again_at <= now() + SURVEY_OPEN:
        raise CaseError(_("再打的时间要在现在以后、14 天以内。"), field="again_at")
    last = in_vain(call).filter(outcome=CallOutcome.NO_ANSWER).last()
    if outcome == CallOutcome.NO_ANSWER and last and now() - last.tried_at < BETWEEN_TRIES:
        raise CaseError(_("离上一次不到两小时，换个时间再打一次更容易接通。"))
    CareTry.objects.create(
        call=call,
        outcome=outcome,
        call_again_at=again_at if outcome == CallOutcome.CALL_AGAIN else None,
        note=note.strip()[:200],
        tried_at=now(),
        tried_by=by.person,
    )
    if again_at is not None and outcome == CallOutcome.CALL_AGAIN:
        call.due_on = max(today(), working_calendar().local_date(again_at))
        call.save(update_fields=["due_on"])
    touch(call.case, "care_call_tried", by=by, data={"outcome": outcome})
    if in_vain(call).count() >= CARE_TRIES:
        _end(call, CareState.UNREACHED, by=by)
        touch(call.case, "care_call_unreached", by=by, data={"tries": CARE_TRIES})
    return call


def _end(call: CareCall, state: str, *, by: Actor) -> None:
    call.state, call.ended_at, call.ended_by = state, now(), by.user
    call.save(update_fields=["state", "ended_at", "ended_by", "words_sealed"])
