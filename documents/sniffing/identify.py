"""From bytes to one of the types that are taken, or a refusal that names the fault."""

from __future__ import annotations

import re
import warnings
from typing import IO

import puremagic
from PIL import Image, UnidentifiedImageError

from documents.filetypes import FILE_TYPES, MAX_PIXELS, PHOTO, FileType, type_for_extension
from documents.refusals import refusal
from documents.sniffing import archives, media, pictures
from documents.text import extension_of

HEAD = 4096
TAIL = 65_536
# Anywhere in a file: long enough never to appear by chance. In head and tail: shorter ones too.
_FOREIGN = (
    b"<script",
    b"<?php ",
    b"<?php\n",
    b"<?php\r",
    b"<?php\t",
    b"<!doctype html",
    b"__halt_compiler",
    b"rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
)
_FOREIGN_AT_ENDS = re.compile(rb"<html[\s>]|<svg[\s>]|<body[\s>]|<iframe[\s>]|%!PS-Adobe", re.I)
# What the second opinion may call each type.
_SYNONYMS = {
    "jpg": {".jpg", ".jpeg", ".jpe", ".jfif", ".jp2", ".mpo"},
    "png": {".png", ".apng"},
    "gif": {".gif"},
    "webp": {".webp", ".webm", ".riff"},
    "pdf": {".pdf", ".ai", ".eps"},
    "docx": {".docx", ".zip", ".ooxml"},
    "xlsx": {".xlsx", ".zip", ".ooxml"},
}


def identify(stream: IO[bytes], name: str, *, allow: frozenset[str]) -> FileType:
    """Return the type of a file by its bytes; `name` has been cleaned.

    The content decides, and the extension must not contradict it; a picture may carry the
    extension of another kind of picture, as phones and chat programs save them. Raises FileRefused.
    """
    claimed = type_for_extension(extension_of(name))
    if claimed is None:
        raise refusal("type_not_allowed" if extension_of(name) else "no_extension", name)
    stream.seek(0)
    head = stream.read(HEAD)
    if not head:
        raise refusal("empty", name)
    key = _key_by_content(stream, head, name, claimed=claimed)
    found = FILE_TYPES.get(key or "")
    if found is None or not _agree(found, claimed):
        raise refusal("type_mismatch", name)
    if found.key not in allow:
        raise refusal("type_not_allowed", name)
    _check_structure(stream, found.key, name)
    _check_second_opinion(stream, found.key, name)
    _check_foreign(stream, head, found.key, name)
    return found


def _agree(found: FileType, claimed: FileType) -> bool:
    return found == claimed or (found.family == PHOTO and claimed.family == PHOTO)


def _key_by_content(stream: IO[bytes], head: bytes, name: str, *, claimed: FileType) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if re.match(rb"%PDF-[12]\.\d", head):
        return "pdf"
    if head[4:8] == b"ftyp":
        return media.boxed_type(head)
    if head.startswith(b"PK\x03\x04") and claimed.key in ("docx", "xlsx"):
        return archives.office_type(stream, name)
    return "txt" if claimed.key == "txt" and media.is_plain_text(stream) else None


def _check_structure(stream: IO[bytes], key: str, name: str) -> None:
    if key in ("jpg", "png", "gif", "webp"):
        _check_picture(stream, key, name)
    elif key in ("mp4", "mov", "heic"):
        boxes = media.top_boxes(stream)
        needed = b"meta" if key == "heic" else b"moov"
        if boxes is None or needed not in boxes:
            raise refusal("damaged", name)
    elif key == "pdf":
        if not media.is_whole_pdf(stream):
            raise refusal("damaged", name)
        if media.is_active_pdf(stream):
            raise refusal("active_content", name)


def _check_picture(stream: IO[bytes], key: str, name: str) -> None:
    try:
        width, height = pictures.picture_size(stream, key)
    except pictures.NotAPicture as error:
        raise refusal("damaged", name) from error
    if width * height > MAX_PIXELS:
        raise refusal("too_many_pixels", name)
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(stream, formats=[{"jpg": "JPEG"}.get(key, key.upper())]) as picture:
                picture.verify()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise refusal("damaged", name) from error


def _check_second_opinion(stream: IO[bytes], key: str, name: str) -> None:
    if key not in _SYNONYMS:
        return
    stream.seek(0)
    try:
        guesses = {guess.extension for guess in puremagic.magic_stream(stream)}
    except (puremagic.PureError, ValueError):
        guesses = set()
    if guesses and not guesses & _SYNONYMS[key]:
        raise refusal("type_mismatch", name)


def _check_foreign(stream: IO[bytes], head: bytes, key: str, name: str) -> None:
    if key in ("docx", "xlsx", "txt"):
        return
    size = stream.seek(0, 2)
    stream.seek(max(0, size - TAIL))
    ends = head + stream.read(TAIL)
    if (
        _FOREIGN_AT_ENDS.search(ends)
        or (key != "pdf" and b"%PDF-" in head)
        or archives.find_directory(stream) is not None
        or any(_holds_foreign(chunk) for chunk in media.chunks(stream, overlap=32))
    ):
        raise refusal("hidden_content", name)


def _holds_foreign(chunk: bytes) -> bool:
    lowered = chunk.lower()
    return any(mark in lowered for mark in _FOREIGN)
