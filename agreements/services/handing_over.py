"""Goods on their way back to us: fetched at an agreed time or sent, handed over, looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.days import today, working_days_after
from agreements.models import GoodsReturn, Obligation
from agreements.periods import ARRANGE_BEFORE_DAYS, MENDED_RETURN_DAYS
from agreements.selectors.performance import pickups_to_arrange
from agreements.services.consumers_clock import restart_consumers_clock, stop_consumers_clock
from agreements.services.performing import record_performance
from agreements.services.rights import locked_obligation, require
from agreements.states import (
    Condition,
    Debtor,
    HandedBy,
    Handover,
    ObligationKind,
    ObligationStatus,
)
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.people import responsible_for
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_consumer, tell_staff
from complaints.states import ActorKind


@dataclass(frozen=True)
class Pickup:
    """When and where a carrier fetches goods; `number` is the carrier's."""

    carrier: str
    day: date
    begins: time
    ends: time
    address: str
    number: str = ""


@transaction.atomic
def arrange_pickup(
    obligation: Obligation, *, by: Actor, pickup: Pickup, seen: int | None = None
) -> Case:
    """Arrange that goods are fetched, or arrange it anew; the consumer is told.

    A day after the agreed one moves that one: it is our arrangement. Raises CaseError for what is
    not fetched, was handed over, or for a day, window or address that does not do.
    """
    require(by, Permission.HANDLE_CASE)
    obligation, goods = _goods(obligation, seen=seen)
    if obligation.pickup != Handover.PICKUP:
        raise CaseError(_("约定的是消费者自己交回，不用安排取件。"))
    _check_pickup(pickup)
    goods.carrier, goods.pickup_on = pickup.carrier.strip()[:60], pickup.day
    goods.pickup_from, goods.pickup_to = pickup.begins, pickup.ends
    goods.arranged_at, goods.arranged_by = now(), by.user
    goods.agreed_at = goods.refused_at = None
    goods.keep_private(address=pickup.address.strip(), number=pickup.number.strip(), words="")
    goods.save()
    data = {
        "obligation": obligation.pk,
        "day": pickup.day.isoformat(),
        "window": f"{pickup.begins:%H:%M}–{pickup.ends:%H:%M}",
        "carrier": goods.carrier,
    }
    case = touch(obligation.agreement.case, "pickup_arranged", by=by, data=data, for_consumer=True)
    if pickup.day > obligation.due_on:
        obligation.due_on = pickup.day
        obligation.save(update_fields=["due_on"])
        case = restart_consumers_clock(
            case, obligation, by=by, cause="pickup_arranged", until=obligation.due_at
        )
    key = f"pickup:{obligation.pk}:{case.version}"
    secret = {"address": pickup.address.strip(), "number": pickup.number.strip()}
    tell_consumer(case, "pickup_arranged", key=key, data=data, secret=secret)
    return case


def _check_pickup(pickup: Pickup) -> None:
    if not pickup.carrier.strip():
        raise CaseError(_("请填写谁来取。"), field="carrier")
    if not pickup.address.strip():
        raise CaseError(_("请填写取件地址。"), field="address")
    if pickup.day < today():
        raise CaseError(_("取件日期不能早于今天。"), field="pickup_on")
    if pickup.begins >= pickup.ends:
        raise CaseError(_("取件时段的结束要晚于开始。"), field="pickup_to")


@transaction.atomic
def answer_pickup(obligation: Obligation, *, by: Actor, fits: bool, words: str = "") -> Case:
    """Record whether the consumer can keep the arranged time; another one is ours to find.

    Raises CaseError where nothing is arranged.
    """
    obligation, goods = _goods(obligation)
    if goods.arranged_at is None:
        raise CaseError(_("还没有安排取件，安排好会告诉你。"))
    moment = now()
    goods.agreed_at, goods.refused_at = (moment, None) if fits else (None, moment)
    if not fits:
        goods.keep_private(words=words.strip()[:200])
    goods.save()
    kind = "pickup_agreed" if fits else "pickup_refused"
    text = {"note": words.strip()[:200]} if words.strip() else None
    data = {"obligation": obligation.pk}
    case = touch(obligation.agreement.case, kind, by=by, data=data, text=text, for_consumer=True)
    if not fits:
        key = f"pickup_refused:{obligation.pk}:{case.version}"
        tell_staff(case, kind, users=responsible_for(case), key=key, data=data, by_mail=True)
    return case


@transaction.atomic
def say_goods_sent(obligation: Obligation, *, by: Actor, tracking: str) -> Case:
    """Record how the consumer sent goods back; somebody of ours looks at them when they arrive.

    Raises CaseError without words, or for what is not the consumer's to return.
    """
    if not tracking.strip():
        raise CaseError(_("请填写快递公司和单号。"), field="tracking")
    obligation, goods = _goods(obligation)
    goods.keep_private(number=tracking.strip()[:120])
    text = {"note": tracking.strip()[:120]}
    return _handed_over(obligation, goods, "goods_sent", by=by, text=text)


@transaction.atomic
def hand_over(
    obligation: Obligation, *, by: Actor, number: str = "", seen: int | None = None
) -> Case:
    """Record that goods left the consumer's hands: by the consumer's word, or the courier's.

    From then on the consumer is not late. Raises CaseError for what was handed over before.
    """
    if by.kind == ActorKind.STAFF:
        require(by, Permission.HANDLE_CASE)
    obligation, goods = _goods(obligation, seen=seen)
    if goods.handed_over_at is not None:
        raise CaseError(_("商品已经交出，等我们验收。"))
    if number.strip():
        goods.keep_private(number=number.strip()[:120])
    return _handed_over(obligation, goods, "goods_handed_over", by=by, text=None)


def _handed_over(
    obligation: Obligation,
    goods: GoodsReturn,
    kind: str,
    *,
    by: Actor,
    text: dict[str, str] | None,
) -> Case:
    theirs = by.kind == ActorKind.CONSUMER
    goods.handed_over_at = now()
    goods.handed_over_by = HandedBy.CONSUMER if theirs else HandedBy.COURIER
    goods.save()
    data = {"obligation": obligation.pk, "by": goods.handed_over_by}
    case = touch(obligation.agreement.case, kind, by=by, data=data, text=text, for_consumer=True)
    case = stop_consumers_clock(case, obligation, by=by, cause=kind)
    if theirs:
        key = f"{kind}:{obligation.pk}:{case.version}"
        tell_staff(case, kind, users=responsible_for(case), key=key)
    return case


@dataclass(frozen=True)
class Inspection:
    """What came back, and how it was found."""

    condition: str
    finding: str
    proof: IO[bytes] | None = None
    proof_name: str = ""


@transaction.atomic
def inspect_goods(
    obligation: Obligation, *, by: Actor, found: Inspection, seen: int | None = None
) -> Case:
    """Record that goods arrived and how they were found.

    As agreed: the consumer has done it. Something missing or damaged: the consumer is told what,
    and has a week of work for it before anything counts as late. Raises CaseError without words.
    """
    require(by, Permission.HANDLE_CASE)
    if by.user is None:
        raise StepForbidden(_("验收要由一位同事登记。"))
    if found.condition not in Condition.values:
        raise CaseError(_("请选一项。"), field="condition")
    if not found.finding.strip():
        raise CaseError(_("请写明验收看到了什么。"), field="finding")
    obligation, goods = _goods(obligation, seen=seen)
    goods.received_at, goods.received_by = now(), by.user
    goods.condition, goods.finding = found.condition, found.finding.strip()[:300]
    if found.condition != Condition.AS_AGREED:
        return _incomplete(obligation, goods, by=by)
    if goods.handed_over_at is None:
        goods.handed_over_at, goods.handed_over_by = now(), HandedBy.COURIER
    goods.save()
    done = record_performance(
        obligation, by=by, note=goods.finding, proof=found.proof, proof_name=found.proof_name
    )
    return locked_case(done.agreement.case)


def _incomplete(obligation: Obligation, goods: GoodsReturn, *, by: Actor) -> Case:
    goods.handed_over_at, goods.handed_over_by = None, ""
    goods.arranged_at = goods.agreed_at = goods.refused_at = None
    goods.save()
    obligation.due_on = max(obligation.due_on, working_days_after(today(), MENDED_RETURN_DAYS))
    obligation.save(update_fields=["due_on"])
    data = {
        "obligation": obligation.pk,
        "condition": goods.condition,
        "due": obligation.due_on.isoformat(),
    }
    text = {"note": goods.finding}
    case = touch(
        obligation.agreement.case,
        "goods_incomplete",
        by=by,
        data=data,
        text=text,
        for_consumer=True,
    )
    case = restart_consumers_clock(
        case, obligation, by=by, cause="goods_incomplete", until=obligation.due_at
    )
    key = f"goods_incomplete:{obligation.pk}:{case.version}"
    tell_consumer(case, "goods_incomplete", key=key, data=data, secret={"finding": goods.finding})
    return case


def _goods(obligation: Obligation, *, seen: int | None = None) -> tuple[Obligation, GoodsReturn]:
    """Return a locked return of goods with its row, made where there is none."""
    obligation = locked_obligation(obligation, seen=seen)
    theirs = obligation.debtor == Debtor.CONSUMER
    if not theirs or obligation.kind != ObligationKind.RETURN_OF_GOODS:
        raise CaseError(_("这一项不用你退回商品。"))
    if obligation.status != ObligationStatus.PENDING:
        raise CaseError(_("商品我们已经收到了，不用再填。"))
    if not obligation.agreement.case.is_open:
        raise CaseError(_("案件已经办结，这一项不用再办。"))
    goods, _made = GoodsReturn.objects.get_or_create(obligation=obligation)
    goods.obligation = obligation
    return obligation, goods


def pickups_waiting(limit: int) -> Iterable[int]:
    """Return returns of goods whose day is near and which nobody has arranged to fetch."""
    before = today() + timedelta(days=ARRANGE_BEFORE_DAYS)
    rows = pickups_to_arrange().filter(due_on__lte=before)
    return list(rows.order_by("due_on", "pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def ask_for_pickup(obligation: Obligation, *, by: Actor) -> bool:
    """Tell our people once for each day that a pick-up is still to be arranged."""
    obligation = locked_obligation(obligation)
    if not pickups_to_arrange().filter(pk=obligation.pk).exists():
        return False
    goods, _made = GoodsReturn.objects.get_or_create(obligation=obligation)
    goods.asked_for = obligation.due_on
    goods.save(update_fields=["asked_for"])
    data = {"obligation": obligation.pk, "due": obligation.due_on.isoformat()}
    case = touch(obligation.agreement.case, "pickup_to_arrange", by=by, data=data)
    key = f"pickup:{obligation.pk}:{obligation.due_on.isoformat()}"
    tell_staff(
        case, "pickup_to_arrange", users=responsible_for(case), key=key, data=data, by_mail=True
    )
    return True
