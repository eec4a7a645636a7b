"""Which columns the tables of the supply chain have, by what names they are known, as what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from complaints.importing.dates import OLDEST_YEAR, read_date
from complaints.importing.refusals import BadRecord, FileRefused
from liability.states import PaperKind, ProductionStage

MOST_UNITS = 2_000_000_000
MOST_MONTHS = 600


@dataclass(frozen=True)
class Column:
    """A column: its label, other names, what it holds (text, day, number, money), how long it may
    be, the most that a number may be.
    """

    label: Any
    known_as: tuple[str, ...] = ()
    kind: str = "text"
    required: bool = True
    limit: int = 120
    choices: Any = None
    most: int = MOST_UNITS


_PRODUCT = Column(gettext_lazy("型号"), ("product", "商品"), required=False, limit=60)
_BATCH = Column(gettext_lazy("批次"), ("批次号", "lot"), limit=40)
_SUPPLIER = Column(gettext_lazy("供货者"), ("供应商", "vendor"))
_MAYBE_SUPPLIER = Column(gettext_lazy("供货者"), ("供应商", "vendor"), required=False)

TABLES: dict[str, dict[str, Column]] = {
    "products": {
        "model": Column(gettext_lazy("型号"), limit=60),
        "name": Column(gettext_lazy("商品"), ("名称", "商品名称", "product")),
        "category": Column(gettext_lazy("品类"), required=False, limit=60),
        "list_price": Column(gettext_lazy("标价"), ("价格", "price"), kind="money", required=False),
        "warranty_months": Column(
            gettext_lazy("保修月数"), ("warranty",), "number", required=False, most=MOST_MONTHS
        ),
    },
    "batches": {
        "model": Column(gettext_lazy("型号"), ("product", "商品"), limit=60),
        "batch": _BATCH,
        "produced_on": Column(gettext_lazy("生产日期"), kind="day", required=False),
        "units_sold": Column(gettext_lazy("已售数量"), ("销量",), "number", required=False),
    },
    "serials": {
        "serial": Column(gettext_lazy("序列号"), ("serial number", "sn", "机身号"), limit=60),
        "model": _PRODUCT,
        "batch": _BATCH,
        "produced_on": Column(gettext_lazy("生产日期"), kind="day", required=False),
        "sold_on": Column(gettext_lazy("售出日期"), kind="day", required=False),
    },
    "supplies": {
        "model": _PRODUCT,
        "batch": _BATCH,
        "supplier": _SUPPLIER,
        "part": Column(gettext_lazy("部件"), ("component",)),
    },
    "production": {
        "model": _PRODUCT,
        "batch": _BATCH,
        "stage": Column(gettext_lazy("环节"), ("step",), choices=ProductionStage),
        "happened_on": Column(gettext_lazy("日期"), ("date",), kind="day"),
        "place": Column(gettext_lazy("地点或产线"), ("地点", "产线", "line")),
        "supplier": _MAYBE_SUPPLIER,
        "deviation": Column(gettext_lazy("异常"), required=False, limit=300),
    },
    "papers": {
        "supplier": _SUPPLIER,
        "model": _PRODUCT,
        "batch": Column(gettext_lazy("批次"), ("批次号", "lot"), required=False, limit=40),
        "kind": Column(gettext_lazy("种类"), ("type",), choices=PaperKind),
        "number": Column(gettext_lazy("编号"), ("no",), limit=80),
        "title": Column(gettext_lazy("名称"), ("name",), limit=160),
        "valid_from": Column(gettext_lazy("生效日期"), kind="day"),
        "valid_until": Column(gettext_lazy("到期日期"), kind="day", required=False),
        "result": Column(gettext_lazy("结论"), required=False, limit=300),
    },
    "tests": {
        "model": _PRODUCT,
        "batch": _BATCH,
        "number": Column(gettext_lazy("报告编号"), ("编号", "report"), limit=80),
        "tested_on": Column(gettext_lazy("检测日期"), ("日期", "date"), kind="day"),
        "laboratory": Column(gettext_lazy("检测单位"), ("lab",)),
        "subject": Column(gettext_lazy("检测项目"), ("项目", "item"), limit=160),
        "sampled": Column(gettext_lazy("抽样数"), kind="number"),
        "not_passed": Column(gettext_lazy("不合格数"), ("failed",), kind="number"),
    },
    "units": {
        "model": _PRODUCT,
        "batch": _BATCH,
        "since": Column(gettext_lazy("期间开始"), ("日期", "date", "period"), kind="day"),
        "units": Column(gettext_lazy("销量"), ("sold", "数量"), kind="number"),
    },
}


def placed(table: str, columns: Sequence[str]) -> dict[str, str]:
    """Return where the table's columns stand in a file. Raises FileRefused for one missing."""
    plain = {_plain(name): name for name in columns}
    found = {}
    for name, column in TABLES[table].items():
        names = (name, str(column.label), *column.known_as)
        place = next((plain[_plain(each)] for each in names if _plain(each) in plain), None)
        if place is not None:
            found[name] = place
    missing = [
        str(column.label)
        for name, column in TABLES[table].items()
        if column.required and name not in found
    ]
    if missing:
        raise FileRefused(
            _("缺少这些列：%(columns)s。")
            % {"columns": pgettext("list separator", "、").join(missing)}
        )
    return found


def day_columns(table: str) -> list[str]:
    """Return the names of the columns that hold days."""
    return [name for name, column in TABLES[table].items() if column.kind == "day"]


def read_row(table: str, cells: Mapping[str, str], date_format: str) -> dict[str, Any]:
    """Return a row's values by column. Raises BadRecord with the first thing that is wrong."""
    return {
        name: _value(column, cells.get(name, ""), date_format)
        for name, column in TABLES[table].items()
    }


def _value(column: Column, text: str, date_format: str) -> Any:
    text = " ".join(text.split())
    if not text:
        if column.required:
            raise BadRecord(_("「%(column)s」是空的。") % {"column": column.label})
        return "" if column.kind == "text" else None
    if column.choices:
        return _choice(column, text)
    if column.kind == "day":
        return _day(column, text, date_format)
    if column.kind == "number":
        return _number(column, text)
    if column.kind == "money":
        return _money(column, text)
    if len(text) > column.limit:
        problem = _("「%(column)s」太长，最多 %(most)d 字。")
        raise BadRecord(problem % {"column": column.label, "most": column.limit})
    return text


def _choice(column: Column, text: str) -> str:
    for value, label in column.choices.choices:
        if text.casefold() in (value, str(label).casefold()):
            return str(value)
    known = pgettext("list separator", "、").join(str(label) for label in column.choices.labels)
    raise BadRecord(
        _("「%(column)s」不认识：%(value)s。可以是：%(known)s。")
        % {"column": column.label, "value": text[:40], "known": known}
    )


def _day(column: Column, text: str, date_format: str) -> date:
    try:
        day = read_date(text, date_format)
    except (ValueError, KeyError):
        day = date.min
    if not OLDEST_YEAR <= day.year <= 9000:
        raise _wrong(column, text)
    return day


def _number(column: Column, text: str) -> int:
    digits = text.replace(",", "").replace("，", "")
    if not digits.isdecimal() or len(digits) > 10 or int(digits) > column.most:
        raise _wrong(column, text)
    return int(digits)


def _money(column: Column, text: str) -> Decimal:
    whole, _point, cents = text.replace(",", "").replace("，", "").partition(".")
    if not whole.isdecimal() or len(whole) > 10 or (cents and not cents.isdecimal()):
        raise _wrong(column, text)
    if len(cents.rstrip("0")) > 2:
        raise _wrong(column, text)
    return Decimal(f"{int(whole)}.{cents[:2] or 0}").quantize(Decimal("0.01"))


def _wrong(column: Column, text: str) -> BadRecord:
    problem = _("「%(column)s」的内容看不懂：%(value)s")
    return BadRecord(problem % {"column": column.label, "value": text[:40]})


def _plain(name: str) -> str:
    return "".join(each for each in name.casefold() if each.isalnum())
