"""From a serial number, a batch or a supplier to everything that hangs together with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet, Sum

from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Batch, Case
from complaints.states import Stage
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
MOST_SIBLINGS = 20


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
    siblings: list[SiblingBatch] = field(default_factory=list)


@dataclass(frozen=True)
class SiblingBatch:
    """Another batch of the same product, or with a part of the same supplier, to compare with."""

    batch: Batch
    units: int
    cases: int
    same_product: bool
    is_this: bool = False

    @property
    def rate(self) -> float | None:
        """Complaints of a thousand units sold; None where units are not known."""
        return 1000 * self.cases / self.units if self.units else None


@dataclass
class Found:
    """What a search led to: batches, a serial number that named one, a supplier's batches."""

    batches: list[Batch] = field(default_factory=list)
    serial: SerialNumber | None = None
    supplier: Supplier | None = None


def found_by(text: str) -> Found:
    """Return what a serial number, a batch code, a model or a supplier's name stands for."""
    text = text.strip()
    if not text:
        return Found()
    if serial := _serial_called(text):
        return Found([serial.batch], serial)
    batches = Batch.objects.select_related("product").order_by("product__model", "code")
    if named := list(batches.filter(code__iexact=text)[:MOST_CASES]):
        return Found(named)
    if named := list(batches.filter(product__model__iexact=text)[:MOST_CASES]):
        return Found(named)
    supplier = Supplier.objects.filter(name__iexact=text).first()
    if supplier:
        theirs = Q(supplies__supplier=supplier) | Q(production__supplier=supplier)
        return Found(list(batches.filter(theirs).distinct()[:MOST_CASES]), supplier=supplier)
    return Found()


def _serial_called(text: str) -> SerialNumber | None:
    """Return the article of a number, as it was registered or else in other letters."""
    rows = SerialNumber.objects.select_related("batch__product")
    return rows.filter(number=text).first() or rows.filter(number=text.upper()).first()


def serial_of(case: Case) -> SerialNumber | None:
    """Return the registered article that a case names, whose batch may not be the case's."""
    return _serial_called(case.serial_number.strip()) if case.serial_number.strip() else None


def trace_of(batch: Batch, actor: Actor, *, serial: SerialNumber | None = None) -> Trace:
    """Return a batch with its stages, suppliers, papers, tests, sales and sibling cases."""
    supplies = list(
        BatchSupply.objects.filter(batch=batch).select_related("supplier").order_by("part", "pk")
    )
    production = list(
        ProductionRecord.objects.filter(batch=batch)
        .select_related("supplier")
        .order_by("happened_on", "pk")
    )
    suppliers = {supply.supplier_id for supply in supplies}
    suppliers |= {row.supplier_id for row in production if row.supplier_id is not None}
    cases = sibling_cases(batch, actor)
    count = cases.count()
    return Trace(
        batch=batch,
        serial=serial,
        production=production,
        supplies=supplies,
        papers=_papers(batch, sorted(suppliers)),
        tests=list(BatchTest.objects.filter(batch=batch).order_by("tested_on", "pk")),
        units=_units(batch),
        cases=list(cases[:MOST_CASES]),
        more_cases=max(0, count - MOST_CASES),
        incidents=list(
            Incident.objects.filter(_incidents_of(batch, suppliers))
            .select_related("batch__product", "supplier")
            .order_by("-raised_at")
        ),
        siblings=_siblings(batch, {supply.supplier_id for supply in supplies}),
    )


def _incidents_of(batch: Batch, suppliers: set[int]) -> Q:
    return Q(batch=batch) | Q(supplier__in=suppliers)


def _siblings(batch: Batch, suppliers: set[int]) -> list[SiblingBatch]:
    """Return this batch and those to compare it with, the busiest first."""
    like = Q(product=batch.product_id) | Q(supplies__supplier__in=suppliers)
    found = Batch.objects.filter(like).select_related("product").distinct().order_by("-pk")
    batches = {each.pk: each for each in [batch, *found[:MOST_SIBLINGS]]}
    sold = dict(
        UnitsSold.objects.filter(batch__in=batches)
        .values_list("batch_id")
        .annotate(total=Sum("units"))
    )
    complained = _complained(batches)
    rows = [
        SiblingBatch(
            batch=each,
            units=sold.get(pk, each.units_sold),
            cases=complained[pk],
            same_product=each.product_id == batch.product_id,
            is_this=pk == batch.pk,
        )
        for pk, each in batches.items()
    ]
    return sorted(rows, key=lambda row: (-(row.rate or 0), -row.cases, row.batch.pk))


def _complained(batches: Iterable[int]) -> Counter[int]:
    """Return how many complaints there are of each batch, whoever handles them: a rate of one's
    own cases alone would mislead.
    """
    told = Case.objects.exclude(stage=Stage.MERGED)
    by_code = told.filter(batch__in=batches).order_by("batch_id").values_list("batch_id")
    numbers = told.filter(batch=None).exclude(serial_number="").values("serial_number")
    by_number = SerialNumber.objects.filter(batch__in=batches, number__in=numbers)
    return Counter(dict(by_code.annotate(total=Count("pk")))) + Counter(
        by_number.values_list("batch_id", flat=True)
    )


def sibling_cases(batch: Batch, actor: Actor) -> QuerySet[Case]:
    """Return the cases of a batch, by its code or by a registered serial number, newest first."""
    numbers = SerialNumber.objects.filter(batch=batch).values("number")
    return (
        visible_cases(actor)
        .filter(Q(batch=batch) | Q(batch__isnull=True, serial_number__in=numbers))
        .order_by("-received_at")
    )


def _papers(batch: Batch, suppliers: list[int]) -> list[SupplierPaper]:
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
