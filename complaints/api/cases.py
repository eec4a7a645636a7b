"""The queue and one case, for staff: what the desk shows, as JSON."""

from __future__ import annotations

import base64
import binascii
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.access import current_user
from complaints.access import get_case
from complaints.actors import Actor
from complaints.api.beside import BodySerializer, EntrySerializer, EventSerializer
from complaints.api.errors import ErrorsSerializer
from complaints.api.fields import StrictSerializer, TextField, category_field, choice
from complaints.api.tracking import StageSerializer, stage_of
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import STEP_ROLES
from complaints.selectors.facts import telling_clocks
from complaints.selectors.filters import Filters
from complaints.selectors.outside import bodies_of
from complaints.selectors.paging import Place, queue_page
from complaints.selectors.queue import VIEWS, listed_cases
from complaints.selectors.steps import step_is_possible, step_obstacle
from complaints.selectors.timeline import conversation, log_lines
from complaints.selectors.triage import proposal_of, reason_rows
from complaints.states import (
    Channel,
    ClockKind,
    Scope,
    Severity,
    Stage,
    TriageDecision,
    Urgency,
)
from complaints.triage_rules.rules import Kind

LARGEST_PAGE = 200


class CursorField(serializers.CharField):
    """A place in the queue: opaque to clients, stable while cases come and go."""

    default_error_messages = {"invalid": gettext_lazy("游标无法识别。")}

    def to_internal_value(self, data: Any) -> Place:
        text = super().to_internal_value(data)
        try:
            due, _separator, pk = base64.urlsafe_b64decode(text.encode()).decode().partition("|")
            moment = datetime.fromisoformat(due) if due else None
            place = Place(moment, int(pk))
        except (ValueError, binascii.Error, UnicodeError):
            self.fail("invalid")
        if place.pk.bit_length() > 62 or (moment is not None and moment.tzinfo is None):
            self.fail("invalid")
        return place

    def to_representation(self, value: Place) -> str:
        due = value.due.isoformat() if isinstance(value.due, datetime) else ""
        return base64.urlsafe_b64encode(f"{due}|{value.pk}".encode()).decode()


class QueueQuerySerializer(StrictSerializer):
    """How the queue is narrowed."""

    view = serializers.ChoiceField(
        choices=[(view.key, view.label) for view in VIEWS.values()], default="all"
    )
    stage = choice(Stage.choices)
    category = category_field()
    channel = choice(Channel.choices)
    urgency = choice(Urgency.choices)
    source = TextField(max_length=20, required=False)
    owner = TextField(max_length=150, required=False, help_text='A username; "none" for nobody.')
    received_from = serializers.DateField(required=False)
    received_to = serializers.DateField(required=False)
    late = serializers.BooleanField(default=False)
    q = TextField(max_length=100, required=False)
    size = serializers.IntegerField(min_value=1, max_value=LARGEST_PAGE, default=50)
    cursor = CursorField(required=False)

    def filters(self) -> Filters:
        """Return what was understood."""
        data = self.validated_data
        columns = {
            "stage": "stage",
            "category": "category",
            "channel": "channel",
            "urgency": "urgency",
            "source": "source_system",
        }
        equal = {column: data[name] for name, column in columns.items() if data[name]}
        if data["owner"] == "none":
            equal["owner__isnull"] = True
        elif data["owner"]:
            equal["owner__username"] = data["owner"]
        return Filters(
            text=data["q"],
            equal=equal,
            received_from=_midnight(data.get("received_from")),
            received_before=_midnight(data.get("received_to"), days=1),
            late=data["late"],
        )


def _midnight(day: date | None, *, days: int = 0) -> datetime | None:
    if day is None:
        return None
    if day.year < 1900 or day.year > 9000:
        raise serializers.ValidationError({"received_from": [_("这个日期核对一下年份。")]})
    return timezone.make_aware(datetime.combine(day + timedelta(days=days), time()))


class QueueRowSerializer(serializers.Serializer):
    """A case in the queue."""

    reference = serializers.CharField()
    title = serializers.CharField()
    stage = serializers.ChoiceField(choices=Stage.choices)
    urgency = serializers.ChoiceField(choices=Urgency.choices)
    scope = serializers.ChoiceField(choices=Scope.choices)
    next_due_at = serializers.DateTimeField(allow_null=True)
    next_due_kind = serializers.ChoiceField(choices=ClockKind.choices, allow_blank=True)
    escalated = serializers.BooleanField()
    version = serializers.IntegerField()


class QueuePageSerializer(serializers.Serializer):
    """A page of the queue; `next` is the cursor of the following one, null at the end."""

    results = QueueRowSerializer(many=True)
    next = CursorField(allow_null=True)


class CasesView(APIView):
    """The queue."""

    throttle_scope = "staff"

    @extend_schema(
        operation_id="case_list",
        summary=gettext_lazy("案件队列"),
        description=gettext_lazy("按剩余时间排序，用 next 里的游标取下一页。"),
        tags=["cases"],
        parameters=[QueueQuerySerializer],
        responses={
            200: QueuePageSerializer,
            400: ErrorsSerializer,
            401: ErrorsSerializer,
            403: ErrorsSerializer,
            429: ErrorsSerializer,
        },
    )
    def get(self, request: Request) -> Response:
        asked = QueueQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        view = VIEWS[asked.validated_data["view"]]
        cases = listed_cases(
            Actor.staff(current_user(request)), view=view, moment=now(), filters=asked.filters()
        )
        page = queue_page(
            cases,
            size=asked.validated_data["size"],
            after=asked.validated_data.get("cursor"),
            newest_first=view.key == "ended",
        )
        last = page.rows[-1] if page.rows and page.has_later else None
        place = Place(last["next_due_at"], last["pk"]) if last else None
        return Response(QueuePageSerializer({"results": page.rows, "next": place}).data)


class ClockSerializer(serializers.Serializer):
    """A promise of time that runs, rests or was missed."""

    kind = serializers.ChoiceField(choices=ClockKind.choices)
    subject = serializers.CharField()
    state = serializers.CharField()
    started_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)


class TriageReasonSerializer(serializers.Serializer):
    """Why the rules propose what they propose, and the words that led to it."""

    code = serializers.CharField()
    name = serializers.CharField(help_text="In the language of the request.")
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    words = serializers.ListField(child=serializers.CharField())


class TriageSerializer(serializers.Serializer):
    """What the rules proposed at receipt, and what a person made of it."""

    urgency = serializers.ChoiceField(choices=Urgency.choices)
    severity = serializers.ChoiceField(choices=Severity.choices)
    safety = serializers.BooleanField()
    reasons = TriageReasonSerializer(many=True)
    rules_version = serializers.CharField()
    decision = serializers.ChoiceField(choices=TriageDecision.choices, allow_blank=True)
    decided_by = serializers.CharField()
    decided_at = serializers.DateTimeField(allow_null=True)


class CaseSerializer(serializers.ModelSerializer):
    """A case as staff see it; contact details stay behind the desk's own page."""

    stage = StageSerializer()
    owner = serializers.SlugRelatedField(slug_field="username", read_only=True)
    product = serializers.SlugRelatedField(slug_field="model", read_only=True)
    batch = serializers.SlugRelatedField(slug_field="code", read_only=True)
    merged_into = serializers.SlugRelatedField(slug_field="reference", read_only=True)
    severity = serializers.ChoiceField(choices=Severity.choices, allow_blank=True)
    steps = serializers.ListField(
        child=serializers.CharField(), help_text="Steps that this person may take now."
    )
    triage = TriageSerializer(allow_null=True, help_text="Null until an imported case was read.")
    clocks = ClockSerializer(many=True)
    external_bodies = BodySerializer(many=True, help_text="Who handed the case on, in order.")
    messages = EntrySerializer(many=True)
    events = EventSerializer(many=True, help_text="The latest, newest first.")

    class Meta:
        model = Case
        fields = [
            "reference",
            "stage",
            "version",
            "title",
            "description",
            "category",
            "issue",
            "severity",
            "urgency",
            "scope",
            "wished_remedy",
            "wished_detail",
            "wished_amount",
            "occurred_on",
            "danger_reported",
            "channel",
            "language",
            "product",
            "batch",
            "product_text",
            "serial_number",
            "order_number",
            "purchased_on",
            "amount_paid",
            "currency",
            "respondent",
            "region",
            "owner",
            "merged_into",
            "decline_ground",
            "received_at",
            "accepted_at",
            "acknowledged_at",
            "expected_on",
            "review_until",
            "closed_at",
            "next_due_at",
            "next_due_kind",
            "is_late",
            "amount_agreed",
            "source_system",
            "external_ref",
            "external_body",
            "external_bodies",
            "import_flags",
            "steps",
            "triage",
            "clocks",
            "messages",
            "events",
        ]


def case_body(case: Case, actor: Actor) -> dict[str, Any]:
    """Return a case as the API shows it to a member of staff."""
    told = conversation(case)
    messages = [entry.what for entry in told.entries if entry.kind == "message"]
    lines, _earlier = log_lines(case)
    shown = CaseShown(
        case,
        {
            "stage": stage_of(case),
            "steps": possible_steps(case, actor),
            "triage": _triage(case),
            "clocks": telling_clocks(case),
            "external_bodies": bodies_of(case),
            "messages": [
                {"kind": m.kind, "author": _name(m.author, m), "at": m.at, "body": m.body}
                for m in messages
            ],
            "events": [
                {
                    "sequence": line.event.sequence,
                    "kind": line.event.kind,
                    "at": line.event.at,
                    "actor": line.event.actor.username if line.event.actor else "",
                    "old_stage": line.event.old_stage,
                    "new_stage": line.event.new_stage,
                    "data": line.event.data,
                }
                for line in lines
            ],
        },
    )
    return dict(CaseSerializer(shown).data)


def _triage(case: Case) -> dict[str, Any] | None:
    proposal = proposal_of(case)
    if proposal is None:
        return None
    return {
        "urgency": proposal.urgency,
        "severity": proposal.severity,
        "safety": proposal.safety,
        "reasons": reason_rows(case, proposal),
        "rules_version": proposal.rules_version,
        "decision": proposal.decision,
        "decided_by": proposal.decided_by.username if proposal.decided_by else "",
        "decided_at": proposal.decided_at,
    }


class CaseShown:
    """A case with what stands beside it, for the serializer."""

    def __init__(self, case: Case, beside: dict[str, Any]) -> None:
        self._case = case
        self.__dict__.update(beside)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._case, name)


def _name(author: Any, message: Any) -> str:
    return author.username if author else message.author_kind


def possible_steps(case: Case, actor: Actor) -> list[str]:
    """Return the verbs of the machine that the person may take now."""
    return [
        verb
        for verb in sorted(STEP_ROLES)
        if step_is_possible(case, verb) and not step_obstacle(case, verb, actor)
    ]


class CaseView(APIView):
    """One case."""

    throttle_scope = "staff"

    @extend_schema(
        operation_id="case_read",
        summary=gettext_lazy("读取案件"),
        tags=["cases"],
        responses={
            200: CaseSerializer,
            401: ErrorsSerializer,
            403: ErrorsSerializer,
            404: ErrorsSerializer,
            429: ErrorsSerializer,
        },
    )
    def get(self, request: Request, reference: str) -> Response:
        user = current_user(request)
        return Response(case_body(get_case(user, reference), Actor.staff(user)))
