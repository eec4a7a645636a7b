"""Points of a claim's signs, and the band that they lead to.

A payee, a device and an address that several accounts share are one sign, counted once: a group
that shares all three is not three times as odd. Below 50 points a claim goes the ordinary way, from
50 on a second person looks, from 80 on a lead and legal look. No band refuses anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Signal(StrEnum):
    """What may be odd about a claim; never who the person is."""

    FREQUENT = "claims_90d_ge_5"
    OVER_THREE_TIMES = "claim_over_3x_no_proof"
    PICTURE_REUSED = "evidence_hash_reused"
    SHARED_PAYEE = "shared_payee"
    SHARED_DEVICE = "shared_device"
    SHARED_ADDRESS = "shared_address"
    SERIAL_MISMATCH = "serial_mismatch"
    METADATA_EARLIER = "metadata_before_purchase"
    TEMPLATE_TEXT = "template_text"
    BOUGHT_AGAIN = "repeat_buys_after_fault"
    THREAT = "payment_under_threat"
    FORGED = "evidence_forged_confirmed"


class Band(StrEnum):
    """Who looks at the claim."""

    NORMAL = "normal"
    SECOND_REVIEW = "second_review"
    LEAD_LEGAL_REVIEW = "lead_legal_review"


POINTS = {
    Signal.FREQUENT: 20,
    Signal.OVER_THREE_TIMES: 15,
    Signal.PICTURE_REUSED: 30,
    Signal.SHARED_PAYEE: 30,
    Signal.SHARED_DEVICE: 30,
    Signal.SHARED_ADDRESS: 30,
    Signal.SERIAL_MISMATCH: 30,
    Signal.METADATA_EARLIER: 25,
    Signal.TEMPLATE_TEXT: 15,
    Signal.BOUGHT_AGAIN: 20,
    Signal.THREAT: 25,
    Signal.FORGED: 70,
}
SHARED = (Signal.SHARED_PAYEE, Signal.SHARED_DEVICE, Signal.SHARED_ADDRESS)
SECOND_REVIEW_FROM, LEAD_REVIEW_FROM = 50, 80


class UnknownSignal(ValueError):
    """A sign that is none of ours; `code` is what was given."""

    def __init__(self, code: object) -> None:
        super().__init__(f"signals: unknown signal {code!r}")
        self.code = code


@dataclass(frozen=True)
class Reason:
    """One sign and the points that it added; 0 for a kind of sharing beside another."""

    signal: Signal
    points: int


@dataclass(frozen=True)
class Screening:
    """The points, the band, and why. A claim is never refused by it: `auto_reject` is False."""

    score: int
    band: Band
    reasons: tuple[Reason, ...]

    @property
    def auto_reject(self) -> bool:
        """Whether the claim is refused without a person: never."""
        return False


def score(
    signals: Iterable[str], *, second: int = SECOND_REVIEW_FROM, lead: int = LEAD_REVIEW_FROM
) -> Screening:
    """Add up the points of signs, each counted once. Raises UnknownSignal for any other code.

    From `second` points on a second person looks, from `lead` on a lead and legal.
    """
    given = {_known(code) for code in signals}
    reasons, shares = [], False
    for signal in Signal:
        if signal not in given:
            continue
        counted = not (signal in SHARED and shares)
        shares = shares or signal in SHARED
        reasons.append(Reason(signal, POINTS[signal] if counted else 0))
    total = sum(reason.points for reason in reasons)
    band = band_of(total, second=second, lead=lead)
    return Screening(score=total, band=band, reasons=tuple(reasons))


def band_of(total: int, *, second: int = SECOND_REVIEW_FROM, lead: int = LEAD_REVIEW_FROM) -> Band:
    """Return who looks at a claim of so many points."""
    if total >= lead:
        return Band.LEAD_LEGAL_REVIEW
    return Band.SECOND_REVIEW if total >= second else Band.NORMAL


def _known(code: object) -> Signal:
    try:
        return Signal(str(code))
    except ValueError:
        raise UnknownSignal(code) from None
