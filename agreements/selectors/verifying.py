"""What a stranger may learn about a sealed agreement: by its very file, or by number and code."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language

from agreements.models import Agreement, Signer
from agreements.states import AgreementStatus, SignerRole
from complaints import sealing
from documents.states import DocumentStatus

_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")
_READ_AS = str.maketrans("OIL", "011")
_GROUP, _LENGTH = 4, 12


@dataclass(frozen=True)
class SealedAgreement:
    """A sealed agreement as strangers see it; names are masked where they are shown."""

    number: str
    signed_at: datetime | None
    signers: list[dict[str, Any]]
    replaced: bool
    sha256: str
    size: int
    sealed_at: datetime
    stamped_at: datetime | None
    stamped_by: str
    level: str
    holder: str
    development: bool


def check_code(number: str) -> str:
    """Return the code that stands beside a number: who has it has seen the document."""
    digest = bytes.fromhex(sealing.blind_index("agreement-check", number))
    text = base64.b32encode(digest).decode()[:_LENGTH].translate(_LETTERS)
    return "-".join(text[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def check_address(number: str) -> str:
    """Return the address that the QR code of a document leads to."""
    query = urlencode({"number": number, "code": check_code(number)})
    return f"{settings.PUBLIC_URL}{reverse('agreements:verify')}?{query}"


def check_site() -> str:
    """Return the address of the page, short enough to type."""
    return f"{settings.PUBLIC_URL}{reverse('agreements:verify')}".partition("://")[2]


def agreement_by_number(number: str, code: str) -> SealedAgreement | None:
    """Return a sealed agreement by number and code; None alike for a wrong one of either."""
    number = number.strip().upper()
    right = hmac.compare_digest(_read(check_code(number)).encode(), _read(code).encode())
    found = _sealed().filter(number=number).first()
    return _shown(found) if right and found is not None else None


def agreement_by_file(sha256: str) -> SealedAgreement | None:
    """Return the agreement whose sealed file has a digest."""
    found = _sealed().filter(sealed__sha256=sha256).first()
    return _shown(found) if found is not None else None


def is_reading_copy(sha256: str) -> bool:
    """Tell whether a digest is that of a text that was offered for reading, unsigned."""
    return Agreement.objects.filter(
        Q(unsigned__sha256=sha256) & ~Q(status=AgreementStatus.DRAFT)
    ).exists()


def _sealed() -> Any:
    return (
        Agreement.objects.filter(
            sealed__status=DocumentStatus.READY, sealed__file__seal__isnull=False
        )
        .select_related("sealed__file__seal", "case__consumer")
        .prefetch_related("signers")
    )


def _read(code: str) -> str:
    plain = "".join(char for char in code.upper() if char.isascii() and char.isalnum())
    return plain.translate(_READ_AS)


def _shown(agreement: Agreement) -> SealedAgreement:
    document = agreement.sealed
    if document is None or document.file is None:
        raise LookupError(agreement.number)
    seal = document.file.seal
    return SealedAgreement(
        number=agreement.number,
        signed_at=agreement.signed_at,
        signers=[_signer(signer, agreement) for signer in _in_order(agreement)],
        replaced=agreement.status == AgreementStatus.SUPERSEDED,
        sha256=document.sha256,
        size=document.file.size,
        sealed_at=seal.sealed_at,
        stamped_at=seal.stamped_at,
        stamped_by=seal.stamped_by,
        level=seal.get_level_display(),
        holder=seal.holder,
        development=seal.development,
    )


def _in_order(agreement: Agreement) -> list[Signer]:
    return sorted(agreement.signers.all(), key=lambda signer: signer.pk)


def _signer(signer: Signer, agreement: Agreement) -> dict[str, Any]:
    consumer = signer.role == SignerRole.CONSUMER
    company = settings.COMPANY_NAME_EN if get_language() == "en" else settings.COMPANY_NAME
    return {
        "role": signer.get_role_display(),
        "name": agreement.party.name if consumer else signer.name,
        "company": company if signer.role == SignerRole.COMPANY else "",
        "signed_at": signer.signed_at,
        "method": signer.get_method_display(),
    }
