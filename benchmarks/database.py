"""A database of the benchmark's own on the development instance: made, filled, dropped.

Runs Django in this process, so it is imported after DJANGO_SETTINGS_MODULE is set.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import import_module

import django
import psycopg2

ROW_TABLE = "CREATE TABLE bench_row (id bigserial PRIMARY KEY, body text, at timestamptz)"


@dataclass(frozen=True)
class Filled:
    """What the pages need: a log-in and a case with a history."""

    cookie: str
    reference: str
    case_id: int


_before = 0


def _server() -> psycopg2.extensions.connection:
    connection = psycopg2.connect(
        host=os.environ["BENCH_DB_HOST"], user="redress", dbname="postgres"
    )
    connection.autocommit = True
    return connection


def _recreate() -> None:
    with _server().cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {os.environ['BENCH_DB_NAME']} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {os.environ['BENCH_DB_NAME']}")


def drop() -> None:
    """Remove the benchmark's database."""
    with _server().cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {os.environ['BENCH_DB_NAME']} WITH (FORCE)")


def make() -> None:
    """Make the database anew, migrated and empty."""
    _recreate()
    django.setup()
    import_module("django.db").connections.close_all()
    import_module("django.core.management").call_command("migrate", verbosity=0)


def measure_clocks(sizes: list[int]) -> bool:
    """Measure sweeps among more and more open clocks; tells whether the index was used."""
    make()
    return bool(import_module("benchmarks.clocks").measure(sizes))


def prepare(cases: int) -> Filled:
    """Make the database, fill it, and log the agent in."""
    global _before
    make()
    management = import_module("django.core.management")
    management.call_command("collectstatic", interactive=False, verbosity=0)
    filling = import_module("benchmarks.filling")
    filled: Filled = filling.fill_all(cases, row_table=ROW_TABLE)
    _before = filling.count_cases()
    return filled


def statements(path: str) -> int:
    """Return how many SQL statements a page asks for with the database as it is."""
    return int(import_module("benchmarks.filling").statements(path))


def cases_added() -> int:
    """Return how many cases came since the filling."""
    return int(import_module("benchmarks.filling").count_cases()) - _before
