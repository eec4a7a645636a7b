"""Where bytes are kept: a private folder, or whatever STORAGES["files"] names (S3, say)."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages

ALIAS = "files"
_CHUNK = 1024 * 1024


class PrivateFileStorage(FileSystemStorage):
    """Files under FILES_ROOT that no URL reaches.

    A file appears under its name only when all its bytes are on the disk, and an existing name is
    never overwritten.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            location=settings.FILES_ROOT,
            base_url=None,
            file_permissions_mode=0o600,
            directory_permissions_mode=0o700,
            **options,
        )

    def _save(self, name: str, content: File) -> str:
        path = self.path(name)
        folder = os.path.dirname(path)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        part = f"{path}.part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "wb") as target:
                for chunk in content.chunks(_CHUNK):
                    target.write(chunk)
                target.flush()
                os.fsync(target.fileno())
            os.link(part, path)
        finally:
            os.unlink(part)
        _sync_folder(folder)
        return name

    def url(self, name: str | None) -> str:
        """Refuse: stored files are handed out by views that check who asks."""
        raise ValueError("Stored files have no public address.")


def _sync_folder(folder: str) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_storage() -> Storage:
    """Return the storage of all stored files."""
    if ALIAS in settings.STORAGES:
        return storages[ALIAS]
    return PrivateFileStorage()
