"""Public apologies and statements: one person writes, two others approve the same frozen words."""

from __future__ import annotations

import hashlib
import json

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compensation.models import PublicStatement
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import PERMISSION_ROLES, Permission, has_permission
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff

LONGEST = 5000
LAST_DIGITS = 8
Status = PublicStatement.Status


def words_digest(statement: PublicStatement) -> str:
    """Return the SHA-256 over all that would be published."""
    told = [statement.kind, statement.title, statement.text, statement.text_en]
    raw = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()


@transaction.atomic
def submit_statement(
    case: Case, *, by: Actor, kind: str, title: str, text: str, text_en: str = ""
) -> PublicStatement:
    """Write public words and freeze them until two others have approved them.

    Raises CaseError for empty or overlong words, or such that name the consumer or how to reach
    them; StepForbidden for those who handle no cases.
    """
    if by.user is None or not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    if kind not in PublicStatement.Kind.values:
        raise CaseError(_("请选一项"), field="kind")
    for name, words, most in (("title", title, 80), ("text", text, LONGEST)):
        if not words.strip() or len(words) > most:
            raise CaseError(_("请填写，最多 %(most)d 字。") % {"most": most}, field=name)
    case = locked_case(case)
    _check_names_nobody(case, title, text, text_en)
    statement = PublicStatement(
        case=case,
        kind=kind,
        title=title.strip(),
        text=text.strip(),
        text_en=text_en.strip()[:LONGEST],
        status=Status.WAITING,
        made_by=by.user,
        made_at=now(),
    )
    statement.digest = words_digest(statement)
    statement.save()
    case = touch(case, "statement_submitted", by=by, data={"statement": statement.pk})
    _ask(case, statement, {by.user.pk})
    return statement


def _check_names_nobody(case: Case, *texts: str) -> None:
    contact = case.consumer.contact
    told = "\n".join(texts)
    secrets = [contact.get(name, "") for name in ("name", "email", "address")]
    number = "".join(sign for sign in contact.get("phone", "") if sign.isdigit())[-LAST_DIGITS:]
    digits = "".join(sign for sign in told if sign.isdigit())
    named = any(len(secret) > 1 and secret in told for secret in secrets)
    if named or (number and number in digits):
        raise CaseError(_("公开的文字里不能有消费者的姓名或联系方式。"), field="text")


def _ask(case: Case, statement: PublicStatement, but: set[int]) -> None:
    roles = sorted(PERMISSION_ROLES[Permission.APPROVE_STATEMENT])
    users = User.objects.filter(is_active=True, roles__overlap=roles).exclude(pk__in=but)
    tell_staff(
        case,
        "statement_to_approve",
        users=list(users),
        key=f"statement:{statement.pk}:{case.event_count}",
        data={"statement": statement.pk},
    )


def _locked(statement: PublicStatement) -> tuple[Case, PublicStatement]:
    case = locked_case(statement.case)
    return case, PublicStatement.objects.select_for_update().get(pk=statement.pk)


@transaction.atomic
def approve_statement(
    statement: PublicStatement, *, by: Actor, seen_digest: str
) -> PublicStatement:
    """Approve the words as they were seen; the second approval lets them be published.

    Raises StepForbidden for the author, and for a second approval by the same person; CaseError
    for other words, or when they don't wait.
    """
    if by.user is None or not has_permission(by, Permission.APPROVE_STATEMENT):
        raise StepForbidden(_("你的角色不能批准公开声明。"))
    case, statement = _locked(statement)
    if statement.status != Status.WAITING:
        raise CaseError(_("这份声明不在等待批准。"))
    if statement.digest != seen_digest:
        raise CaseError(_("文字有变化，请重新看一遍。"))
    if by.user.pk in (statement.made_by_id, statement.first_by_id):
        raise StepForbidden(_("要由另外两位同事批准，不能批准自己写的，也不能批准两次。"))
    if statement.first_by_id is None:
        statement.first_by, statement.first_at = by.user, now()
    else:
        statement.second_by, statement.second_at = by.user, now()
        statement.status = Status.APPROVED
    statement.save()
    touch(case, "statement_approved", by=by, data={"statement": statement.pk})
    return statement


@transaction.atomic
def publish_statement(statement: PublicStatement, *, by: Actor) -> PublicStatement:
    """Let everybody read words that two others approved. A second time changes nothing."""
    if by.user is None or not has_permission(by, Permission.MANAGE_PAGES):
        raise StepForbidden(_("你的角色不能公布声明。"))
    case, statement = _locked(statement)
    if statement.status == Status.PUBLISHED:
        return statement
    if statement.status != Status.APPROVED:
        raise CaseError(_("两位同事批准以后才能公布。"))
    statement.status, statement.published_at = Status.PUBLISHED, now()
    statement.save(update_fields=["status", "published_at"])
    touch(
        case,
        "statement_published",
        by=by,
        data={"statement": statement.pk, "digest": statement.digest},
        for_consumer=True,
    )
    return statement


@transaction.atomic
def drop_statement(statement: PublicStatement, *, by: Actor, reason: str) -> PublicStatement:
    """Put words away, published or not, with the reason; they stay on file."""
    if by.user is None or not has_permission(by, Permission.APPROVE_STATEMENT):
        raise StepForbidden(_("你的角色不能批准公开声明。"))
    if not reason.strip():
        raise CaseError(_("请写明理由。"), field="reason")
    case, statement = _locked(statement)
    if statement.status == Status.DROPPED:
        return statement
    statement.status, statement.published_at = Status.DROPPED, None
    statement.save(update_fields=["status", "published_at"])
    data = {"statement": statement.pk}
    touch(case, "statement_dropped", by=by, data=data, text={"reason": reason.strip()})
    return statement
