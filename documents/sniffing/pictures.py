"""Sizes of pictures, read from their headers without decoding a pixel."""

from __future__ import annotations

import struct
from typing import IO

# Start-of-frame markers: all of C0..CF but the tables C4 (DHT), C8 (JPG) and CC (DAC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


class NotAPicture(ValueError):
    """The header does not hold a size, or the structure is broken."""


def picture_size(stream: IO[bytes], key: str) -> tuple[int, int]:
    """Return (width, height) of a jpg, png, gif or webp. Raises NotAPicture."""
    stream.seek(0)
    readers = {"jpg": _jpg_size, "png": _png_size, "gif": _gif_size, "webp": _webp_size}
    try:
        width, height = readers[key](stream)
    except (struct.error, IndexError) as error:
        raise NotAPicture(key) from error
    if not width or not height:
        raise NotAPicture(key)
    return width, height


def _jpg_size(stream: IO[bytes]) -> tuple[int, int]:
    stream.seek(2)
    for _segment in range(2000):
        marker = _next_marker(stream)
        if marker in _FRAMES:
            _length, _depth, height, width = struct.unpack(">HBHH", stream.read(7))
            return width, height
        if marker in (0xD9, 0xDA):
            break
        (length,) = struct.unpack(">H", stream.read(2))
        if length < 2:
            break
        stream.seek(length - 2, 1)
    raise NotAPicture("jpg")


def _next_marker(stream: IO[bytes]) -> int:
    if stream.read(1) != b"\xff":
        raise NotAPicture("jpg")
    byte = stream.read(1)
    while byte == b"\xff":
        byte = stream.read(1)
    return byte[0]


def _png_size(stream: IO[bytes]) -> tuple[int, int]:
    head = stream.read(24)
    if head[12:16] != b"IHDR":
        raise NotAPicture("png")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def _gif_size(stream: IO[bytes]) -> tuple[int, int]:
    head = stream.read(13)
    width, height, flags = struct.unpack("<HHB", head[6:11])
    if flags & 0x80:
        stream.seek(3 << ((flags & 7) + 1), 1)
    _walk_gif_blocks(stream)
    return width, height


def _walk_gif_blocks(stream: IO[bytes]) -> None:
    pictures = 0
    while (mark := stream.read(1)) != b"\x3b":
        if mark == b"\x21":
            stream.seek(1, 1)
        elif mark == b"\x2c":
            pictures += 1
            flags = stream.read(9)[8]
            stream.seek((3 << ((flags & 7) + 1) if flags & 0x80 else 0) + 1, 1)
        else:
            raise NotAPicture("gif")
        while length := stream.read(1)[0]:
            stream.seek(length, 1)
    if not pictures:
        raise NotAPicture("gif")


def _webp_size(stream: IO[bytes]) -> tuple[int, int]:
    head = stream.read(30)
    form, data = head[12:16], head[20:]
    if form == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[6:10])
        return width & 0x3FFF, height & 0x3FFF
    if form == b"VP8L" and data[:1] == b"\x2f":
        (bits,) = struct.unpack("<I", data[1:5])
        return (bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1
    if form == b"VP8X":
        return _uint24(data[4:7]) + 1, _uint24(data[7:10]) + 1
    raise NotAPicture("webp")


def _uint24(raw: bytes) -> int:
    return int(struct.unpack("<I", raw + b"\0")[0])
