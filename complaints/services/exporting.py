"""Taking a list out: row by row in constant memory, safe from formulas, and written down."""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook

from complaints.actors import Actor
from complaints.errors import StepForbidden
from complaints.importing.cells import safe_cell
from complaints.models import Case, ExportLog, ImportJob
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.imports import problems_of

CSV, XLSX, JSON_LINES = "csv", "xlsx", "jsonl"
FORMS = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    JSON_LINES: "application/x-ndjson",
}
AT_ONCE = 1000
LONGEST_CELL = 32_000
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
COLUMNS = (
    "reference",
    "title",
    "stage",
    "channel",
    "category",
    "issue",
    "severity",
    "urgency",
    "product_text",
    "order_number",
    "serial_number",
    "amount_paid",
    "amount_agreed",
    "currency",
    "respondent",
    "region",
    "external_body",
    "external_ref",
    "owner__username",
    "team__name",
    "received_at",
    "acknowledged_at",
    "expected_on",
    "next_due_at",
    "next_due_kind",
    "is_late",
    "closed_at",
)
TEXT = "description"
WHERE = ("number", "line", "reason")


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def export_cases(
    cases: QuerySet[Case], *, form: str, query: str, with_text: bool, by: Actor
) -> Iterator[bytes]:
    """Return a list of cases as the bytes of a file; that it was taken out is logged at once.

    No contact of a consumer is in it. Raises StepForbidden, ValueError for an unknown form.
    """
    if not has_permission(by, Permission.EXPORT_CASES):
        raise StepForbidden(_("你的角色不能导出案件。"))
    if form not in FORMS:
        raise ValueError(form)
    log = ExportLog.objects.create(
        user=by.person,
        at=now(),
        query=query[:1000],
        form=form,
        with_text=with_text,
        expected=cases.count(),
    )
    columns = [*COLUMNS, TEXT] if with_text else [*COLUMNS]
    rows = cases.order_by("pk").values_list(*columns).iterator(chunk_size=AT_ONCE)
    return _WRITERS[form](columns, _counted(rows, log))


def export_problems(job: ImportJob, *, by: Actor) -> Iterator[bytes]:
    """Return the bad rows of an upload as a table, with why; logged as a list that is taken out.

    Contacts are in it as they were uploaded, to be corrected. Raises StepForbidden.
    """
    if not has_permission(by, Permission.IMPORT_CASES):
        raise StepForbidden(_("你的角色不能导入投诉。"))
    log = ExportLog.objects.create(
        user=by.person,
        at=now(),
        query=f"import={job.pk}",
        form=CSV,
        with_text=True,
        expected=job.bad,
    )
    rows = (
        (*(each["cells"].get(column, "") for column in job.columns), *(each[key] for key in WHERE))
        for each in problems_of(job)
    )
    columns = [str(safe_cell(column)) for column in job.columns]
    return _csv([*columns, "_row", "_line", "_reason"], _counted(rows, log))


def _counted(rows: Iterable[tuple[Any, ...]], log: ExportLog) -> Iterator[list[Any]]:
    count = 0
    for row in rows:
        count += 1
        yield [_plain(value) for value in row]
    ExportLog.objects.filter(pk=log.pk).update(rows=count)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    if value is None:
        return ""
    if isinstance(value, bool | int | Decimal):
        return value
    return str(value)


def _csv(columns: list[str], rows: Iterator[list[Any]]) -> Iterator[bytes]:
    writer = csv.writer(_Echo())
    yield b"\xef\xbb\xbf" + writer.writerow(columns).encode()
    for row in rows:
        line = writer.writerow([safe_cell(value) for value in row])
        yield line.encode(errors="replace")


def _json_lines(columns: list[str], rows: Iterator[list[Any]]) -> Iterator[bytes]:
    for row in rows:
        named = dict(zip(columns, row, strict=True))
        yield json.dumps(named, ensure_ascii=False, default=str).encode(errors="replace") + b"\n"


def _xlsx(columns: list[str], rows: Iterator[list[Any]]) -> Iterator[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("案件"))
    sheet.append(columns)
    for row in rows:
        sheet.append([_cell(value) for value in row])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        while piece := file.read(1 << 16):
            yield piece


def _cell(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return safe_cell(_UNWRITABLE.sub("", value)[:LONGEST_CELL])


_WRITERS: dict[str, Callable[[list[str], Iterator[list[Any]]], Iterator[bytes]]] = {
    CSV: _csv,
    XLSX: _xlsx,
    JSON_LINES: _json_lines,
}
