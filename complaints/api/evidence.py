"""Files of a case: handed in by staff with their token, or by the consumer with the case's secret.

The same bytes handed in twice are one piece of evidence, so that a client may try again.
"""

from __future__ import annotations

import hashlib
from typing import IO, Any

from django.http import Http404
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.api.errors import ErrorsSerializer
from complaints.api.fields import StrictSerializer, TextField
from complaints.models import Case, Evidence
from complaints.selectors.facts import evidence_of
from complaints.services.entrance import case_of_secret
from complaints.services.evidence import AlreadyHeld, add_evidence, held_evidence
from complaints.states import Channel
from documents.states import ScanStatus

_CHUNK = 1024 * 1024


class UploadSerializer(StrictSerializer):
    """A file and what is said about it."""

    file = serializers.FileField(
        allow_empty_file=True,
        help_text="JPG, PNG, WebP, GIF, HEIC, PDF, DOCX, XLSX, TXT, MP4, MOV.",
    )
    caption = TextField(max_length=200, required=False)


class StaffUploadSerializer(UploadSerializer):
    """What staff hand in."""

    for_consumer = serializers.BooleanField(
        default=True, help_text="Whether the consumer may see it."
    )


class ConsumerUploadSerializer(UploadSerializer):
    """What the consumer hands in."""

    secret = TextField(max_length=200)


class EvidenceSerializer(serializers.Serializer):
    """A file of a case. `sha256` is that of the bytes that came in."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    scan = serializers.ChoiceField(choices=ScanStatus.choices)
    caption = serializers.CharField()
    received_at = serializers.DateTimeField()


def _body(evidence: Evidence) -> dict[str, Any]:
    stored = evidence.file
    shown = {
        "id": evidence.pk,
        "name": stored.original_name,
        "media_type": stored.media_type,
        "size": stored.size,
        "sha256": stored.sha256,
        "scan": stored.scan_status,
        "caption": evidence.caption,
        "received_at": evidence.at,
    }
    return dict(EvidenceSerializer(shown).data)


_ANSWERS = {
    201: EvidenceSerializer,
    200: EvidenceSerializer,
    400: ErrorsSerializer,
    404: ErrorsSerializer,
    413: ErrorsSerializer,
    415: ErrorsSerializer,
    429: ErrorsSerializer,
}
_LEAD = gettext_lazy("类型看内容，不看后缀。同样的内容交两次，是同一份材料（200）。")


class CaseEvidenceView(APIView):
    """Files that staff hand in."""

    throttle_scope = "staff"
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="case_evidence_list",
        summary=gettext_lazy("案件的材料"),
        tags=["cases"],
        responses={
            200: EvidenceSerializer(many=True),
            401: ErrorsSerializer,
            403: ErrorsSerializer,
            404: ErrorsSerializer,
            429: ErrorsSerializer,
        },
    )
    def get(self, request: Request, reference: str) -> Response:
        case = get_case(current_user(request), reference)
        return Response([_body(evidence) for evidence in evidence_of(case)])

    @extend_schema(
        operation_id="case_evidence_add",
        summary=gettext_lazy("给案件补充材料"),
        description=_LEAD,
        tags=["cases"],
        request={"multipart/form-data": StaffUploadSerializer},
        responses={**_ANSWERS, 401: ErrorsSerializer, 403: ErrorsSerializer},
    )
    def post(self, request: Request, reference: str) -> Response:
        user = current_user(request)
        case = get_case(user, reference)
        given = StaffUploadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return _take(case, given.validated_data, by=Actor.staff(user))


class ComplaintEvidenceView(APIView):
    """Files that the consumer hands in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "track"
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="complaint_evidence_add",
        summary=gettext_lazy("给自己的投诉补充材料"),
        description=_LEAD,
        tags=["complaints"],
        auth=[],
        request={"multipart/form-data": ConsumerUploadSerializer},
        responses=_ANSWERS,
    )
    def post(self, request: Request, reference: str) -> Response:
        given = ConsumerUploadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        case = case_of_secret(given.validated_data["secret"])
        if case is None or case.reference != reference:
            raise Http404
        return _take(case, given.validated_data, by=Actor.consumer())


def _take(case: Case, data: dict[str, Any], *, by: Actor) -> Response:
    upload = data["file"]
    held = held_evidence(case, _sha256(upload), by=by)
    if held is not None:
        return Response(_body(held))
    upload.seek(0)
    try:
        evidence = add_evidence(
            case,
            by=by,
            upload=upload,
            name=upload.name,
            caption=data["caption"],
            for_consumer=data.get("for_consumer", True),
            channel=Channel.API,
            once=True,
        )
    except AlreadyHeld as overtaken:
        return Response(_body(overtaken.evidence))
    return Response(_body(evidence), status=201)


def _sha256(upload: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := upload.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
