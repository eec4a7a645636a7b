"""The printed receipt of a complaint, once somebody asked for it."""

from __future__ import annotations

from complaints.models import Case
from documents.models import Document


def receipt_key(case: Case) -> str:
    """Return the key under which a case's receipt is printed."""
    return f"intake_receipt:{case.pk}"


def receipt_of(case: Case) -> Document | None:
    """Return the receipt of a case in whatever state it is, or None if nobody asked for it."""
    return Document.objects.filter(key=receipt_key(case)).select_related("file").first()
