"""What the batch alarm watches: our cases by batch and fault, and by supplier and fault."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from complaints.models import Batch, Case
from complaints.moments import now
from complaints.states import Stage
from liability.detection import Complaint, Units
from liability.detection.series import Key
from liability.models import BatchSupply, SerialNumber, UnitsSold

_PIECE = 5000


@dataclass(frozen=True)
class Watch:
    """One stream for the detector. The key is the id of the subject and the code of the fault."""

    subject: str
    """`batch` or `supplier`: a field of the incident."""
    complaints: list[Complaint]
    """Each article with the same fault once, however often it was complained of."""
    units: Units | None
    everything: list[Complaint]
    """All of them, those about the same article again too."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A complaint as it came: of which batch, about which article."""

    pk: int
    batch: int
    day: int
    fault: str
    article: str


def watches() -> list[Watch]:
    """Return the streams of all cases whose batch is known, by its code or by the number of a
    registered article; merged cases count in another.
    """
    suppliers: dict[int, set[int]] = {}
    for batch, supplier in BatchSupply.objects.values_list("batch_id", "supplier_id"):
        suppliers.setdefault(batch, set()).add(supplier)
    seen = _seen()
    by_batch = [(each, each.batch) for each in seen]
    by_supplier = [(each, one) for each in seen for one in suppliers.get(each.batch, ())]
    return [_watch("batch", by_batch, _units()), _watch("supplier", by_supplier, None)]


def _watch(subject: str, rows: list[tuple[_Seen, int]], units: Units | None) -> Watch:
    everything, once = [], []
    held: set[tuple[Key, str]] = set()
    for each, pk in rows:
        complaint = Complaint(each.day, (str(pk), each.fault), str(each.pk))
        everything.append(complaint)
        if (complaint.key, each.article) not in held:
            held.add((complaint.key, each.article))
            once.append(complaint)
    return Watch(subject, once, units, everything)


def _seen() -> list[_Seen]:
    """Return the complaints in order of receipt."""
    cases = (
        Case.objects.exclude(stage=Stage.MERGED)
        .filter(~Q(batch=None) | ~Q(serial_number=""), received_at__lte=now())
        .order_by("received_at", "pk")
        .values_list(
            "pk",
            "batch_id",
            "issue",
            "category",
            "received_at",
            "serial_number",
            "order_number",
            "consumer__phone_index",
        )
    )
    batches = _batches_of_articles()
    found = []
    for row in cases.iterator(chunk_size=_PIECE):
        pk, batch, issue, category, received, serial, order, phone = row
        number = serial.strip().upper()
        batch = batch or batches.get(number)
        if batch is not None:
            day = timezone.localtime(received).date().toordinal()
            article = _article(pk, number, order, phone)
            found.append(_Seen(pk, batch, day, issue or category, article))
    return found


def _batches_of_articles() -> dict[str, int]:
    """Return the batch of each registered article that a case without a batch names."""
    told = Case.objects.filter(batch=None).exclude(serial_number="")
    names = {serial.strip() for serial in told.values_list("serial_number", flat=True)}
    numbers = sorted(names | {name.upper() for name in names})
    found: dict[str, int] = {}
    for start in range(0, len(numbers), _PIECE):
        rows = SerialNumber.objects.filter(number__in=numbers[start : start + _PIECE])
        for number, batch in rows.values_list("number", "batch_id"):
            found[number.upper()] = batch
    return found


def _article(pk: int, number: str, order: str, phone: str) -> str:
    """Return what tells an article from others: its number, else a customer's order, else a case.

    A customer alone tells nothing: a shop may write about many articles.
    """
    if number:
        return f"serial:{number}"
    if order.strip() and phone:
        return f"order:{phone}:{order.strip().upper()}"
    return f"case:{pk}"


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
