"""What can go wrong on the way out, as codes: a server's own words may hold personal data."""

from __future__ import annotations

from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)

_NEVER_FINAL = (SMTPAuthenticationError, SMTPConnectError, SMTPHeloError)
GONE = 410


class Undeliverable(Exception):
    """The notice has no address any more; trying again is of no use."""


class NotTaken(Exception):
    """A receiver of webhooks did not take an event; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _smtp_status(error: Exception) -> int | None:
    if isinstance(error, SMTPRecipientsRefused):
        return max((status for status, _words in error.recipients.values()), default=None)
    return error.smtp_code if isinstance(error, SMTPResponseException) else None


def error_code(error: Exception) -> str:
    """Return the code under which an error is kept and explained."""
    if isinstance(error, NotTaken):
        return error.code
    status = _smtp_status(error)
    if status is not None and not isinstance(error, _NEVER_FINAL):
        return f"smtp_{status}"
    if isinstance(error, SMTPServerDisconnected) and isinstance(error.__context__, TimeoutError):
        return "TimeoutError"
    return type(error).__name__


def is_final(error: Exception) -> bool:
    """Say whether trying again is of no use: no address, refused for good, or gone."""
    if isinstance(error, Undeliverable):
        return True
    if isinstance(error, NotTaken):
        return error.code == f"http_{GONE}"
    status = _smtp_status(error)
    return status is not None and status >= 500 and not isinstance(error, _NEVER_FINAL)


def is_outage(error: Exception) -> bool:
    """Say whether the other side could not be reached at all, so that others will fail too."""
    if isinstance(error, NotTaken):
        return True
    return isinstance(error, OSError) and (
        _smtp_status(error) is None or isinstance(error, _NEVER_FINAL)
    )
