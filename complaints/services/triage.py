"""The first hour of a case: accept or decline, merge, assign, set severity, answer a danger."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Case as Choice
from django.db.models import Value, When
from django.utils.translation import gettext as _

from accounts.models import Team, User
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden, StepNotAllowed
from complaints.models import Case, SafetyAction, TriageProposal
from complaints.models.case import emergency_is_answered
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.owners import check_may_own
from complaints.selectors.policies import rules_depend_on, working_calendar
from complaints.selectors.steps import SAFETY_BEFORE
from complaints.selectors.taxonomy import category_exists, issue_exists
from complaints.selectors.triage import floor_of
from complaints.services.cases import move, touch
from complaints.services.clocks import start_clock
from complaints.services.conversation import write_message
from complaints.services.event_clocks import start_missing
from complaints.services.locking import locked_case
from complaints.services.lowering import check_floor
from complaints.services.merging import merge_cases, unmerge_case
from complaints.services.outbox import tell_staff
from complaints.services.queueing import assign_soon
from complaints.services.recalculating import recalculate_case
from complaints.services.stage_clocks import save_next_due, stop_kind
from complaints.states import (
    ActorKind,
    ClockKind,
    DeclineGround,
    Severity,
    TriageDecision,
    Urgency,
)

_CONFIRMED = TriageDecision.CONFIRMED.value
CLASSIFICATION = ("category", "issue", "severity", "scope", "product", "batch")


def _require(by: Actor, permission: str) -> None:
    if not has_permission(by, permission):
        raise StepForbidden(_("你的角色不能做这件事。"))


@transaction.atomic
def accept(
    case: Case,
    *,
    by: Actor,
    next_steps: str,
    expected_on: date,
    seen: int | None = None,
    tell: bool = True,
) -> Case:
    """Accept a complaint and tell the consumer what happens next and by when.

    The notice is a person's: it stops the 24-hour clock, as an automatic receipt does not.
    Not to `tell` by mail is for whoever tells them of more at the same moment. Raises CaseError
    when the notice says nothing, or its date has passed.
    """
    if not next_steps.strip():
        raise CaseError(_("请写清楚接下来怎么处理。"), field="next_steps")
    if expected_on < working_calendar().local_date(now()):
        raise CaseError(_("预计办结日期不能早于今天。"), field="expected_on")
    if not case.severity:
        raise CaseError(_("受理前请先确定严重程度。"), field="severity")
    case = move(
        case,
        "accept",
        by=by,
        seen=seen,
        data={"expected_on": expected_on.isoformat()},
        text={"next_steps": next_steps},
        tell=tell,
    )
    _confirm_proposal(case, by=by)
    case = _acknowledge(case, by=by, expected_on=expected_on)
    if case.owner_id is None and by.user is not None:
        case = assign(case, owner=by.user, by=by)
    return write_message(case, by=by, body=next_steps, tell=False)


def _confirm_proposal(case: Case, *, by: Actor) -> None:
    """Whoever accepts a complaint has decided on what was proposed for it, unless somebody had."""
    if by.user is None:
        return
    as_proposed = When(urgency=case.urgency, severity=case.severity, then=Value(_CONFIRMED))
    TriageProposal.objects.filter(case=case, decision="").update(
        decision=Choice(as_proposed, default=Value(TriageDecision.CHANGED.value)),
        decided_by=by.user,
        decided_at=now(),
    )


@transaction.atomic
def decline(
    case: Case, *, by: Actor, ground: str, advice: str, review_until: date, seen: int | None = None
) -> Case:
    """Refuse a complaint on a listed ground, with advice on where to go instead.

    Raises CaseError for an unknown ground, missing advice or a time to ask for a review that is
    over already; StepNotAllowed for an emergency that nobody has answered.
    """
    if ground not in DeclineGround.values:
        raise CaseError(_("请选一个列出的理由。"), field="ground")
    if not advice.strip():
        raise CaseError(_("请告诉消费者可以怎么办。"), field="advice")
    if review_until < working_calendar().local_date(now()):
        raise CaseError(_("申请复议的最后一天不能早于今天。"), field="review_until")
    case = move(
        case,
        "decline",
        by=by,
        seen=seen,
        step={"ground": ground},
        data={"ground": ground},
        text={"advice": advice},
    )
    case = _acknowledge(case, by=by, expected_on=None, review_until=review_until)
    return write_message(case, by=by, body=advice, tell=False)


def _acknowledge(
    case: Case, *, by: Actor, expected_on: date | None, review_until: date | None = None
) -> Case:
    if by.user is None:
        raise StepForbidden(_("受理或不予受理要由一位工作人员作出。"))
    changes: dict[str, Any] = {"acknowledged_at": case.acknowledged_at or now()}
    if expected_on is not None:
        changes["expected_on"] = expected_on
    if review_until is not None:
        changes["review_until"] = review_until
    return touch(case, "acknowledged", by=by, changes=changes)


@transaction.atomic
def merge(case: Case, *, into: Case, cause: str, by: Actor, seen: int | None = None) -> Case:
    """Let another open case carry this one on, for a listed cause; see `merging.merge_cases`."""
    versions = {case.pk: seen} if seen is not None else {}
    merge_cases([case], into=into, cause=cause, by=by, seen=versions)
    return locked_case(case)


def unmerge(case: Case, *, by: Actor, seen: int | None = None) -> Case:
    """Undo a merge; the case is back where it was, and its clocks run on."""
    return unmerge_case(case, by=by, seen=seen)


@transaction.atomic
def withdraw(case: Case, *, by: Actor, reason: str, seen: int | None = None) -> Case:
    """Take a complaint back: the consumer, or staff who write down the consumer's wish.

    Staff first record a safety action for an emergency; after the consumer's own withdrawal its
    clock runs on. Raises CaseError for staff without a reason, StepNotAllowed, StaleCase.
    """
    if by.user is not None and not reason.strip():
        raise CaseError(_("请记录消费者撤回的原因和方式。"), field="reason")
    if by.user is not None and not emergency_is_answered(locked_case(case, seen=seen)):
        raise StepNotAllowed(str(SAFETY_BEFORE))
    return move(case, "withdraw", by=by, seen=seen, text={"reason": reason} if reason else None)


def reopen(case: Case, *, by: Actor, reason: str, seen: int | None = None) -> Case:
    """Take an ended case up again, with the reason (new evidence). Raises CaseError without one."""
    if not reason.strip():
        raise CaseError(_("请写明重新处理的理由。"), field="reason")
    return move(case, "reopen", by=by, seen=seen, text={"reason": reason})


@transaction.atomic
def assign(
    case: Case,
    *,
    owner: User,
    by: Actor,
    seen: int | None = None,
    kind: str = "assigned",
    data: dict[str, Any] | None = None,
    team: Team | None = None,
) -> Case:
    """Make one person responsible by name, and tell them; `kind` and `data` are the event's.

    The case goes to `team`, else to the owner's.

    Raises CaseError for somebody who has left, is away, or must not handle the case.
    """
    if by.kind != ActorKind.SYSTEM:
        _require(by, Permission.HANDLE_CASE)
        check_may_own(case, owner, by=by)
    changes: dict[str, Any] = {"owner": owner}
    team = team or owner.team
    if team is not None:
        changes["team"] = team
    moved = team is not None and team.pk != case.team_id
    case = touch(case, kind, by=by, changes=changes, seen=seen, data=data)
    if moved:
        case = _under_what_fits(case, {"team"}, by=by)
    if by.user is None or by.user.pk != owner.pk:
        key, urgent = f"assigned:{case.pk}:{case.version}", case.urgency == Urgency.EMERGENCY
        tell_staff(case, "assigned", users=[owner], key=key, by_mail=urgent)
    return case


@transaction.atomic
def classify(case: Case, *, by: Actor, seen: int | None = None, **classification: Any) -> Case:
    """Set category, issue, severity, scope, product or batch; only named fields change."""
    _require(by, Permission.HANDLE_CASE)
    unknown = set(classification) - set(CLASSIFICATION)
    if unknown:
        raise ValueError(f"not a classification: {sorted(unknown)}")
    severity = classification.get("severity")
    if severity is not None and severity not in Severity.values:
        raise CaseError(_("请选择严重程度。"), field="severity")
    _check_terms(classification)
    check_floor(locked_case(case, seen=seen), severity=severity or "")
    case = touch(case, "classified", by=by, changes=classification, seen=seen)
    return _under_what_fits(case, set(classification), by=by)


def _check_terms(classification: dict[str, Any]) -> None:
    for name, exists in (("category", category_exists), ("issue", issue_exists)):
        code = classification.get(name)
        if code and not exists(code):
            raise CaseError(_("没有这个分类，请重新选择。"), field=name)


@transaction.atomic
def clear_severity(case: Case, *, by: Actor, seen: int | None = None) -> Case:
    """Take back a severity that was set where there was none; the rules fall back with it.

    Raises CaseError for a safety case, which one person can't put lower; StaleCase, StepForbidden.
    """
    _require(by, Permission.HANDLE_CASE)
    fresh = locked_case(case, seen=seen)
    if floor_of(fresh).severity:
        check_floor(fresh, severity=Severity.MINOR)
    case = touch(case, "classified", by=by, changes={"severity": ""}, seen=seen)
    return _under_what_fits(case, {"severity"}, by=by)


@transaction.atomic
def unassign(case: Case, *, by: Actor, team: int | None, seen: int | None = None) -> Case:
    """Take an owner back out of a case that had none, as it was; the rule gives it out anew."""
    _require(by, Permission.HANDLE_CASE)
    former = locked_case(case, seen=seen).owner_id
    held = Team.objects.filter(pk=team).first() if team is not None else None
    changes: dict[str, Any] = {"owner": None, "team": held}
    case = touch(case, "released", by=by, changes=changes, seen=seen, data={"owner": former})
    assign_soon()
    return _under_what_fits(case, {"team"}, by=by)


def _under_what_fits(case: Case, changed: set[str], *, by: Actor) -> Case:
    """Put a Case's clocks under the rules that fit what is known of it now.

    Nothing is read where no rule asks for the fields that changed.
    """
    if not rules_depend_on(changed):
        return case
    recalculate_case(case.pk, by=by, cause="facts_changed")
    return start_missing(locked_case(case), by=by)


@transaction.atomic
def raise_emergency(case: Case, *, by: Actor, reason: str, seen: int | None = None) -> Case:
    """Mark a case as an emergency: adds the two-hour clock and restarts nothing.

    Raises CaseError without a reason, or when the case is an emergency already or has ended;
    StepForbidden for anybody who does not handle cases.
    """
    _require(by, Permission.HANDLE_CASE)
    if not reason.strip():
        raise CaseError(_("请写明为什么紧急。"), field="reason")
    already = locked_case(case, seen=seen).urgency == Urgency.EMERGENCY
    case = touch(
        case,
        "emergency_raised",
        by=by,
        changes={"urgency": Urgency.EMERGENCY},
        seen=seen,
        text={"reason": reason},
    )
    if not case.is_open:
        raise CaseError(_("案件已经结束。"))
    if already and case.clocks.filter(kind=ClockKind.EMERGENCY).exists():
        raise CaseError(_("已经是紧急案件。"))
    start_clock(case, ClockKind.EMERGENCY, by=by, cause="emergency_raised")
    save_next_due(case)
    return _under_what_fits(case, {"urgency"}, by=by)


@transaction.atomic
def record_safety_action(
    case: Case, *, by: Actor, action: str, consumer_reached: bool, seen: int | None = None
) -> Case:
    """Record what a named responder did about a danger; this and nothing else stops the 2 h clock.

    Raises CaseError when nothing is described, StepForbidden for anybody but staff.
    """
    _require(by, Permission.VIEW_CASE)
    if not action.strip():
        raise CaseError(_("请写清楚采取了什么措施。"), field="action")
    if by.user is None:
        raise StepForbidden(_("安全处置要由一位工作人员登记。"))
    case = touch(
        case,
        "safety_action",
        by=by,
        changes={"safety_action_at": case.safety_action_at or now()},
        seen=seen,
        data={"reached": consumer_reached},
        for_consumer=True,
    )
    SafetyAction.objects.create(
        case=case, responder=by.user, action=action, consumer_reached=consumer_reached, at=now()
    )
    return stop_kind(case, ClockKind.EMERGENCY, by=by, cause="safety_action")
