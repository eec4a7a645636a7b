"""Steps of the API about the bodies that handed a case on."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints.actors import Actor
from complaints.api.fields import TextField
from complaints.api.steps import SeenStepSerializer, Step
from complaints.models import Case
from complaints.permissions import Permission
from complaints.services.outside import (
    OutsideBody,
    add_body,
    answer_outside,
    set_outside_deadline,
)
from complaints.states import OUTSIDE_CHANNELS

_BODY = "The body's `number` in `external_bodies`; may be left out where there is one only."


class AddBodyFacts(SeenStepSerializer):
    """Another body handed the case on, under a number of its own."""

    channel = serializers.ChoiceField(
        choices=[(each.value, each.label) for each in OUTSIDE_CHANNELS]
    )
    body = TextField(max_length=80)
    reference = TextField(max_length=80)
    deadline = serializers.DateTimeField(
        allow_null=True, default=None, help_text="By when it wants an answer; runs its own clock."
    )


def _add(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Case:
    outside = OutsideBody(
        name=facts["body"], reference=facts["reference"], deadline=facts["deadline"]
    )
    return add_body(case, outside, channel=facts["channel"], by=by, seen=seen)


class AnswerBodyFacts(SeenStepSerializer):
    """A body was answered: its clock stops, those of others run on."""

    note = TextField()
    body = serializers.IntegerField(allow_null=True, default=None, min_value=0, help_text=_BODY)


def _answer(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Case:
    return answer_outside(case, note=facts["note"], body=facts["body"], by=by, seen=seen)


class BodyDeadlineFacts(SeenStepSerializer):
    """By when a body wants an answer; an earlier deadline of it gives way."""

    deadline = serializers.DateTimeField()
    body = serializers.IntegerField(allow_null=True, default=None, min_value=0, help_text=_BODY)


def _deadline(case: Case, by: Actor, facts: dict[str, Any], seen: int | None) -> Case:
    return set_outside_deadline(
        case, deadline=facts["deadline"], body=facts["body"], by=by, seen=seen
    )


STEPS: dict[str, Step] = {
    "add_external": Step(AddBodyFacts, _add, permission=Permission.HANDLE_CASE),
    "answer_external": Step(AnswerBodyFacts, _answer, permission=Permission.HANDLE_CASE),
    "external_deadline": Step(BodyDeadlineFacts, _deadline, permission=Permission.HANDLE_CASE),
}
