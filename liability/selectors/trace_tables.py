"""The tables of the supply chain as they were taken in: by column, page by page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, QuerySet

from complaints.models import Batch, Product
from liability.models import (
    BatchSupply,
    BatchTest,
    ProductionRecord,
    SerialNumber,
    SupplierPaper,
    UnitsSold,
)
from liability.trace_columns import TABLES

_OF_BATCH = {"model": "batch__product__model", "batch": "batch__code"}
_OF_SUPPLIER = {"supplier": "supplier__name"}


@dataclass(frozen=True)
class _Table:
    """Where a table's columns stand in the database; those not named stand under their own name."""

    rows: QuerySet[Any]
    places: dict[str, str] = field(default_factory=dict)


_TABLES = {
    "products": _Table(Product.objects.all()),
    "batches": _Table(Batch.objects.all(), {"model": "product__model", "batch": "code"}),
    "serials": _Table(SerialNumber.objects.all(), {**_OF_BATCH, "serial": "number"}),
    "supplies": _Table(BatchSupply.objects.all(), _OF_BATCH | _OF_SUPPLIER),
    "production": _Table(ProductionRecord.objects.all(), _OF_BATCH | _OF_SUPPLIER),
    "papers": _Table(SupplierPaper.objects.all(), _OF_BATCH | _OF_SUPPLIER),
    "tests": _Table(BatchTest.objects.all(), _OF_BATCH),
    "units": _Table(UnitsSold.objects.all(), _OF_BATCH),
}


def table_rows(
    table: str, *, size: int, after: int = 0, model: str = "", batch: str = "", supplier: str = ""
) -> list[dict[str, Any]]:
    """Return rows of a table by column, with `pk`, those after a `pk` first.

    A filter by a column that the table hasn't finds nothing.
    """
    known = _TABLES[table]
    places = {name: known.places.get(name, name) for name in TABLES[table]}
    rows = known.rows.filter(pk__gt=after).order_by("pk")
    for name, wanted in (("model", model), ("batch", batch), ("supplier", supplier)):
        if wanted:
            rows = rows.filter(**{places[name]: wanted}) if name in places else rows.none()
    named = {f"_{name}": F(place) for name, place in places.items()}
    found = rows.values("pk", **named)[:size]
    return [
        {"pk": row["pk"]} | {name: _plain(row[f"_{name}"], name, table) for name in places}
        for row in found
    ]


def _plain(value: Any, name: str, table: str) -> Any:
    """Text that is not there is empty; days and numbers that are not there are null."""
    return "" if value is None and TABLES[table][name].kind == "text" else value
