"""Taking the person out of one case: texts, keys and files go, amounts, dates and codes stay.

What belongs to the case is found by following the references between tables, so a table that comes
later is emptied too. The database lets rows that are frozen be emptied only for an item of a run
that two people released, and only while no hold stands (`redress.erasing`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case as Cases
from django.db.models import F, Func, Value, When
from django.db.models.lookups import Exact

from complaints.models import Case, Consumer, CustomerIdentity, PictureMark
from documents.models import Document, FileScan, Seal, StoredFile
from documents.services.files import destroy_files
from reviews.erasure_map import (
    CLEARED,
    EMPTIED,
    KEPT,
    MARK,
    NOT_OF_THE_CASE,
    REMOVED,
    UNTOUCHED,
)

OUR_APPS = frozenset(
    {
        "agreements",
        "compensation",
        "complaints",
        "documents",
        "insights",
        "liability",
        "reviews",
    }
)
PRINTED_UNDER = ("intake_receipt:{pk}", "clocks:{pk}:")
ABOUT_FILES = frozenset({StoredFile, FileScan, PictureMark, Seal})
"""What only describes a file: it keeps nobody's file alive."""
Model = type[models.Model]
Rows = dict[Model, set[Any]]


@dataclass
class Found:
    """What belongs to a case: rows by table, files, and files that others still need."""

    rows: Rows = field(default_factory=lambda: defaultdict(set))
    files: list[StoredFile] = field(default_factory=list)
    shared: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each table are emptied or removed."""
        touched = {model: pks for model, pks in self.rows.items() if touches(model)}
        return {model._meta.label: len(pks) for model, pks in sorted_rows(touched)}

    @property
    def file_facts(self) -> list[dict[str, Any]]:
        """Hash and size of each file, in order."""
        facts = [{"sha256": file.sha256, "size": file.size} for file in self.files]
        return sorted(facts, key=lambda fact: (str(fact["sha256"]), fact["size"]))


def sorted_rows(rows: Rows) -> list[tuple[Model, set[Any]]]:
    """Return rows in the order of their tables' names: all who lock them do it in this order."""
    return sorted(rows.items(), key=lambda pair: pair[0]._meta.label)


def found_in(case: Case) -> Found:
    """Return everything that belongs to a case and its consumers."""
    found = Found()
    _follow(found.rows, Case, {case.pk})
    consumers = _forward(found.rows, Consumer)
    found.rows[Consumer] |= consumers
    documents = _forward(found.rows, Document) | _printed(case)
    if documents:
        found.rows[Document] |= documents
    files = _forward(found.rows, StoredFile)
    rows = StoredFile.objects.filter(models.Q(pk__in=files) | models.Q(derived_from__in=files))
    rows = rows.filter(erased_at=None)
    for stored in rows.order_by("pk"):
        original = stored.derived_from_id or stored.pk
        if _is_needed_elsewhere(original, found.rows):
            found.shared += 1
        else:
            found.files.append(stored)
    return found


def _follow(rows: Rows, model: Model, pks: set[Any]) -> None:
    """Add rows and all that refer to them, table after table."""
    fresh = pks - rows[model]
    if not fresh:
        return
    rows[model] |= fresh
    for other, name in _referring(model):
        _follow(
            rows,
            other,
            set(other._base_manager.filter(**{f"{name}__in": fresh}).values_list("pk", flat=True)),
        )


@cache
def _referring(model: Model) -> tuple[tuple[Model, str], ...]:
    """Return the models, with the field's name, whose rows belong to rows of `model`."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel) or relation.field.many_to_many:
            continue
        other, name = relation.field.model, relation.field.name
        if other._meta.proxy or other._meta.app_label not in OUR_APPS:
            continue
        if f"{other._meta.label}.{name}" not in NOT_OF_THE_CASE:
            found.append((other, name))
    return tuple(found)


def _forward(rows: Rows, wanted: Model) -> set[Any]:
    """Return the primary keys of `wanted` to which any of the rows refers."""
    found: set[Any] = set()
    for model, pks in rows.items():
        for reference in model._meta.concrete_fields:
            if reference.is_relation and reference.related_model is wanted:
                name = reference.name
                given = model._base_manager.filter(pk__in=pks).exclude(**{name: None})
                found |= set(given.values_list(name, flat=True))
    return found


def _printed(case: Case) -> set[Any]:
    """Return the documents that were printed under a key of the case and that no row names."""
    keys = [template.format(pk=case.pk) for template in PRINTED_UNDER]
    whole, begun = keys
    wanted = models.Q(key=whole) | models.Q(key__startswith=begun)
    return set(Document.objects.filter(wanted).values_list("pk", flat=True))


def _is_needed_elsewhere(file: Any, rows: Rows) -> bool:
    """Say whether a row that is not of the case refers to a file."""
    for model, name in _referring(StoredFile):
        if model in ABOUT_FILES:
            continue
        users = model._base_manager.filter(**{name: file})
        if users.exclude(pk__in=rows.get(model, set())).exists():
            return True
    return False


def touches(model: Model) -> bool:
    """Say whether rows of a table are changed at all."""
    return model._meta.label in REMOVED or bool(changes_of(model))


@cache
def changes_of(model: Model) -> dict[str, Any]:
    """Return by column what it becomes; nothing for a table that stays as it is."""
    label = model._meta.label
    if label in UNTOUCHED:
        return {}
    kept = KEPT.get(label, frozenset())
    changes = {}
    for column in model._meta.concrete_fields:
        if column.name in kept or column.primary_key or column.is_relation:
            continue
        emptied = _emptied(column, label)
        if emptied is not None:
            changes[column.name] = emptied
    return changes


def _emptied(column: models.Field[Any, Any], label: str) -> Any:
    if column.name in CLEARED.get(label, ()):
        return Value(None, output_field=column)
    if column.name in EMPTIED.get(label, ()):
        return Value("")
    if isinstance(column, models.BinaryField):
        return _unless_null(column, Value(b"", output_field=column))
    if isinstance(column, ArrayField):
        return _unless_null(column, Value([], output_field=column))
    if isinstance(column, models.JSONField):
        kind = Func(F(column.name), function="jsonb_typeof", output_field=models.TextField())
        return Cases(
            When(Exact(kind, Value("array")), then=Value([], output_field=column)),
            When(Exact(kind, Value("object")), then=Value({}, output_field=column)),
            When(Exact(kind, Value("string")), then=Value("", output_field=column)),
            default=F(column.name),
        )
    if isinstance(column, models.CharField | models.TextField) and not column.choices:
        stays_empty = When(**{column.name: ""}, then=Value(""))
        return _unless_null(column, Cases(stays_empty, default=Value(MARK)))
    return None


def _unless_null(column: models.Field[Any, Any], becomes: Any) -> Any:
    if not column.null:
        return becomes
    stays = When(**{f"{column.name}__isnull": True}, then=Value(None, output_field=column))
    return Cases(stays, default=becomes, output_field=column)


def destroy(case: Case, found: Found, *, at: datetime) -> None:
    """Empty what was found and destroy the files; the caller holds the case and the permission."""
    for model, pks in sorted_rows(found.rows):
        if model._meta.label not in REMOVED:
            _empty(model, pks)
    for label in sorted(REMOVED):
        removed = apps.get_model(label)
        _remove(removed, found.rows.get(removed, set()))
    _remove_identities(found.rows[Consumer])
    _remove(PictureMark, _marks(found.files))
    destroy_files(found.files, at=at)


def _empty(model: Model, pks: set[Any]) -> None:
    changes = changes_of(model)
    if changes and pks:
        model._base_manager.filter(pk__in=pks).update(**changes)


def _remove(model: Model, pks: set[Any]) -> None:
    if pks:
        model._base_manager.filter(pk__in=pks).delete()


def _marks(files: list[StoredFile]) -> set[Any]:
    marks = PictureMark.objects.filter(file__in=[stored.pk for stored in files])
    return set(marks.values_list("pk", flat=True))


def _remove_identities(consumers: set[Any]) -> None:
    """Forget phone numbers and addresses of a customer's file that no case left has."""
    files = Consumer.objects.filter(pk__in=consumers, customer__isnull=False)
    for customer in set(files.values_list("customer", flat=True)):
        left = Consumer.objects.filter(customer=customer).exclude(key_sealed=b"")
        known = {index for pair in left.values_list("phone_index", "email_index") for index in pair}
        gone = CustomerIdentity.objects.filter(customer=customer).exclude(index__in=known)
        _remove(CustomerIdentity, set(gone.values_list("pk", flat=True)))


def guarded_tables() -> Iterator[Model]:
    """Yield the tables that erasing may change, wherever a case reaches them."""
    seen: set[Model] = set()
    waiting: list[Model] = [Case, Consumer, Document]
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue
        seen.add(model)
        waiting.extend(other for other, _name in _referring(model))
        if touches(model):
            yield model
