"""Why a file or a record can't be imported, in words for the person who runs the import."""

from __future__ import annotations


class FileRefused(Exception):
    """Nothing of the file can be trusted; `line` is the physical line at fault."""

    def __init__(self, reason: str, *, line: int = 1) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


class BadRecord(Exception):
    """One record can't be imported; the others can."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
