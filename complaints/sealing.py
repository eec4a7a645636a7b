"""Encryption of personal text: each person has a key, wrapped by the installation's keys.

Erasing the person's wrapped key makes everything sealed under it unreadable for good, while the
append-only event log stays whole. Look-ups by phone or e-mail go through a keyed blind index.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

# What a binary column holds: bytes before it is saved, a view of memory when it was read.
Stored = bytes | memoryview


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _installation() -> MultiFernet:
    return _fernet(tuple(settings.FIELD_KEYS))


def new_person_key() -> bytes:
    """Make a key for one person and return it wrapped by the installation's newest key."""
    return _installation().encrypt(Fernet.generate_key())


def seal(person_key: Stored, value: Any) -> bytes:
    """Encrypt a JSON value under a person's wrapped key."""
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Fernet(_installation().decrypt(bytes(person_key))).encrypt(raw)


def unseal(person_key: Stored, sealed: Stored) -> Any | None:
    """Decrypt what `seal` made; None when the person was erased or nothing was stored."""
    if not person_key or not sealed:
        return None
    try:
        raw = Fernet(_installation().decrypt(bytes(person_key))).decrypt(bytes(sealed))
    except InvalidToken:
        return None
    return json.loads(raw)


def seal_bytes(person_key: Stored, data: bytes) -> bytes:
    """Encrypt bytes under a person's wrapped key."""
    return Fernet(_installation().decrypt(bytes(person_key))).encrypt(data)


def unseal_bytes(person_key: Stored, sealed: Stored) -> bytes:
    """Decrypt what `seal_bytes` made; b"" when the key is gone or nothing was stored."""
    if not person_key or not sealed:
        return b""
    try:
        return Fernet(_installation().decrypt(bytes(person_key))).decrypt(bytes(sealed))
    except InvalidToken:
        return b""


def seal_for_installation(value: Any) -> bytes:
    """Encrypt a JSON value under the installation's key (drafts, codes on their way out)."""
    return _installation().encrypt(json.dumps(value, ensure_ascii=False).encode())


def unseal_for_installation(sealed: Stored) -> Any | None:
    """Decrypt what `seal_for_installation` made; None when it can't be read."""
    try:
        return json.loads(_installation().decrypt(bytes(sealed)))
    except InvalidToken:
        return None


def blind_index(kind: str, value: str) -> str:
    """Return a keyed digest by which an encrypted value can be found; empty for nothing."""
    if not value:
        return ""
    message = f"{kind}:{value}".encode()
    return hmac.new(settings.INDEX_KEY.encode(), message, hashlib.sha256).hexdigest()


def new_secret() -> str:
    """Return a URL-safe secret of 192 bits."""
    return secrets.token_urlsafe(24)


def new_code() -> str:
    """Return a six-digit code."""
    return f"{secrets.randbelow(1_000_000):06d}"


def digest(secret: str) -> str:
    """Return what is stored of a secret: a keyed digest, so that no code can be guessed from it."""
    return blind_index("secret", secret)
