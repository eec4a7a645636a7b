"""The last question: did everything arrive, and how was it? Then the case can close."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.days import today
from agreements.models import FollowUp, FollowUpAttempt, Obligation, SurveyLink
from agreements.periods import (
    BETWEEN_TRIES,
    LOW_RATING,
    REVIEW_DAYS,
    SURVEY_OPEN,
    TRIES_NEEDED,
)
from agreements.selectors.performance import (
    follow_up_round,
    obligations_in_force,
    unanswered_tries,
)
from agreements.services.concluding import obligation_clocks
from agreements.services.performing import reopen
from agreements.services.rights import require
from agreements.states import CallOutcome, Debtor, FollowUpChannel, ObligationStatus
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.services.cases import move, touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.states import ActorKind, Stage


@transaction.atomic
def record_follow_up(
    case: Case,
    *,
    by: Actor,
    arrived: bool,
    rating: int | None = None,
    comment: str = "",
    channel: str = FollowUpChannel.SURVEY,
    missing: tuple[int, ...] = (),
    resolved: bool | None = None,
    change: str = "",
    seen: int | None = None,
) -> Case:
    """Record the answer: all arrived closes the case, else what is missing is owed again.

    `resolved` says whether the consumer counts the matter as settled, `change` what about our
    process should change, `missing` which obligations did not arrive (all of ours, if none is
    named). Raises CaseError outside the follow-up or for a rating that is not 1 to 5.
    """
    _check_answer(by, rating)
    case = locked_case(case, seen=seen)
    _check_stage(case)
    number = follow_up_round(case)
    answer = FollowUp.objects.create(
        case=case,
        round=number,
        arrived=arrived,
        rating=rating,
        resolved=resolved,
        comment_sealed=_sealed(case, comment),
        change_sealed=_sealed(case, change),
        channel=channel,
        answered_at=now(),
        recorded_by=by.user,
    )
    data = {"round": number, "arrived": arrived, "rating": rating, "channel": channel}
    if resolved is not None:
        data["resolved"] = resolved
    SurveyLink.objects.filter(case=case, round=number, used_at=None).update(used_at=now())
    case = touch(case, "follow_up_answered", by=by, data=data, for_consumer=True)
    _tell_unhappy(case, answer)
    if not arrived:
        return _fulfil_again(case, by=by, missing=missing)
    _confirm_all(case)
    return _close(case, by=by, data={"round": number})


def _sealed(case: Case, words: str) -> bytes:
    return sealing.seal(case.consumer.key_sealed, words.strip()) if words.strip() else b""


def _check_answer(by: Actor, rating: int | None) -> None:
    if by.kind == ActorKind.STAFF:
        require(by, Permission.HANDLE_CASE)
    elif by.kind != ActorKind.CONSUMER:
        raise StepForbidden(_("回访只能由消费者或者处理人登记。"))
    if rating is not None and not 1 <= rating <= 5:
        raise CaseError(_("请在 1 到 5 之间选一个。"), field="rating")


def _check_stage(case: Case) -> None:
    if case.stage != Stage.FOLLOWING_UP:
        raise CaseError(_("案件现在不在回访阶段。"))


def _tell_unhappy(case: Case, answer: FollowUp) -> None:
    low = answer.rating is not None and answer.rating <= LOW_RATING
    open_still = answer.resolved is False
    if case.owner is not None and (low or open_still or not answer.arrived):
        told = "not_resolved" if open_still else "low_rating"
        kind = told if answer.arrived else "not_arrived"
        tell_staff(case, kind, users=[case.owner], key=f"follow_up:{answer.pk}", by_mail=True)


def _fulfil_again(case: Case, *, by: Actor, missing: tuple[int, ...]) -> Case:
    ours = obligations_in_force(case).filter(debtor=Debtor.COMPANY)
    done = ours.filter(status__in=[ObligationStatus.PERFORMED, ObligationStatus.CONFIRMED])
    chosen: list[Obligation] = list(done.filter(pk__in=missing) if missing else done)
    if not chosen:
        raise CaseError(_("请选出没有收到的那一项。"), field="missing")
    reopen(chosen)
    data = {"obligations": [duty.pk for duty in chosen]}
    return move(case, "resume_fulfilment", by=by, data=data, clocks=obligation_clocks(case))


def _confirm_all(case: Case) -> None:
    obligations_in_force(case).filter(
        debtor=Debtor.COMPANY, status=ObligationStatus.PERFORMED
    ).update(status=ObligationStatus.CONFIRMED, confirmed_at=now())


@transaction.atomic
def record_unanswered_try(
    case: Case,
    *,
    by: Actor,
    channel: str = FollowUpChannel.CALL,
    outcome: str = CallOutcome.NO_ANSWER,
    again_at: datetime | None = None,
    note: str = "",
    seen: int | None = None,
) -> FollowUpAttempt:
    """Record a call in which nothing could be asked; two unanswered ones may end the case.

    They lie two hours apart at least; a wrong number and a call agreed for later are none of them.
    Raises CaseError for a second try too soon, a moment to call again that is missing or not within
    fourteen days, or outside the follow-up.
    """
    require(by, Permission.HANDLE_CASE)
    case = locked_case(case, seen=seen)
    _check_stage(case)
    if by.user is None:
        raise StepForbidden(_("回访要由一位同事登记。"))
    if outcome not in CallOutcome.values:
        raise CaseError(_("请选一项。"), field="outcome")
    _check_again(outcome, again_at)
    last = unanswered_tries(case).last()
    unanswered = outcome == CallOutcome.NO_ANSWER
    if unanswered and last is not None and now() - last.tried_at < BETWEEN_TRIES:
        raise CaseError(_("离上一次不到两小时，换个时间再打一次更容易接通。"))
    attempt = FollowUpAttempt.objects.create(
        case=case,
        round=follow_up_round(case),
        channel=channel,
        outcome=outcome,
        call_again_at=again_at if outcome != CallOutcome.WRONG_NUMBER else None,
        note=note.strip()[:200],
        tried_at=now(),
        tried_by=by.user,
    )
    data = {"round": attempt.round, "channel": channel, "outcome": outcome}
    touch(case, "follow_up_tried", by=by, data=data)
    return attempt


def _check_again(outcome: str, again_at: datetime | None) -> None:
    if outcome == CallOutcome.CALL_AGAIN and again_at is None:
        raise CaseError(_("请填写约好什么时候再打。"), field="again_at")
    if again_at is not None and not now() < again_at <= now() + SURVEY_OPEN:
        raise CaseError(_("再打的时间要在现在以后、14 天以内。"), field="again_at")


@transaction.atomic
def close_case(case: Case, *, by: Actor, seen: int | None = None) -> Case:
    """Close a case whose consumer could not be reached twice.

    An answer closes the case by itself. Raises CaseError before the second try.
    """
    if by.kind == ActorKind.STAFF:
        require(by, Permission.HANDLE_CASE)
    case = locked_case(case, seen=seen)
    _check_stage(case)
    tries = unanswered_tries(case).count()
    if tries < TRIES_NEEDED:
        raise CaseError(
            _("还没有联系上消费者。至少回访 %(count)d 次都没有接通，才能直接结案。")
            % {"count": TRIES_NEEDED}
        )
    return _close(case, by=by, data={"tries": tries})


def _close(case: Case, *, by: Actor, data: dict[str, int]) -> Case:
    case = move(case, "close", by=by, data=data)
    until = today() + timedelta(days=REVIEW_DAYS)
    return touch(case, "review_window", by=by, changes={"review_until": until})
