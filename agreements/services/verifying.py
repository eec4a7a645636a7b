"""Checking a file that a stranger holds up: is it, to the byte, an agreement that we sealed?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from agreements.selectors.verifying import SealedAgreement, agreement_by_file, is_reading_copy
from documents.services.seals import check_strangers_seal, is_our_certificate
from documents.signing.report import SealReport

UNCHANGED = "unchanged"
MOST_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True)
class Verdict:
    """What is said about a file. `agreement` is known to be meant only where it is given."""

    code: str
    sha256: str
    agreement: SealedAgreement | None = None
    report: SealReport | None = None


def verify_file(data: bytes) -> Verdict:
    """Return what is proved about a file: `unchanged`, or exactly what is wrong.

    Only the digest of the whole file makes it `unchanged`. What isn't known is judged by its own
    seal alone, so that the answer tells nothing about what else we have.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    found = agreement_by_file(sha256)
    if found is not None:
        return Verdict(UNCHANGED, sha256, found)
    if is_reading_copy(sha256):
        return Verdict("reading_copy", sha256)
    report = check_strangers_seal(data)
    code = _judged(report)
    original = agreement_by_file(report.sealed_sha256) if code == "added" else None
    return Verdict(code, sha256, original, report)


def _judged(report: SealReport) -> str:
    if not report.certificate_sha256:
        return report.problem
    if not is_our_certificate(report.certificate_sha256):
        return "foreign_seal"
    return report.problem or "unrecorded"
