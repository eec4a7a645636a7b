"""A migrated database to copy: the migrations run once for all workers and later runs.

Its name carries a digest of every migration, so that a changed one gives a new database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

PREFIX = "redress_migrated_"
KEPT = 5
MAKING = 7_301_977  # an advisory lock of our own


def digest_of_migrations() -> str:
    """Digest the migrations of all apps, and of what they load, by name and content."""
    digest = hashlib.sha256()
    for config in sorted(apps.get_app_configs(), key=lambda config: config.label):
        for path in sorted(Path(config.path).glob("migrations/*.py")):
            digest.update(f"{config.label}/{path.name}".encode() + path.read_bytes())
    # The one module of ours that a migration computes with.
    digest.update((Path(apps.get_app_config("complaints").path) / "likeness.py").read_bytes())
    for path in sorted(Path(apps.get_app_config("agreements").path).glob("wording/shipped/*.txt")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def administration() -> Iterator[CursorWrapper]:
    """Give a cursor on the server's own database, alone among the workers."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MAKING])
        try:
            yield cursor
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MAKING])


def migrated_database() -> str:
    """Give the name of a database with all migrations applied, making it when it isn't there."""
    name = PREFIX + digest_of_migrations()
    with administration() as cursor:
        made = _made(cursor)
        if name not in made:
            for old in made[:-KEPT]:
                cursor.execute(f"DROP DATABASE {connection.ops.quote_name(old)} WITH (FORCE)")
            _make(cursor, name)
    return name


def _made(cursor: CursorWrapper) -> list[str]:
    cursor.execute(
        "SELECT datname FROM pg_database WHERE datname LIKE %s ORDER BY oid", [f"{PREFIX}%"]
    )
    return [name for (name,) in cursor.fetchall()]


def _make(cursor: CursorWrapper, name: str) -> None:
    """Migrate under another name first: a run that was killed half-way leaves no half template."""
    half = connection.ops.quote_name(f"half_{name}")
    cursor.execute(f"DROP DATABASE IF EXISTS {half} WITH (FORCE)")
    cursor.execute(f"CREATE DATABASE {half}")
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = f"half_{name}"
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
    cursor.execute(f"ALTER DATABASE {half} RENAME TO {connection.ops.quote_name(name)}")
