"""Serializers that refuse what they don't know, and texts that are kept as they came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from complaints.selectors.taxonomy import known_category, known_issue
from complaints.services.conversation import LONGEST_MESSAGE


class StrictSerializer(serializers.Serializer):
    """Refuses fields that it doesn't name: a typing error is told, and nothing is smuggled in."""

    default_error_messages = {"unknown": _("没有这个字段。")}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, Mapping):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            unknown = [name for name in data if name not in writable]
            if unknown:
                message = str(self.error_messages["unknown"])
                raise serializers.ValidationError(
                    {name: [message] for name in unknown}, code="unknown"
                )
        return super().to_internal_value(data)


class TextField(serializers.CharField):
    """Text that is stored exactly as it came; required text must say something."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("trim_whitespace", False)
        kwargs.setdefault("max_length", LONGEST_MESSAGE)
        if not kwargs.get("required", True):
            kwargs.setdefault("allow_blank", True)
            kwargs.setdefault("default", "")
            del kwargs["required"]
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        value = super().to_internal_value(data)
        if not self.allow_blank and not value.strip():
            self.fail("blank")
        return value


def choice(choices: Any, *, required: bool = False, **kwargs: Any) -> serializers.ChoiceField:
    """Return a field for one of `choices`; "" stands for none where it isn't required."""
    if required:
        return serializers.ChoiceField(choices=choices, **kwargs)
    return serializers.ChoiceField(choices=choices, allow_blank=True, default="", **kwargs)


class TermField(serializers.CharField):
    """The code of a category or issue that may be chosen now; "" stands for none."""

    default_error_messages = {"invalid_choice": _("没有这一项，或者已经停用。")}

    def __init__(self, known: Callable[[str], bool], **kwargs: Any) -> None:
        self.known = known
        if kwargs.get("required", True):
            kwargs |= {"allow_blank": True, "default": "", "required": False}
            del kwargs["required"]
        super().__init__(max_length=20, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        if value and not self.known(value):
            self.fail("invalid_choice")
        return value


def category_field(**kwargs: Any) -> TermField:
    """Return a field for a category; "" stands for none unless it may be absent."""
    return TermField(known_category, help_text="A category's code, as QUALITY.", **kwargs)


def issue_field(**kwargs: Any) -> TermField:
    """Return a field for an issue; "" stands for none unless it may be absent."""
    return TermField(known_issue, help_text="An issue's code, as DEFECT.", **kwargs)


def money() -> serializers.DecimalField:
    """Return a field for an amount that isn't negative; null for none."""
    return serializers.DecimalField(
        max_digits=12, decimal_places=2, min_value=0, allow_null=True, default=None
    )
