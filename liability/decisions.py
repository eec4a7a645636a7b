"""What a finding is made of before it is written: plain values, checked by the service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from liability.states import GroundKind, StandardOfProof

if TYPE_CHECKING:
    from accounts.models import User


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
    ground_kind: str = GroundKind.ARTICLE.value

    @property
    def key(self) -> tuple[str, str]:
        """Who it is: nobody stands in one table twice."""
        return self.party, " ".join(self.name.split()).casefold()


@dataclass(frozen=True)
class FindingData:
    """A finding, as it is to be written down.

    `expected_amount` is what redress is likely to cost; limits of approval go by it.
    """

    outcome: str
    reasons_consumer: str
    reasons_internal: str = ""
    shares: Sequence[ShareData] = field(default_factory=tuple)
    admitted: bool = False
    standard_of_proof: str = StandardOfProof.PREPONDERANCE.value
    expected_amount: Decimal | None = None
    dissenter: str = ""
    dissent: str = ""
    respondent_email: str = ""


@dataclass(frozen=True)
class Approval:
    """Who approved a finding that another person made, and in whose place."""

    user: User
    at: datetime
    on_behalf_of: User | None = None


def finding_to_json(finding: FindingData) -> dict[str, Any]:
    """Return a finding as a draft keeps it."""
    data = asdict(finding)
    amount = finding.expected_amount
    data["expected_amount"] = None if amount is None else str(amount)
    data["shares"] = [
        {**asdict(share), "share": str(share.share), "evidence": list(share.evidence)}
        for share in finding.shares
    ]
    return data


def finding_from_json(data: dict[str, Any]) -> FindingData:
    """Return a finding from what a draft keeps."""
    amount = data.get("expected_amount")
    shares = [ShareData(**{**share, "share": Decimal(share["share"])}) for share in data["shares"]]
    return FindingData(
        **{
            **data,
            "expected_amount": None if amount is None else Decimal(amount),
            "shares": shares,
        }
    )
