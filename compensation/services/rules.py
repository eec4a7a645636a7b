"""Adding a dated version of a rule: drafted by one, tried on past sheets, published by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compensation.models import LegalRuleVersion
from compensation.rules.figures import LIMITS, FigureFault, faults_of
from compensation.selectors.rules import back_run, draft_of, in_force
from compensation.states import RuleSource
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.moments import now
from complaints.permissions import Permission, has_permission


@dataclass(frozen=True)
class NewVersion:
    """What a version changes; the formula stays, its figures and words may not."""

    effective_from: date
    parameters: Mapping[str, Decimal]
    article: str
    source: str
    active: bool
    reason: str
    gist: str = ""


def rule_manager(by: Actor) -> User:
    """Return the member of staff who may change rules. Raises StepForbidden without the right."""
    if by.user is None or not has_permission(by, Permission.MANAGE_POLICIES):
        raise StepForbidden(_("你的角色不能修改法律规则。"))
    return by.user


@transaction.atomic
def save_rule_draft(rule: str, *, by: Actor, new: NewVersion) -> LegalRuleVersion:
    """Write the draft of a rule's next version; there is one at most. Raises CaseError.

    It has the formula and title of the version in force: figures are data, never expressions.
    """
    user = rule_manager(by)
    base = in_force(rule, new.effective_from)
    if base is None:
        raise CaseError(_("这一天还没有这条规则。"), field="effective_from")
    _check(new, base)
    row = draft_of(rule) or LegalRuleVersion(rule=rule)
    for name in ("title", "formula", "group", "region"):
        setattr(row, name, getattr(base, name))
    row.parameters = {name: f"{value:f}" for name, value in new.parameters.items()}
    row.article, row.reason = new.article.strip(), new.reason.strip()
    row.gist = new.gist.strip()
    row.effective_from, row.source, row.active = new.effective_from, new.source, new.active
    row.created_by, row.created_at = user, now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise DraftChanged(_("另一位同事刚刚也存了草稿，请先看那一份。")) from None
    return row


def _check(new: NewVersion, base: LegalRuleVersion) -> None:
    if set(new.parameters) != set(base.parameters):
        raise CaseError(_("数值的名称要和现行版本一样。"))
    for name, fault in faults_of(new.parameters):
        raise CaseError(_figure_words(name, fault), field=f"figure_{name}")
    if not new.article.strip():
        raise CaseError(_("请写明条文。"), field="article")
    if not new.reason.strip():
        raise CaseError(_("请写明修改的理由。"), field="reason")
    if new.source not in RuleSource.values:
        raise CaseError(_("请选择来源核对的情况。"), field="source")


def _figure_words(name: str, fault: FigureFault) -> str:
    if fault == FigureFault.WHOLE:
        return _("这一项要写成整数。")
    if fault == FigureFault.ORDER:
        return _("上限不能比下限小。")
    limits = LIMITS[name]
    words = {"least": f"{limits.least:f}", "most": f"{limits.most:f}"}
    return _("这一项要在 %(least)s 到 %(most)s 之间。") % words


def mark_of(row: LegalRuleVersion) -> str:
    """Return what names this wording of a draft, so that only what was seen gets published."""
    return f"{row.pk}-{row.created_at:%Y%m%d%H%M%S%f}"


def _seen_draft(rule: str, mark: str) -> LegalRuleVersion:
    row = LegalRuleVersion.objects.select_for_update().filter(rule=rule, published_at=None).first()
    if row is None or mark_of(row) != mark:
        raise DraftChanged(_("草稿有变化，请再看一次影响。"))
    return row


@transaction.atomic
def publish_rule(rule: str, *, by: Actor, mark: str) -> LegalRuleVersion:
    """Publish the draft that was seen; from here on the database keeps it as it is.

    Whoever wrote this wording does not publish it. Kept with it is what it would have changed in
    past sheets; those stay as they are. Raises DraftChanged for another wording, StepForbidden.
    """
    user = rule_manager(by)
    row = _seen_draft(rule, mark)
    if not may_publish(row, user):
        raise StepForbidden(_("这一版是你拟的，请另一位管理者看过影响以后发布。"))
    row.preview = back_run(row).as_data()
    row.published_by, row.published_at = user, now()
    row.save(update_fields=["preview", "published_by", "published_at"])
    return row


def may_publish(row: LegalRuleVersion, user: User) -> bool:
    """Say whether somebody is another person than whoever wrote a draft's wording."""
    return row.created_by_id != user.pk


@transaction.atomic
def discard_rule(rule: str, *, by: Actor, mark: str) -> None:
    """Throw the draft away. Raises DraftChanged for another wording than was seen."""
    rule_manager(by)
    _seen_draft(rule, mark).delete()
