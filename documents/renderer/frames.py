"""How the renderer and its caller talk: a JSON head and a body, each with its length before it."""

from __future__ import annotations

import json
import os
import selectors
import struct
import time
from typing import Any

_LENGTHS = struct.Struct(">II")
MAX_FRAME = 32 * 1024 * 1024
_CHUNK = 1024 * 1024


class FrameError(Exception):
    """The other side closed, sent too much, or spoke too late; `code` is closed/too_big/timeout."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def write_frame(handle: int, head: dict[str, Any], body: bytes = b"") -> None:
    """Write a frame to a pipe."""
    raw = json.dumps(head).encode()
    rest = memoryview(_LENGTHS.pack(len(raw), len(body)) + raw + body)
    try:
        while rest:
            rest = rest[os.write(handle, rest[:_CHUNK]) :]
    except BrokenPipeError as error:
        raise FrameError("closed") from error


def read_frame(handle: int, *, deadline: float | None = None) -> tuple[dict[str, Any], bytes]:
    """Read a frame; `deadline` is a moment of the monotonic clock. Raises FrameError."""
    head_size, body_size = _LENGTHS.unpack(_read(handle, _LENGTHS.size, deadline))
    if head_size + body_size > MAX_FRAME:
        raise FrameError("too_big")
    raw = _read(handle, head_size + body_size, deadline)
    return json.loads(raw[:head_size]), raw[head_size:]


def _read(handle: int, size: int, deadline: float | None) -> bytes:
    parts = []
    with selectors.DefaultSelector() as ready:
        ready.register(handle, selectors.EVENT_READ)
        while size:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            if not ready.select(left):
                raise FrameError("timeout")
            part = os.read(handle, min(size, _CHUNK))
            if not part:
                raise FrameError("closed")
            parts.append(part)
            size -= len(part)
    return b"".join(parts)
