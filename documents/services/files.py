"""Storing files: bytes first, then the row; reading them back only if they are unchanged."""

from __future__ import annotations

import hashlib
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import IO, Protocol, cast

from django.core.files import File
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils import timezone

from documents.errors import FileErased, FileMissing, FileQuarantined, FileTampered
from documents.filetypes import EVIDENCE, FILE_TYPES, MEGABYTE
from documents.models import StoredFile
from documents.refusals import refusal
from documents.sniffing import identify
from documents.states import FileKind, ScanStatus
from documents.storage import file_storage
from documents.text import clean_name

_CHUNK = 256 * 1024
_SPOOL_IN_MEMORY = 2 * MEGABYTE
ORPHAN_AGE = timedelta(hours=24)


class Readable(Protocol):
    """Anything with `read(size)`: an uploaded file, an open file, a response."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True)
class _Spooled:
    stream: IO[bytes]
    size: int
    sha256: str


def store_file(
    stream: Readable,
    *,
    name: str,
    allow: frozenset[str] = EVIDENCE,
    max_bytes: int | None = None,
) -> StoredFile:
    """Keep a stranger's file and return its row.

    `allow` holds keys of `documents.filetypes`; `max_bytes` may lower, never raise, the limit of
    the type (20 MB a photo or document, 100 MB a film). The type is told by the bytes. Raises
    FileRefused with a sentence for the person; then nothing is kept.
    """
    shown = clean_name(name)
    ceiling = max(FILE_TYPES[key].max_bytes for key in allow)
    with _spooled(stream, name=shown, limit=min(ceiling, max_bytes or ceiling)) as spooled:
        kind = identify(spooled.stream, shown, allow=allow)
        if spooled.size > kind.max_bytes:
            raise refusal("too_large", shown, limit=kind.max_bytes // MEGABYTE)
        return _keep(
            spooled,
            StoredFile(original_name=shown, media_type=kind.media_type),
            extension=kind.key,
        )


def store_own_file(
    data: bytes,
    *,
    name: str,
    key: str,
    kind: FileKind,
    derived_from: StoredFile | None = None,
) -> StoredFile:
    """Keep bytes that this program made itself; `key` names their type."""
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL_IN_MEMORY) as spool:
        spool.write(data)
        row = StoredFile(
            original_name=clean_name(name),
            media_type=FILE_TYPES[key].media_type,
            kind=kind,
            derived_from=derived_from,
            metadata_stripped=derived_from is not None,
            scan_status=ScanStatus.CLEAN,
        )
        spooled = _Spooled(spool, len(data), hashlib.sha256(data).hexdigest())
        return _keep(spooled, row, extension=key)


def _keep(spooled: _Spooled, row: StoredFile, *, extension: str) -> StoredFile:
    row.id = uuid.uuid4()
    row.size, row.sha256 = spooled.size, spooled.sha256
    wanted = f"{timezone.now():%Y/%m}/{row.id}.{extension}"
    spooled.stream.seek(0)
    row.storage_name = file_storage().save(wanted, File(spooled.stream, name=wanted))
    row.save(force_insert=True)
    row.refresh_from_db(fields=["created_at"])
    return row


@contextmanager
def _spooled(stream: Readable, *, name: str, limit: int) -> Iterator[_Spooled]:
    digest = hashlib.sha256()
    size = 0
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL_IN_MEMORY) as spool:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise refusal("too_large", name, limit=limit // MEGABYTE)
            digest.update(chunk)
            spool.write(chunk)
        yield _Spooled(spool, size, digest.hexdigest())


@contextmanager
def open_verified(stored: StoredFile) -> Iterator[IO[bytes]]:
    """Open a stored file for reading after comparing its SHA-256 with the row.

    Raises FileTampered, FileMissing, FileErased or FileQuarantined; then no byte is handed out.
    """
    if stored.is_quarantined:
        raise FileQuarantined(stored.pk)
    handle = opened_verified(stored)
    try:
        yield handle
    finally:
        handle.close()


def opened_verified(stored: StoredFile) -> IO[bytes]:
    """Return the open, verified file; the caller closes it (a streaming response does)."""
    if stored.is_quarantined:
        raise FileQuarantined(stored.pk)
    return _compared(stored)


def check_unchanged(stored: StoredFile) -> None:
    """Compare a file with its SHA-256, in quarantine or not; nothing is handed out.

    Raises FileTampered or FileMissing.
    """
    _compared(stored).close()


def _compared(stored: StoredFile) -> IO[bytes]:
    if stored.erased_at is not None:
        raise FileErased(stored.pk)
    try:
        handle = cast("IO[bytes]", file_storage().open(stored.storage_name, "rb"))
    except FileNotFoundError as error:
        raise FileMissing(stored.pk) from error
    digest, size = hashlib.sha256(), 0
    while chunk := handle.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    if digest.hexdigest() != stored.sha256 or size != stored.size:
        handle.close()
        raise FileTampered(stored.pk)
    handle.seek(0)
    return handle


def read_bytes(stored: StoredFile) -> bytes:
    """Return all bytes of a stored file, verified. Raises as `open_verified`."""
    with open_verified(stored) as handle:
        return handle.read()


def discard_file(stored: StoredFile) -> None:
    """Remove a file and its copies: the rows now, the bytes once that is committed.

    Raises ProtectedError when a document or another app's row still needs it.
    """
    with transaction.atomic():
        doomed = [*StoredFile.objects.filter(derived_from=stored), stored]
        names = [row.storage_name for row in doomed]
        for row in doomed:
            row.delete()
        transaction.on_commit(lambda: _delete_all(names))


def discard_unused(stored: StoredFile) -> bool:
    """Remove a file and its copies unless some row still needs it; say whether it is gone."""
    try:
        discard_file(stored)
    except ProtectedError:
        return False
    return True


def destroy_files(stored: Iterable[StoredFile], *, at: datetime) -> list[StoredFile]:
    """Destroy the bytes of files and of their copies; the rows stay with their hashes.

    The names people gave them go too. Must run inside a transaction: the bytes go once it is
    committed. Who dies in between leaves them to `destroy_left`. Returns what was destroyed now.
    """
    given = [row.pk for row in stored]
    wanted = Q(pk__in=given) | Q(derived_from__in=given)
    doomed = list(StoredFile.objects.select_for_update().filter(wanted, erased_at=None))
    for row in doomed:
        extension = row.storage_name.rpartition(".")[2]
        row.original_name, row.erased_at = f"{str(row.pk)[:8]}.{extension}", at
        row.save(update_fields=["original_name", "erased_at"])
    names = [row.storage_name for row in doomed]
    transaction.on_commit(lambda: _delete_all(names))
    return doomed


def destroy_left(*, since: datetime) -> int:
    """Destroy bytes whose rows were marked from `since` on and that are there; return how many."""
    storage, left = file_storage(), 0
    marked = StoredFile.objects.filter(erased_at__gte=since)
    for name in marked.values_list("storage_name", flat=True).iterator():
        if storage.exists(name):
            storage.delete(name)
            left += 1
    return left


def _delete_all(names: list[str]) -> None:
    storage = file_storage()
    for name in names:
        storage.delete(name)


def remove_orphans(*, older_than: timedelta = ORPHAN_AGE) -> int:
    """Remove bytes that no row names, left by a crash between the two; return how many."""
    storage = file_storage()
    latest = timezone.now() - older_than
    removed = 0
    for folder, names in _folders(storage, ""):
        paths = [str(PurePosixPath(folder, name)) for name in names]
        known = set(
            StoredFile.objects.filter(storage_name__in=paths).values_list("storage_name", flat=True)
        )
        for path in paths:
            if path not in known and _is_older(storage, path, latest):
                storage.delete(path)
                removed += 1
    return removed


def _is_older(storage: Storage, path: str, latest: datetime) -> bool:
    try:
        return storage.get_modified_time(path) < latest
    except FileNotFoundError:
        # An upload that was just finished, or removed, by somebody else.
        return False


def _folders(storage: Storage, folder: str) -> Iterator[tuple[str, list[str]]]:
    try:
        inner, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    if folder:
        yield folder, names
    for name in inner:
        yield from _folders(storage, str(PurePosixPath(folder, name)))


def store_made_file(stream: IO[bytes], *, name: str, media_type: str, extension: str) -> StoredFile:
    """Keep a file that this program wrote to disk itself, however long it is."""
    stream.seek(0)
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    row = StoredFile(
        original_name=clean_name(name),
        media_type=media_type,
        kind=FileKind.RENDERED,
        scan_status=ScanStatus.CLEAN,
    )
    return _keep(_Spooled(stream, size, digest.hexdigest()), row, extension=extension)
