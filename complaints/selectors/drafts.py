"""Complaints that are being written, and what may be sent of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from complaints import sealing
from complaints.models import Case, Evidence, IntakeDraft

STEPS = ("product", "problem", "story", "wish", "contact")


@dataclass
class Answers:
    """What a draft holds: every step as it was typed, and the steps that were found complete."""

    typed: dict[str, dict[str, str]] = field(default_factory=dict)
    settled: dict[str, dict[str, Any]] = field(default_factory=dict)

    def first_open_step(self) -> str | None:
        """Return the first step that is not complete; None when the draft may be sent."""
        return next((step for step in STEPS if step not in self.settled), None)

    def all_settled(self) -> dict[str, Any]:
        """Return the answers of all complete steps together."""
        return {name: value for step in STEPS for name, value in self.settled.get(step, {}).items()}


def answers_of(draft: IntakeDraft | None) -> Answers:
    """Return a draft's answers in clear; none for no draft or one that can't be read any more."""
    held = sealing.unseal_for_installation(draft.sealed) if draft and draft.sealed else None
    return Answers(**held) if held else Answers()


def draft_by_id(draft_id: UUID | None) -> IntakeDraft | None:
    """Return the draft with `has_files` told in the same statement; None when it is gone."""
    if draft_id is None:
        return None
    files = Evidence.objects.filter(draft=OuterRef("pk"), case=None)
    return IntakeDraft.objects.annotate(has_files=Exists(files)).filter(pk=draft_id).first()


def draft_of_secret(secret: str) -> IntakeDraft | None:
    """Return the draft that a link for going on opens; None once it was sent or thrown away."""
    if not secret:
        return None
    draft = IntakeDraft.objects.filter(resume_digest=sealing.digest(secret)).first()
    if draft is None or Case.objects.filter(intake_key=str(draft.pk)).exists():
        return None
    return draft


def draft_files(draft: IntakeDraft | None) -> list[Evidence]:
    """Return the files of a draft that was not sent, the first one first."""
    if draft is None:
        return []
    return list(
        Evidence.objects.filter(draft=draft, case=None).select_related("file").order_by("id")
    )
