"""Our side of an offer: sending it, taking it back, letting it end, closing an unanswered one."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compensation.models import CompensationPlan, Offer, OfferReply
from compensation.periods import (
    FEWEST_OFFER_DAYS,
    MOST_OFFER_DAYS,
    OFFER_DAYS,
    WAIT_AFTER_SECOND_NOTICE,
    offer_end,
)
from compensation.selectors.offers import accepted_offer, clock_runs, last_offer, subject_of
from compensation.services.approving import check_sendable, fresh_plan
from compensation.services.digests import content_digest
from compensation.services.funds import reserve_for_offers
from compensation.states import OfferStatus, PlanStatus
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import check_step
from complaints.selectors.policies import working_calendar
from complaints.services.cases import move, touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_consumer
from complaints.services.stage_clocks import ClockStart, hand_turn
from complaints.states import ClockKind, Stage

ASIDE_STAGES = frozenset({Stage.MEDIATING, Stage.UNDER_REVIEW, Stage.EXTERNAL, Stage.WITHDRAWN})


@transaction.atomic
def send_offer(
    case: Case,
    *,
    by: Actor,
    plan: CompensationPlan,
    valid_days: int = OFFER_DAYS,
    seen: int | None = None,
    tell: bool = True,
) -> Case:
    """Send an approved plan to the consumer, who has until the offer's end to choose.

    Not to `tell` is for whoever tells them of more than the offer.

    The first offer opens the negotiation; a later one takes the place of an open one. Raises
    CaseError for a plan that is not approved, was sent, or rests on a finding that was superseded,
    and when the consumer has chosen and the agreement is being made; FundShort when the fund of
    the case has less than the offer may cost.
    """
    check_step(by, "open_negotiation")
    if by.user is None:
        raise StepForbidden(_("方案要由一位工作人员发出。"))
    if not FEWEST_OFFER_DAYS <= valid_days <= MOST_OFFER_DAYS:
        raise CaseError(
            _("有效期要在 %(least)d 到 %(most)d 天之间。")
            % {"least": FEWEST_OFFER_DAYS, "most": MOST_OFFER_DAYS},
            field="valid_days",
        )
    case = locked_case(case, seen=seen)
    plan = fresh_plan(case, plan)
    _check_ready(case, plan)
    _end_earlier(case)
    offer = _write_offer(case, plan, by.user, valid_days)
    reserve_for_offers(case, by=by, in_full=True)
    reply = ClockStart(ClockKind.OFFER_REPLY, subject=subject_of(offer), until=offer.expires_at)
    data = {
        "offer": offer.pk,
        "number": offer.number,
        "plan": plan.pk,
        "options": len(plan.options.all()),
    }
    if case.stage == Stage.LIABILITY_DETERMINED:
        return move(case, "open_negotiation", by=by, data=data, clocks=[reply], tell=tell)
    case = touch(case, "offer_sent", by=by, data=data, for_consumer=True)
    if tell:
        _tell(case, "offer_sent", offer)
    return hand_turn(case, reply, by=by, cause="offer_sent")


def _check_ready(case: Case, plan: CompensationPlan) -> None:
    if plan.status != PlanStatus.APPROVED:
        raise CaseError(_("方案批准之后才能发给消费者。"))
    if hasattr(plan, "offer"):
        raise CaseError(_("这个方案已经发出。"))
    check_sendable(case, plan)
    if accepted_offer(case) is not None and not clock_runs(case, ClockKind.OFFER):
        raise CaseError(_("消费者已经选好方案，正在准备协议。"))


def _end_earlier(case: Case) -> None:
    Offer.objects.filter(
        plan__case=case, status__in=[OfferStatus.OPEN, OfferStatus.ACCEPTED]
    ).update(status=OfferStatus.SUPERSEDED)


def _write_offer(case: Case, plan: CompensationPlan, user: User, valid_days: int) -> Offer:
    moment = now()
    expires_at = offer_end(moment, valid_days, working_calendar())
    number = Offer.objects.filter(case=case).count() + 1
    return Offer.objects.create(
        case=case,
        number=number,
        plan=plan,
        sent_by=user,
        sent_at=moment,
        expires_at=expires_at,
        content_digest=content_digest(plan, expires_at=expires_at, number=number),
    )


def _tell(case: Case, kind: str, offer: Offer) -> bool:
    """Tell the consumer, and say whether there was an address (imported cases mail nobody)."""
    if case.imported_at is not None:
        return False
    ends = offer.expires_at.astimezone(ZoneInfo(working_calendar().zone))
    data = {"offer": offer.pk, "until": f"{ends:%Y-%m-%d %H:%M}"}
    return tell_consumer(case, kind, key=f"{kind}:{offer.pk}", data=data) is not None


def fresh_offer(case: Case, offer: Offer) -> Offer:
    """Return the offer of a locked case as it now is. Raises CaseError for another case's."""
    found = (
        Offer.objects.filter(pk=offer.pk, plan__case=case)
        .select_related("plan__finding", "chosen_option")
        .first()
    )
    if found is None:
        raise CaseError(_("这个方案不属于本案。"))
    return found


@transaction.atomic
def withdraw_offer(
    case: Case, *, by: Actor, offer: Offer, reason: str, seen: int | None = None
) -> Case:
    """Take an open offer back, with the reason; it is our turn again.

    Raises CaseError without a reason, or when the consumer was faster.
    """
    check_step(by, "open_negotiation")
    if not reason.strip():
        raise CaseError(_("请写明收回方案的理由。"), field="reason")
    case = locked_case(case, seen=seen)
    offer = fresh_offer(case, offer)
    if offer.status != OfferStatus.OPEN or case.stage != Stage.NEGOTIATING:
        raise CaseError(_("这个方案已经不在等待选择，不能收回。"))
    Offer.objects.filter(pk=offer.pk).update(status=OfferStatus.WITHDRAWN)
    reserve_for_offers(case, by=by)
    case = touch(
        case,
        "offer_withdrawn",
        by=by,
        data={"offer": offer.pk},
        text={"reason": reason.strip()},
        for_consumer=True,
    )
    _tell(case, "offer_withdrawn", offer)
    return hand_turn(case, ClockStart(ClockKind.OFFER), by=by, cause="offer_withdrawn")


@transaction.atomic
def supersede_offers(case: Case, *, by: Actor, cause: str) -> Case:
    """End every open or accepted offer of a case without a word to the consumer: a decision above
    (a review, an agreement that was not signed) has changed the ground. Clocks are the caller's.
    """
    case = locked_case(case)
    ended = Offer.objects.filter(
        plan__case=case, status__in=[OfferStatus.OPEN, OfferStatus.ACCEPTED]
    ).update(status=OfferStatus.SUPERSEDED)
    if not ended:
        return case
    reserve_for_offers(case, by=by)
    return touch(case, "offer_superseded", by=by, data={"cause": cause})


def expire_offers(*, limit: int = 200) -> int:
    """End the offers whose time is over and return how many ended. Safe to run twice and at once.

    In a negotiation the consumer gets the second notice and it is our turn; while the case is
    aside the offer waits for its return; anywhere else it ends silently.
    """
    due = Offer.objects.filter(status=OfferStatus.OPEN, expires_at__lte=now()).exclude(
        plan__case__stage__in=sorted(ASIDE_STAGES)
    )
    pks = list(due.order_by("expires_at").values_list("pk", flat=True)[:limit])
    return sum(_expire(pk) for pk in pks)


@transaction.atomic
def _expire(pk: int) -> bool:
    offer = Offer.objects.select_related("plan__case").get(pk=pk)
    case = locked_case(offer.plan.case)
    offer = fresh_offer(case, offer)
    if offer.status != OfferStatus.OPEN or case.stage in ASIDE_STAGES:
        return False
    by = Actor.system()
    if case.stage != Stage.NEGOTIATING or not clock_runs(
        case, ClockKind.OFFER_REPLY, subject=subject_of(offer)
    ):
        Offer.objects.filter(pk=pk).update(status=OfferStatus.SUPERSEDED)
        reserve_for_offers(case, by=by)
        return True
    told = _tell(case, "offer_expired", offer)
    Offer.objects.filter(pk=pk).update(
        status=OfferStatus.EXPIRED, second_notice_at=now() if told else None
    )
    reserve_for_offers(case, by=by)
    case = touch(case, "offer_expired", by=by, data={"offer": pk, "told": told}, for_consumer=True)
    hand_turn(case, ClockStart(ClockKind.OFFER), by=by, cause="offer_expired")
    return True


def unanswered_gap(case: Case) -> str:
    """Say why a case can't be closed as unanswered yet; "" when it can."""
    offer = last_offer(case)
    if case.stage != Stage.NEGOTIATING or offer is None or offer.status != OfferStatus.EXPIRED:
        return _("方案到期没有答复的案件才能这样结案。")
    notice = offer.second_notice_at
    if notice is None:
        return _("没有通知到消费者，不能按未答复结案。")
    wrote = case.consumer_wrote_at is not None and case.consumer_wrote_at > notice
    if wrote or OfferReply.objects.filter(offer=offer, at__gt=notice).exists():
        return _("消费者在第二次通知后写过消息，请先答复。")
    if now() < notice + WAIT_AFTER_SECOND_NOTICE:
        hours = WAIT_AFTER_SECOND_NOTICE // timedelta(hours=1)
        return _("第二次通知后满 %(hours)d 小时才能结案。") % {"hours": hours}
    return ""


@transaction.atomic
def close_unanswered(case: Case, *, by: Actor, seen: int | None = None) -> Case:
    """Close a case after two notices, the offer's end and a wait. Raises CaseError before that."""
    check_step(by, "close_unanswered")
    case = locked_case(case, seen=seen)
    gap = unanswered_gap(case)
    if gap:
        raise CaseError(gap)
    offer = last_offer(case)
    return move(
        case, "close_unanswered", by=by, data={"offer": offer.pk if offer is not None else None}
    )
