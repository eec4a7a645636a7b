"""Errors of agreements; each carries a sentence for a person."""

from __future__ import annotations

from typing import Any

from complaints.errors import CaseError


class AgreementBlocked(CaseError):
    """The text may not be issued; `reasons` holds every (field, sentence) at fault.

    The message holds all sentences; the field is named where there is one fault only.
    """

    def __init__(self, reasons: list[tuple[str, Any]]) -> None:
        sentences = list(dict.fromkeys(str(message) for _field, message in reasons))
        field = reasons[0][0] if len(reasons) == 1 else None
        super().__init__(" ".join(sentences), field=field)
        self.reasons = reasons


class SigningClosed(CaseError):
    """The agreement can't be signed (any more): refused, replaced, void or past its date."""


class PaymentConflict(CaseError):
    """The same key came again with another payment."""
