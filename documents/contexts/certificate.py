"""The contract of the clock certificate: what is read, and the record that can be computed anew."""

from __future__ import annotations

from typing import Any, TypedDict, cast

from documents.contexts.shapes import Issuer, MomentText, Said, Sha256, check_shape


class LedgerLine(TypedDict):
    """One line of a clock's ledger, with the due moment after it; "" while the clock rests."""

    at: MomentText
    what: Said
    why: Said
    policy: Said
    calendar: Said
    due: str


class Rung(TypedDict):
    """A step on the way, its moment, and its effect."""

    what: Said
    at: MomentText
    effect: Said


class CertifiedClock(TypedDict):
    """One promise of time, how its due moment was counted, and what became of it."""

    name: Said
    verdict: Said
    due: str
    rule: Said
    policy: Said
    calendar: Said
    source: str
    source_status: Said
    words: list[Said]
    lines: list[LedgerLine]
    rungs: list[Rung]


class CalendarRow(TypedDict):
    """A version of a working calendar that was counted with."""

    version: Said
    key: Said
    zone: Said
    published_to: str


class ClockCertificateContext(TypedDict):
    """时限证书: every clock of a case. `record` is the same as JSON, cut into pieces."""

    number: Said
    case_number: Said
    issued_at: MomentText
    zone: Said
    issuer: Issuer
    sha256: Sha256
    chain_sequence: int
    chain_hash: Sha256
    calendars: list[CalendarRow]
    clocks: list[CertifiedClock]
    record: list[Said]


def validate_clock_certificate_context(context: Any) -> ClockCertificateContext:
    """Return the context if it is whole. Raises ContextInvalid."""
    check_shape(context, ClockCertificateContext)
    return cast("ClockCertificateContext", context)
