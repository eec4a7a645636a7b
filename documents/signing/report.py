"""What a check of a seal found, in a form that goes from one process to another."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

MOMENTS = ("claimed_at", "stamped_at")


@dataclass(frozen=True)
class SealReport:
    """What was found. `problem` is a code; empty when the seal is intact over the whole file.

    `sealed_bytes` is how much of the file the seal speaks of, `sealed_sha256` the digest of that
    beginning: what the file was before something was added behind it.
    """

    problem: str
    seals: int = 0
    intact: bool = False
    whole: bool = False
    certificate_sha256: str = ""
    holder: str = ""
    development: bool = False
    claimed_at: datetime | None = None
    stamped_at: datetime | None = None
    stamped_by: str = ""
    sealed_bytes: int = 0
    sealed_sha256: str = ""

    def as_json(self) -> str:
        """Return the report as a line of JSON."""
        return json.dumps(asdict(self), default=datetime.isoformat)


def report_from_json(line: str) -> SealReport:
    """Return the report that a line of JSON holds. Raises ValueError for anything else."""
    data = json.loads(line)
    if not isinstance(data, dict) or set(data) != set(SealReport.__annotations__):
        raise ValueError("no report of a seal")
    for name in MOMENTS:
        data[name] = datetime.fromisoformat(data[name]) if data[name] else None
    return SealReport(**data)
