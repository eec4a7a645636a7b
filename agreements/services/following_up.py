"""The last question: did everything arrive, and how was it? Then the case can close."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.days import today
from agreements.models import FollowUp, FollowUpAttempt, Obligation
from agreements.periods import BETWEEN_TRIES, LOW_RATING, REVIEW_DAYS, TRIES_NEEDED
from agreements.selectors.performance import (
    follow_up_round,
    obligations_in_force,
    unanswered_tries,
)
from agreements.services.concluding import obligation_clocks
from agreements.services.performing import reopen
from agreements.services.rights import require
from agreements.states import Debtor, FollowUpChannel, ObligationStatus
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
    seen: int | None = None,
) -> Case:
    """Record the answer: all arrived closes the case, else what is missing is owed again.

    `missing` names the obligations that did not arrive (all of ours, if none is named). Raises
    CaseError outside the follow-up or for a rating that is not 1 to 5.
    """
    _check_answer(by, rating)
    case = locked_case(case, seen=seen)
    _check_stage(case)
    number = follow_up_round(case)
    key = case.consumer.key_sealed
    answer = FollowUp.objects.create(
        case=case,
        round=number,
        arrived=arrived,
        rating=rating,
        comment_sealed=sealing.seal(key, comment.strip()) if comment.strip() else b"",
        channel=channel,
        answered_at=now(),
        recorded_by=by.user,
    )
    data = {"round": number, "arrived": arrived, "rating": rating, "channel": channel}
    case = touch(case, "follow_up_answered", by=by, data=data, for_consumer=True)
    _tell_unhappy(case, answer)
    if not arrived:
        return _fulfil_again(case, by=by, missing=missing)
    _confirm_all(case)
    return _close(case, by=by, data={"round": number})


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
    if case.owner is not None and (low or not answer.arrived):
        kind = "low_rating" if answer.arrived else "not_arrived"
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
    note: str = "",
    seen: int | None = None,
) -> FollowUpAttempt:
    """Record a try that nobody answered. Two of them, two hours apart at least, may end the case.

    Raises CaseError for a second try too soon after the first, or outside the follow-up.
    """
    require(by, Permission.HANDLE_CASE)
    case = locked_case(case, seen=seen)
    _check_stage(case)
    if by.user is None:
        raise StepForbidden(_("回访要由一位同事登记。"))
    last = unanswered_tries(case).last()
    if last is not None and now() - last.tried_at < BETWEEN_TRIES:
        raise CaseError(_("离上一次不到两小时，换个时间再打一次更容易接通。"))
    attempt = FollowUpAttempt.objects.create(
        case=case,
        round=follow_up_round(case),
        channel=channel,
        note=note.strip()[:200],
        tried_at=now(),
        tried_by=by.user,
    )
    touch(case, "follow_up_tried", by=by, data={"round": attempt.round, "channel": channel})
    return attempt


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
