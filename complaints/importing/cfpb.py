"""Complaints of the US Consumer Financial Protection Bureau, in the three layouts met so far."""

from __future__ import annotations

from complaints.importing.meanings import Row, Source, SourceComplaint, odd_dates
from complaints.states import Category, Channel, Issue

_CHANNELS = {"Web": Channel.WEB_FORM, "Phone": Channel.PHONE, "Email": Channel.EMAIL}
_MEANINGS: tuple[tuple[tuple[str, ...], tuple[str, str]], ...] = (
    (("advertis", "false statement"), (Category.ADVERTISING, Issue.FALSE_AD)),
    (
        ("improper use", "identity theft", "sharing of info", "share information"),
        (Category.PRIVACY, Issue.DATA_MISUSE),
    ),
    (("fee", "charged", "interest", "apr "), (Category.PRICE, Issue.HIDDEN_FEE)),
    (("prepaid card",), (Category.PREPAID, Issue.OTHER)),
    (("disclosure", "features, terms"), (Category.CONTRACT, Issue.UNCLEAR_TERM)),
    (
        ("communication tactics", "threat", "customer service", "can't contact"),
        (Category.SERVICE, Issue.ATTITUDE),
    ),
    (
        ("incorrect information", "investigation", "managing", "payment", "dealing with"),
        (Category.SERVICE, Issue.SUBSTANDARD),
    ),
)
"""Words of an issue and what they mean for us, the first that fits; nothing else is guessed."""


def read_row(row: Row) -> SourceComplaint:
    """Return what a row says. Raises BadRecord for a row without usable id or dates."""
    numbered = "Complaint ID" in row.cells
    received = row.required_moment("Date received") if numbered else None
    sent = row.moment("Date sent to company")
    product, issue = row.text("Product"), row.text("Issue")
    category, meaning = _meaning(issue, product)
    return SourceComplaint(
        external_ref=row.number("Complaint ID") if numbered else f"row-{row.number('row_id')}",
        title=" · ".join(part for part in (product, issue) if part)[:120],
        description=row.text("Consumer complaint narrative") or _described(row),
        received_at=received,
        acknowledged_at=sent,
        digest=row.digest(),
        channel=_CHANNELS.get(row.text("Submitted via"), Channel.IMPORT),
        category=category,
        issue=meaning,
        product_text=(row.text("Sub-product", limit=120) or row.text("Product", limit=120)),
        respondent=row.text("Company", limit=160),
        region=f"{row.text('State', limit=30)} {row.text('ZIP code', limit=20)}".strip(),
        needs_care=bool(row.text("Tags")),
        facts=_facts(row),
        flags=tuple(odd_dates(row.now, received=received, sent=sent)),
    )


def _described(row: Row) -> str:
    """Most complaints are published without the consumer's words: their headings stand in."""
    headings = ("Product", "Sub-product", "Issue", "Sub-issue")
    return "\n".join(f"{name}: {row.text(name)}" for name in headings if row.text(name))


def _meaning(issue: str, product: str) -> tuple[str, str]:
    text = f"{issue} · {product}".lower()
    for words, meaning in _MEANINGS:
        if any(word in text for word in words):
            return meaning
    return "", ""


def _facts(row: Row) -> dict[str, str]:
    answer = "Company response to consumer"
    if answer not in row.cells:
        answer = "Company response"
    return row.facts(
        response=answer,
        timely="Timely response?",
        disputed="Consumer disputed?",
        tags="Tags",
        submitted_via="Submitted via",
        consent="Consumer consent provided?",
    )


CFPB = Source(
    name="cfpb",
    layouts=(
        ("Complaint ID", "Date received", "Date sent to company", "Product", "Issue"),
        ("row_id", "Product", "Consumer complaint narrative"),
    ),
    date_columns=("Date received", "Date sent to company"),
    read=read_row,
)
