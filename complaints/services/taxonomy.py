"""Adding, renaming and retiring what complaints are about."""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, ComplaintCategory, ComplaintIssue
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.memory import forget

Term = ComplaintCategory | ComplaintIssue
_CODE = re.compile(r"[A-Z][A-Z0-9_]*")
CORE_ISSUES = frozenset({"SAFETY", "OTHER"})
"""Issues that rules and forms rely on: they may be renamed, never retired or deleted."""


def _require(by: Actor) -> None:
    if not has_permission(by, Permission.MANAGE_TAXONOMY):
        raise StepForbidden(_("你的角色不能管理投诉分类。"))


def add_category(
    *, code: str, name_zh: str, name_en: str, by: Actor, position: int = 0
) -> ComplaintCategory:
    """Add a category. Raises CaseError for a bad or taken code, or a missing name."""
    _require(by)
    term = ComplaintCategory(code=code, name_zh=name_zh, name_en=name_en, position=position)
    _insert(term, longest=12)
    return term


def add_issue(
    *,
    category: ComplaintCategory,
    code: str,
    name_zh: str,
    name_en: str,
    by: Actor,
    position: int = 0,
) -> ComplaintIssue:
    """Add an issue to a category. Raises CaseError for a bad or taken code, or a missing name."""
    _require(by)
    term = ComplaintIssue(
        category=category, code=code, name_zh=name_zh, name_en=name_en, position=position
    )
    _insert(term, longest=20)
    return term


def _insert(term: Term, *, longest: int) -> None:
    if not _CODE.fullmatch(term.code) or len(term.code) > longest:
        raise CaseError(
            _("代码用大写字母、数字和下划线，字母开头，最多 %(longest)d 个。")
            % {"longest": longest},
            field="code",
        )
    _check_names(term.name_zh, term.name_en)
    try:
        with transaction.atomic():
            term.save(force_insert=True)
    except IntegrityError as error:
        raise CaseError(_("这个代码已经有了。"), field="code") from error


def _check_names(name_zh: str, name_en: str) -> None:
    if not name_zh.strip():
        raise CaseError(_("请填写中文名称。"), field="name_zh")
    if not name_en.strip():
        raise CaseError(_("请填写英文名称。"), field="name_en")


def rename_term(term: Term, *, name_zh: str, name_en: str, position: int, by: Actor) -> None:
    """Give a term other names, or another place; cases that carry it show them at once."""
    _require(by)
    _check_names(name_zh, name_en)
    term.name_zh, term.name_en, term.position = name_zh.strip(), name_en.strip(), position
    term.save(update_fields=["name_zh", "name_en", "position"])
    transaction.on_commit(forget)


def retire_term(term: Term, *, by: Actor) -> None:
    """Take a term off the forms; cases that carry it keep it. Raises CaseError for a core issue."""
    _require(by)
    if isinstance(term, ComplaintIssue) and term.code in CORE_ISSUES:
        raise CaseError(_("系统的规则要用到这一项，不能停用，可以改名。"))
    if term.retired_at is None:
        term.retired_at = now()
        term.save(update_fields=["retired_at"])


def restore_term(term: Term, *, by: Actor) -> None:
    """Offer a retired term again."""
    _require(by)
    term.retired_at = None
    term.save(update_fields=["retired_at"])


@transaction.atomic
def delete_term(term: Term, *, by: Actor) -> None:
    """Delete a term that was never used. Raises CaseError for one that a case carries."""
    _require(by)
    is_issue = isinstance(term, ComplaintIssue)
    used = Case.objects.filter(**{"issue" if is_issue else "category": term.code}).exists()
    if used:
        raise CaseError(_("已有案件用了这一项，不能删除，可以停用。"))
    if is_issue and term.code in CORE_ISSUES:
        raise CaseError(_("系统的规则要用到这一项，不能删除。"))
    if isinstance(term, ComplaintCategory) and term.issues.exists():
        raise CaseError(_("这个类别下还有问题，先删除或移走。"))
    term.delete()
