"""The consumer's side of an offer: choosing an option, or saying something else."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from compensation.models import Offer, OfferReply, PlanOption
from compensation.selectors.offers import (
    is_answerable,
    last_offer,
    may_choose_again,
    shortfall,
)
from compensation.services.funds import reserve_for_offers
from compensation.services.offering import fresh_offer
from compensation.states import OfferStatus, ReplyKind
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.services.cases import touch
from complaints.services.conversation import write_message
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.services.stage_clocks import ClockStart, hand_turn
from complaints.states import ActorKind, ClockKind, Stage

LONGEST_THOUGHT = 3000
MOST_WISHED = Decimal("999999999999.99")


def _check_consumer(by: Actor) -> None:
    if by.kind != ActorKind.CONSUMER:
        raise StepForbidden(_("方案由消费者自己选择。"))


@transaction.atomic
def accept_option(
    case: Case,
    *,
    by: Actor,
    offer: Offer,
    option: PlanOption,
    seen_digest: str,
    informed: bool = False,
) -> Case:
    """Choose one option of an open offer; the agreement is made of it next.

    `seen_digest` is the offer's digest as the consumer's page showed it. The same choice again
    changes nothing; another choice counts until the agreement is out for signature. An option
    whose money lacks what the law asks for is taken only when the consumer says that they know
    (`informed`); what it lacks is kept with the choice. Raises CaseError when the offer ended,
    was taken back or is not the one that was seen.
    """
    _check_consumer(by)
    case = locked_case(case)
    offer = fresh_offer(case, offer)
    if offer.content_digest != seen_digest:
        raise CaseError(_("方案有变化。看看现在的方案，再选一次。"), field="option")
    if option.plan_id != offer.plan_id:
        raise CaseError(_("请从列出的方案里选一个。"), field="option")
    if offer.status == OfferStatus.ACCEPTED and offer.chosen_option_id == option.pk:
        return case
    if not is_answerable(case, offer) and not may_choose_again(case, offer):
        raise CaseError(_ended_words(case, offer), field="option")
    short = shortfall(offer.plan, option)
    if short > 0 and not informed:
        raise CaseError(
            _("这个方案的现金比法律规定少 %(amount)s。真要选它，请勾选你已经知道；也可以选别的。")
            % {"amount": short},
            field="informed",
        )
    return _record_choice(case, offer, option, by=by, short=short)


def _ended_words(case: Case, offer: Offer) -> str:
    if offer.status == OfferStatus.ACCEPTED:
        return _("协议已经准备好。想换方案，请先告诉我们你的想法。")
    if offer.status == OfferStatus.OPEN and now() >= offer.expires_at:
        return _("这次的方案已经到期。告诉我们你的想法，我们会重新提出方案。")
    return _("这次的方案已经结束。告诉我们你的想法，我们会重新提出方案。")


def _record_choice(
    case: Case, offer: Offer, option: PlanOption, *, by: Actor, short: Decimal
) -> Case:
    moment = now()
    Offer.objects.filter(pk=offer.pk).update(
        status=OfferStatus.ACCEPTED, chosen_option=option, answered_at=moment
    )
    reserve_for_offers(case, by=by)
    OfferReply.objects.create(
        offer=offer,
        kind=ReplyKind.ACCEPT,
        option=option,
        shortfall=short,
        informed=short > 0,
        at=moment,
    )
    case = touch(
        case,
        "offer_accepted",
        by=by,
        data={"offer": offer.pk, "option": option.pk, "position": option.position},
        for_consumer=True,
    )
    if case.owner is not None:
        tell_staff(
            case, "offer_accepted", users=[case.owner], key=f"accepted:{offer.pk}:{case.version}"
        )
    return hand_turn(case, ClockStart(ClockKind.AGREEMENT_DRAFT), by=by, cause="offer_accepted")


@transaction.atomic
def counter(
    case: Case, *, by: Actor, offer: Offer, text: str, amount: Decimal | None = None
) -> Case:
    """Say something else than yes: ends an open offer (or an unsigned choice); it is our turn.

    `amount` is what the consumer asks for in money, where they name it. After the offer's end it
    asks for a new one. The words also stand in the conversation, which tells the owner. The same
    words again change nothing. Raises CaseError for an empty text, an amount that can't be, and an
    offer that a newer one has replaced: what was not seen is not turned down.
    """
    _check_consumer(by)
    if not text.strip():
        raise CaseError(_("请写下你的想法。"), field="text")
    _check_length(text)
    _check_wish(amount)
    case = locked_case(case)
    offer = fresh_offer(case, offer)
    said = OfferReply.objects.filter(offer=offer, kind=ReplyKind.COUNTER).order_by("id").last()
    if said is not None and (said.text, said.amount) == (text.strip(), amount):
        return case
    _check_latest(case, offer)
    return _answer(case, offer, by=by, kind=ReplyKind.COUNTER, text=text.strip(), amount=amount)


@transaction.atomic
def decline(case: Case, *, by: Actor, offer: Offer, text: str = "") -> Case:
    """Take none of the options, with or without a reason; it is our turn, nothing is given up.

    Declining twice changes nothing. Raises CaseError when the offer has ended already.
    """
    _check_consumer(by)
    _check_length(text)
    case = locked_case(case)
    offer = fresh_offer(case, offer)
    if offer.status == OfferStatus.DECLINED:
        return case
    _check_latest(case, offer)
    if offer.status not in (OfferStatus.OPEN, OfferStatus.ACCEPTED):
        raise CaseError(_ended_words(case, offer))
    return _answer(case, offer, by=by, kind=ReplyKind.DECLINE, text=text.strip())


def _check_latest(case: Case, offer: Offer) -> None:
    latest = last_offer(case)
    if latest is not None and latest.pk != offer.pk:
        raise CaseError(_("我们已经给出新的方案。先看看新的方案，再决定要不要这样回复。"))


def _check_length(text: str) -> None:
    if len(text) > LONGEST_THOUGHT:
        raise CaseError(_("内容太长，最多 %(most)d 字。") % {"most": LONGEST_THOUGHT}, field="text")


def _check_wish(amount: Decimal | None) -> None:
    if amount is None:
        return
    if not amount.is_finite() or not 0 <= amount <= MOST_WISHED:
        raise CaseError(_("金额不能小于 0，也不能太大。"), field="amount")
    if amount != amount.quantize(Decimal("0.01")):
        raise CaseError(_("金额最多两位小数。"), field="amount")


def _answer(
    case: Case,
    offer: Offer,
    *,
    by: Actor,
    kind: ReplyKind,
    text: str,
    amount: Decimal | None = None,
) -> Case:
    """Record an answer that is no choice: it ends what stood, and it is our turn."""
    if case.stage != Stage.NEGOTIATING:
        raise CaseError(_("案件已经不在协商阶段，请用消息告诉我们。"))
    moment, declined = now(), kind == ReplyKind.DECLINE
    if offer.status in (OfferStatus.OPEN, OfferStatus.ACCEPTED):
        status = OfferStatus.DECLINED if declined else OfferStatus.COUNTERED
        Offer.objects.filter(pk=offer.pk).update(status=status, answered_at=moment)
        reserve_for_offers(case, by=by)
    reply = OfferReply.objects.create(offer=offer, kind=kind, text=text, amount=amount, at=moment)
    event = "offer_declined" if declined else "offer_countered"
    data = {"offer": offer.pk, "reply": reply.pk}
    case = touch(case, event, by=by, data=data, for_consumer=True)
    body = _spoken(text, amount, currency=offer.plan.currency)
    if body:
        case = write_message(case, by=by, body=body)
    elif case.owner is not None:
        key = f"declined:{offer.pk}:{case.version}"
        tell_staff(case, "offer_declined", users=[case.owner], key=key)
    return hand_turn(case, ClockStart(ClockKind.OFFER), by=by, cause=event)


def _spoken(text: str, amount: Decimal | None, *, currency: str) -> str:
    if amount is None:
        return text
    told = {"amount": f"{amount:.2f}", "currency": currency, "text": text}
    return _("希望的金额：%(amount)s %(currency)s\n%(text)s") % told
