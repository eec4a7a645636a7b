"""The supply chain over the API: tables taken in row by row, read page by page, and one batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import current_user
from complaints.access import require_permission
from complaints.api.errors import ErrorsSerializer
from complaints.api.fields import StrictSerializer, TextField, choice
from complaints.importing.dates import YEAR_FIRST
from complaints.importing.records import Record
from complaints.permissions import Permission
from liability.forms.tracing import TABLES as LABELS
from liability.selectors.trace_tables import table_rows
from liability.services.trace_imports import import_trace
from liability.trace_columns import TABLES, Column

MOST_ROWS = 1000
LARGEST_PAGE = 200
_REFUSALS = (400, 401, 403, 404, 413, 415, 429)


def _field(column: Column) -> serializers.Field[Any, Any, Any, Any]:
    """Return the field of a column; what is left out or empty says nothing."""
    if column.choices:
        return choice(column.choices.choices, required=column.required)
    if column.kind == "text":
        return TextField(max_length=column.limit, required=column.required)
    without: dict[str, Any] = {} if column.required else {"allow_null": True, "default": None}
    if column.kind == "day":
        return serializers.DateField(**without)
    if column.kind == "money":
        return serializers.DecimalField(max_digits=12, decimal_places=2, min_value=0, **without)
    return serializers.IntegerField(min_value=0, max_value=column.most, **without)


def _row_serializer(table: str, columns: Mapping[str, Column]) -> type[StrictSerializer]:
    fields = {name: _field(column) for name, column in columns.items()}
    return type(f"Trace{table.title()}RowSerializer", (StrictSerializer,), fields)


ROWS = {table: _row_serializer(table, columns) for table, columns in TABLES.items()}


class BadRowSerializer(serializers.Serializer):
    """A row that was not taken; `row` counts from 0."""

    row = serializers.IntegerField()
    reason = serializers.CharField(help_text="In the language of the request.")


class TakenSerializer(serializers.Serializer):
    """What became of the rows. `known` were registered just so before; sent twice, all are."""

    read = serializers.IntegerField()
    added = serializers.IntegerField()
    known = serializers.IntegerField()
    bad = BadRowSerializer(many=True)


class TableQuerySerializer(StrictSerializer):
    """Which rows, and which page of them."""

    model = TextField(max_length=60, required=False)
    batch = TextField(max_length=40, required=False)
    supplier = TextField(max_length=120, required=False)
    size = serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE, default=50)
    after = serializers.IntegerField(
        min_value=0, max_value=2**62, default=0, help_text="`next` of the page before."
    )


class TableView(APIView):
    """One table of the supply chain; a class for each, with its own schema, is made below."""

    throttle_scope = "staff"
    table = ""

    def _listed(self, request: Request) -> Response:
        require_permission(current_user(request), Permission.VIEW_CASE)
        asked = TableQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        wanted = dict(asked.validated_data)
        size = wanted.pop("size")
        rows = table_rows(self.table, size=size + 1, **wanted)
        body = [{name: row[name] for name in TABLES[self.table]} for row in rows[:size]]
        following = rows[size - 1]["pk"] if len(rows) > size else None
        return Response({"results": ROWS[self.table](body, many=True).data, "next": following})

    def _taken(self, request: Request) -> Response:
        actor = require_permission(current_user(request), Permission.INVESTIGATE)
        given = BODIES[self.table](data=request.data)
        given.is_valid(raise_exception=True)
        records = [
            Record(number, number, {name: _cell(value) for name, value in row.items()})
            for number, row in enumerate(given.validated_data["rows"])
        ]
        report = import_trace(
            self.table, list(TABLES[self.table]), records, by=actor, date_format=YEAR_FIRST
        )
        bad = [{"row": problem.record, "reason": problem.reason} for problem in report.bad]
        counts = {"read": report.read, "added": report.added, "known": report.known}
        return Response(TakenSerializer({**counts, "bad": bad}).data)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _body(table: str) -> type[StrictSerializer]:
    rows = ROWS[table](many=True, allow_empty=False, max_length=MOST_ROWS)
    return type(f"Trace{table.title()}Serializer", (StrictSerializer,), {"rows": rows})


def _page(table: str) -> type[serializers.Serializer[Any]]:
    fields = {
        "results": ROWS[table](many=True),
        "next": serializers.IntegerField(allow_null=True, help_text="`after` of the next page."),
    }
    return type(f"Trace{table.title()}PageSerializer", (serializers.Serializer,), fields)


BODIES = {table: _body(table) for table in TABLES}


def _documented(table: str) -> type[TableView]:
    """Return the view of a table, with the schema of its own columns."""
    label = dict(LABELS)[table]

    @extend_schema(
        operation_id=f"trace_{table}_list",
        summary=format_lazy("{}: {}", _("读取追溯数据"), label),
        tags=["trace"],
        parameters=[TableQuerySerializer],
        responses={200: _page(table), **dict.fromkeys((400, 401, 403, 429), ErrorsSerializer)},
    )
    def get(self: TableView, request: Request) -> Response:
        return self._listed(request)

    @extend_schema(
        operation_id=f"trace_{table}_import",
        summary=format_lazy("{}: {}", _("导入追溯数据"), label),
        description=_(
            "一次最多 1000 行。能用的行登记下来，不能用的逐行说明理由；"
            "同样的内容再发一次，什么也不改变。"
        ),
        tags=["trace"],
        request=BODIES[table],
        responses={200: TakenSerializer, **dict.fromkeys(_REFUSALS, ErrorsSerializer)},
    )
    def post(self: TableView, request: Request) -> Response:
        return self._taken(request)

    return type(
        f"Trace{table.title()}View",
        (TableView,),
        {"table": table, "get": get, "post": post, "__doc__": f"The table {table}."},
    )


TABLE_VIEWS = {table: _documented(table) for table in TABLES}
