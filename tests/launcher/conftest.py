"""Private instances of their own for the launcher's tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.places import Places, places
from launcher.services import private_services, stop_services


@pytest.fixture
def no_outside_services(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the launcher start private instances even where the run itself uses others."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture
def fresh_places(tmp_path: Path, no_outside_services: None) -> Iterator[Places]:
    """A checkout whose path has a space and Chinese characters; nothing is left of it."""
    checkout = tmp_path / "投诉 处理"
    checkout.mkdir()
    place = places("development", checkout)
    yield place
    stop_services(private_services(place), place)
    shutil.rmtree(place.sockets, ignore_errors=True)
    shutil.rmtree(place.reachable_store, ignore_errors=True)
