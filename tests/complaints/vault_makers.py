"""Files and pieces of evidence for the vault's tests."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw

from complaints.actors import Actor
from complaints.models import Case, Evidence
from complaints.services.evidence import add_evidence
from documents.storage import file_storage


def drawing(seed: int, *, size: tuple[int, int] = (480, 360)) -> Image.Image:
    """A picture of its own for every seed: shapes on a ground."""
    draw = random.Random(seed)

    def colour() -> tuple[int, ...]:
        return tuple(draw.randrange(256) for _ in range(3))

    image = Image.new("RGB", size, colour())
    pencil = ImageDraw.Draw(image)
    for _ in range(draw.randrange(6, 20)):
        x, y = draw.randrange(size[0]), draw.randrange(size[1])
        width, height = draw.randrange(20, size[0] // 2), draw.randrange(20, size[1] // 2)
        shape = pencil.ellipse if draw.random() < 0.5 else pencil.rectangle
        shape((x - width // 2, y - height // 2, x + width // 2, y + height // 2), fill=colour())
    return image


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a picture."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def add(case: Case, data: bytes, name: str = "底座.jpg", **options: Any) -> Evidence:
    """Evidence of a case, by the consumer unless said otherwise."""
    options.setdefault("by", Actor.consumer())
    return add_evidence(case, upload=io.BytesIO(data), name=name, **options)


def meddle(evidence: Evidence, change: Callable[[bytes], bytes] | None) -> None:
    """Change a stored file behind the program's back; None takes it away."""
    storage, name = file_storage(), evidence.file.storage_name
    with storage.open(name) as stored:
        data = stored.read()
    storage.delete(name)
    if change is not None:
        storage.save(name, io.BytesIO(change(data)))
