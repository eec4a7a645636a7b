"""Telling whether two copies are the same mail, whichever way each came."""

from __future__ import annotations

import hashlib
import re

_NAMED = (b"message-id", b"from", b"date", b"subject")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_FOLDED = re.compile(rb"\r?\n[ \t]+")


def mail_digest(raw: bytes) -> str:
    """Return a digest of what a mail says, blind to what servers add on the way and line ends."""
    found = _END_OF_HEAD.search(raw)
    head, body = (raw[: found.start()], raw[found.end() :]) if found else (raw, b"")
    named = []
    for line in _FOLDED.sub(b" ", head).splitlines():
        name, _colon, value = line.partition(b":")
        if name.strip().lower() in _NAMED:
            named.append(name.strip().lower() + b":" + b" ".join(value.split()))
    content = b"\n".join(sorted(named)) + b"\0" + body.replace(b"\r\n", b"\n").rstrip()
    return hashlib.sha256(content).hexdigest()
