"""Errors of stored files and rendered documents; those for people carry a translated sentence."""

from __future__ import annotations

from typing import Any


class FileRefused(Exception):
    """A file was not stored; nothing was left behind.

    `code` names the fault for programs, `name` the file as the person called it (cleaned), and
    `message` is a translated sentence that tells the person what to do.
    """

    def __init__(self, code: str, name: str, message: Any) -> None:
        super().__init__(code, name, message)
        self.code = code
        self.name = name
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class FileUnavailable(Exception):
    """A stored file can't be handed out; `stored_id` names its row."""

    def __init__(self, stored_id: Any) -> None:
        super().__init__(str(stored_id))
        self.stored_id = stored_id


class FileTampered(FileUnavailable):
    """The bytes are not those that were stored."""


class FileMissing(FileUnavailable):
    """The row is there and its bytes are not."""


class FileQuarantined(FileUnavailable):
    """A scanner found the file to be harmful."""


class FileErased(FileUnavailable):
    """The bytes were destroyed when the time to keep them was over."""


class ContextInvalid(ValueError):
    """The data of a document breaks its contract; `field` is the path of the datum at fault."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class DocumentConflict(Exception):
    """A document was requested again under the same key with other contents."""


class PdfRefused(ValueError):
    """A rendered PDF is not what we make; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class RenderFailed(Exception):
    """A PDF could not be made; `code` says why, `lasting` whether another try is pointless."""

    def __init__(self, code: str, *, lasting: bool = False, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code = code
        self.lasting = lasting
        self.detail = detail
