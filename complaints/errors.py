"""Errors that a person can read: a translated sentence and, where one is at fault, a field."""

from __future__ import annotations

from typing import Any


class CaseError(Exception):
    """A step could not be taken; nothing was changed.

    `message` is shown to the person as it is; `field` names the input at fault, if one is.
    """

    def __init__(self, message: Any, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class StepNotAllowed(CaseError):
    """The machine has no such step from the Case's present stage, or its condition is not met."""


class StepForbidden(CaseError):
    """The person's role does not include this step."""


class CaseErased(CaseError):
    """The case's particulars were erased when the time to keep them was over; nothing is left."""

    def __init__(self, message: Any, *, reference: str = "") -> None:
        super().__init__(message)
        self.reference = reference


class StaleCase(CaseError):
    """Somebody changed the Case after the person had loaded it."""

    def __init__(self, message: Any, *, seen: int, current: int) -> None:
        super().__init__(message)
        self.seen = seen
        self.current = current


class AlreadyTaken(CaseError):
    """Somebody else took the case first."""


class DraftChanged(CaseError):
    """Rules were changed by somebody after the person had looked at what they would do."""


class ReplyOvertaken(CaseError):
    """A colleague answered the consumer while somebody was writing an answer too."""


class CodeRefused(CaseError):
    """A one-time code was wrong, used, expired or tried too often (never says which)."""


class TooManyAttempts(CaseError):
    """A door is closed for a while after too many tries."""


class IntakeConflict(CaseError):
    """The same idempotency key came again with another body."""
