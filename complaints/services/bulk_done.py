"""What one case of an order for many came to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Params = dict[str, Any]


@dataclass(frozen=True)
class Done:
    """What became of a case: its version afterwards, and what its inverse needs to know.

    `told` is what the person should read beside the result, as what could not be taken back.
    """

    version: int
    before: Params
    changed: bool = True
    told: str = ""
