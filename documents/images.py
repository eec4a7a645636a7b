"""Copies of pictures that are safe to show: decoded, turned upright, and encoded anew."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

VIEW_SIDE = 2560
THUMBNAIL_SIDE = 320
_JPEG_QUALITY = 85


@dataclass(frozen=True)
class Picture:
    """An encoded picture without any metadata."""

    data: bytes
    extension: str
    width: int
    height: int


class Undecodable(ValueError):
    """The picture's header was in order but its pixels can't be read."""


def safe_copies(stream: IO[bytes], *, sides: tuple[int, ...]) -> list[Picture]:
    """Return one copy for each longest side, largest first, holding pixels and nothing else.

    The caller has checked the size in pixels by the header. Raises Undecodable.
    """
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pixels = _pixels(stream, side=max(sides))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise Undecodable(str(error)) from error
    copies = []
    for side in sorted(sides, reverse=True):
        pixels.thumbnail((side, side), Image.Resampling.LANCZOS)
        copies.append(_encode(pixels))
    return copies


def _pixels(stream: IO[bytes], *, side: int) -> Image.Image:
    with Image.open(stream, formats=["JPEG", "PNG", "GIF", "WEBP"]) as picture:
        picture.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(picture)
        see_through = upright.has_transparency_data
        flat = upright.convert("RGBA" if see_through else "RGB")
    # A fresh image carries no EXIF, comment, profile or text chunk along.
    clean = Image.new(flat.mode, flat.size)
    clean.paste(flat)
    return clean


def _encode(pixels: Image.Image) -> Picture:
    target = io.BytesIO()
    if pixels.mode == "RGBA":
        pixels.save(target, "PNG", optimize=False)
        extension = "png"
    else:
        pixels.save(target, "JPEG", quality=_JPEG_QUALITY)
        extension = "jpg"
    return Picture(target.getvalue(), extension, pixels.width, pixels.height)
