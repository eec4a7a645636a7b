"""Public statements of an incident: drafted by one person, published by another, never changed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.markup import refused_links
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import PERMISSION_ROLES, Permission, has_permission
from complaints.services.outbox import tell_staff
from liability.models import Incident, PublicStatement
from liability.states import IncidentState

LONGEST_BODY = 8000
_TOLD_OF = (IncidentState.CONFIRMED, IncidentState.CLOSED)


@dataclass(frozen=True)
class StatementText:
    """What is said, in both languages."""

    title_zh: str
    title_en: str
    body_zh: str
    body_en: str


def _locked(incident: Incident) -> tuple[Incident, PublicStatement | None]:
    fresh = Incident.objects.select_for_update().get(pk=incident.pk)
    if fresh.state not in _TOLD_OF:
        raise CaseError(_("确认为批次事件之后才能写公开说明。"))
    return fresh, fresh.statements.filter(published_at=None).first()


def _check(text: StatementText) -> None:
    for field, most in (("title_zh", 60), ("title_en", 100)):
        if not getattr(text, field).strip():
            raise CaseError(_("中文和英文都要写。"), field=field)
        if len(getattr(text, field).strip()) > most:
            raise CaseError(_("标题太长，最多 %(most)d 字。") % {"most": most}, field=field)
    for field in ("body_zh", "body_en"):
        body = getattr(text, field)
        if not body.strip():
            raise CaseError(_("中文和英文都要写。"), field=field)
        if len(body) > LONGEST_BODY:
            raise CaseError(_("内容太长。"), field=field)
        if wrong := refused_links(body):
            problem = _("链接只能用 https://、tel:、mailto: 或本站的路径：%(links)s")
            raise CaseError(problem % {"links": " ".join(wrong)}, field=field)


@transaction.atomic
def save_statement(
    incident: Incident, text: StatementText, *, by: Actor, seen: int = 0
) -> PublicStatement:
    """Keep a draft; `seen` is the draft's revision that somebody began with, 0 for none.

    Whoever saved it last wrote it; those who may publish are told once of each draft. Raises
    CaseError for an incident that isn't confirmed or a text that lacks something, DraftChanged,
    StepForbidden.
    """
    if by.user is None or not has_permission(by, Permission.INVESTIGATE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    _check(text)
    fresh, draft = _locked(incident)
    if (draft.revision if draft else 0) != seen:
        raise DraftChanged(_("有人刚刚改过这份草稿。看看最新的内容，再决定怎么改。"))
    if draft is None:
        latest = fresh.statements.order_by("-number").first()
        number = latest.number + 1 if latest else 1
        draft = PublicStatement(incident=fresh, number=number, revision=0)
    for field, words in vars(text).items():
        setattr(draft, field, words.strip())
    draft.revision += 1
    draft.written_by, draft.written_at = by.user, now()
    draft.save()
    if draft.revision == 1:
        _tell_publishers(fresh, draft, by.user)
    return draft


def _tell_publishers(incident: Incident, draft: PublicStatement, writer: User) -> None:
    roles = sorted(PERMISSION_ROLES[Permission.MANAGE_PAGES])
    users = User.objects.filter(is_active=True, roles__overlap=roles).exclude(pk=writer.pk)
    case = Case.objects.filter(incidents=incident).order_by("-pk").first()
    data = {"incident": incident.pk}
    tell_staff(
        case,
        "statement_to_publish",
        users=list(users.order_by("pk")),
        key=f"statement:{draft.pk}",
        data=data,
    )


@transaction.atomic
def publish_statement(incident: Incident, *, by: Actor, seen: int) -> PublicStatement:
    """Publish the draft as somebody saw it: from now on everybody reads it.

    Raises StepForbidden for the right that is missing or one's own text, DraftChanged.
    """
    if by.user is None or not has_permission(by, Permission.MANAGE_PAGES):
        raise StepForbidden(_("你的角色不能修改公开页面。"))
    _fresh, draft = _locked(incident)
    if draft is None or draft.revision != seen:
        raise DraftChanged(_("有人刚刚改过这份草稿。看看最新的内容，再决定要不要发布。"))
    if draft.written_by_id == by.user.pk:
        raise StepForbidden(_("自己写的公开说明，要由另一位同事发布。"))
    draft.published_by, draft.published_at = by.user, now()
    draft.save(update_fields=["published_by", "published_at"])
    return draft
