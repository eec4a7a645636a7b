"""Handing one's right to approve plans to somebody else for some days, and taking it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compensation.models import Delegation
from compensation.selectors.plans import authority_of
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.owners import today
from complaints.services.outbox import tell_staff

LONGEST = timedelta(days=92)
MOST = Decimal("999999999999.99")


@dataclass(frozen=True)
class DelegationData:
    """A delegation as it is given; `most` is for each plan."""

    taker: User
    starts_on: date
    ends_on: date
    most: Decimal
    reason: str
    currency: str = "CNY"


@transaction.atomic
def delegate(given: DelegationData, *, by: Actor) -> Delegation:
    """Let somebody approve plans in one's place, up to an amount within one's own.

    Whoever wrote in a plan never decides it, in nobody's place. Raises StepForbidden for somebody
    who approves nothing by their own role; CaseError naming the field for what can't be.
    """
    if by.user is None or not has_permission(by, Permission.APPROVE_PLAN):
        raise StepForbidden(_("只有自己有审批权限的同事能委托别人审批。"))
    giver = User.objects.select_for_update().get(pk=by.user.pk)
    _check(given, giver)
    authority = authority_of(by, currency=given.currency)
    if not authority.covers(given.most):
        raise CaseError(_("不能超过你自己的审批额度。"), field="most")
    row = Delegation.objects.create(
        giver=giver,
        taker=given.taker,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        currency=given.currency,
        most=given.most,
        reason=given.reason.strip(),
        created_at=now(),
    )
    tell_staff(None, "delegated", users=[given.taker], key=f"delegated:{row.pk}")
    return row


def _check(given: DelegationData, giver: User) -> None:
    if given.taker.pk == giver.pk:
        raise CaseError(_("不能委托给自己。"), field="taker")
    if not given.taker.is_active:
        raise CaseError(_("这位同事的账号已停用。"), field="taker")
    if given.starts_on < today():
        raise CaseError(_("从今天或以后的日期开始。"), field="starts_on")
    if given.ends_on < given.starts_on:
        raise CaseError(_("最后一天不能早于第一天。"), field="ends_on")
    if given.ends_on - given.starts_on > LONGEST:
        raise CaseError(_("一次最长 %(days)d 天。") % {"days": LONGEST.days}, field="ends_on")
    money = given.most
    if not money.is_finite() or not 0 < money <= MOST or money != money.quantize(Decimal("0.01")):
        raise CaseError(_("金额要大于 0，最多两位小数。"), field="most")
    if not given.reason.strip():
        raise CaseError(_("请写明理由。"), field="reason")
    same = Delegation.objects.filter(
        giver=giver, taker=given.taker, currency=given.currency, ended_at=None
    )
    if same.filter(starts_on__lte=given.ends_on, ends_on__gte=given.starts_on).exists():
        raise CaseError(_("这些天已经委托过这位同事。先收回原来的，再重新委托。"), field="taker")


@transaction.atomic
def end_delegation(row: Delegation, *, by: Actor) -> Delegation:
    """Take a delegation back at once; a second time changes nothing.

    The giver may, and whoever plans the staff. Raises StepForbidden for anybody else.
    """
    row = Delegation.objects.select_for_update().get(pk=row.pk)
    own = by.user is not None and by.user.pk == row.giver_id
    if by.user is None or not (own or has_permission(by, Permission.MANAGE_STAFF)):
        raise StepForbidden(_("只有委托人和主管能收回。"))
    if row.ended_at is None:
        row.ended_at, row.ended_by = now(), by.user
        row.save(update_fields=["ended_at", "ended_by"])
    return row
