"""What tests of stored files and documents share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from documents.renderer.client import Renderer


@pytest.fixture(autouse=True)
def files_root(settings, tmp_path: Path) -> Path:
    """Keep every test's files in a folder of its own."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.FILES_ROOT.mkdir()
    return settings.FILES_ROOT


@pytest.fixture(scope="session")
def renderer() -> Iterator[Renderer]:
    """One warm renderer that may use the network, so that refusals are the fetcher's own."""
    warm = Renderer(isolate=False)
    yield warm
    warm.close()


def kept_files(root: Path) -> list[Path]:
    """List every file below the storage folder."""
    return sorted(path for path in root.rglob("*") if path.is_file())
