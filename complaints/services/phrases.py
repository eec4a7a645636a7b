"""Ready texts: written by managers in both languages, every change a version; put into drafts."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.models import ReplyTemplate, ReplyTemplateVersion
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.phrases import unknown_in
from complaints.selectors.phrases import KNOWN
from complaints.services.conversation import LONGEST_MESSAGE

TEXTS = ("name_zh", "name_en", "body_zh", "body_en")


def _require(by: Actor) -> None:
    if not has_permission(by, Permission.MANAGE_TEMPLATES):
        raise StepForbidden(_("你的角色不能管理话术和快捷操作。"))


def check_texts(texts: dict[str, str]) -> None:
    """Raise CaseError that names the field for a missing or overlong text, or a wrong variable."""
    for field in TEXTS:
        text = texts[field].strip()
        if not text:
            raise CaseError(_("中文和英文都要填写。"), field=field)
        if len(text) > LONGEST_MESSAGE:
            raise CaseError(
                _("内容太长，最多 %(most)d 字。") % {"most": LONGEST_MESSAGE}, field=field
            )
        unknown = unknown_in(text, KNOWN)
        if unknown:
            names = " ".join(f"{{{{{name}}}}}" for name in unknown)
            raise CaseError(_("没有这个变量：%(names)s。") % {"names": names}, field=field)


@transaction.atomic
def add_template(*, code: str, by: Actor, position: int = 0, **texts: str) -> ReplyTemplate:
    """Add a ready text with its first version. Raises CaseError for a bad or taken code."""
    _require(by)
    check_texts(texts)
    if not code or slugify(code) != code:
        raise CaseError(_("代码用小写字母、数字和连字符。"), field="code")
    try:
        with transaction.atomic():
            template = ReplyTemplate.objects.create(code=code, position=position)
    except IntegrityError as error:
        raise CaseError(_("这个代码已经有了。"), field="code") from error
    _add_version(template, texts, number=1, by=by)
    return template


def _add_version(
    template: ReplyTemplate, texts: dict[str, str], *, number: int, by: Actor
) -> ReplyTemplateVersion:
    stripped = {field: texts[field].strip() for field in TEXTS}
    return ReplyTemplateVersion.objects.create(
        template=template, number=number, at=now(), by=by.user, **stripped
    )


@transaction.atomic
def change_template(
    template: ReplyTemplate, *, by: Actor, seen: int, position: int, **texts: str
) -> ReplyTemplateVersion | None:
    """Give a ready text a new version; the same texts make none.

    Raises DraftChanged when somebody made another version after `seen`, CaseError as `check_texts`.
    """
    _require(by)
    check_texts(texts)
    locked = ReplyTemplate.objects.select_for_update().get(pk=template.pk)
    latest = locked.versions.order_by("-number").first()
    number = latest.number if latest else 0
    if seen != number:
        raise DraftChanged(_("有人刚刚改过这条话术。看看最新的一版，再决定怎么改。"))
    if locked.position != position:
        locked.position = position
        locked.save(update_fields=["position"])
    if latest and all(getattr(latest, field) == texts[field].strip() for field in TEXTS):
        return None
    return _add_version(locked, texts, number=number + 1, by=by)


def retire_template(template: ReplyTemplate, *, by: Actor) -> None:
    """Offer a ready text no more. Raises CaseError while a macro uses it."""
    _require(by)
    if template.macros.filter(retired_at=None).exists():
        raise CaseError(_("还有快捷操作在用这条话术，先改快捷操作。"))
    ReplyTemplate.objects.filter(pk=template.pk, retired_at=None).update(retired_at=now())


def restore_template(template: ReplyTemplate, *, by: Actor) -> None:
    """Offer a retired ready text again."""
    _require(by)
    ReplyTemplate.objects.filter(pk=template.pk).update(retired_at=None)
