"""Copies of pictures for the screen, without the place, time and device in their metadata."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from documents.errors import FileQuarantined
from documents.filetypes import VIEWABLE, type_for_media
from documents.images import THUMBNAIL_SIDE, VIEW_SIDE, Picture, Undecodable, safe_copies
from documents.models import StoredFile
from documents.services.files import open_verified, store_own_file
from documents.states import FileKind


def can_be_viewed(stored: StoredFile) -> bool:
    """Tell whether a copy for viewing can be made of a stored original."""
    kind = type_for_media(stored.media_type)
    return stored.kind == FileKind.UPLOAD and kind is not None and kind.key in VIEWABLE


def has_viewing_copy(stored: StoredFile) -> bool:
    """Tell whether the copy for viewing was made; there is none of a picture that is damaged."""
    return StoredFile.objects.filter(derived_from=stored, kind=FileKind.VIEW).exists()


def viewing_copy(stored: StoredFile) -> StoredFile | None:
    """Return the copy to show instead of an uploaded picture, making it when there is none.

    None when the file is not a picture that we can decode. Safe to call twice, also at once.
    Raises as `open_verified`.
    """
    return _copy(stored, kind=FileKind.VIEW)


def thumbnail(stored: StoredFile) -> StoredFile | None:
    """Return the copy of at most 320 pixels; otherwise as `viewing_copy`."""
    return _copy(stored, kind=FileKind.THUMBNAIL)


def _copy(stored: StoredFile, *, kind: FileKind) -> StoredFile | None:
    if not can_be_viewed(stored):
        return None
    if stored.is_quarantined:
        raise FileQuarantined(stored.pk)
    copies = _existing(stored)
    if kind not in copies:
        copies = _make_copies(stored)
    return copies.get(kind)


def _existing(stored: StoredFile) -> dict[str, StoredFile]:
    return {copy.kind: copy for copy in StoredFile.objects.filter(derived_from=stored)}


def _make_copies(stored: StoredFile) -> dict[str, StoredFile]:
    with open_verified(stored) as stream:
        try:
            pictures = safe_copies(stream, sides=(VIEW_SIDE, THUMBNAIL_SIDE))
        except Undecodable:
            return {}
    for kind, picture in zip((FileKind.VIEW, FileKind.THUMBNAIL), pictures, strict=True):
        try:
            with transaction.atomic():
                _store(stored, picture, kind=kind)
        except IntegrityError:
            continue  # Somebody else made it just now; our bytes are left to the janitor.
    return _existing(stored)


def _store(stored: StoredFile, picture: Picture, *, kind: FileKind) -> StoredFile:
    stem = stored.original_name.rpartition(".")[0] or stored.original_name
    return store_own_file(
        picture.data,
        name=f"{stem}.{picture.extension}",
        key=picture.extension,
        kind=kind,
        derived_from=stored,
    )
