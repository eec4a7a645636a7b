"""What can go wrong with a seal."""

from __future__ import annotations


class SealFailed(Exception):
    """A PDF was not sealed; `code` says why, `lasting` whether another try is pointless."""

    def __init__(self, code: str, detail: str = "", *, lasting: bool = False) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.lasting = lasting


class SealKeyFault(ValueError):
    """The certificate or the key of the seal can't be used; the text says what is wrong."""
