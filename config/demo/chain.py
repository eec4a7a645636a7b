"""The chain behind the faulty batch: where it was made, of whose parts, with which papers."""

from __future__ import annotations

from datetime import date, timedelta

from complaints.models import Batch
from config.demo import cast
from liability.models import (
    BatchTest,
    ProductionRecord,
    SerialNumber,
    Supplier,
    SupplierPaper,
    UnitsSold,
)
from liability.services.incidents import watch_batches

SERIALS = 40
# stage, days after production began, place, by the supplier, what was odd
STEPS = (
    ("material", 0, "一号库收料口", True, ""),
    ("assembly", 2, "装配二线 夜班", False, "温控器换过一次供料批次"),
    ("inspection", 3, "成品检验", False, ""),
    ("packing", 3, "包装一线", False, ""),
    ("transport", 5, "中心仓", False, ""),
)
# kind, number, title, valid from and until in days from today, result
PAPERS = (
    ("agreement", "GY-2025-014", "年度供货协议", -400, 330, ""),
    ("quality_agreement", "ZL-2025-014", "质量保证协议", -400, 330, "来料不合格率不高于 0.5%"),
    ("certificate", "ISO9001-88213", "ISO 9001 认证", -1200, -100, ""),
    ("audit", "SH-2026-03", "现场审核", -180, None, "温控器出厂检验记录不全，限期改进"),
)


def lay_chain() -> None:
    """Register the chain of the faulty batch, and let the alarm look at the complaints."""
    name, model, code, _part = cast.SUPPLIER
    batch = Batch.objects.get(product__model=model, code=code)
    supplier, today = Supplier.objects.get(name=name), date.today()
    made = batch.produced_on or today
    ProductionRecord.objects.bulk_create(
        ProductionRecord(
            batch=batch,
            stage=stage,
            happened_on=made + timedelta(days=after),
            place=place,
            supplier=supplier if theirs else None,
            deviation=odd,
        )
        for stage, after, place, theirs, odd in STEPS
    )
    SupplierPaper.objects.bulk_create(
        SupplierPaper(
            supplier=supplier,
            kind=kind,
            number=number,
            title=title,
            valid_from=today + timedelta(days=begin),
            valid_until=None if end is None else today + timedelta(days=end),
            result=result,
        )
        for kind, number, title, begin, end, result in PAPERS
    )
    _count(batch, made)
    watch_batches()


def _count(batch: Batch, made: date) -> None:
    SerialNumber.objects.bulk_create(
        SerialNumber(number=f"K7-{batch.code}-{number:04}", batch=batch, produced_on=made)
        for number in range(1, SERIALS + 1)
    )
    BatchTest.objects.create(
        batch=batch,
        number="JC-2026-118",
        tested_on=made + timedelta(days=4),
        laboratory="企业检测中心",
        subject="温控器耐久",
        sampled=50,
        not_passed=1,
    )
    for month, share in enumerate((0.5, 0.3, 0.2)):
        since = made + timedelta(days=10 + 30 * month)
        UnitsSold.objects.create(batch=batch, since=since, units=round(batch.units_sold * share))
