"""Answers to what went wrong, all in one shape: {"errors": [{"field", "code", "message"}]}."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from complaints.errors import (
    AlreadyTaken,
    CaseErased,
    CaseError,
    IntakeConflict,
    StaleCase,
    StepForbidden,
    StepNotAllowed,
    TooManyAttempts,
)
from documents.errors import FileRefused

_STATUS: list[tuple[type[CaseError], int, str]] = [
    (CaseErased, 410, "erased"),
    (StaleCase, 409, "stale"),
    (AlreadyTaken, 409, "already_taken"),
    (StepNotAllowed, 409, "step_not_allowed"),
    (StepForbidden, 403, "permission_denied"),
    (TooManyAttempts, 429, "throttled"),
    (IntakeConflict, 422, "idempotency_key_reused"),
    (CaseError, 400, "refused"),
]


class ErrorSerializer(serializers.Serializer):
    """One thing that is wrong."""

    field = serializers.CharField(help_text='The input at fault, as "contact.phone"; "" for none.')
    code = serializers.CharField(help_text="For programs; does not change with the language.")
    message = serializers.CharField(help_text="For people, in the language of the request.")


class ErrorsSerializer(serializers.Serializer):
    """What every answer from 400 on carries."""

    errors = ErrorSerializer(many=True)


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer for an error raised in an API view; None leaves it to Django."""
    if isinstance(error, CaseError):
        return _of_case_error(error)
    if isinstance(error, FileRefused):
        status = 413 if error.code == "too_large" else 400
        return Response(
            {"errors": [_printable("file", error.code, str(error.message))]}, status=status
        )
    response = exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, exceptions.APIException):
        found = list(_flattened(error.detail, error.get_codes(), ""))
        response.data = {"errors": [_printable(*one) for one in found]}
    return response


def _of_case_error(error: CaseError) -> Response:
    status, code = next((status, code) for kind, status, code in _STATUS if isinstance(error, kind))
    body: dict[str, Any] = {"errors": [_printable(error.field or "", code, str(error))]}
    if isinstance(error, StaleCase):
        body["version"] = error.current
    return Response(body, status=status)


def _flattened(detail: Any, codes: Any, field: str) -> Iterator[tuple[str, str, str]]:
    """Give every message with the path of its field and its code."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            own = "" if name == "non_field_errors" else str(name)
            path = ".".join(part for part in (field, own) if part)
            yield from _flattened(inner, codes[name], path)
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            path = f"{field}.{number}" if isinstance(inner, dict) else field
            yield from _flattened(inner, codes[number], path)
    else:
        yield field, str(codes), str(detail)


def _printable(field: str, code: str, message: str) -> dict[str, str]:
    """Messages may quote what came in, and that need not be text that can be sent back."""
    values = {"field": field, "code": code, "message": message}
    return {
        name: value.encode("utf-8", "backslashreplace").decode() for name, value in values.items()
    }
