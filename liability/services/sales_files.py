"""Files of units sold, for the batch-defect alarm: which column is what, told or guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.importing.dates import DateEvidence, read_date
from complaints.importing.records import Record
from complaints.importing.refusals import FileRefused
from complaints.importing.sources import Problem
from liability.detection import Units
from liability.detection.series import Key
from liability.services.alarm_files import opened_table

_UNITS = (
    "units",
    "units_sold",
    "sold",
    "sales",
    "exposure",
    "quantity",
    "qty",
    "count",
    "volume",
    "销量",
    "数量",
    "已售数量",
    "销售数量",
    "件数",
)
_PERIOD = (
    "period",
    "month",
    "date",
    "week",
    "quarter",
    "day",
    "start",
    "from",
    "since",
    "期间",
    "月份",
    "日期",
    "年月",
    "周期",
    "起始",
)
_MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})月?")
_QUARTER = re.compile(r"(\d{4})[-/ ]?[Qq]([1-4])")
_YEAR = re.compile(r"(\d{4})年?")


@dataclass
class Sales:
    """Units sold as a file tells them, and the rows that could not be read."""

    units: Units
    rows: int = 0
    bad: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Columns:
    key: tuple[str, ...]
    places: tuple[int, ...]
    units: str
    period: str


def read_sales(
    path: Path, *, key: Sequence[str], units: str = "", period: str = "", date_format: str = ""
) -> Sales:
    """Read units sold by the key's columns, or some of them, and by period if there is one.

    Raises FileRefused when the columns can't be told; OSError when the file can't be opened.
    """
    sold: dict[Key, list[tuple[int | None, float]]] = {}
    bad: list[Problem] = []
    evidence = DateEvidence()
    with opened_table(path) as (columns, records):
        chosen = _chosen(columns, key, units, period)
        kept = list(records)
    for record in kept:
        evidence.add(record.cells.get(chosen.period, ""))
    date_format = date_format or evidence.decide()
    for record in kept:
        try:
            name, start, count = _sale(record, chosen, date_format)
        except ValueError as error:
            bad.append(Problem(record.number, record.line, str(error)))
        else:
            sold.setdefault(name, []).append((start, count))
    return Sales(Units(sold, chosen.places), len(kept), bad)


def _chosen(columns: list[str], key: Sequence[str], units: str, period: str) -> _Columns:
    by_name = {column.casefold(): column for column in columns}
    places = tuple(place for place, name in enumerate(key) if name.casefold() in by_name)
    comma = pgettext("list separator", "、")
    if not places:
        raise FileRefused(
            _("销量文件里至少要有一列和 --key 同名：%(key)s。文件里的列是：%(columns)s。")
            % {"key": comma.join(key), "columns": comma.join(columns)}
        )
    mine = tuple(by_name[key[place].casefold()] for place in places)
    free = [column for column in columns if column not in mine]
    period = period or _called(free, _PERIOD)
    units = units or _called([name for name in free if name != period], _UNITS)
    rest = [name for name in free if name != period]
    units = units or (rest[0] if len(rest) == 1 else "")
    if units not in columns or (period and period not in columns):
        raise FileRefused(
            _(
                "看不出销量文件里哪一列是数量，请用 --exposure-units 说明。"
                "文件里的列是：%(columns)s。"
            )
            % {"columns": comma.join(columns)}
        )
    return _Columns(mine, places, units, period)


def _called(columns: Sequence[str], names: Sequence[str]) -> str:
    plain = {column.casefold().replace(" ", "_"): column for column in columns}
    return next((plain[name] for name in names if name in plain), "")


def _sale(record: Record, columns: _Columns, date_format: str) -> tuple[Key, int | None, float]:
    if record.problem:
        raise ValueError(record.problem)
    name = tuple(" ".join(record.cells[column].split()) for column in columns.key)
    if not all(name):
        raise ValueError(_("「%(column)s」是空的。") % {"column": columns.key[name.index("")]})
    text = record.cells[columns.units].replace(",", "").replace("，", "")
    try:
        count = float(text)
    except ValueError:
        count = -1.0
    if not isfinite(count) or count < 0:
        problem = _("「%(column)s」不是不小于零的数：%(value)s")
        raise ValueError(problem % {"column": columns.units, "value": text[:40]})
    if not columns.period:
        return name, None, count
    return name, _start(record.cells[columns.period], columns.period, date_format), count


def _start(text: str, column: str, date_format: str) -> int:
    """Return the first day of a period: a day, a month, a quarter or a year."""
    try:
        if date_format and _reads_as_day(text, date_format):
            return read_date(text, date_format).toordinal()
        if found := _QUARTER.fullmatch(text):
            return date(int(found[1]), int(found[2]) * 3 - 2, 1).toordinal()
        if found := _YEAR.fullmatch(text):
            return date(int(found[1]), 1, 1).toordinal()
        if found := _MONTH.fullmatch(text):
            return date(int(found[1]), int(found[2]), 1).toordinal()
    except ValueError:
        pass
    problem = _("「%(column)s」看不出是哪个期间：%(value)s")
    raise ValueError(problem % {"column": column, "value": text[:40]})


def _reads_as_day(text: str, date_format: str) -> bool:
    try:
        read_date(text, date_format)
    except ValueError:
        return False
    return True
