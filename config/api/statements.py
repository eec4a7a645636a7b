"""What the public was told of batch incidents, for a shop's own site: no token is needed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints.api.errors import ErrorsSerializer
from liability.models import PublicStatement
from liability.selectors.statements import statements_in_force

MOST = 100


class StatementSerializer(serializers.Serializer):
    """The version in force of one statement; `incident` stays the same from version to version."""

    incident = serializers.IntegerField()
    version = serializers.IntegerField()
    title_zh = serializers.CharField()
    title_en = serializers.CharField()
    body_zh = serializers.CharField(help_text="Light markup: paragraphs, lists, bold, links.")
    body_en = serializers.CharField()
    published_at = serializers.DateTimeField()
    url = serializers.URLField()


class StatementsSerializer(serializers.Serializer):
    """The newest 100, the newest first."""

    results = StatementSerializer(many=True)


class StatementsView(APIView):
    """Public statements."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "track"

    @extend_schema(
        operation_id="statement_list",
        summary=_("产品安全公告"),
        tags=["statements"],
        auth=[],
        responses={200: StatementsSerializer, 429: ErrorsSerializer},
    )
    def get(self, request: Request) -> Response:
        rows = [_row(request, each) for each in statements_in_force()[:MOST]]
        return Response(StatementsSerializer({"results": rows}).data)


def _row(request: Request, statement: PublicStatement) -> dict[str, Any]:
    names = ("title_zh", "title_en", "body_zh", "body_en", "published_at")
    page = reverse("liability:public_statement", args=[statement.incident_id])
    return {
        **{name: getattr(statement, name) for name in names},
        "incident": statement.incident_id,
        "version": statement.number,
        "url": request.build_absolute_uri(page),
    }
