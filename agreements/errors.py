"""Errors of agreements; each carries a sentence for a person."""

from __future__ import annotations

from typing import Any

from complaints.errors import CaseError


class AgreementBlocked(CaseError):
    """The text may not be issued; `reasons` holds every (field, sentence) at fault."""

    def __init__(self, reasons: list[tuple[str, Any]]) -> None:
        field, message = reasons[0]
        super().__init__(message, field=field)
        self.reasons = reasons


class SigningClosed(CaseError):
    """The agreement can't be signed (any more): refused, replaced, void or past its date."""


class PaymentConflict(CaseError):
    """The same key came again with another payment."""
