"""Changing how long cases of a class are kept: a new version from a day on, never an old one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from reviews.keeping import MOST_MONTHS
from reviews.models import RetentionRule
from reviews.selectors.retention import today
from reviews.states import CountsFrom, KeptBy, KeptClass


@dataclass(frozen=True)
class RuleData:
    """What a version of a rule says."""

    months: int
    counts_from: str
    kept_by: str
    source: str
    source_en: str
    verified: bool
    active: bool
    effective_from: date
    reason: str


@transaction.atomic
def save_rule(code: str, data: RuleData, *, by: Actor, seen: int | None = None) -> RetentionRule:
    """Add a version of a class's rule; `seen` is the version that the person had before them.

    Raises CaseError for a period outside 1 to 1200 months, a missing source or reason, a day
    before today, the rule for all cases switched off, or a version that somebody else added since.
    """
    if not has_permission(by, Permission.MANAGE_RETENTION):
        raise StepForbidden(_("你的角色不能做这件事。"))
    _check(code, data)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 43))", [code])
    last = RetentionRule.objects.filter(code=code).order_by("version").last()
    version = last.version if last else 0
    if seen is not None and seen != version:
        raise CaseError(_("有人刚刚改过这一类的期限。看看最新的，再决定要不要改。"))
    return RetentionRule.objects.create(
        code=code,
        version=version + 1,
        months=data.months,
        counts_from=data.counts_from,
        kept_by=data.kept_by,
        source=data.source.strip(),
        source_en=data.source_en.strip(),
        verified=data.verified,
        active=data.active,
        effective_from=data.effective_from,
        reason=data.reason.strip(),
        saved_by=by.person,
        saved_at=now(),
    )


def _check(code: str, data: RuleData) -> None:
    if code not in KeptClass.values:
        raise CaseError(_("请选一项。"), field="code")
    if not 1 <= data.months <= MOST_MONTHS:
        raise CaseError(_("保存 1 到 1200 个月。"), field="months")
    if data.counts_from not in CountsFrom.values:
        raise CaseError(_("请选一项。"), field="counts_from")
    if data.kept_by not in KeptBy.values:
        raise CaseError(_("请选一项。"), field="kept_by")
    if not data.source.strip():
        raise CaseError(_("请写明依据：法律的条文，或者公司的规定。"), field="source")
    if not data.reason.strip():
        raise CaseError(_("请写明为什么修改。"), field="reason")
    if data.effective_from < today():
        raise CaseError(_("最早从今天起生效。"), field="effective_from")
    if code == KeptClass.ORDINARY and not data.active:
        raise CaseError(_("这一类适用于所有案件，不能停用。"), field="active")
