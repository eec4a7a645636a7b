"""Keeping a complaint that is being written, and sending it once.

A draft's answers are sealed under the installation's key. Its id is the idempotency key of the case
made of it, so that sending twice, or fifty times at once, gives one case.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, Evidence, IntakeDraft
from complaints.moments import now
from complaints.selectors.drafts import STEPS, Answers, answers_of
from complaints.selectors.taxonomy import category_name, issue_name
from complaints.services.entrance import count_attempt, grant_access
from complaints.services.evidence import drop_unsent
from complaints.services.intake import ComplaintData, ContactData, Receipt, submit_complaint
from complaints.states import Issue

DRAFTS_A_WINDOW = 60
SENT_DRAFTS_KEPT = timedelta(days=1)
TITLE_LENGTH = 120
_CONTACT = ("name", "phone", "email")
_DATES = ("occurred_on", "purchased_on")
_AMOUNTS = ("wished_amount", "amount_paid")


def start_draft(*, address: str, language: str) -> IntakeDraft:
    """Begin a draft for somebody at a network address. Raises TooManyAttempts after too many."""
    count_attempt(f"intake:{address}", most=DRAFTS_A_WINDOW)
    moment = now()
    return IntakeDraft.objects.create(language=language, created_at=moment, saved_at=moment)


@transaction.atomic
def keep_typed(draft: IntakeDraft, *, step: str, typed: dict[str, str]) -> IntakeDraft:
    """Keep a step as it was typed, complete or not."""
    fresh, answers = _locked(draft)
    answers.typed[step] = typed
    return _save(fresh, answers)


@transaction.atomic
def settle_step(
    draft: IntakeDraft, *, step: str, typed: dict[str, str], settled: dict[str, Any]
) -> IntakeDraft:
    """Keep a step that was checked: `settled` is what will be sent, as plain JSON values."""
    fresh, answers = _locked(draft)
    answers.typed[step], answers.settled[step] = typed, settled
    fresh.step_reached = max(fresh.step_reached, STEPS.index(step) + 1)
    return _save(fresh, answers)


def _locked(draft: IntakeDraft) -> tuple[IntakeDraft, Answers]:
    fresh = IntakeDraft.objects.select_for_update().get(pk=draft.pk)
    return fresh, answers_of(fresh)


def _save(draft: IntakeDraft, answers: Answers) -> IntakeDraft:
    draft.sealed, draft.saved_at = sealing.seal_for_installation(asdict(answers)), now()
    draft.save(update_fields=["sealed", "saved_at", "step_reached"])
    return draft


def leave_for_later(draft: IntakeDraft) -> str:
    """Return the secret of a link under which the draft can be gone on with; it replaces others."""
    secret = sealing.new_secret()
    IntakeDraft.objects.filter(pk=draft.pk).update(
        resume_digest=sealing.digest(secret), saved_at=now()
    )
    return secret


@transaction.atomic
def throw_away(draft: IntakeDraft) -> None:
    """Delete a draft that was not sent, with its answers and its files."""
    drop_unsent(Evidence.objects.filter(draft=draft))
    IntakeDraft.objects.filter(pk=draft.pk).delete()


def send_draft(draft: IntakeDraft, *, by: Actor, device: str = "") -> Receipt:
    """Make the case of a complete draft, once, and return its receipt with a secret to show.

    A draft that was sent before gives the same case, and a further link to it. `draft` comes from
    `selectors.drafts.draft_by_id`. Raises CaseError for a draft that is not complete, and
    IntakeConflict for one that was sent with other answers.
    """
    answers = answers_of(draft)
    if answers.first_open_step() is not None:
        raise CaseError(_("还有几项没有填完。"))
    receipt = submit_complaint(
        complaint_of(answers),
        by=by,
        key=str(draft.pk),
        notice=answers.all_settled().get("notice", ""),
        draft_id=draft.pk if getattr(draft, "has_files", True) else None,
        device=device,
    )
    if receipt.secret:
        return receipt
    return replace(receipt, secret=grant_access(receipt.case))


def complaint_of(answers: Answers) -> ComplaintData:
    """Return what complete answers say, in the form in which every complaint is received."""
    said = answers.all_settled()
    said.pop("notice", None)
    contact = ContactData(**{name: said.pop(name, "") for name in _CONTACT})
    for name in _DATES:
        said[name] = date.fromisoformat(said[name]) if said.get(name) else None
    for name in _AMOUNTS:
        said[name] = Decimal(said[name]) if said.get(name) else None
    return ComplaintData(contact=contact, title=_title(said), **said)


def _title(said: dict[str, Any]) -> str:
    """Name the complaint by what it is about, in the language that the consumer chose."""
    other = said["issue"] == Issue.OTHER
    with translation.override(said["language"]):
        problem = category_name(said["category"]) if other else issue_name(said["issue"])
        words = _("%(product)s：%(problem)s") % {
            "product": said["product_text"],
            "problem": problem,
        }
    return words[:TITLE_LENGTH]


def purge_sent_drafts(*, most: int = 1000) -> int:
    """Delete drafts that were sent more than a day ago, and return how many.

    Until then a repeated sending still finds its answers; their files belong to the case.
    """
    old = IntakeDraft.objects.filter(saved_at__lt=now() - SENT_DRAFTS_KEPT).order_by("saved_at")
    keys = {str(pk) for pk in old.values_list("pk", flat=True)[:most]}
    sent = Case.objects.filter(intake_key__in=keys).values_list("intake_key", flat=True)
    return IntakeDraft.objects.filter(pk__in=list(sent)).delete()[0]
