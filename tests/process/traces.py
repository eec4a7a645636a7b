"""What stands in the database, to show that a refusal or a look left nothing behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from tests.database import quoted

SESSIONS = frozenset({"django_session"})


def snapshot(*, beside: frozenset[str] = SESSIONS) -> dict[str, str]:
    """A digest of every table's rows, the tables in `beside` left out."""
    names = connection.introspection.table_names()
    tables = [name for name in names if name not in beside and name != "django_migrations"]
    probe = " UNION ALL ".join(
        f"SELECT '{name}', count(*) || ' ' || coalesce(md5(string_agg(t::text, ';' ORDER BY"
        f" t::text)), '') FROM {quoted(name)} t"
        for name in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(probe)
        return dict(cursor.fetchall())


def differences(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str, str]]:
    """The tables that changed, with rows and digest before and after."""
    return {
        name: (before[name].split()[0], after[name].split()[0])
        for name in before
        if before[name] != after[name]
    }


@contextmanager
def nothing_left_behind(*, beside: frozenset[str] = SESSIONS) -> Iterator[None]:
    """Fail if the block changed a row of any table."""
    before = snapshot(beside=beside)
    yield
    assert differences(before, snapshot(beside=beside)) == {}
