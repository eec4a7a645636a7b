"""When a side first had the text before it: how long it was read is told with the signature."""

from __future__ import annotations

from agreements.models import Agreement, Signer
from agreements.states import AgreementStatus
from complaints.moments import now


def note_opened(agreement: Agreement, role: str) -> None:
    """Remember the first time that a side opened a text which waits for its signature."""
    Signer.objects.filter(
        agreement=agreement,
        agreement__status=AgreementStatus.OFFERED,
        role=role,
        opened_at=None,
        signed_at=None,
        refused_at=None,
    ).update(opened_at=now())


def was_opened(agreement: Agreement, role: str) -> bool:
    """Say whether a side had the text of an agreement before it."""
    return Signer.objects.filter(agreement=agreement, role=role, opened_at__isnull=False).exists()
