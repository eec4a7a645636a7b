"""Taking in tables of the supply chain: good rows are kept, each bad one is told of, with why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.importing.dates import DateEvidence
from complaints.importing.records import Record
from complaints.importing.refusals import BadRecord, FileRefused
from complaints.importing.sources import Problem
from complaints.models import Batch, Product
from complaints.permissions import Permission, has_permission
from liability.models import (
    BatchSupply,
    BatchTest,
    ProductionRecord,
    SerialNumber,
    Supplier,
    SupplierPaper,
    UnitsSold,
)
from liability.services.alarm_files import opened_table
from liability.trace_columns import day_columns, placed, read_row

MOST_ROWS = 100_000
USUAL_WARRANTY = 12
_PIECE = 5000
_Make = Callable[["_Known", dict[str, Any]], models.Model]


@dataclass
class TraceReport:
    """What became of a table. `known` counts rows that were registered just so before."""

    read: int = 0
    added: int = 0
    known: int = 0
    bad: list[Problem] = field(default_factory=list)


def import_trace_file(table: str, path: Path, *, by: Actor, date_format: str = "") -> TraceReport:
    """Take in an uploaded table. Raises FileRefused, StepForbidden, CaseError when overtaken."""
    with opened_table(path) as (columns, records):
        kept = []
        for record in records:
            kept.append(record)
            if len(kept) > MOST_ROWS:
                raise FileRefused(_("行太多，最多 %(most)d 行。") % {"most": MOST_ROWS})
    return import_trace(table, columns, kept, by=by, date_format=date_format)


def import_trace(
    table: str,
    columns: Sequence[str],
    records: Sequence[Record],
    *,
    by: Actor,
    date_format: str = "",
) -> TraceReport:
    """Take in rows of a table, in one transaction. Raises as `import_trace_file` does."""
    if not has_permission(by, Permission.INVESTIGATE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    places = placed(table, columns)
    date_format = date_format or _decided(table, places, records)
    try:
        with transaction.atomic():
            return _take(table, places, records, date_format)
    except IntegrityError as error:
        raise CaseError(_("同时有别人在导入同样的内容。请再导入一次。")) from error


def _decided(table: str, places: dict[str, str], records: Iterable[Record]) -> str:
    evidence = DateEvidence()
    for record in records:
        for name in day_columns(table):
            if name in places:
                evidence.add(record.cells.get(places[name], ""))
    return evidence.decide()


def _take(
    table: str, places: dict[str, str], records: Sequence[Record], date_format: str
) -> TraceReport:
    report, known = TraceReport(read=len(records)), _Known()
    model, unique, make = _MAKERS[table]
    made: list[tuple[Record, models.Model]] = []
    for record in records:
        try:
            if record.problem:
                raise BadRecord(record.problem)
            cells = {name: record.cells.get(place, "") for name, place in places.items()}
            made.append((record, make(known, read_row(table, cells, date_format))))
        except BadRecord as bad:
            report.bad.append(Problem(record.number, record.line, bad.reason))
    held = _held(model, unique, [row for _record, row in made])
    fresh: dict[tuple[Any, ...], models.Model] = {}
    for record, row in made:
        name = tuple(getattr(row, each) for each in unique)
        if name in fresh or (name in held and held[name] != _said(row)):
            report.bad.append(Problem(record.number, record.line, _already(row, name in fresh)))
        elif name in held:
            report.known += 1
        else:
            fresh[name] = row
    report.bad.sort(key=lambda problem: problem.record)
    model._default_manager.bulk_create(fresh.values(), batch_size=1000)
    report.added = len(fresh)
    return report


def _held(
    model: type[models.Model], unique: tuple[str, ...], rows: Sequence[models.Model]
) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    """Return what is registered under the names of these rows."""
    firsts = sorted({getattr(row, unique[0]) for row in rows})
    held = {}
    for start in range(0, len(firsts), _PIECE):
        piece = {f"{unique[0]}__in": firsts[start : start + _PIECE]}
        for row in model._default_manager.filter(**piece).iterator():
            held[tuple(getattr(row, each) for each in unique)] = _said(row)
    return held


def _said(row: models.Model) -> tuple[Any, ...]:
    """Return all that a row says, but its number in the database."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    return tuple(getattr(row, field.attname) for field in fields)


def _already(row: models.Model, is_here: bool) -> str:
    if isinstance(row, SerialNumber):
        words = (
            _("序列号 %(serial)s 在这个文件里出现了两次。")
            if is_here
            else _("序列号 %(serial)s 已经登记过，内容不一样。")
        )
        return words % {"serial": row.number}
    if is_here:
        return _("这条内容在这个文件里出现了两次。")
    return _("这条已经登记过，内容不一样。登记过的不会被改动。")


class _Known:
    """Batches and suppliers, looked up once for the whole table."""

    def __init__(self) -> None:
        self._products: dict[str, Product] | None = None
        self._by_code: dict[str, list[Batch]] = {}
        for batch in Batch.objects.select_related("product"):
            self._by_code.setdefault(batch.code, []).append(batch)
        self._suppliers = {supplier.name: supplier for supplier in Supplier.objects.all()}

    def product(self, row: dict[str, Any]) -> Product:
        """Return the row's product. Raises BadRecord for one unknown."""
        if self._products is None:
            self._products = {product.model: product for product in Product.objects.all()}
        if row["model"] not in self._products:
            problem = _("没有型号 %(model)s。请先登记这个商品。")
            raise BadRecord(problem % {"model": row["model"]})
        return self._products[row["model"]]

    def batch(self, row: dict[str, Any]) -> Batch:
        """Return the row's batch. Raises BadRecord for one unknown or of several products."""
        found = self._by_code.get(row["batch"], [])
        if row["model"]:
            found = [each for each in found if each.product.model == row["model"]]
        if not found:
            raise BadRecord(_("没有批次 %(batch)s。请先登记这个批次。") % {"batch": row["batch"]})
        if len(found) > 1:
            problem = _("有几种商品都有批次 %(batch)s，请加上型号。")
            raise BadRecord(problem % {"batch": row["batch"]})
        return found[0]

    def supplier(self, name: str, *, make: bool = False) -> Supplier:
        """Return a supplier by name. Raises BadRecord for one unknown, unless it may be made."""
        if name not in self._suppliers:
            if not make:
                problem = _("没有供货者 %(name)s。请先导入供货表。")
                raise BadRecord(problem % {"name": name})
            self._suppliers[name] = Supplier.objects.create(name=name)
        return self._suppliers[name]


def _product(_known: _Known, row: dict[str, Any]) -> Product:
    months = row["warranty_months"]
    return Product(
        model=row["model"],
        name=row["name"],
        category=row["category"],
        list_price=row["list_price"],
        warranty_months=USUAL_WARRANTY if months is None else months,
    )


def _batch(known: _Known, row: dict[str, Any]) -> Batch:
    return Batch(
        product=known.product(row),
        code=row["batch"],
        produced_on=row["produced_on"],
        units_sold=row["units_sold"] or 0,
    )


def _serial(known: _Known, row: dict[str, Any]) -> SerialNumber:
    return SerialNumber(
        number=row["serial"],
        batch=known.batch(row),
        produced_on=row["produced_on"],
        sold_on=row["sold_on"],
    )


def _supply(known: _Known, row: dict[str, Any]) -> BatchSupply:
    batch = known.batch(row)
    supplier = known.supplier(row["supplier"], make=True)
    return BatchSupply(batch=batch, supplier=supplier, part=row["part"])


def _production(known: _Known, row: dict[str, Any]) -> ProductionRecord:
    supplier = known.supplier(row["supplier"]) if row["supplier"] else None
    kept = {name: row[name] for name in ("stage", "happened_on", "place", "deviation")}
    return ProductionRecord(batch=known.batch(row), supplier=supplier, **kept)


def _paper(known: _Known, row: dict[str, Any]) -> SupplierPaper:
    if row["valid_until"] and row["valid_until"] < row["valid_from"]:
        raise BadRecord(_("到期日期早于生效日期。"))
    names = ("kind", "number", "title", "valid_from", "valid_until", "result")
    return SupplierPaper(
        supplier=known.supplier(row["supplier"]),
        batch=known.batch(row) if row["batch"] else None,
        **{name: row[name] for name in names},
    )


def _test(known: _Known, row: dict[str, Any]) -> BatchTest:
    if not 0 < row["sampled"] >= row["not_passed"]:
        raise BadRecord(_("抽样数要大于零，不合格数不能比它多。"))
    names = ("number", "tested_on", "laboratory", "subject", "sampled", "not_passed")
    return BatchTest(batch=known.batch(row), **{name: row[name] for name in names})


def _units(known: _Known, row: dict[str, Any]) -> UnitsSold:
    return UnitsSold(batch=known.batch(row), since=row["since"], units=row["units"])


_MAKERS: dict[str, tuple[type[models.Model], tuple[str, ...], _Make]] = {
    "products": (Product, ("model",), _product),
    "batches": (Batch, ("product_id", "code"), _batch),
    "serials": (SerialNumber, ("number",), _serial),
    "supplies": (BatchSupply, ("batch_id", "supplier_id", "part"), _supply),
    "production": (
        ProductionRecord,
        ("batch_id", "stage", "happened_on", "place"),
        _production,
    ),
    "papers": (SupplierPaper, ("supplier_id", "kind", "number"), _paper),
    "tests": (BatchTest, ("batch_id", "number"), _test),
    "units": (UnitsSold, ("batch_id", "since"), _units),
}
