"""Cleaning up after transactional tests, without ever weakening a trigger.

Append-only tables refuse UPDATE, DELETE and TRUNCATE, and migrations fill tables that must
survive; Django's flush would meet the first and lose the second. Here the test's own connection
takes the role of a replica, for which PostgreSQL fires no ordinary triggers, for the length of
the clean-up only. What migrations put in is remembered once and put back where a test changed it.
"""

import io
from dataclasses import dataclass, field

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test import TransactionTestCase

MIGRATIONS_TABLE = "django_migrations"


def quoted(table: str) -> str:
    """Quote a table's name for SQL."""
    return connection.ops.quote_name(table)


def copy_out(cursor: CursorWrapper, table: str) -> str:
    """Give a table's rows in COPY's text form, in the order of storage."""
    rows = io.StringIO()
    cursor.copy_expert(f"COPY {quoted(table)} TO STDOUT", rows)
    return rows.getvalue()


def filled_tables(cursor: CursorWrapper) -> list[str]:
    """Give the tables that hold rows."""
    tables = [t for t in connection.introspection.table_names(cursor) if t != MIGRATIONS_TABLE]
    if not tables:
        return []
    probe = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {quoted(table)})" for table in tables
    )
    cursor.execute(probe)
    return [table for (table,) in cursor.fetchall()]


@dataclass
class ReferenceRows:
    """What the migrations left in the database."""

    tables: dict[str, str] = field(default_factory=dict)

    def remember(self) -> None:
        """Read every table that is filled before the first test."""
        with connection.cursor() as cursor:
            self.tables = {table: copy_out(cursor, table) for table in filled_tables(cursor)}

    def restore(self) -> None:
        """Bring the database back to what was remembered; fails if a test left a transaction."""
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '10s'")
            cursor.execute("SET session_replication_role = replica")
            try:
                for table in {*filled_tables(cursor), *self.tables}:
                    self.restore_table(cursor, table)
            finally:
                cursor.execute("SET session_replication_role = origin")
                cursor.execute("SET lock_timeout = 0")

    def restore_table(self, cursor: CursorWrapper, table: str) -> None:
        """Empty a table, or give a reference table its rows again if they differ."""
        rows = self.tables.get(table)
        if rows is None:
            cursor.execute(f"DELETE FROM {quoted(table)}")
        elif sorted(copy_out(cursor, table).splitlines()) != sorted(rows.splitlines()):
            cursor.execute(f"DELETE FROM {quoted(table)}")
            cursor.copy_expert(f"COPY {quoted(table)} FROM STDIN", io.StringIO(rows))


reference_rows = ReferenceRows()


def restore_after_test(_case: TransactionTestCase) -> None:
    """Stand in for Django's flush."""
    reference_rows.restore()


def replace_flush() -> None:
    """Make every transactional and live-server test clean up as told above."""
    TransactionTestCase._fixture_teardown = restore_after_test


def end_other_sessions() -> None:
    """End what a browser's last request still holds open, so that the database can be dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
