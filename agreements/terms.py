"""What an agreement says, as plain values: lines, undertakings, the consumer's particulars."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

CENT = Decimal("0.01")
DEFAULT_PENALTY = "0.05"


@dataclass(frozen=True)
class TermLine:
    """One item of the compensation with its legal basis."""

    label: str
    amount: Decimal
    basis: str = ""
    formula: str = ""


@dataclass(frozen=True)
class Undertaking:
    """Something one side promises to do, and by which day; money has an amount.

    `proof` says what has to be shown; `pickup` and `freight`, of goods that come back, how they do
    and who pays for it.
    """

    kind: str
    description: str
    due_on: date | None
    debtor: str = "company"
    amount: Decimal | None = None
    proof: str = ""
    pickup: str = ""
    freight: str = ""


@dataclass(frozen=True)
class Clause:
    """A clause of this agreement alone."""

    title: str
    text: str


@dataclass(frozen=True)
class PartyData:
    """The consumer's particulars; kept sealed. `payee` is where money is to go."""

    name: str = ""
    id_type: str = ""
    id_number: str = ""
    phone: str = ""
    address: str = ""
    payee: str = ""


@dataclass(frozen=True)
class AgreementTerms:
    """Everything that the parties agree on. Texts that don't apply are empty.

    `security` stands for instalments. Once one of them is more than `acceleration_days` late, the
    consumer may ask for the whole rest at once; 0 where that was not agreed.
    """

    lines: tuple[TermLine, ...] = ()
    credits: tuple[TermLine, ...] = ()
    undertakings: tuple[Undertaking, ...] = ()
    complaint: str = ""
    findings: str = ""
    liability: str = ""
    admits_liability: bool = False
    method: str = ""
    goods_return: str = ""
    invoice: str = ""
    gives_up: str = ""
    place: str = ""
    penalty_rate: str = DEFAULT_PENALTY
    grace_days: int = 0
    penalty_cap: str = ""
    security: str = ""
    acceleration_days: int = 0
    confidential: bool = False
    arbitration: str = ""
    clauses: tuple[Clause, ...] = field(default_factory=tuple)
    mediator: str = ""
    mediator_organisation: str = ""

    @property
    def total(self) -> Decimal:
        """The sum of the lines less what was paid already, to the cent."""
        owed = sum((line.amount for line in self.lines), Decimal(0))
        credited = sum((line.amount for line in self.credits), Decimal(0))
        return (owed - credited).quantize(CENT)

    @property
    def pledged_money(self) -> Decimal:
        """What the company undertakes to pay, to the cent."""
        amounts = (
            u.amount or Decimal(0)
            for u in self.undertakings
            if u.kind == "payment" and u.debtor == "company"
        )
        return sum(amounts, Decimal(0)).quantize(CENT)

    def texts(self) -> list[str]:
        """Return every free text that binds, for the check of its wording.

        What was complained of and found is told as it happened, void clauses of a shop too.
        """
        parts = [self.liability, self.method, self.goods_return, self.invoice, self.gives_up]
        parts += [self.security, self.arbitration, self.place, self.mediator_organisation]
        for line in (*self.lines, *self.credits):
            parts += [line.label, line.basis, line.formula]
        for duty in self.undertakings:
            parts += [duty.description, duty.proof]
        for clause in self.clauses:
            parts += [clause.title, clause.text]
        return [part for part in parts if part]


def as_json(terms: AgreementTerms) -> dict[str, Any]:
    """Return the terms as plain JSON: amounts as texts with two decimals, dates as ISO texts."""
    return {name: _plain(value) for name, value in asdict(terms).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value.quantize(CENT))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def from_json(stored: dict[str, Any]) -> AgreementTerms:
    """Return the terms that `as_json` wrote."""
    fields = dict(stored)
    duties = tuple(
        Undertaking(
            **{
                **row,
                "due_on": date.fromisoformat(row["due_on"]) if row["due_on"] else None,
                "amount": Decimal(row["amount"]) if row["amount"] is not None else None,
            }
        )
        for row in fields["undertakings"]
    )
    clauses = tuple(Clause(**row) for row in fields["clauses"])
    fields.update(
        lines=_lines(fields["lines"]),
        credits=_lines(fields["credits"]),
        undertakings=duties,
        clauses=clauses,
    )
    return AgreementTerms(**fields)


def _lines(rows: list[dict[str, Any]]) -> tuple[TermLine, ...]:
    return tuple(TermLine(**{**row, "amount": Decimal(row["amount"])}) for row in rows)


def thinned_path(path: str, *, longest: int = 18_000) -> str:
    """Return SVG path data short enough to print.

    Every second point goes until it fits; of strokes that are all short, the first ones stay.
    """
    while len(path) > longest:
        strokes = [stroke for stroke in path.split("M") if stroke]
        thinner = "".join(f"M{'L'.join(_every_second(stroke.split('L')))}" for stroke in strokes)
        if len(thinner) == len(path):
            return path[: path.rindex("M", 0, longest)]
        path = thinner
    return path


def _every_second(points: list[str]) -> list[str]:
    return points if len(points) <= 2 else [*points[:-1:2], points[-1]]
