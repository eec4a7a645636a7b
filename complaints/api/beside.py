"""What stands beside a case in the API: what was said, what happened, who handed it on."""

from __future__ import annotations

from rest_framework import serializers


class BodySerializer(serializers.Serializer):
    """A body that handed the case on; its deadline is the clock with the same `subject`."""

    number = serializers.IntegerField(help_text="Names the body in the case; 0 is the first.")
    name = serializers.CharField()
    reference = serializers.CharField()
    subject = serializers.CharField()


class EntrySerializer(serializers.Serializer):
    """A message, or a note that stays inside."""

    kind = serializers.CharField()
    author = serializers.CharField()
    at = serializers.DateTimeField()
    body = serializers.CharField()


class EventSerializer(serializers.Serializer):
    """An event of the case's log."""

    sequence = serializers.IntegerField()
    kind = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    old_stage = serializers.CharField()
    new_stage = serializers.CharField()
    data = serializers.JSONField()
