"""What the batch alarm watches: our cases by batch and fault, and by supplier and fault."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from complaints.models import Batch, Case
from complaints.moments import now
from complaints.states import Stage
from liability.detection import Complaint, Units
from liability.detection.series import Key
from liability.models import BatchSupply, UnitsSold


@dataclass(frozen=True)
class Watch:
    """One stream for the detector. The key is the id of the subject and the code of the fault."""

    subject: str
    """`batch` or `supplier`: a field of the incident."""
    complaints: list[Complaint]
    units: Units | None


def watches() -> list[Watch]:
    """Return the streams of all cases that name a batch; merged cases count in another."""
    cases = (
        Case.objects.exclude(stage=Stage.MERGED)
        .filter(batch__isnull=False, received_at__lte=now())
        .order_by("received_at", "pk")
        .values_list("pk", "batch_id", "issue", "category", "received_at")
    )
    suppliers: dict[int, set[int]] = {}
    for batch, supplier in BatchSupply.objects.values_list("batch_id", "supplier_id"):
        suppliers.setdefault(batch, set()).add(supplier)
    by_batch, by_supplier = [], []
    for pk, batch, issue, category, received in cases.iterator(chunk_size=5000):
        day, fault = timezone.localtime(received).date().toordinal(), issue or category
        by_batch.append(Complaint(day, (str(batch), fault), str(pk)))
        for supplier in suppliers.get(batch, ()):
            by_supplier.append(Complaint(day, (str(supplier), fault), str(pk)))
    return [Watch("batch", by_batch, _units()), Watch("supplier", by_supplier, None)]


def _units() -> Units | None:
    """Return units sold by batch: by period where they are known so, else the batch's figure."""
    sold: dict[Key, list[tuple[int | None, float]]] = {
        (str(pk),): [(None, float(units))]
        for pk, units in Batch.objects.filter(units_sold__gt=0).values_list("pk", "units_sold")
    }
    by_period: dict[Key, list[tuple[int | None, float]]] = {}
    for batch, since, units in UnitsSold.objects.values_list("batch_id", "since", "units"):
        by_period.setdefault((str(batch),), []).append((since.toordinal(), float(units)))
    sold |= by_period
    return Units(sold, places=(0,)) if sold else None
