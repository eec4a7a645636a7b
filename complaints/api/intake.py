"""Submitting a complaint: anonymous, idempotent by key, answered once with the secret."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from complaints.actors import Actor
from complaints.api.doors import BearerToken
from complaints.api.errors import ErrorsSerializer
from complaints.api.fields import (
    StrictSerializer,
    TextField,
    category_field,
    choice,
    issue_field,
    money,
)
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.selectors.taxonomy import issue_codes
from complaints.services.intake import ComplaintData, ContactData, submit_complaint
from complaints.services.outside import OutsideBody, receive_outside
from complaints.states import OUTSIDE_CHANNELS, Channel, Remedy

_KEY = re.compile(r"[\x21-\x7e]{8,200}")
_CHANNELS = [
    Channel.API,
    Channel.ECOMMERCE_PLATFORM,
    Channel.CONSUMER_FORUM,
    Channel.CONSUMER_ASSOCIATION,
    Channel.REGULATOR_12315,
    Channel.ONLINE_CHAT,
    Channel.SOCIAL_MEDIA,
]


class ContactSerializer(StrictSerializer):
    """How to reach the complainant; a phone number or an e-mail address is enough."""

    name = TextField(max_length=60)
    phone = TextField(max_length=30, required=False)
    email = serializers.EmailField(max_length=200, allow_blank=True, default="")
    address = TextField(max_length=300, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs["phone"].strip() and not attrs["email"]:
            raise serializers.ValidationError({"phone": [_("手机号和邮箱至少填一个。")]})
        return attrs


def past_day() -> serializers.DateField:
    """Return a field for a day that has come; null for an unknown one."""
    return serializers.DateField(allow_null=True, default=None, validators=[_has_come])


def _has_come(day: date) -> None:
    if day > working_calendar().local_date(now()):
        raise serializers.ValidationError(_("这个日期还没到，核对一下。"), code="in_future")


class OutsideBodySerializer(StrictSerializer):
    """The body that hands a complaint on: the same number of the same body is one case.

    Only with the token of somebody who handles cases.
    """

    body = TextField(max_length=80)
    reference = TextField(max_length=80)
    deadline = serializers.DateTimeField(
        allow_null=True, default=None, help_text="By when the body wants an answer; runs a clock."
    )


class ComplaintSerializer(StrictSerializer):
    """A complaint. Money is in `currency`, dates are local."""

    description = TextField()
    contact = ContactSerializer()
    title = TextField(max_length=120, required=False)
    channel = serializers.ChoiceField(
        choices=[(channel.value, channel.label) for channel in _CHANNELS], default=Channel.API
    )
    language = serializers.ChoiceField(choices=["zh-hans", "en"], default="zh-hans")
    category = category_field()
    issue = issue_field()
    wished_remedy = choice(Remedy.choices)
    wished_detail = TextField(max_length=1000, required=False)
    wished_amount = money()
    occurred_on = past_day()
    danger = serializers.BooleanField(
        default=False, help_text="Somebody was hurt or is in danger: starts the two-hour clock."
    )
    product_text = TextField(max_length=120, required=False)
    serial_number = TextField(max_length=60, required=False)
    order_number = TextField(max_length=60, required=False)
    purchased_on = past_day()
    amount_paid = money()
    currency = serializers.RegexField(r"^[A-Z]{3}$", default="CNY")
    region = TextField(max_length=60, required=False)
    needs_care = serializers.BooleanField(default=False)
    external = OutsideBodySerializer(allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_issue(attrs["category"], attrs["issue"])
        if attrs["external"] and attrs["channel"] not in OUTSIDE_CHANNELS:
            raise serializers.ValidationError({"channel": [_("这个渠道没有转来的机构。")]})
        return attrs


def check_issue(category: str, issue: str) -> None:
    """Raise ValidationError for an issue that isn't one of the category's."""
    if issue and issue not in issue_codes(category):
        raise serializers.ValidationError({"issue": [_("这个问题不属于所选的类别。")]})


class ReceiptSerializer(serializers.Serializer):
    """The case that was made."""

    reference = serializers.CharField()
    secret = serializers.CharField(
        help_text="Opens the case to its consumer. Given once; empty on repetition."
    )
    received_at = serializers.DateTimeField()


KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="8 to 200 printable characters without spaces, new for each complaint.",
)


class ComplaintsView(APIView):
    """Where complaints come in."""

    authentication_classes = (BearerToken,)
    permission_classes = (AllowAny,)
    throttle_scope = "intake"

    @extend_schema(
        operation_id="complaint_submit",
        summary=gettext_lazy("提交投诉"),
        description=gettext_lazy(
            "不需要登录。带上 Idempotency-Key：同一个键、同样的内容，得到同一个案件（200）；"
            "同一个键、不同的内容，不会受理（422）。"
        ),
        tags=["complaints"],
        auth=[],
        parameters=[KEY_HEADER],
        request=ComplaintSerializer,
        responses={
            201: ReceiptSerializer,
            200: ReceiptSerializer,
            400: ErrorsSerializer,
            401: ErrorsSerializer,
            403: ErrorsSerializer,
            413: ErrorsSerializer,
            415: ErrorsSerializer,
            422: ErrorsSerializer,
            429: ErrorsSerializer,
        },
        examples=[
            OpenApiExample(
                "kettle",
                request_only=True,
                value={
                    "description": "烧水时底座冒白烟，有焦糊味。",
                    "contact": {"name": "周小华", "phone": "13812345678"},
                    "danger": True,
                    "product_text": "K1 电热水壶",
                },
            )
        ],
    )
    def post(self, request: Request) -> Response:
        key = _stored_key(request.headers.get("Idempotency-Key"))
        given = ComplaintSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        external = fields.pop("external")
        data = ComplaintData(contact=ContactData(**fields.pop("contact")), **fields)
        if external:
            outside = OutsideBody(
                name=external["body"],
                reference=external["reference"],
                deadline=external["deadline"],
            )
            user = request.user
            by = Actor.staff(user) if isinstance(user, User) else Actor.consumer()
            receipt = receive_outside(data, outside, by=by, key=key, is_program=True)
        else:
            receipt = submit_complaint(data, by=Actor.consumer(), key=key)
        body = {
            "reference": receipt.case.reference,
            "secret": receipt.secret,
            "received_at": receipt.case.received_at,
        }
        return Response(ReceiptSerializer(body).data, status=201 if receipt.created else 200)


def _stored_key(key: str | None) -> str | None:
    """Keys of the API live apart from those of pages, and are kept only hashed."""
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        raise serializers.ValidationError(
            {"idempotency_key": [_("Idempotency-Key 要 8 到 200 个可见字符，不含空格。")]}
        )
    return f"api:{hashlib.sha256(key.encode()).hexdigest()[:60]}"
