"""Refusals of the accounts app, in words for the person who asked."""

from __future__ import annotations

from typing import Any


class StaffError(Exception):
    """Something about a member of staff can't be set so; nothing was changed.

    `message` is shown as it is; `field` names the input at fault, if one is.
    """

    def __init__(self, message: Any, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
