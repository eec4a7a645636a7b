"""The kinds of file that are taken, and how big each may be."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
PHOTO, DOCUMENT, VIDEO = "photo", "document", "video"
FAMILY_LIMITS = {PHOTO: 20 * MEGABYTE, DOCUMENT: 20 * MEGABYTE, VIDEO: 100 * MEGABYTE}
MAX_PIXELS = 40_000_000


@dataclass(frozen=True)
class FileType:
    """One kind of file: its key, media type, extensions and family."""

    key: str
    media_type: str
    extensions: frozenset[str]
    family: str

    @property
    def max_bytes(self) -> int:
        """Return how big a file of this type may be."""
        return FAMILY_LIMITS[self.family]


_OFFICE = "application/vnd.openxmlformats-officedocument"
FILE_TYPES = {
    kind.key: kind
    for kind in (
        FileType("jpg", "image/jpeg", frozenset({"jpg", "jpeg", "jfif"}), PHOTO),
        FileType("png", "image/png", frozenset({"png"}), PHOTO),
        FileType("webp", "image/webp", frozenset({"webp"}), PHOTO),
        FileType("heic", "image/heic", frozenset({"heic", "heif"}), PHOTO),
        FileType("gif", "image/gif", frozenset({"gif"}), PHOTO),
        FileType("pdf", "application/pdf", frozenset({"pdf"}), DOCUMENT),
        FileType("mp4", "video/mp4", frozenset({"mp4", "m4v"}), VIDEO),
        FileType("mov", "video/quicktime", frozenset({"mov"}), VIDEO),
        FileType("docx", f"{_OFFICE}.wordprocessingml.document", frozenset({"docx"}), DOCUMENT),
        FileType("xlsx", f"{_OFFICE}.spreadsheetml.sheet", frozenset({"xlsx"}), DOCUMENT),
        FileType("txt", "text/plain", frozenset({"txt"}), DOCUMENT),
    )
}
EVIDENCE = frozenset(FILE_TYPES)
PHOTOS = frozenset(key for key, kind in FILE_TYPES.items() if kind.family == PHOTO)
PDF_ONLY = frozenset({"pdf"})
# Pictures that we can decode and so make a copy of for viewing.
VIEWABLE = frozenset({"jpg", "png", "webp", "gif"})


def type_for_extension(extension: str) -> FileType | None:
    """Return the type that an extension claims."""
    return next((kind for kind in FILE_TYPES.values() if extension in kind.extensions), None)


def type_for_media(media_type: str) -> FileType | None:
    """Return the type of a stored media type."""
    return next((kind for kind in FILE_TYPES.values() if kind.media_type == media_type), None)
