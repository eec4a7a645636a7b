"""Approving instant offers beforehand: one person proposes the limits, another one approves them.

The account in whose name the system then writes plans is nobody's log-in; the person who approved
beforehand is the checker of each of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.states import Role
from compensation.models import Fund, ScreeningBand, StandingApproval
from compensation.selectors.plans import authority_of
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import working_calendar
from complaints.selectors.taxonomy import category_exists
from complaints.states import ActorKind

ACCOUNT = "instant-offers"
MOST = Decimal("9999999.99")
LONGEST_DAYS = 366


@dataclass(frozen=True)
class StandingData:
    """The limits of an approval; money in the fund's currency."""

    categories: Sequence[str]
    most_each: Decimal
    most_together: Decimal
    fund: Fund
    caretaker: User
    until: date
    reason: str
    extra: Decimal = Decimal(0)
    band: str = ScreeningBand.NORMAL


def propose_standing(data: StandingData, *, by: Actor) -> StandingApproval:
    """Propose limits. Nothing is offered under them before another person approved.

    Raises CaseError naming the field for what can't be right, StepForbidden without the right.
    """
    if by.user is None or not has_permission(by, Permission.PLAN_COMPENSATION):
        raise StepForbidden(_("你的角色不能提出即时方案的条件。"))
    _check(data)
    return StandingApproval.objects.create(
        categories=sorted(set(data.categories)),
        currency=data.fund.currency,
        most_each=data.most_each,
        most_together=data.most_together,
        extra=data.extra,
        band=data.band,
        fund=data.fund,
        caretaker=data.caretaker,
        until=data.until,
        reason=data.reason.strip(),
        made_by=by.user,
        made_at=now(),
    )


def _check(data: StandingData) -> None:
    if not data.categories or not all(map(category_exists, data.categories)):
        raise CaseError(_("请选择投诉类别。"), field="categories")
    _check_money(data)
    if data.band not in (ScreeningBand.NORMAL, ScreeningBand.SECOND_REVIEW):
        raise CaseError(_("要主管和法务看的索赔，不能用即时方案。"), field="band")
    if not data.fund.is_open:
        raise CaseError(_("这笔资金已经停用。"), field="fund")
    if not {Role.AGENT, Role.MANAGER}.intersection(data.caretaker.roles):
        raise CaseError(_("负责人要能处理案件。"), field="caretaker")
    today = working_calendar().local_date(now())
    if not 0 <= (data.until - today).days <= LONGEST_DAYS:
        raise CaseError(_("有效期从今天起，最长一年。"), field="until")
    if not data.reason.strip():
        raise CaseError(_("请写明理由。"), field="reason")


def _check_money(data: StandingData) -> None:
    for name, amount in (("most_each", data.most_each), ("most_together", data.most_together)):
        if not 0 < amount <= MOST or amount != amount.quantize(Decimal("0.01")):
            raise CaseError(_("金额要大于 0，最多两位小数。"), field=name)
    if data.most_together < data.most_each:
        raise CaseError(_("合计不能少于每件的上限。"), field="most_together")
    if not 0 <= data.extra < data.most_each or data.extra != data.extra.quantize(Decimal("0.01")):
        raise CaseError(_("另外补偿不能小于 0，要少于每件的上限。"), field="extra")


@transaction.atomic
def approve_standing(approval: StandingApproval, *, by: Actor) -> StandingApproval:
    """Let instant offers be made within these limits, in one's own name.

    Raises StepForbidden without the right, for one's own proposal, or beyond one's authority;
    CaseError for one that was decided or is over. A second time changes nothing.
    """
    if by.user is None or not has_permission(by, Permission.APPROVE_STANDING):
        raise StepForbidden(_("你的角色不能预先批准即时方案。"))
    approval = StandingApproval.objects.select_for_update().get(pk=approval.pk)
    if approval.approved_by_id == by.user.pk:
        return approval
    if approval.approved_by_id is not None or approval.ended_at is not None:
        raise CaseError(_("这一项已经有人决定了。"))
    if approval.made_by_id == by.user.pk:
        raise StepForbidden(_("不能批准自己提出的条件，要由另一位同事批准。"))
    if not authority_of(by, currency=approval.currency).covers(approval.most_each):
        raise StepForbidden(_("金额超过你的审批额度。"))
    approval.approved_by, approval.approved_at = by.user, now()
    approval.save(update_fields=["approved_by", "approved_at"])
    return approval


@transaction.atomic
def end_standing(approval: StandingApproval, *, by: Actor, reason: str) -> StandingApproval:
    """Stop offering under these limits, with the reason. What was shown stands until its end."""
    if by.user is None or not has_permission(by, Permission.APPROVE_STANDING):
        raise StepForbidden(_("你的角色不能停用即时方案。"))
    if not reason.strip():
        raise CaseError(_("请写明理由。"), field="end_reason")
    approval = StandingApproval.objects.select_for_update().get(pk=approval.pk)
    if approval.ended_at is None:
        approval.ended_by, approval.ended_at = by.user, now()
        approval.end_reason = reason.strip()
        approval.save(update_fields=["ended_by", "ended_at", "end_reason"])
    return approval


def system_desk() -> Actor:
    """Return the system as the maker of instant offers: an account of its own, with no log-in."""
    account = User.objects.filter(username=ACCOUNT).first()
    if account is None:
        account = User.objects.create_user(
            ACCOUNT, display_name="即时方案（系统）", roles=[Role.AGENT], is_active=False
        )
    return Actor(kind=ActorKind.STAFF, roles=frozenset({Role.AGENT}), user=account)
