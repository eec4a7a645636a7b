"""Makers of seals for tests: certificates of every kind, a time-stamp service, a token."""

from __future__ import annotations

import http.server
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from documents.signing.keys import SealSource


def new_key(kind="rsa"):
    """A key of 2048 bits, or one on P-256."""
    return ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa_key()


def rsa_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem_key(key, passphrase=""):
    """The key as PEM, locked with a passphrase or not."""
    lock = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock).decode()


def certificate(key, *, name="安居电器有限公司", days=90, usage=()):
    """A certificate signed by itself that is valid from yesterday on, for so many days."""
    began = datetime.now(tz=UTC) - timedelta(days=1)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(began - timedelta(days=30))
        .not_valid_after(began + timedelta(days=days))
    )
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usage), critical=True)
    return builder.sign(key, hashes.SHA256())


def pem_certificate(found):
    return found.public_bytes(Encoding.PEM).decode()


def seal_source(kind="rsa", **changes):
    """A seal that is none of development, given as text."""
    key = new_key(kind)
    return SealSource(certificate=pem_certificate(certificate(key, **changes)), key=pem_key(key))


@contextmanager
def time_service(*, kind="application/timestamp-reply", status=200) -> Iterator[str]:
    """A time-stamp service on the loopback; yields its address."""
    key = rsa_key()
    found = certificate(key, name="Test TSA", usage=[ExtendedKeyUsageOID.TIME_STAMPING])
    stamper = DummyTimeStamper(
        tsa_cert=asn1_x509.Certificate.load(found.public_bytes(Encoding.DER)),
        tsa_key=asn1_keys.PrivateKeyInfo.load(
            key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
    )

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            body = stamper.request_tsa_response(asked).dump()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            """Say nothing."""

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def token(folder, key, *, pin="1234"):
    """Put a key into a new SoftHSM token; return what names it in a seal's source."""
    (folder / "tokens").mkdir()
    (folder / "softhsm.conf").write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n"
    )
    (folder / "key.pem").write_text(pem_key(key))
    environment = {"SOFTHSM2_CONF": str(folder / "softhsm.conf"), "PATH": "/usr/bin:/bin"}
    make = ["--init-token", "--free", "--label", "redress", "--so-pin", "9999", "--pin", pin]
    fill = ["--import", str(folder / "key.pem"), "--token", "redress", "--label", "seal"]
    for command in (make, [*fill, "--id", "01", "--pin", pin]):
        subprocess.run(
            ["softhsm2-util", *command], env=environment, check=True, capture_output=True
        )
    return {"token": "redress", "label": "seal", "pin": pin}
