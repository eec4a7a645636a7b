"""What a picture looks like, as 128 bits: whether it grows lighter from one place to the next.

The picture is made small and grey, its darkest point black and its lightest white, so that size,
compression and brightness hardly matter. 64 bits tell of neighbours in a row, 64 of neighbours in
a column. Pictures that look alike differ in few bits, however they were stored.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageFilter, ImageOps

BITS = 128
SURE = 7
"""Marks that differ in this many bits or fewer share a band, so that the index finds each."""
MOST = 10
"""Marks that differ in more bits are taken for different pictures."""
BANDS = 8
_SIDE = 8
_MARGIN = 4
"""Steps of grey that count as none: what lies below is noise, not drawing."""
_LEAST_DRAWING = 12
"""Fewer places where the picture grows lighter or darker than this, and it is as good as blank."""
_BAND_BITS = BITS // BANDS


@dataclass(frozen=True)
class Mark:
    """The 128 bits, as two unsigned numbers."""

    rows: int
    columns: int

    @property
    def bands(self) -> list[int]:
        """Eight numbers, each of every eighth bit and its own place: one marks each band."""
        bits = self.rows << 64 | self.columns
        bands = [0] * BANDS
        for place in range(BITS):
            if bits >> place & 1:
                bands[place % BANDS] |= 1 << place // BANDS
        return [number << _BAND_BITS | band for number, band in enumerate(bands)]

    def distance(self, other: Mark) -> int:
        """Return in how many bits two marks differ."""
        return (self.rows ^ other.rows).bit_count() + (self.columns ^ other.columns).bit_count()


def alike(distance: int) -> int:
    """Return how alike two pictures are, in per cent, from the distance of their marks."""
    return round(100 * (BITS - distance) / BITS)


def signed(number: int) -> int:
    """Return an unsigned number of 64 bits as the database keeps it."""
    return number - (1 << 64) if number >> 63 else number


def unsigned(number: int) -> int:
    """Return what `signed` was given."""
    return number & (1 << 64) - 1


def mark_of(encoded: bytes) -> Mark | None:
    """Return the mark of a picture that we encoded ourselves; None for one without drawing."""
    with Image.open(io.BytesIO(encoded), formats=["JPEG", "PNG"]) as picture:
        return mark_of_image(picture)


def mark_of_image(picture: Image.Image) -> Mark | None:
    """Return the mark of a decoded picture; None for one without drawing."""
    grey = _grey(picture)
    across = grey.resize((_SIDE + 1, _SIDE), Image.Resampling.BOX)
    down = grey.resize((_SIDE, _SIDE + 1), Image.Resampling.BOX)
    steps_across = _steps(across.tobytes(), _SIDE + 1, by=1)
    steps_down = _steps(down.tobytes(), _SIDE, by=_SIDE)
    drawn = sum(abs(step) > _MARGIN for step in (*steps_across, *steps_down))
    if drawn < _LEAST_DRAWING:
        return None
    return Mark(_bits(steps_across), _bits(steps_down))


def _grey(picture: Image.Image) -> Image.Image:
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        picture = Image.new("RGB", clear.size, "white")
        picture.paste(clear, mask=clear.getchannel("A"))
    small = picture.convert("L").resize((64, 64), Image.Resampling.BOX)
    return ImageOps.autocontrast(small.filter(ImageFilter.BoxBlur(1)), cutoff=1)


def _steps(grey: Sequence[int], width: int, *, by: int) -> list[int]:
    """Return the difference of each place to its neighbour on the right (by=1), or below."""
    if by == 1:
        places = [at for at in range(len(grey)) if at % width != width - 1]
    else:
        places = list(range(len(grey) - width))
    return [grey[at + by] - grey[at] for at in places]


def _bits(steps: Sequence[int]) -> int:
    return sum(1 << place for place, step in enumerate(steps) if step > _MARGIN)
