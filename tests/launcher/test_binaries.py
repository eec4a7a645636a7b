"""Where the servers' programs come from, and what is said when there are none."""

from pathlib import Path

import pytest

from launcher import binaries
from launcher.binaries import locale_arguments, postgres_folder, reachable_copy, valkey_program
from launcher.errors import LaunchError
from launcher.places import Places, places


@pytest.fixture
def place(tmp_path: Path) -> Places:
    return places("test", tmp_path)


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o700)
    return path


def test_debian_programs_stand_in_for_the_wheel(
    place: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest version wins, by number."""
    monkeypatch.setattr(binaries, "DEBIAN_POSTGRES", tmp_path)
    for version in ("9.6", "15", "17"):
        executable(tmp_path / version / "bin" / "initdb")

    assert postgres_folder(place, wheels=False) == tmp_path / "17" / "bin"


def test_redis_stands_in_for_valkey(
    place: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = executable(tmp_path / "redis-server")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert valkey_program(place, wheels=False) == program


def test_missing_programs_name_the_command_to_type(
    place: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "DEBIAN_POSTGRES", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(LaunchError, match="apt-get install postgresql"):
        postgres_folder(place, wheels=False)
    with pytest.raises(LaunchError, match="apt-get install redis-server"):
        valkey_program(place, wheels=False)


@pytest.mark.parametrize(
    ("version", "options"),
    [
        ("initdb (PostgreSQL) 18.6", ["--locale-provider=builtin", "--locale=C.UTF-8"]),
        ("initdb (PostgreSQL) 15.10 (Debian 15.10-0+deb12u1)", ["--locale=C.UTF-8"]),
    ],
)
def test_locale_is_utf8_in_every_version(version: str, options: list[str]) -> None:
    assert locale_arguments(version) == options


def test_programs_in_a_closed_folder_are_copied_for_an_unprivileged_user(
    place: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may have cloned below its own closed home; the server's user must reach a copy."""
    program = executable(tmp_path / "package" / "bin" / "server")
    monkeypatch.setattr(binaries.os, "getuid", lambda: 0)
    monkeypatch.setattr(Places, "reachable_store", tmp_path / "store")

    copy = reachable_copy(program.parent, place)

    assert copy == tmp_path / "store" / "programs" / "package" / "bin"
    assert (copy / "server").stat().st_mode & 0o777 == 0o755
    assert reachable_copy(program.parent, place) == copy
