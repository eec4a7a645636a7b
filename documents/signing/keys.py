"""Where the seal's certificate and key come from: a file, the environment, or a PKCS#11 token."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from documents.signing.errors import SealKeyFault

DEVELOPMENT_UNIT = "DEVELOPMENT ONLY - PROVES NO IDENTITY"
_PEM = "-----BEGIN "


@dataclass(frozen=True)
class SealSource:
    """Where to find the seal. `certificate` and `key` are paths of PEM files or the PEM itself.

    With a PKCS#11 `module` the key never leaves the token: `token` and `label` name it there.
    """

    certificate: str
    key: str = ""
    passphrase: str = ""
    module: str = ""
    token: str = ""
    label: str = ""
    pin: str = ""


@dataclass(frozen=True)
class TimeService:
    """Where time-stamps come from; user and password are for services that ask for them."""

    url: str
    user: str = ""
    password: str = ""
    seconds: int = 10


@dataclass(frozen=True)
class SealFacts:
    """What a certificate says about itself."""

    holder: str
    issuer: str
    sha256: str
    valid_from: datetime
    valid_until: datetime
    development: bool


def certificates(source: SealSource) -> list[x509.Certificate]:
    """Return the seal's certificate, then those above it. Raises SealKeyFault."""
    raw = _pem(source.certificate)
    try:
        found = x509.load_pem_x509_certificates(raw)
    except ValueError as error:
        raise SealKeyFault("holds no certificate in PEM form") from error
    return found


def seal_facts(source: SealSource) -> SealFacts:
    """Return what the seal's certificate says. Raises SealKeyFault."""
    return facts_of(certificates(source)[0])


def facts_of(certificate: x509.Certificate) -> SealFacts:
    """Return what a certificate says about itself."""
    return SealFacts(
        holder=_common_name(certificate.subject),
        issuer=_common_name(certificate.issuer),
        sha256=hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest(),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        development=is_development(certificate),
    )


def is_development(certificate: x509.Certificate) -> bool:
    """Tell whether a certificate was made at set-up and proves nobody's identity."""
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return any(unit.value == DEVELOPMENT_UNIT for unit in units)


def private_key(source: SealSource) -> RSAPrivateKey | EllipticCurvePrivateKey:
    """Return the key of a file or variable; it fits the certificate. Raises SealKeyFault."""
    raw, passphrase = _pem(source.key), source.passphrase.encode() or None
    try:
        key = load_pem_private_key(raw, passphrase)
    except (ValueError, TypeError) as error:
        raise SealKeyFault("holds no key in PEM form that the passphrase opens") from error
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise SealKeyFault("must be an RSA or elliptic-curve key")
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    ours = certificates(source)[0].public_key().public_bytes(*form)
    if key.public_key().public_bytes(*form) != ours:
        raise SealKeyFault("is not the key of the certificate")
    return key


def key_bytes(source: SealSource) -> bytes:
    """Return the key as PKCS#8. Raises SealKeyFault."""
    return private_key(source).private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _pem(value: str) -> bytes:
    """Return the PEM of a variable, its line breaks written as \\n or not, or of a file."""
    if value.startswith(_PEM):
        return value.replace("\\n", "\n").encode()
    try:
        return Path(value).read_bytes()
    except (OSError, ValueError) as error:
        raise SealKeyFault("names no file that can be read") from error


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()
