"""Sealing: a finished PDF in, the same PDF with the company's PAdES signature behind it out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import asn1crypto.keys
import asn1crypto.x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from documents.signing.checking import check_seal
from documents.signing.errors import SealFailed
from documents.signing.keys import SealSource, TimeService, certificates, key_bytes, seal_facts
from documents.signing.report import SealReport
from documents.signing.timestamps import HttpTimeStamper

FIELD = "Seal"
B_B, B_T = "B-B", "B-T"


@dataclass(frozen=True)
class Sealed:
    """A sealed PDF, proved by reading it back, and what its seal says."""

    pdf: bytes
    sha256: str
    level: str
    report: SealReport


def seal_pdf(
    pdf: bytes, *, source: SealSource, name: str, reason: str, times: TimeService | None = None
) -> Sealed:
    """Return a PDF under the company's seal: no change is allowed to it afterwards.

    PAdES-B-T where there is a time-stamp service, else PAdES-B-B. What is returned was checked as a
    stranger would. Raises SealFailed; SealKeyFault when certificate or key can't be used.
    """
    facts = seal_facts(source)
    if not facts.valid_from <= datetime.now(tz=UTC) <= facts.valid_until:
        raise SealFailed("seal_expired", facts.valid_until.isoformat())
    # pyHanko runs a loop of its own, which the caller's thread may already have.
    with ThreadPoolExecutor(max_workers=1) as apart:
        data = apart.submit(_sealed, pdf, source, name, reason, times).result()
        level = B_T if times else B_B
        return apart.submit(_proved, data, facts.sha256, level=level).result()


def _sealed(
    pdf: bytes, source: SealSource, name: str, reason: str, times: TimeService | None
) -> bytes:
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        name=name,
        reason=reason,
    )
    stamper = HttpTimeStamper(times) if times else None
    try:
        with _signer(source) as signer:
            sealer = signers.PdfSigner(
                meta, signer=signer, timestamper=stamper, new_field_spec=SigFieldSpec(FIELD)
            )
            out = sealer.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)))
    except TimestampRequestError as error:
        raise SealFailed("seal_no_time", str(error)) from error
    except (SigningError, PdfError) as error:
        raise SealFailed("seal_not_made", str(error)) from error
    return bytes(out.getvalue())


@contextmanager
def _signer(source: SealSource) -> Iterator[signers.Signer]:
    chain = [
        asn1crypto.x509.Certificate.load(found.public_bytes(Encoding.DER))
        for found in certificates(source)
    ]
    if source.module:
        with _token_signer(source, chain) as signer:
            yield signer
        return
    yield signers.SimpleSigner(
        signing_cert=chain[0],
        signing_key=asn1crypto.keys.PrivateKeyInfo.load(key_bytes(source)),
        cert_registry=SimpleCertificateStore.from_certs(chain),
    )


@contextmanager
def _token_signer(
    source: SealSource, chain: list[asn1crypto.x509.Certificate]
) -> Iterator[signers.Signer]:
    # Only here: the module of a token is a native library that others need not have.
    from pkcs11 import PKCS11Error
    from pyhanko.config.pkcs11 import TokenCriteria
    from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session

    try:
        token = TokenCriteria(label=source.token) if source.token else None
        with open_pkcs11_session(
            source.module, token_criteria=token, user_pin=source.pin or None
        ) as session:
            yield PKCS11Signer(
                session,
                signing_cert=chain[0],
                ca_chain=chain[1:],
                key_label=source.label,
                other_certs_to_pull=(),
            )
    except (PKCS11Error, OSError) as error:
        raise SealFailed("seal_token", f"{type(error).__name__}: {error}") from error


def _proved(data: bytes, ours: str, *, level: str) -> Sealed:
    report = check_seal(data)
    timed = level == B_B or report.stamped_at is not None
    if not (report.intact and report.whole and report.certificate_sha256 == ours and timed):
        raise SealFailed("seal_not_proved", report.problem, lasting=True)
    return Sealed(data, hashlib.sha256(data).hexdigest(), level, report)
