"""What a finding is made of before it is written: plain values, checked by the service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class ShareData:
    """One party's share, as it is to be written down."""

    table: str
    party: str
    share: Decimal
    ground: str
    name: str = ""
    kind: str = ""
    evidence: Sequence[int] = field(default_factory=tuple)


@dataclass(frozen=True)
class FindingData:
    """A finding, as it is to be written down."""

    outcome: str
    reasons_consumer: str
    reasons_internal: str = ""
    shares: Sequence[ShareData] = field(default_factory=tuple)
    admitted: bool = False
