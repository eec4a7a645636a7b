"""What an investigator writes in a report, and how a version for the consumer is made. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from liability.naming import put_for


@dataclass(frozen=True)
class ReportData:
    """The parts of a report that only a person can write; texts of several lines are lists there.

    A line of `losses` is "item | amount | proof", the last two optional.
    """

    independence: str
    method: str
    facts_found: str
    facts_not_proved: str = ""
    cause: str = ""
    batch_scope: str = ""
    losses: str = ""
    remedies: str = ""
    risk: str = "medium"
    recall: str = ""
    limits: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the texts as they are kept."""
        return asdict(self)


@dataclass(frozen=True)
class LossLine:
    """One loss as it was written."""

    item: str
    amount: Decimal | None
    proof: str


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def loss_lines(text: str) -> list[LossLine]:
    """Read losses, one a line. Raises ValueError naming the line whose amount is no amount."""
    found = []
    for line in lines_of(text):
        item, amount, proof = [
            *(part.strip() for part in line.replace("｜", "|").split("|")),
            "",
            "",
        ][:3]
        if not item:
            raise ValueError(line)
        found.append(LossLine(item, _amount(amount, line), proof))
    return found


def _amount(text: str, line: str) -> Decimal | None:
    plain = text.replace(",", "").replace("¥", "").replace("￥", "").strip()
    if not plain:
        return None
    if not plain.replace(".", "", 1).isdecimal():
        raise ValueError(line)
    amount = Decimal(plain)
    if amount != amount.quantize(Decimal("0.01")) or amount >= Decimal(10) ** 12:
        raise ValueError(line)
    return amount


def without_names(value: Any, names: Mapping[str, str]) -> Any:
    """Return a JSON value in which every name, however it is written, is replaced by what stands
    for it, longest first.
    """
    ordered = sorted(names, key=len, reverse=True)
    return _replaced(value, [(name, names[name]) for name in ordered])


def _replaced(value: Any, pairs: list[tuple[str, str]]) -> Any:
    if isinstance(value, str):
        for name, other in pairs:
            value = put_for(value, name, other)
        return value
    if isinstance(value, list):
        return [_replaced(each, pairs) for each in value]
    if isinstance(value, dict):
        return {key: _replaced(each, pairs) for key, each in value.items()}
    return value
