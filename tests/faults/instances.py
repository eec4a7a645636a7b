"""The private PostgreSQL and Valkey of a fault run: a fresh database, and ways to hurt both."""

from __future__ import annotations

import hashlib
import signal
import time
from pathlib import Path

import psycopg2
import redis
from django.core.management import call_command
from django.db import connection, connections

from complaints.selectors.policies import forget_policies
from launcher.places import places
from launcher.postgres import Postgres
from launcher.processes import stop_process
from launcher.valkey import Valkey
from tests.faults.settings import DATABASE

PLACE = places("faults")
CHECKOUT = PLACE.checkout


def _command(sql: str) -> list[tuple[str, ...]]:
    server = psycopg2.connect(host=str(PLACE.sockets), user="redress", dbname="postgres")
    server.autocommit = True
    try:
        with server.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        server.close()


def _template() -> str:
    """Name the migrated, empty database that fits the migrations as they are."""
    files = sorted(CHECKOUT.glob("*/migrations/*.py"))
    content = b"".join(file.read_bytes() for file in files)
    return f"faults_{hashlib.sha256(content).hexdigest()[:16]}"


def fresh_database() -> None:
    """Give an empty, migrated database; migrating is done once for each state of the migrations."""
    connections.close_all()
    template = _template()
    _command(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    if not _command(f"SELECT 1 FROM pg_database WHERE datname = '{template}'"):
        _command(f"CREATE DATABASE {DATABASE}")
        call_command("migrate", verbosity=0)
        connections.close_all()
        _command(f"ALTER DATABASE {DATABASE} RENAME TO {template}")
    _command(f"CREATE DATABASE {DATABASE} TEMPLATE {template}")
    forget_policies()


def restart_postgres_at_once() -> None:
    """End PostgreSQL as a power cut would (immediate shutdown), and start it again."""
    connection.close()
    postgres = Postgres.of(PLACE)
    process_id = postgres.process_id()
    if process_id is not None:
        stop_process(process_id, how=signal.SIGQUIT)
    postgres.start()


def flush_valkey() -> None:
    """Lose everything that the broker holds."""
    redis.Redis(unix_socket_path=str(PLACE.valkey_socket)).flushall()


def stop_valkey() -> None:
    """End the broker."""
    Valkey.of(PLACE).stop()


def start_valkey() -> None:
    """Start the broker again."""
    Valkey.of(PLACE).start()


def wait_for(query: str, *, seconds: float) -> bool:
    """Wait until a query gives true; tell whether it did."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(query)
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.05)
    return False


def log_file() -> Path:
    """Give the file to which children write."""
    return PLACE.var / "log" / "children.log"
