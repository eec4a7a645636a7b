"""The supply chain over the API: taken in twice without harm, read back, looked up."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.states import Role
from complaints.models import Batch, Product
from liability.models import SerialNumber, SupplierPaper
from liability.trace_columns import TABLES
from tests.api.conftest import Login
from tests.factories import make_case, make_product

pytestmark = pytest.mark.django_db

ROWS: dict[str, dict[str, Any]] = {
    "products": {"model": "K9", "name": "电热水壶 K9", "list_price": "1299.00"},
    "batches": {"model": "K9", "batch": "B-1", "produced_on": "2026-07-22", "units_sold": 900},
    "serials": {"serial": "SN-1", "model": "K9", "batch": "B-1"},
    "supplies": {"batch": "B-1", "supplier": "华昱温控", "part": "温控器"},
    "production": {
        "batch": "B-1",
        "stage": "assembly",
        "happened_on": "2026-07-22",
        "place": "二线",
        "supplier": "华昱温控",
    },
    "papers": {
        "supplier": "华昱温控",
        "kind": "certificate",
        "number": "ISO-1",
        "title": "ISO 9001",
        "valid_from": "2025-01-01",
    },
    "tests": {
        "batch": "B-1",
        "number": "T-1",
        "tested_on": "2026-08-01",
        "laboratory": "省检",
        "subject": "耐久",
        "sampled": 32,
        "not_passed": 3,
    },
    "units": {"batch": "B-1", "since": "2026-08-01", "units": 1200},
}


@pytest.fixture
def investigator(login: Login) -> APIClient:
    return login(Role.INVESTIGATOR)


def send(client: APIClient, table: str, *rows: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/trace/{table}/", {"rows": list(rows)}, format="json")


def send_all(client: APIClient) -> list[dict[str, Any]]:
    return [send(client, table, row).json() for table, row in ROWS.items()]


def test_every_table_comes_in_and_is_known_the_second_time(investigator):
    assert list(ROWS) == list(TABLES)
    assert [answer["added"] for answer in send_all(investigator)] == [1] * len(ROWS)
    again = send_all(investigator)
    assert [(answer["added"], answer["known"], answer["bad"]) for answer in again] == [
        (0, 1, [])
    ] * len(ROWS)


@pytest.mark.parametrize("table", list(ROWS))
def test_what_came_in_is_read_back(investigator, table):
    send_all(investigator)
    [row] = investigator.get(f"/api/v1/trace/{table}/").json()["results"]
    assert set(row) == set(TABLES[table])
    assert {name: row[name] for name in ROWS[table]} == ROWS[table]


def test_bad_rows_are_told_by_place_and_the_others_kept(investigator):
    Batch.objects.create(product=make_product(), code="B-1")
    first = {"serial": "SN-1", "batch": "B-1"}
    answer = send(
        investigator,
        "serials",
        first,
        {"serial": "SN-2", "batch": "B-9"},
        first,
        {**first, "serial": "SN-3"},
    ).json()
    assert (answer["read"], answer["added"]) == (4, 2)
    assert [bad["row"] for bad in answer["bad"]] == [1, 2]
    assert "B-9" in answer["bad"][0]["reason"]
    changed = send(investigator, "serials", {**first, "sold_on": "2026-09-01"}).json()
    assert (changed["added"], len(changed["bad"])) == (0, 1)
    assert SerialNumber.objects.get(number="SN-1").sold_on is None


@pytest.mark.parametrize(
    "row",
    [
        {"serial": "SN-1"},
        {"serial": "SN-1", "batch": "B-1", "colour": "red"},
        {"serial": "SN-1", "batch": "B-1", "sold_on": "last week"},
        {"serial": "SN\x001", "batch": "B-1"},
        {"serial": 5, "batch": "B-1"},
        {"serial": "S" * 61, "batch": "B-1"},
        {},
    ],
)
def test_wrong_shape_refuses_the_call(investigator, row):
    Batch.objects.create(product=make_product(), code="B-1")
    answer = send(investigator, "serials", {"serial": "SN-0", "batch": "B-1"}, row)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].startswith("rows")
    assert not SerialNumber.objects.exists()


@pytest.mark.parametrize("body", [{}, {"rows": []}, {"rows": "x"}, {"rows": [1]}, []])
def test_body_without_rows_is_refused(investigator, body):
    assert investigator.post("/api/v1/trace/units/", body, format="json").status_code == 400


def test_too_many_rows_are_refused(investigator):
    rows = [{"model": f"M{n}", "name": "m"} for n in range(1001)]
    assert send(investigator, "products", *rows).status_code == 400
    assert not Product.objects.exists()


@pytest.mark.parametrize("name", ["valid_until", "valid_from"])
def test_paper_that_ends_before_it_begins_is_told(investigator, name):
    send(investigator, "products", ROWS["products"])
    send(investigator, "batches", ROWS["batches"])
    send(investigator, "supplies", ROWS["supplies"])
    days = {"valid_from": "2026-01-01", "valid_until": "2026-12-31"}
    days[name] = {"valid_until": "2025-01-01", "valid_from": "2027-01-01"}[name]
    answer = send(investigator, "papers", {**ROWS["papers"], **days}).json()
    assert len(answer["bad"]) == 1
    assert not SupplierPaper.objects.exists()


@pytest.mark.parametrize("role", [Role.AGENT, Role.FINANCE, Role.APPROVER])
def test_others_read_and_do_not_write(login, role):
    client = login(role)
    assert send(client, "products", ROWS["products"]).status_code == 403
    assert client.get("/api/v1/trace/products/").status_code == 200
    assert not Product.objects.exists()


def test_nobody_reads_without_a_token(anybody):
    assert anybody.get("/api/v1/trace/serials/").status_code == 401
    assert anybody.get("/api/v1/trace/", {"q": "SN-1"}).status_code == 401
    assert send(anybody, "products", ROWS["products"]).status_code == 401


def test_pages_hold_every_row_once(investigator):
    rows = [{"model": f"M{n}", "name": "m"} for n in range(7)]
    send(investigator, "products", *rows)
    seen, after = [], 0
    while after is not None:
        page = investigator.get("/api/v1/trace/products/", {"size": 3, "after": after}).json()
        seen += [row["model"] for row in page["results"]]
        after = page["next"]
    assert seen == [row["model"] for row in rows]


def test_rows_are_narrowed(investigator):
    send_all(investigator)
    other = make_product()
    Batch.objects.create(product=other, code="B-2")

    def found(**query):
        rows = investigator.get("/api/v1/trace/batches/", query).json()["results"]
        return [row["batch"] for row in rows]

    assert found(model="K9") == ["B-1"]
    assert found(batch="B-2") == ["B-2"]
    assert found(supplier="华昱温控") == []
    assert investigator.get("/api/v1/trace/batches/", {"colour": "red"}).status_code == 400


def test_one_look_up_shows_the_whole_chain(investigator):
    send_all(investigator)
    case = make_case(serial_number="SN-1")
    body = investigator.get("/api/v1/trace/", {"q": "SN-1"}).json()
    assert body["batches"] == [{"model": "K9", "batch": "B-1"}]
    trace = body["trace"]
    assert (trace["serial"], trace["units"]) == ("SN-1", 1200)
    assert trace["production"][0]["supplier"] == "华昱温控"
    assert trace["papers"][0]["number"] == "ISO-1"
    assert trace["tests"][0]["not_passed"] == 3
    assert [row["reference"] for row in trace["cases"]] == [case.reference]
    assert investigator.get("/api/v1/trace/", {"q": "nothing"}).status_code == 404
    assert investigator.get("/api/v1/trace/").status_code == 400
