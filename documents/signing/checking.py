"""What the seal on a PDF proves, whoever sends the file.

The certificate is compared by its fingerprint: whether it is ours, the caller knows.
"""

from __future__ import annotations

import hashlib
import zlib
from datetime import datetime
from io import BytesIO

from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import (
    PdfSignatureStatus,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from documents.signing.keys import DEVELOPMENT_UNIT
from documents.signing.report import SealReport

FAULTS = (
    PdfError,
    SigningError,
    PathError,
    ValidationError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    RecursionError,
    zlib.error,
)
"""What pyHanko raises on files that are damaged, by accident or on purpose."""


def check_seal(data: bytes) -> SealReport:
    """Return what the first seal of a file proves; faults are told, never raised.

    Problems: `not_pdf`, `unreadable`, `no_seal`, `changed` (what was sealed is not what is there),
    `seal_damaged` (the seal itself can't be read), `added` (intact, but more was added behind).
    """
    if not data.startswith(b"%PDF-"):
        return SealReport("not_pdf")
    try:
        found = PdfFileReader(BytesIO(data), strict=False).embedded_regular_signatures
    except FAULTS:
        return SealReport("unreadable")
    if not found:
        return SealReport("no_seal")
    try:
        return _checked(data, found[0], count=len(found))
    except FAULTS:
        return SealReport("seal_damaged", seals=len(found))


def _checked(data: bytes, found: EmbeddedPdfSignature, *, count: int) -> SealReport:
    begin, first, second, rest = (int(number) for number in found.byte_range)
    end = second + rest
    if begin != 0 or not 0 < first <= second <= end <= len(data):
        return SealReport("seal_damaged", seals=count)
    certificate = found.signer_cert
    trust = ValidationContext(trust_roots=[certificate], allow_fetching=False)
    status = validate_pdf_signature(found, signer_validation_context=trust)
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE and end == len(data)
    sound = status.intact and status.valid
    stamp = status.timestamp_validity
    stamped = stamp is not None and stamp.intact and stamp.valid
    return SealReport(
        problem="" if sound and whole else "added" if sound else "changed",
        seals=count,
        intact=sound,
        whole=whole,
        certificate_sha256=hashlib.sha256(certificate.dump()).hexdigest(),
        holder=str(certificate.subject.native.get("common_name", "")),
        development=_is_development(certificate),
        claimed_at=_claimed(status),
        stamped_at=stamp.timestamp if stamp is not None and stamped else None,
        stamped_by=_stamper(status) if stamped else "",
        sealed_bytes=end,
        sealed_sha256=hashlib.sha256(data[:end]).hexdigest(),
    )


def _is_development(certificate: Certificate) -> bool:
    unit = certificate.subject.native.get("organizational_unit_name", "")
    return DEVELOPMENT_UNIT in (unit if isinstance(unit, list) else [unit])


def _claimed(status: PdfSignatureStatus) -> datetime | None:
    moment = status.signer_reported_dt
    return moment if isinstance(moment, datetime) else None


def _stamper(status: PdfSignatureStatus) -> str:
    stamp = status.timestamp_validity
    signer = stamp.signing_cert if stamp is not None else None
    return str(signer.subject.native.get("common_name", "")) if signer is not None else ""
