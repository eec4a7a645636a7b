"""What the desk does in one go: several services' work, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from complaints.actors import Actor
from complaints.models import Case
from complaints.services.conversation import was_said, write_message, write_note
from complaints.services.evidence import add_evidence
from complaints.services.intake import ComplaintData, Receipt, submit_complaint
from complaints.services.locking import locked_case
from complaints.services.triage import accept, classify


@transaction.atomic
def accept_classified(
    case: Case,
    *,
    by: Actor,
    category: str,
    issue: str,
    severity: str,
    next_steps: str,
    expected_on: date,
    seen: int | None = None,
) -> Case:
    """Classify and accept a complaint; refused, neither has happened. See `triage.accept`."""
    case = classify(case, by=by, seen=seen, category=category, issue=issue, severity=severity)
    return accept(case, by=by, next_steps=next_steps, expected_on=expected_on)


@transaction.atomic
def say(
    case: Case,
    *,
    by: Actor,
    body: str,
    files: Sequence[UploadedFile] = (),
    internal: bool = False,
    nonce: str | None = None,
) -> Case:
    """Send a reply, or keep a note, with its files: all of it or nothing.

    The same `nonce` again changes nothing. Raises documents' FileRefused, or CaseError.
    """
    if nonce:
        case = locked_case(case)
        if was_said(case, by=by, nonce=nonce):
            return case
    if body.strip() or not files:
        write = write_note if internal else write_message
        case = write(case, by=by, body=body, nonce=nonce)
    for file in files:
        add_evidence(case, by=by, upload=file, name=file.name or "", for_consumer=not internal)
    return case


def take_down(data: ComplaintData, *, by: Actor, key: str, digest: str = "") -> Receipt:
    """Receive a complaint that a member of staff wrote down; the same `key` again is the same.

    `digest` is that of everything written down, where it is more than `data`.
    """
    return submit_complaint(data, by=by, key=f"desk:{key}", digest=digest)
