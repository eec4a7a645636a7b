"""The contract of an agreement's data.

Dates and moments are texts in Asia/Shanghai. Each amount comes twice: as a decimal text that is
added up here, and as it is to be shown. Texts that do not apply are empty, lists are empty.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, NotRequired, TypedDict, cast

from documents.contexts.shapes import (
    Amount,
    DateText,
    PathData,
    Said,
    Sha256,
    Signature,
    check_shape,
)
from documents.errors import ContextInvalid


class Operator(TypedDict):
    """甲方, the business."""

    name: Said
    credit_code: str
    address: str
    legal_representative: str
    contact: str


class Consumer(TypedDict):
    """乙方, the consumer; the caller masks the identity number where it should be masked."""

    name: Said
    id_type: str
    id_number: str
    phone: str
    address: str


class Agent(TypedDict):
    """Somebody who acts for a party, and by which power of attorney."""

    acts_for: Literal["operator", "consumer"]
    name: Said
    authority: Said


class Mediator(TypedDict):
    """The third party who helped, and the body behind."""

    name: Said
    organisation: str


class Purchase(TypedDict):
    """What the dispute is about."""

    item: Said
    bought_on: str
    price_shown: str
    order_number: str
    batch: str


class AgreementLine(TypedDict):
    """One item of the compensation, with its legal basis and how it was worked out."""

    label: Said
    basis: str
    formula: str
    amount: Amount
    amount_shown: Said


class Credit(TypedDict):
    """Something already paid, taken off the sum."""

    label: Said
    amount: Amount
    amount_shown: Said


class Duty(TypedDict):
    """A duty other than money, and until when."""

    text: Said
    due_on: DateText


class Instalment(TypedDict):
    """One part of the sum."""

    due_on: DateText
    amount: Amount
    amount_shown: Said


class Performance(TypedDict):
    """How and until when the sum is paid; `payee` is the account, masked by the caller."""

    due_on: DateText
    method: Said
    payee: str
    goods_return: str
    invoice: str
    security: str
    instalments: list[Instalment]


class Clause(TypedDict):
    """A clause of this agreement alone."""

    title: Said
    text: Said


class Attachment(TypedDict):
    """A file that belongs to the agreement."""

    title: Said
    sha256: Sha256


class Proof(TypedDict):
    """A condition of the law on electronic signatures, and what is on record for it."""

    condition: Said
    law: Said
    records: list[Said]


class TrailRow(TypedDict):
    """An event on the way to the last signature, and its place in the case's chain of events."""

    at: Said
    what: Said
    sequence: Said
    hash: Sha256


class Verify(TypedDict):
    """Where to check the document; `path` is the QR code in a square of `side` units."""

    site: Said
    code: Said
    path: PathData
    side: int


class PrintedLine(TypedDict):
    """A paragraph (`text`), a list (`items`), or the name of a part made of the data (`part`)."""

    kind: Literal["text", "items", "part"]
    text: str
    items: list[Said]


class PrintedSection(TypedDict):
    """A section of the text as the company words it."""

    heading: Said
    lines: list[PrintedLine]


class AgreementContext(TypedDict):
    """Everything that is printed in an agreement.

    Documents asked for before the texts could be edited have no `title` and no `sections`; those
    asked for before instalments could fall due together have no `acceleration_days`.
    """

    title: NotRequired[Said]
    sections: NotRequired[list[PrintedSection]]

    number: Said
    case_number: Said
    made_on: str
    place: str
    draft: bool
    operator: Operator
    consumer: Consumer
    agents: list[Agent]
    mediator: Mediator | None
    purchase: Purchase
    complaint: Said
    findings: Said
    liability: Said
    admits_liability: bool
    lines: list[AgreementLine]
    credits: list[Credit]
    total: Amount
    total_shown: Said
    total_capitals: Said
    duties: list[Duty]
    performance: Performance
    penalty_rate: str
    grace_days: int
    penalty_cap: str
    acceleration_days: NotRequired[int]
    confidential: bool
    arbitration: str
    extra_clauses: list[Clause]
    copies: int
    reading_time: str
    signatures: list[Signature]
    attachments: list[Attachment]
    proofs: list[Proof]
    trail: list[TrailRow]
    verify: Verify | None


def validate_agreement_context(context: Any) -> AgreementContext:
    """Return the context if it is whole and its sums agree. Raises ContextInvalid.

    Capitals against figures are the caller's check: the rules for them live above this app.
    """
    check_shape(context, AgreementContext)
    data = cast("AgreementContext", context)
    owed = sum((Decimal(line["amount"]) for line in data["lines"]), Decimal(0))
    credited = sum((Decimal(row["amount"]) for row in data["credits"]), Decimal(0))
    if owed - credited != Decimal(data["total"]):
        raise ContextInvalid("total", f"must be {owed - credited}, the lines less the credits")
    parts = data["performance"]["instalments"]
    if parts and sum(Decimal(part["amount"]) for part in parts) != Decimal(data["total"]):
        raise ContextInvalid("performance.instalments", f"must add up to {data['total']}")
    if not data["lines"] and not data["duties"]:
        raise ContextInvalid("lines", "must not be empty when there is no other duty")
    if not 1 <= data["copies"] <= 20:
        raise ContextInvalid("copies", "must be between 1 and 20")
    if not data["draft"] and not all(sign["signed_at"] for sign in data["signatures"]):
        raise ContextInvalid("signatures", "must all have a moment unless this is a draft")
    if not data["draft"] and not {"operator", "consumer"} <= {
        sign["role"] for sign in data["signatures"]
    }:
        raise ContextInvalid("signatures", "must hold both parties unless this is a draft")
    return data
