"""One batch with its chain, for programs: what the page of the supply chain shows."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import current_user
from complaints.access import require_permission
from complaints.api.errors import ErrorsSerializer
from complaints.api.fields import StrictSerializer, TextField
from complaints.permissions import Permission
from complaints.states import Stage
from liability.selectors.tracing import Found, Trace, found_by, trace_of
from liability.states import IncidentState, PaperKind, ProductionStage


class TraceQuerySerializer(StrictSerializer):
    """What to look up."""

    q = TextField(max_length=120, help_text="A serial number, a batch, a model or a supplier.")


class BatchNameSerializer(serializers.Serializer):
    """A batch."""

    model = serializers.CharField(source="product.model")
    batch = serializers.CharField(source="code")


class _ProductionSerializer(serializers.Serializer):
    stage = serializers.ChoiceField(choices=ProductionStage.choices)
    happened_on = serializers.DateField()
    place = serializers.CharField()
    supplier = serializers.CharField(source="supplier.name", default="")
    deviation = serializers.CharField()


class _SupplySerializer(serializers.Serializer):
    supplier = serializers.CharField(source="supplier.name")
    part = serializers.CharField()


class _PaperSerializer(serializers.Serializer):
    supplier = serializers.CharField(source="supplier.name")
    kind = serializers.ChoiceField(choices=PaperKind.choices)
    number = serializers.CharField()
    title = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    result = serializers.CharField()


class _TestSerializer(serializers.Serializer):
    number = serializers.CharField()
    tested_on = serializers.DateField()
    laboratory = serializers.CharField()
    subject = serializers.CharField()
    sampled = serializers.IntegerField()
    not_passed = serializers.IntegerField()


class _TraceCaseSerializer(serializers.Serializer):
    reference = serializers.CharField()
    stage = serializers.ChoiceField(choices=Stage.choices)
    received_at = serializers.DateTimeField()


class _TraceIncidentSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=IncidentState.choices)
    fault = serializers.CharField()
    alarm_on = serializers.DateField()
    count = serializers.IntegerField()
    expected = serializers.FloatField()


class TraceSerializer(serializers.Serializer):
    """A batch with its chain; cases are those that this person may see, the newest 50."""

    batch = BatchNameSerializer()
    serial = serializers.CharField(allow_blank=True)
    units = serializers.IntegerField()
    production = _ProductionSerializer(many=True)
    supplies = _SupplySerializer(many=True)
    papers = _PaperSerializer(many=True)
    tests = _TestSerializer(many=True)
    incidents = _TraceIncidentSerializer(many=True)
    cases = _TraceCaseSerializer(many=True)
    more_cases = serializers.IntegerField()


class FoundSerializer(serializers.Serializer):
    """What was found: several batches by name, or one with its chain."""

    batches = BatchNameSerializer(many=True)
    trace = TraceSerializer(allow_null=True)


class TraceLookUpView(APIView):
    """From a serial number, a batch, a model or a supplier to what hangs together with it."""

    throttle_scope = "staff"

    @extend_schema(
        operation_id="trace_read",
        summary=_("质量追溯"),
        tags=["trace"],
        parameters=[TraceQuerySerializer],
        responses={
            200: FoundSerializer,
            **dict.fromkeys((400, 401, 403, 404, 429), ErrorsSerializer),
        },
    )
    def get(self, request: Request) -> Response:
        actor = require_permission(current_user(request), Permission.VIEW_CASE)
        asked = TraceQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        found = found_by(asked.validated_data["q"])
        if not found.batches:
            raise Http404
        one = len(found.batches) == 1
        trace = trace_of(found.batches[0], actor, serial=found.serial) if one else None
        return Response(FoundSerializer(_found(found, trace)).data)


def _found(found: Found, trace: Trace | None) -> dict[str, Any]:
    if trace is None:
        return {"batches": found.batches, "trace": None}
    serial = trace.serial.number if trace.serial else ""
    return {"batches": found.batches, "trace": {**vars(trace), "serial": serial}}
