"""Keeping the figures by region: entered with a source, checked by another, withdrawn if wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compensation.models import OF_A_YEAR, RegionalStatistic, StatisticKind
from compensation.regions import Region
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import working_calendar

MOST = Decimal("99999999")
FIRST_YEAR = 1990
GRADES = [str(grade) for grade in range(1, 11)]


@dataclass(frozen=True)
class StatisticData:
    """A figure as it is entered."""

    region: str
    kind: str
    year: int
    value: Decimal
    source: str
    seen_on: date
    link: str = ""
    detail: str = ""


def _keeper(by: Actor) -> User:
    if by.user is None or not has_permission(by, Permission.MANAGE_POLICIES):
        raise StepForbidden(_("你的角色不能修改地区统计数据。"))
    return by.user


def enter_statistic(data: StatisticData, *, by: Actor) -> RegionalStatistic:
    """Enter a figure; it counts at once, and is told as not checked until another has checked it.

    Raises CaseError naming the field for what can't be, or for a figure that stands already.
    """
    user = _keeper(by)
    _check(data)
    try:
        with transaction.atomic():
            return RegionalStatistic.objects.create(
                region=data.region,
                kind=data.kind,
                detail=data.detail.strip(),
                year=data.year,
                value=data.value,
                source=data.source.strip(),
                link=data.link.strip(),
                seen_on=data.seen_on,
                entered_by=user,
                entered_at=now(),
            )
    except IntegrityError:
        raise CaseError(
            _("这个地区、这一年的这项数据已经有了。数值有变化时，先撤下原来的。"), field="year"
        ) from None


def _check(data: StatisticData) -> None:
    if data.region not in Region.values:
        raise CaseError(_("请选一项"), field="region")
    if data.kind not in StatisticKind.values:
        raise CaseError(_("请选一项"), field="kind")
    today = working_calendar().local_date(now())
    last = today.year - 1 if data.kind in OF_A_YEAR else today.year
    if not FIRST_YEAR <= data.year <= last:
        raise CaseError(_("这项数据最近的年度是 %(last)d 年。") % {"last": last}, field="year")
    if not data.value.is_finite() or not 0 < data.value <= MOST:
        raise CaseError(_("数值要大于 0，也不能太大。"), field="value")
    if not data.source.strip():
        raise CaseError(_("请写明来源：哪个机关、哪份文件。"), field="source")
    if data.seen_on > today:
        raise CaseError(_("查看日期不能在今天之后。"), field="seen_on")
    _check_detail(data)


def _check_detail(data: StatisticData) -> None:
    detail = data.detail.strip()
    if data.kind == StatisticKind.COEFFICIENT:
        if detail not in GRADES:
            raise CaseError(_("伤残等级写 1 到 10。"), field="detail")
        if data.value > 1:
            raise CaseError(_("系数写成小数，不超过 1。"), field="value")
    elif data.kind == StatisticKind.SECTOR_WAGE:
        if not detail:
            raise CaseError(_("请写明是哪个行业。"), field="detail")
    elif detail:
        raise CaseError(_("只有行业工资和伤残系数要填这一项。"), field="detail")
    decimals = Decimal("0.0001") if data.kind == StatisticKind.COEFFICIENT else Decimal("0.01")
    if data.value != data.value.quantize(decimals):
        raise CaseError(_("金额最多两位小数。"), field="value")


def _locked(row: RegionalStatistic) -> RegionalStatistic:
    return RegionalStatistic.objects.select_for_update().get(pk=row.pk)


@transaction.atomic
def check_statistic(row: RegionalStatistic, *, by: Actor) -> RegionalStatistic:
    """Say that a figure was held against its source. A second time changes nothing.

    Raises StepForbidden for one's own, CaseError for one that was withdrawn.
    """
    user, row = _keeper(by), _locked(row)
    if row.is_checked:
        return row
    if row.withdrawn_at is not None:
        raise CaseError(_("这项数据已经撤下。"))
    if row.entered_by_id == user.pk:
        raise StepForbidden(_("自己登记的数据要由另一位同事核对。"))
    row.checked_by, row.checked_at = user, now()
    row.save(update_fields=["checked_by", "checked_at"])
    return row


@transaction.atomic
def withdraw_statistic(row: RegionalStatistic, *, by: Actor, reason: str) -> RegionalStatistic:
    """Take a figure out of use; sheets that were reckoned with it keep it.

    Raises CaseError without a reason. A second time changes nothing.
    """
    user = _keeper(by)
    if not reason.strip():
        raise CaseError(_("请写明理由。"), field="reason")
    row = _locked(row)
    if row.withdrawn_at is None:
        row.withdrawn_by, row.withdrawn_at = user, now()
        row.withdrawn_because = reason.strip()[:200]
        row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    return row
