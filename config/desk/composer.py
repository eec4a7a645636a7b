"""What the composer of a case begins with: drafts, replies that still wait, what was refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from complaints import sealing
from complaints.actors import Actor
from complaints.forms.desk import ComposerForm
from complaints.models import Case
from complaints.permissions import Permission, has_permission
from complaints.selectors.composing import Written, as_written
from complaints.states import MessageKind
from config.templatetags.present import moment

KINDS = {ComposerForm.REPLY: MessageKind.MESSAGE, ComposerForm.NOTE: MessageKind.NOTE}


def may_reply(actor: Actor) -> bool:
    """Say whether somebody may write to consumers; everybody may write notes."""
    return has_permission(actor, Permission.HANDLE_CASE) or has_permission(
        actor, Permission.INVESTIGATE
    )


def kind_of(name: str, actor: Actor) -> str:
    """Return what somebody writes: a note, unless it is a reply and they may reply."""
    return (
        KINDS[ComposerForm.REPLY] if name != "internal" and may_reply(actor) else MessageKind.NOTE
    )


def composer(
    case: Case,
    found: Any,
    *,
    user: User,
    now: datetime,
    query: str,
    asked: str,
    refused: dict[str, Any] | None,
) -> dict[str, Any]:
    """Return the composer with one's drafts, and the bar of replies that wait to go out."""
    actor, written = Actor.staff(user), as_written(found)
    drafts = {each.kind: each for each in written if not each.is_waiting}
    note = bool((refused or {}).get("note")) or (refused is None and _is_note(asked, drafts, actor))
    shown = _Shown(case, drafts, refused or {}, note=note or not may_reply(actor))
    address = reverse("desk:say", args=[case.reference])
    return {
        "nonce": sealing.new_secret(),
        "may_reply": may_reply(actor),
        "may_handle": has_permission(actor, Permission.HANDLE_CASE),
        "say_url": f"{address}?{query}",
        "composer": shown.context(now),
        "waiting": [
            _waiting(each, user=user, here=case, now=now) for each in written if each.is_waiting
        ],
    }


def _is_note(asked: str, drafts: dict[str, Written], actor: Actor) -> bool:
    if asked in KINDS:
        return asked == ComposerForm.NOTE
    only_note = MessageKind.NOTE in drafts and MessageKind.MESSAGE not in drafts
    return only_note or not may_reply(actor)


class _Shown:
    def __init__(
        self, case: Case, drafts: dict[str, Written], refused: dict[str, Any], *, note: bool
    ) -> None:
        self.case, self.drafts, self.refused, self.note = case, drafts, refused, note

    def context(self, now: datetime) -> dict[str, Any]:
        kind = MessageKind.NOTE if self.note else MessageKind.MESSAGE
        draft = self.drafts.get(kind)
        name = ComposerForm.NOTE if self.note else ComposerForm.REPLY
        return {
            "note": self.note,
            "text": self._text(draft),
            "error": self.refused.get("error", ""),
            "version": f"{name}:{draft.version if draft else 0}",
            "words": _("草稿已保存") if draft else "",
            "loaded": timezone.localtime(now).isoformat(),
            "files": self._files(draft) if draft else [],
            "draft_url": reverse("desk:draft", args=[self.case.reference]),
            "colleagues_url": reverse("desk:colleagues", args=[self.case.reference]),
            "other": self._other(),
        }

    def _text(self, draft: Written | None) -> str:
        """What was refused, with what another browser had kept above it; else the draft."""
        kept, refused = draft.text if draft else "", self.refused.get("text", "")
        return kept if refused in kept else refused

    def _files(self, draft: Written) -> list[dict[str, str]]:
        return [{"name": name, "remove": self._remove(pk)} for pk, name in draft.files]

    def _remove(self, file_id: int) -> str:
        return reverse("desk:draft_file_remove", args=[self.case.reference, file_id])

    def _other(self) -> dict[str, Any] | None:
        """The draft of the other kind, which is not in the box."""
        draft = self.drafts.get(MessageKind.MESSAGE if self.note else MessageKind.NOTE)
        if draft is None:
            return None
        name = ComposerForm.REPLY if self.note else ComposerForm.NOTE
        address = reverse("desk:case", args=[self.case.reference])
        return {
            "href": f"{address}?compose={name}",
            "label": _("还有一份回复草稿") if self.note else _("还有一份备注草稿"),
            "text": draft.text,
            "version": draft.version,
            "files": self._files(draft),
        }


def _waiting(reply: Written, *, user: User, here: Case, now: datetime) -> dict[str, Any]:
    mine = reply.author_id == user.pk
    left = max(0, round((reply.goes_at - now).total_seconds())) if reply.goes_at else 0
    return {
        "mine": mine,
        "who": reply.author,
        "reference": "" if reply.reference == here.reference else reply.reference,
        "text": reply.text,
        "goes": moment(reply.goes_at, now),
        "goes_iso": reply.goes_at.isoformat() if reply.goes_at else "",
        "left": left,
        "undo": reverse("desk:undo", args=[reply.reference, reply.pk]) if mine else "",
        "files": len(reply.files),
    }
