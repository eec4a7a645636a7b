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
from complaints.models import Batch
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
_Make = Callable[["_Known", dict[str, Any]], models.Model]


@dataclass
class TraceReport:
    """What became of a table."""

    read: int = 0
    added: int = 0
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
    held = set(model._default_manager.values_list(*unique))
    fresh: list[models.Model] = []
    for record in records:
        try:
            if record.problem:
                raise BadRecord(record.problem)
            cells = {name: record.cells.get(place, "") for name, place in places.items()}
            row = make(known, read_row(table, cells, date_format))
            name = tuple(getattr(row, each) for each in unique)
            if name in held:
                raise BadRecord(_already(table, cells))
        except BadRecord as bad:
            report.bad.append(Problem(record.number, record.line, bad.reason))
        else:
            held.add(name)
            fresh.append(row)
    model._default_manager.bulk_create(fresh, batch_size=1000)
    report.added = len(fresh)
    return report


def _already(table: str, cells: dict[str, str]) -> str:
    if table == "serials":
        return _("序列号 %(serial)s 重复：已经登记过，或者在这个文件里出现了两次。") % {
            "serial": cells["serial"]
        }
    return _("这条内容重复：已经登记过，或者在这个文件里出现了两次。")


class _Known:
    """Batches and suppliers, looked up once for the whole table."""

    def __init__(self) -> None:
        self._by_code: dict[str, list[Batch]] = {}
        for batch in Batch.objects.select_related("product"):
            self._by_code.setdefault(batch.code, []).append(batch)
        self._suppliers = {supplier.name: supplier for supplier in Supplier.objects.all()}

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
