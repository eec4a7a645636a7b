#!/usr/bin/env python3
"""Check the seal of an agreement without Redress and without a network.

Usage: python3 verify_agreement.py agreement.pdf [--certificate seal-certificate.pem]
Needs Python 3.11 and pyHanko (pip install pyhanko), nothing of the project.

Ends with 0 if the file is as it was sealed, under the given certificate; 1 if it is not; 2 if the
file can't be read, is no PDF or bears no seal; 3 if it is as it was sealed, but nobody said which
certificate is the company's.
"""

import argparse
import hashlib
import sys
import zlib
from io import BytesIO
from pathlib import Path

from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

# What damaged files make the reader raise.
FAULTS = (PdfError, SigningError, PathError, ValidationError, OSError, ValueError, TypeError)
FAULTS += (LookupError, AttributeError, ArithmeticError, NotImplementedError, RecursionError)
FAULTS += (zlib.error,)
PROVED, WRONG, UNREADABLE, UNKNOWN = 0, 1, 2, 3
DEVELOPMENT = "DEVELOPMENT ONLY - PROVES NO IDENTITY"
CAN = """
Proved by the seal alone:
- not one byte of what was sealed has changed since: text, signatures, audit page;
- who sealed it had the key of the certificate above{time}.
"""
CANNOT = """
Not proved without the company's page (verify/ on its site):
- that the certificate is the company's: compare its SHA-256 with that of the page or of the audit
  page, or name it with --certificate;
- that this is the file the company keeps, byte for byte: the page compares the whole file. A few
  bytes that hold the seal itself are not covered by it;
- that no later agreement took its place, and that the certificate was not withdrawn;
- who signed: the seal is the company's. What shows the signers is printed on the audit page.
"""


def _arguments(argv):
    parser = argparse.ArgumentParser(description="Check the seal of an agreement.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--certificate", type=Path, help="the company's certificate (PEM)")
    return parser.parse_args(argv)


def _fingerprint(path):
    raw = path.read_bytes()
    if pem.detect(raw):
        raw = pem.unarmor(raw)[2]
    return hashlib.sha256(x509.Certificate.load(raw).dump()).hexdigest()


def _told(name, value):
    print(f"{name + ':':<24}{value}")


def _faults(found, data, status):
    """Yield what is wrong with a file; nothing if it is as it was sealed."""
    begin, first, second, rest = found.byte_range
    end = second + rest
    if not status.intact:
        yield "CHANGED: what was sealed is not what the file holds"
    elif not status.valid:
        yield "CHANGED: the seal was not made with the key of its certificate"
    if begin != 0 or end > len(data) or first >= second:
        yield "CHANGED: the seal does not speak of this file"
    elif end < len(data) or status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        digest = hashlib.sha256(data[:end]).hexdigest()
        yield (
            f"ADDED: {len(data) - end} bytes stand behind what was sealed, and are no part of it."
            f"\n       The sealed file had {end} bytes and the SHA-256 {digest}"
        )


def _describe(found, status):
    certificate = found.signer_cert
    name = certificate.subject.native
    _told("Sealed by", name.get("common_name", certificate.subject.human_friendly))
    _told("Certificate issued by", certificate.issuer.human_friendly)
    _told("Certificate SHA-256", hashlib.sha256(certificate.dump()).hexdigest())
    _told("Sealed at (its word)", status.signer_reported_dt or "not said")
    stamp = status.timestamp_validity
    good = stamp is not None and stamp.intact and stamp.valid
    if good:
        signer = stamp.signing_cert.subject.human_friendly
        _told("Time-stamp", f"{stamp.timestamp.isoformat()} by {signer}")
    units = name.get("organizational_unit_name", "")
    if DEVELOPMENT in (units if isinstance(units, list) else [units]):
        print("\nWARNING: this certificate was made for development and proves nobody's identity.")
    return good


def verify(path, certificate=None):
    """Check a file and print what is proved; return the exit code."""
    data = path.read_bytes()
    _told("File", path)
    _told("SHA-256", hashlib.sha256(data).hexdigest())
    seals = PdfFileReader(BytesIO(data), strict=False).embedded_regular_signatures
    if not seals:
        print("NO SEAL: nothing can be proved about this file")
        return UNREADABLE
    found = seals[0]
    trust = ValidationContext(trust_roots=[found.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(found, signer_validation_context=trust)
    stamped = _describe(found, status)
    faults = list(_faults(found, data, status))
    if (
        certificate
        and _fingerprint(certificate) != hashlib.sha256(found.signer_cert.dump()).hexdigest()
    ):
        faults.append("OTHER SEAL: it was not sealed under the certificate you named")
    if faults:
        print("\n" + "\n".join(faults))
        return WRONG
    print("\nOK: the file is as it was sealed")
    print(CAN.format(time=", and when, by a time-stamp" if stamped else ""), end="")
    print(CANNOT)
    return PROVED if certificate else UNKNOWN


def main(argv=None):
    """Run the command; return its exit code."""
    given = _arguments(argv)
    try:
        return verify(given.file, given.certificate)
    except FAULTS as error:
        print(f"UNREADABLE: {type(error).__name__}: {error}")
        return UNREADABLE


if __name__ == "__main__":
    sys.exit(main())
