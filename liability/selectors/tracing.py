"""From a serial number, a batch or a supplier to everything that hangs together with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum

from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Batch, Case
from liability.models import (
    BatchSupply,
    BatchTest,
    Incident,
    ProductionRecord,
    SerialNumber,
    Supplier,
    SupplierPaper,
    UnitsSold,
)

MOST_CASES = 50


@dataclass
class Trace:
    """One batch with its chain, as one page shows it."""

    batch: Batch
    serial: SerialNumber | None = None
    production: list[ProductionRecord] = field(default_factory=list)
    supplies: list[BatchSupply] = field(default_factory=list)
    papers: list[SupplierPaper] = field(default_factory=list)
    tests: list[BatchTest] = field(default_factory=list)
    units: int = 0
    cases: list[Case] = field(default_factory=list)
    more_cases: int = 0
    incidents: list[Incident] = field(default_factory=list)


@dataclass
class Found:
    """What a search led to: batches, a serial number that named one, a supplier's batches."""

    batches: list[Batch] = field(default_factory=list)
    serial: SerialNumber | None = None
    supplier: Supplier | None = None


def found_by(text: str) -> Found:
    """Return what a serial number, a batch code or a supplier's name stands for."""
    text = text.strip()
    if not text:
        return Found()
    serial = SerialNumber.objects.select_related("batch__product").filter(number=text).first()
    if serial:
        return Found([serial.batch], serial)
    batches = Batch.objects.select_related("product").order_by("product__model", "code")
    if named := list(batches.filter(code__iexact=text)[:MOST_CASES]):
        return Found(named)
    supplier = Supplier.objects.filter(name__iexact=text).first()
    if supplier:
        mine = batches.filter(supplies__supplier=supplier).distinct()
        return Found(list(mine[:MOST_CASES]), supplier=supplier)
    return Found()


def serial_of(case: Case) -> SerialNumber | None:
    """Return the registered article that a case names, whose batch may not be the case's."""
    if not case.serial_number:
        return None
    return (
        SerialNumber.objects.select_related("batch__product")
        .filter(number=case.serial_number)
        .first()
    )


def trace_of(batch: Batch, actor: Actor, *, serial: SerialNumber | None = None) -> Trace:
    """Return a batch with its stages, suppliers, papers, tests, sales and sibling cases."""
    supplies = list(
        BatchSupply.objects.filter(batch=batch).select_related("supplier").order_by("part", "pk")
    )
    cases = sibling_cases(batch, actor)
    count = cases.count()
    return Trace(
        batch=batch,
        serial=serial,
        production=list(
            ProductionRecord.objects.filter(batch=batch)
            .select_related("supplier")
            .order_by("happened_on", "pk")
        ),
        supplies=supplies,
        papers=_papers(batch, [supply.supplier_id for supply in supplies]),
        tests=list(BatchTest.objects.filter(batch=batch).order_by("tested_on", "pk")),
        units=_units(batch),
        cases=list(cases[:MOST_CASES]),
        more_cases=max(0, count - MOST_CASES),
        incidents=list(
            Incident.objects.filter(batch=batch)
            .select_related("batch__product", "supplier")
            .order_by("-raised_at")
        ),
    )


def sibling_cases(batch: Batch, actor: Actor) -> QuerySet[Case]:
    """Return the cases of a batch, by its code or by a registered serial number, newest first."""
    numbers = SerialNumber.objects.filter(batch=batch).values("number")
    return (
        visible_cases(actor)
        .filter(Q(batch=batch) | Q(batch__isnull=True, serial_number__in=numbers))
        .order_by("-received_at")
    )


def _papers(batch: Batch, suppliers: list[Any]) -> list[SupplierPaper]:
    return list(
        SupplierPaper.objects.filter(supplier__in=suppliers)
        .filter(Q(batch=batch) | Q(batch__isnull=True))
        .select_related("supplier")
        .order_by("supplier__name", "kind", "-valid_from")
    )


def _units(batch: Batch) -> int:
    sold = UnitsSold.objects.filter(batch=batch).aggregate(total=Sum("units"))["total"]
    return sold if sold is not None else batch.units_sold


def in_force(paper: SupplierPaper, day: date) -> bool:
    """Whether a paper was valid on a day."""
    return paper.valid_from <= day and (paper.valid_until is None or day <= paper.valid_until)


def batch_called(batch_id: int) -> Batch | None:
    """Return a batch with its product, or None."""
    return Batch.objects.select_related("product").filter(pk=batch_id).first()
