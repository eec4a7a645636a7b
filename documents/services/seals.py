"""The company's seal as this installation has it: sealing what was printed, checking what comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from documents.models import Seal, StoredFile
from documents.signing.apart import check_apart
from documents.signing.development import development_seal
from documents.signing.errors import SealFailed
from documents.signing.keys import SealFacts, SealSource, certificates, seal_facts
from documents.signing.report import SealReport
from documents.states import SealLevel

if TYPE_CHECKING:
    from documents.signing.sealer import Sealed


def company_seal() -> SealSource:
    """Return where certificate and key are; on a development machine they are made when missing."""
    configured: SealSource | None = settings.SEAL_SOURCE
    if configured is not None:
        return configured
    return development_seal(settings.SEAL_FOLDER, company=settings.COMPANY_NAME)


def company_seal_facts() -> SealFacts:
    """Return what the certificate in use says about itself. Raises SealKeyFault."""
    return seal_facts(company_seal())


def company_certificate() -> bytes:
    """Return the certificate in use, without its key, for those who check seals by themselves."""
    return certificates(company_seal())[0].public_bytes(Encoding.PEM)


def seal_note() -> dict[str, Any]:
    """Return what a document says about the seal that it is about to get. Raises SealKeyFault."""
    facts = company_seal_facts()
    return {
        "holder": facts.holder,
        "issuer": facts.issuer,
        "sha256": facts.sha256,
        "level": SealLevel.B_T.label if settings.SEAL_TIMES else SealLevel.B_B.label,
        "development": facts.development,
    }


def seal_printed(pdf: bytes, *, number: str) -> Sealed:
    """Return a printed document under the company's seal. Raises SealFailed, SealKeyFault."""
    # Only here: workers seal, and pages need not carry what that takes.
    from documents.signing.sealer import seal_pdf

    reason = number
    if company_seal_facts().development:
        reason = f"{number} - DEVELOPMENT CERTIFICATE, PROVES NO IDENTITY"
    return seal_pdf(
        pdf,
        source=company_seal(),
        name=settings.COMPANY_NAME,
        reason=reason,
        times=settings.SEAL_TIMES,
    )


def keep_seal(stored: StoredFile, sealed: Sealed) -> Seal:
    """Write down the seal of a stored file, in the transaction that stores it."""
    report = sealed.report
    if report.claimed_at is None:
        raise SealFailed("seal_not_proved", "it says no moment", lasting=True)
    return Seal.objects.create(
        file=stored,
        level=sealed.level,
        certificate_sha256=report.certificate_sha256,
        holder=report.holder[:200],
        development=report.development,
        sealed_at=report.claimed_at,
        stamped_at=report.stamped_at,
        stamped_by=report.stamped_by[:200],
    )


def check_strangers_seal(data: bytes) -> SealReport:
    """Return what the seal on a stranger's file proves; the file is read by a limited process."""
    return check_apart(data)


def is_our_certificate(sha256: str) -> bool:
    """Tell whether we seal, or ever sealed, under a certificate."""
    return bool(sha256) and (
        sha256 == company_seal_facts().sha256
        or Seal.objects.filter(certificate_sha256=sha256).exists()
    )
