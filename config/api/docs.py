"""The schema, and a page that shows it without any script."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

_METHODS = ("get", "post", "put", "patch", "delete")


class BearerTokenScheme(OpenApiAuthenticationExtension):
    """How the schema names the tokens of staff."""

    target_class = "complaints.api.doors.BearerToken"
    name = "staffToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class SchemaView(SpectacularAPIView):
    """The OpenAPI description, as YAML or JSON."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = ()


class NotFoundView(APIView):
    """Any other address of the API: refused in the API's own words."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = ()
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404

    def get(self, request: Request) -> Response:
        raise Http404


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """List the operations with their fields and answers, in the language of the page."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    components = schema["components"]["schemas"]
    context = {
        "operations": [
            _operation(path, method, found[method], components)
            for path, found in schema["paths"].items()
            for method in _METHODS
            if method in found
        ],
        "language": get_language(),
    }
    return render(request, "api/docs.html", context)


def _operation(
    path: str, method: str, operation: dict[str, Any], components: dict[str, Any]
) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return {
        "id": operation["operationId"],
        "path": path,
        "method": method.upper(),
        "summary": operation.get("summary", ""),
        "description": operation.get("description", ""),
        "needs_token": bool(operation.get("security")) and {} not in operation["security"],
        "parameters": [
            {
                "name": parameter["name"],
                "place": parameter["in"],
                "type": _type(parameter.get("schema", {})),
                "required": parameter.get("required", False),
            }
            for parameter in operation.get("parameters", [])
        ],
        "bodies": _bodies(content.get("schema", {}), components),
        "answers": sorted(operation["responses"]),
    }


def _bodies(schema: dict[str, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the body's fields; a body of several kinds gives one list for each."""
    mapping = schema.get("discriminator", {}).get("mapping")
    if mapping is None and "$ref" in schema:
        mapping = components[_name(schema)].get("discriminator", {}).get("mapping")
    if mapping:
        return [
            {"title": name, "fields": _fields(components[reference.rpartition("/")[2]])}
            for name, reference in mapping.items()
        ]
    return [{"title": "", "fields": _fields(components[_name(schema)])}] if schema else []


def _name(schema: dict[str, Any]) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    required = schema.get("required", [])
    return [
        {
            "name": name,
            "type": _type(field),
            "required": name in required,
            "help": field.get("description", ""),
        }
        for name, field in schema.get("properties", {}).items()
    ]


def _type(field: dict[str, Any]) -> str:
    if "$ref" in field:
        return _name(field)
    for key in ("allOf", "oneOf", "anyOf"):
        if key in field:
            return " | ".join(_type(one) for one in field[key])
    if field.get("type") == "array":
        return f"[{_type(field['items'])}]"
    if "enum" in field:
        return " | ".join(str(one) for one in field["enum"] if one not in ("", None))
    return str(field.get("format") or field.get("type", ""))
