"""Moving money of a fund: every movement is one balanced entry, under the fund's lock.

A case's money comes from the open fund of its category, else from the one for all categories, in
its currency. Where there is no such fund, nothing is kept: a company may do without. A case's lock
is taken before its fund's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from compensation.models import (
    Fund,
    FundAccount,
    FundBalance,
    FundClose,
    FundEntry,
    FundHold,
    FundLine,
    FundMove,
    InstantOffer,
    Offer,
)
from compensation.selectors.care import care_planned
from compensation.selectors.funds import fund_for, sums_at
from compensation.states import OfferStatus
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import working_calendar
from complaints.services.locking import locked_case
from complaints.states import FINAL_STAGES

ZERO = Decimal(0)
MOST = Decimal("999999999999.99")
FREE, RESERVED = str(FundAccount.FREE), str(FundAccount.RESERVED)
COMMITTED, PAID = str(FundAccount.COMMITTED), str(FundAccount.PAID)
ALLOTTED = str(FundAccount.ALLOTTED)


class FundShort(CaseError):
    """The fund has less than is asked for."""


def open_fund(*, by: Actor, name: str, currency: str = "CNY", category: str = "") -> Fund:
    """Open a fund. Raises CaseError when one is open for the same cases, or the name is taken."""
    _require_manager(by)
    if not name.strip():
        raise CaseError(_("请填写名称。"), field="name")
    try:
        with transaction.atomic():
            return Fund.objects.create(
                name=name.strip(),
                currency=currency,
                category=category,
                created_by=by.person,
                created_at=now(),
            )
    except IntegrityError:
        raise CaseError(_("已经有一笔同名的、或者同币种同类别的资金。"), field="name") from None


@transaction.atomic
def allot(fund: Fund, *, by: Actor, amount: Decimal, note: str, key: str) -> FundEntry:
    """Put money into a fund, or take free money out of it with a negative amount.

    The same key again gives the first entry. Raises CaseError for nothing, without a note, and
    FundShort when less is free than is taken out.
    """
    _require_manager(by)
    amount, note = _checked(amount if amount > 0 else -amount, note, signed=amount)
    kind = FundMove.ALLOT if amount > 0 else FundMove.REDUCE
    sides = {ALLOTTED: -amount, FREE: amount}
    return _book(_locked(fund), kind, sides, by=by, note=note, key=key)


def _checked(size: Decimal, note: str, *, signed: Decimal) -> tuple[Decimal, str]:
    if not ZERO < size <= MOST or size != size.quantize(Decimal("0.01")):
        raise CaseError(_("金额要大于 0，最多两位小数。"), field="amount")
    if not note.strip():
        raise CaseError(_("请写明说明。"), field="note")
    return signed, note.strip()[:200]


@transaction.atomic
def recover(hold: FundHold, *, by: Actor, amount: Decimal, note: str, key: str) -> FundEntry:
    """Book money that a supplier or an insurer gave back for a case: it is free again.

    Raises CaseError for more than was paid for the case, for nothing, or without a note.
    """
    _require_manager(by)
    amount, note = _checked(amount, note, signed=amount)
    fund = _locked(hold.fund)
    fresh = FundHold.objects.select_related("case").get(pk=hold.pk)
    earlier = FundEntry.objects.filter(key=key).first()
    if earlier is None and amount > fresh.paid:
        raise CaseError(
            _("这个案件一共付出 %(paid)s，收回不能更多。") % {"paid": fresh.paid}, field="amount"
        )
    sides = {PAID: -amount, FREE: amount}
    return _book(fund, FundMove.RECOVER, sides, by=by, note=note, key=key, hold=fresh)


def reserve_for_offers(case: Case, *, by: Actor, in_full: bool = False) -> None:
    """Make what is reserved for a locked case what its live offer and its care may cost.

    An open offer reserves its dearest option, a chosen one only what was chosen, an open care task
    its limit, an ended case nothing; the rest is released. Care never keeps an offer back: it
    is reserved as far as there is money. Raises FundShort when the fund has less and it must be
    `in_full`: before an offer goes out. What the consumer does is never refused for our money:
    then as much as there is.
    """
    fund = fund_for(case)
    if fund is None:
        return
    offered = _offered(case)
    asked = offered + care_planned(case)
    fund = _locked(fund)
    hold = _hold(fund, case, needed=asked > 0)
    if hold is None:
        return
    missing = asked - hold.reserved
    if missing > 0:
        if in_full:
            _need(fund, offered - hold.reserved, field="")
        missing = min(missing, _balance(fund, FREE))
    if missing > 0:
        _book(fund, FundMove.RESERVE, {FREE: -missing, RESERVED: missing}, by=by, hold=hold)
    elif missing < 0:
        _book(fund, FundMove.RELEASE, {FREE: -missing, RESERVED: missing}, by=by, hold=hold)


def _offered(case: Case) -> Decimal:
    """Return what the case's live offer may cost in money; 0 without one, or in an ended case.

    An instant offer that the consumer was shown binds us as one that was sent.
    """
    if case.stage in FINAL_STAGES:
        return ZERO
    offer = (
        Offer.objects.filter(plan__case=case, status__in=[OfferStatus.OPEN, OfferStatus.ACCEPTED])
        .prefetch_related("plan__options__lines")
        .order_by("-pk")
        .first()
    )
    if offer is None:
        shown = InstantOffer.objects.filter(case=case, status=InstantOffer.Status.OPEN)
        return shown.values_list("most", flat=True).first() or ZERO
    options = list(offer.plan.options.all())
    if offer.chosen_option_id is not None:
        options = [option for option in options if option.pk == offer.chosen_option_id]
    return max((max(option.total, ZERO) for option in options), default=ZERO)


def pay_care(case: Case, *, by: Actor, amount: Decimal, key: str) -> None:
    """Book what care of a locked case cost: from what is reserved beyond its offer, then free.

    The same key again books nothing. Raises FundShort when the fund has less.
    """
    fund = fund_for(case)
    if fund is None or FundEntry.objects.filter(key=key).exists():
        return
    fund = _locked(fund)
    hold = _hold(fund, case, needed=True)
    if hold is None:
        return
    spare = max(hold.reserved - _offered(case), ZERO)
    reserved = min(amount, spare)
    _need(fund, amount - reserved, field="cost")
    sides = {RESERVED: -reserved, FREE: reserved - amount, PAID: amount}
    _book(fund, FundMove.PAY, sides, by=by, hold=hold, key=key, note=_("关怀"))


def commit_owed(case: Case, *, by: Actor, owed: Decimal) -> Decimal:
    """Make what is committed for a locked case what it is owed; only care stays reserved.

    What was reserved comes first, then what is free. An award binds us whatever the fund has: what
    is missing is returned, and has to be allotted before it can be paid.
    """
    fund = fund_for(case)
    if fund is None:
        return ZERO
    fund = _locked(fund)
    hold = _hold(fund, case, needed=owed > 0)
    if hold is None:
        return ZERO
    possible = hold.reserved + hold.committed + _balance(fund, FREE)
    target = min(owed, possible)
    kept = min(care_planned(case), hold.reserved, possible - target)
    sides = {
        COMMITTED: target - hold.committed,
        RESERVED: kept - hold.reserved,
        FREE: hold.reserved + hold.committed - target - kept,
    }
    kind = FundMove.COMMIT if target > hold.committed else FundMove.RELEASE
    if any(sides.values()):
        _book(fund, kind, sides, by=by, hold=hold)
    return owed - target


def pay_out(case: Case, *, by: Actor, amount: Decimal, key: str) -> None:
    """Book a payment for a locked case: from what is committed, then from what is free.

    The same key again books nothing. Raises FundShort when the fund has less.
    """
    fund = fund_for(case)
    if fund is None:
        return
    fund = _locked(fund)
    hold = _hold(fund, case, needed=True)
    if hold is None or FundEntry.objects.filter(key=key).exists():
        return
    committed = min(amount, hold.committed)
    _need(fund, amount - committed, field="amount")
    sides = {COMMITTED: -committed, FREE: committed - amount, PAID: amount}
    _book(fund, FundMove.PAY, sides, by=by, hold=hold, key=key)


def take_back(case: Case, *, by: Actor, amount: Decimal, key: str) -> None:
    """Book a payment that came back: it is committed again, to be paid anew.

    Where less was paid from the fund (it was opened later), only that much is taken back.
    """
    fund = fund_for(case)
    if fund is None:
        return
    fund = _locked(fund)
    hold = _hold(fund, case, needed=False)
    if hold is None or FundEntry.objects.filter(key=key).exists():
        return
    amount = min(amount, hold.paid)
    if amount:
        sides = {PAID: -amount, COMMITTED: amount}
        _book(fund, FundMove.RETURN, sides, by=by, hold=hold, key=key)


def release_ended(*, limit: int = 200) -> int:
    """Release what is still reserved for cases that ended; returns how many. Safe to run twice."""
    held = FundHold.objects.filter(reserved__gt=0, case__stage__in=sorted(FINAL_STAGES))
    cases = [hold.case for hold in held.select_related("case").order_by("pk")[:limit]]
    for case in cases:
        with transaction.atomic():
            reserve_for_offers(locked_case(case), by=Actor.system())
    return len(cases)


@transaction.atomic
def close_month(fund: Fund, *, by: Actor, month: date) -> FundClose:
    """Close a month that is over: its sums are kept, and nothing is booked in it any more.

    Raises CaseError for a month that is not over, or was closed.
    """
    _require_manager(by)
    fund = _locked(fund)
    month, today = month.replace(day=1), working_calendar().local_date(now())
    if month >= today.replace(day=1):
        raise CaseError(_("这个月还没有结束，不能结账。"), field="month")
    following = (month + timedelta(days=32)).replace(day=1)
    if FundClose.objects.filter(fund=fund, month__gte=month).exists():
        raise CaseError(_("这个月已经结过账。"), field="month")
    sums = sums_at(fund, before=following)
    return FundClose.objects.create(
        fund=fund,
        month=month,
        allotted=sums.allotted,
        free=sums.free,
        reserved=sums.reserved,
        committed=sums.committed,
        paid=sums.paid,
        closed_by=by.person,
        closed_at=now(),
    )


def _require_manager(by: Actor) -> None:
    if by.user is None or not has_permission(by, Permission.MANAGE_FUNDS):
        raise StepForbidden(_("你的角色不能管理资金。"))


def _locked(fund: Fund) -> Fund:
    """Lock a fund, so that what is read of its balances holds until the end of the transaction."""
    return Fund.objects.select_for_update().get(pk=fund.pk)


def _hold(fund: Fund, case: Case, *, needed: bool) -> FundHold | None:
    """Return the case's hold of its fund, made where `needed`; None without one."""
    if not needed:
        return FundHold.objects.filter(fund=fund, case=case).first()
    return FundHold.objects.get_or_create(fund=fund, case=case)[0]


def _balance(fund: Fund, account: str) -> Decimal:
    return FundBalance.objects.get(fund=fund, account=account).amount


def _need(fund: Fund, amount: Decimal, *, field: str) -> None:
    free = _balance(fund, FREE) if amount > 0 else ZERO
    if amount > free:
        raise FundShort(
            _("资金「%(fund)s」还差 %(missing)s，请先追加预算。")
            % {"fund": fund.name, "missing": amount - free},
            field=field or None,
        )


def _book(
    fund: Fund,
    kind: str,
    sides: Mapping[str, Decimal],
    *,
    by: Actor,
    note: str = "",
    key: str | None = None,
    hold: FundHold | None = None,
) -> FundEntry:
    """Write an entry of a locked fund with its lines. The same key again gives the first one."""
    earlier = FundEntry.objects.filter(key=key).first() if key else None
    if earlier is not None:
        booked = dict(earlier.lines.values_list("account", "amount"))
        asked = {account: amount for account, amount in sides.items() if amount}
        if (earlier.fund_id, earlier.kind, booked) != (fund.pk, kind, asked):
            raise CaseError(_("这次提交和之前的一笔编号相同、内容不同。请刷新页面再登记。"))
        return earlier
    if sides.get(FREE, ZERO) < 0:
        _need(fund, -sides[FREE], field="amount")
    moment = now()
    entry = FundEntry.objects.create(
        fund=fund,
        kind=kind,
        hold=hold,
        booked_on=working_calendar().local_date(moment),
        at=moment,
        by=by.user,
        note=note,
        key=key,
    )
    FundLine.objects.bulk_create(
        FundLine(entry=entry, account=account, amount=amount)
        for account, amount in sides.items()
        if amount
    )
    return entry
