"""The one primary action of a case's page, as each app proposes it for the stages that it owns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class NextAction:
    """A link to the page on which the next step is taken.

    `disabled_reason` says in words why it can't be taken yet, or by whom it can.
    """

    label: Any
    url: str
    disabled_reason: Any = ""
