"""The description of the API is valid, complete, and readable without scripts."""

from __future__ import annotations

import json

import pytest
from django.urls import get_resolver
from drf_spectacular.validation import validate_schema

from config.api.steps import ALL_STEPS
from config.api.urls import urlpatterns

pytestmark = pytest.mark.django_db


@pytest.fixture
def schema(anybody):
    response = anybody.get("/api/v1/schema/", {"format": "json"})
    assert response.status_code == 200
    return json.loads(response.content)


def test_schema_is_valid_and_says_who_may(schema, recwarn):
    validate_schema(schema)
    paths = schema["paths"]
    assert paths["/api/v1/complaints/"]["post"].get("security", [{}]) == [{}]
    assert {"staffToken": []} in paths["/api/v1/cases/"]["get"]["security"]


def test_every_operation_documents_its_errors(schema):
    for path, operations in schema["paths"].items():
        for operation in operations.values():
            documented = [code for code in operation["responses"] if int(code) >= 400]
            assert documented, path
            for code in documented:
                content = operation["responses"][code]["content"]["application/json"]
                assert content["schema"]["$ref"].endswith("/Errors"), (path, code)


def test_every_address_is_described(schema):
    hidden = {"docs", "schema", "unknown"}
    assert len(schema["paths"]) == len([p for p in urlpatterns if p.name not in hidden])


def test_every_step_is_described(schema):
    request = schema["paths"]["/api/v1/cases/{reference}/steps/"]["post"]["requestBody"]
    body = request["content"]["application/json"]["schema"]
    if "$ref" in body:
        body = schema["components"]["schemas"][body["$ref"].rpartition("/")[2]]
    assert set(body["discriminator"]["mapping"]) == set(ALL_STEPS)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_page_lists_every_operation_under_the_strict_policy(client, language):
    response = client.get("/api/v1/", headers={"Accept-Language": language})
    page = response.content.decode()
    assert response.status_code == 200
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    for name in ("complaint_submit", "complaint_track", "case_list", "case_read", "case_step"):
        assert f'id="{name}"' in page
    for step in ALL_STEPS:
        assert f"<code>{step}</code>" in page
    assert " style=" not in page


@pytest.mark.parametrize("path", ["nothing/", "cases/RD-2026-1", "complaints/x/track/"])
def test_unknown_addresses_are_answered_in_json(anybody, path):
    for method in (anybody.get, anybody.post):
        response = method(f"/api/v1/{path}")
        assert response.status_code == 404
        assert response.json()["errors"][0]["code"] == "not_found"


def test_api_has_its_own_name_space():
    assert "api" in get_resolver().namespace_dict
