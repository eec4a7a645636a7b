"""Following a case with the secret that its consumer was given; never in an address."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from complaints.api.errors import ErrorsSerializer
from complaints.api.fields import StrictSerializer, TextField
from complaints.models import Case, CaseEvent, Clock
from complaints.selectors.consumer import consumer_events, consumer_messages
from complaints.selectors.pauses import awaits_consumer
from complaints.selectors.policies import running_clocks
from complaints.services.entrance import case_of_secret
from complaints.states import CONSUMERS_TURN, EVENT_CLOCKS, ActorKind, ClockKind, Stage


class SecretSerializer(StrictSerializer):
    """What opens a case to its consumer."""

    secret = TextField(max_length=200)


class StageSerializer(serializers.Serializer):
    """A stage: its code and its name in the language of the request."""

    code = serializers.ChoiceField(choices=Stage.choices)
    label = serializers.CharField()


class TrackedEventSerializer(serializers.Serializer):
    """Something that happened, in words for the consumer."""

    at = serializers.DateTimeField()
    kind = serializers.CharField()
    text = serializers.CharField()


class TrackedMessageSerializer(serializers.Serializer):
    """A message between the consumer and us."""

    at = serializers.DateTimeField()
    mine = serializers.BooleanField()
    body = serializers.CharField()


class TrackedCaseSerializer(serializers.Serializer):
    """Where a case is, whose turn it is and until when."""

    reference = serializers.CharField()
    title = serializers.CharField()
    stage = StageSerializer()
    is_open = serializers.BooleanField()
    turn = serializers.ChoiceField(choices=["company", "consumer", "nobody"])
    due_at = serializers.DateTimeField(allow_null=True)
    due_kind = serializers.ChoiceField(choices=ClockKind.choices, allow_blank=True)
    received_at = serializers.DateTimeField()
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    expected_on = serializers.DateField(allow_null=True)
    review_until = serializers.DateField(allow_null=True)
    events = TrackedEventSerializer(many=True)
    messages = TrackedMessageSerializer(many=True)


class TrackView(APIView):
    """The consumer's view of one case. `event_text` gives an event's words for the consumer."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_scope = "track"
    event_text: Callable[[CaseEvent], str] | None = None

    @extend_schema(
        operation_id="complaint_track",
        summary=gettext_lazy("查询进度"),
        description=gettext_lazy(
            "密钥放在请求正文里，不放在地址里。编号不存在和密钥不对，回答一样。"
        ),
        tags=["complaints"],
        auth=[],
        request=SecretSerializer,
        responses={
            200: TrackedCaseSerializer,
            400: ErrorsSerializer,
            404: ErrorsSerializer,
            429: ErrorsSerializer,
        },
    )
    def post(self, request: Request, reference: str) -> Response:
        given = SecretSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        case = case_of_secret(given.validated_data["secret"])
        if case is None or case.reference != reference:
            raise Http404
        return Response(TrackedCaseSerializer(self._shown(case)).data)

    def _shown(self, case: Case) -> dict[str, Any]:
        clock = self._leading(case) if case.is_open else None
        turn = "consumer" if clock and self._is_theirs(case, clock) else "company"
        return {
            "reference": case.reference,
            "title": case.title,
            "stage": stage_of(case),
            "is_open": case.is_open,
            "turn": turn if case.is_open else "nobody",
            "due_at": clock.due_at if clock else None,
            "due_kind": clock.kind if clock else "",
            "received_at": case.received_at,
            "acknowledged_at": case.acknowledged_at,
            "expected_on": case.expected_on,
            "review_until": case.review_until,
            "events": [
                {"at": event.at, "kind": event.kind, "text": text}
                for event in consumer_events(case)
                if (text := self.event_text(event) if self.event_text else "")
            ],
            "messages": [
                {
                    "at": message.at,
                    "mine": message.author_kind == ActorKind.CONSUMER,
                    "body": message.body,
                }
                for message in consumer_messages(case)
            ],
        }

    def _leading(self, case: Case) -> Clock | None:
        running = running_clocks(case.pk)
        beside = EVENT_CLOCKS | {ClockKind.CONSUMERS_DUTY}
        ours = [clock for clock in running if clock.kind not in beside]
        return next(iter(ours or running), None)

    def _is_theirs(self, case: Case, clock: Clock) -> bool:
        if clock.kind == ClockKind.PAUSE_END:
            return awaits_consumer(case, clock)
        return clock.kind in CONSUMERS_TURN


def stage_of(case: Case) -> dict[str, Any]:
    """Return a case's stage as the API shows it."""
    return {"code": case.stage, "label": case.get_stage_display()}
