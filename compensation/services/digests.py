"""A fingerprint over all that an offer promises, so that a person agrees to what they saw."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from compensation.models import CompensationPlan, PlanLine, PlanOption

_PLAN = ("id", "version", "currency", "legal_minimum", "legal_basis", "informed_choice_reason")
_OPTION = (
    "id",
    "kind",
    "title",
    "arrival_text",
    "performance_days",
    "non_cash_duties",
    "legal_minimum",
)
_LINE = ("kind", "description", "quantity", "unit", "amount", "is_cash", "legal_basis", "layer")


def _told(row: CompensationPlan | PlanOption | PlanLine, fields: tuple[str, ...]) -> dict[str, str]:
    return {field: str(getattr(row, field)) for field in fields}


def content_digest(plan: CompensationPlan, *, expires_at: datetime, number: int) -> str:
    """Return the SHA-256 over a plan, its options and lines, the offer's number and its end."""
    options = [
        {
            **_told(option, _OPTION),
            "lines": [
                _told(line, _LINE) for line in sorted(option.lines.all(), key=lambda x: x.position)
            ],
        }
        for option in sorted(plan.options.all(), key=lambda x: x.position)
    ]
    content = {
        **_told(plan, _PLAN),
        "number": number,
        "expires_at": expires_at.astimezone(UTC).isoformat(),
        "options": options,
    }
    raw = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(raw.encode()).hexdigest()
