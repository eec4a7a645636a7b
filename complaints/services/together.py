"""Rows of several tables in one statement: a round trip less for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.sql import InsertQuery


def insert_together(rows: Iterable[Model]) -> None:
    """Insert new rows of any tables; they get no keys here, so nothing may point at them yet.

    Raises what each insert would raise; then none is written. The rows' tables see each other
    only when the statement ends (as foreign keys do anyway): a trigger must not look for one of
    these rows on behalf of another.
    """
    by_model: dict[type[Model], list[Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    if not by_model:
        return
    statements, values = [], []
    for model, group in by_model.items():
        statement, given = _insertion(model, group)
        statements.append(statement)
        values += given
    *before, last = statements
    named = [f"part_{number} AS ({statement})" for number, statement in enumerate(before)]
    whole = f"WITH {', '.join(named)} {last}" if named else last
    with connection.cursor() as cursor:
        cursor.execute(whole, values)


def _insertion(model: type[Model], rows: list[Model]) -> tuple[str, list[Any]]:
    """Return Django's own INSERT for rows of one table, and its values."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.generated and (field is not model._meta.auto_field)
    ]
    query = InsertQuery(model)
    query.insert_values(fields, rows)
    [(statement, values)] = query.get_compiler(connection=connection).as_sql()
    return statement, list(values)
