"""Encryption of the data that documents are made of, under the installation's keys."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def canonical(value: Any) -> bytes:
    """Return the one spelling of a JSON value that its hash is taken of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def fingerprint(value: Any) -> str:
    """Return the SHA-256 of a JSON value."""
    return hashlib.sha256(canonical(value)).hexdigest()


def seal(value: Any) -> bytes:
    """Encrypt a JSON value; the newest installation key is used."""
    return _fernet(tuple(settings.FIELD_KEYS)).encrypt(canonical(value))


def unseal(sealed: bytes) -> Any:
    """Decrypt what `seal` made. Raises InvalidToken when the keys don't fit."""
    return json.loads(_fernet(tuple(settings.FIELD_KEYS)).decrypt(bytes(sealed)))
