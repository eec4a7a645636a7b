"""Rows that are read all the time and change seldom, kept in memory for a minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

_KEEP_SECONDS = 60.0
_kept: dict[str, tuple[float, Any]] = {}


def remembered(name: str, load: Callable[[], Any]) -> Any:
    """Return what `load` gave within the last minute in this process, or let it give it now."""
    held = _kept.get(name)
    if held is None or time.monotonic() - held[0] > _KEEP_SECONDS:
        held = (time.monotonic(), load())
        _kept[name] = held
    return held[1]


def forget() -> None:
    """Load everything anew at the next look; other processes do so within a minute."""
    _kept.clear()
