"""Submitting through the API: once for each key, nothing smuggled in, never a 500."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle

from complaints.models import Case, OutboxMessage
from complaints.services.entrance import case_of_secret
from complaints.states import Stage, Urgency

pytestmark = pytest.mark.django_db
URL = "/api/v1/complaints/"


def body(**changes):
    return {
        "description": "烧水时底座不加热。",
        "contact": {"name": "周小华", "phone": "13812345678"},
        **changes,
    }


def submit(client, data, *, key: str | None = None):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(URL, data, format="json", headers=headers)


def errors(response):
    return {(error["field"], error["code"]) for error in response.json()["errors"]}


def test_complaint_is_received_and_its_secret_opens_it(anybody):
    response = submit(anybody, body(danger=True, amount_paid="1299.00", channel="online_chat"))
    assert response.status_code == 201
    case = Case.objects.get(reference=response.json()["reference"])
    assert case_of_secret(response.json()["secret"]) == case
    assert (case.stage, case.urgency, case.channel) == (
        Stage.RECEIVED,
        Urgency.EMERGENCY,
        "online_chat",
    )
    assert str(case.amount_paid) == "1299.00"
    assert OutboxMessage.objects.filter(case=case, kind="received").count() == 1


def test_same_key_and_body_is_the_same_case(anybody):
    first = submit(anybody, body(), key="a-key-of-mine")
    again = submit(anybody, body(), key="a-key-of-mine")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["reference"] == first.json()["reference"]
    assert again.json()["secret"] == ""
    assert Case.objects.count() == 1


def test_same_key_with_another_body_is_refused(anybody):
    submit(anybody, body(), key="a-key-of-mine")
    other = submit(anybody, body(title="另一件事"), key="a-key-of-mine")
    assert other.status_code == 422
    assert errors(other) == {("idempotency_key", "idempotency_key_reused")}
    assert Case.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_with_the_same_key_make_one_case(monkeypatch):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "intake", None)

    def race(_number):
        try:
            return submit(APIClient(), body(), key="a-key-of-mine")
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=16) as pool:
        answers = list(pool.map(race, range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert Case.objects.count() == 1


@pytest.mark.parametrize("key", ["short", "with space", "x" * 201, "schlüssel-é"])
def test_key_of_another_shape_is_refused(anybody, key):
    response = submit(anybody, body(), key=key)
    assert response.status_code == 400
    assert errors(response) == {("idempotency_key", "invalid")}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"description": "  "}, ("description", "blank")),
        ({"description": None}, ("description", "null")),
        ({"contact": {"name": "周"}}, ("contact.phone", "invalid")),
        ({"contact": {"name": "周", "email": "no"}}, ("contact.email", "invalid")),
        ({"contact": "me"}, ("contact", "invalid")),
        ({"occurred_on": "2999-01-01"}, ("occurred_on", "in_future")),
        ({"occurred_on": "yesterday"}, ("occurred_on", "invalid")),
        ({"amount_paid": "-1"}, ("amount_paid", "min_value")),
        ({"amount_paid": "1e308"}, ("amount_paid", "max_digits")),
        ({"amount_paid": "NaN"}, ("amount_paid", "invalid")),
        ({"category": "PRICE", "issue": "DEFECT"}, ("issue", "invalid")),
        ({"channel": "import"}, ("channel", "invalid_choice")),
        ({"title": "字" * 121}, ("title", "max_length")),
    ],
)
def test_wrong_input_names_its_field(anybody, changes, expected):
    response = submit(anybody, body(**changes))
    assert response.status_code == 400
    assert errors(response) == {expected}
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        "stage",
        "owner",
        "amount_agreed",
        "is_staff",
        "version",
        "severity",
        "reference",
        "tier",
        "source_system",
        "intake_key",
        "team_id",
    ],
)
def test_unknown_fields_are_refused(anybody, name):
    response = submit(anybody, body(**{name: "closed"}))
    assert response.status_code == 400
    assert errors(response) == {(name, "unknown")}
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'"text"', 400),
        (b'{"description": NaN}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 200_000, 400),
        (b'{"description": "' + b"x" * 2_000_000 + b'"}', 413),
        (b'{"\\ud800": 1}', 400),
        (b'{"channel": "\\ud800"}', 400),
        (b'{"description": ' + b"9" * 5000 + b"}", 400),
    ],
)
def test_broken_bodies_are_refused_in_words(anybody, raw, status):
    response = anybody.post(URL, raw, content_type="application/json")
    assert response.status_code == status
    assert response.json()["errors"]


def test_other_content_types_and_methods_are_refused_in_words(anybody):
    assert anybody.post(URL, {"a": 1}).status_code == 415
    assert anybody.get(URL).status_code == 405
    assert anybody.put(URL, {}, format="json").json()["errors"]


ODD = st.text(st.characters(categories=["L", "M", "N", "P", "S", "Z", "C"]), max_size=60)
VALUES = st.one_of(
    ODD,
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.lists(ODD),
    st.dictionaries(ODD, ODD),
)
FIELDS = ["description", "contact", "title", "language", "issue", "wished_amount", "currency"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=3), text=ODD, odd=ODD)
def test_odd_input_is_stored_exactly_or_refused(anybody, monkeypatch, changes, text, odd):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "intake", None)
    data = body(description=text, title=odd) | changes
    response = anybody.post(URL, json.dumps(data), content_type="application/json")
    assert response.status_code in (201, 400)
    if response.status_code == 201:
        case = Case.objects.get(reference=response.json()["reference"])
        assert case.description == data["description"]
        if data.get("title"):
            assert case.title == data["title"].strip()
    else:
        assert response.json()["errors"]


def test_text_that_no_database_takes_is_a_400(anybody):
    for text in ("a\x00b", "a\ud800b"):
        raw = json.dumps(body(description=text))
        response = anybody.post(URL, raw, content_type="application/json")
        assert response.status_code == 400
        assert {error["field"] for error in response.json()["errors"]} == {"description"}


def test_too_many_are_slowed_down(anybody, monkeypatch):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "intake", "2/hour")
    for _attempt in range(2):
        assert submit(anybody, body()).status_code == 201
    response = submit(anybody, body())
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert errors(response) == {("", "throttled")}


def test_forwarded_addresses_do_not_fool_the_throttle(anybody, monkeypatch):
    monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, "intake", "1/hour")
    submit(anybody, body())
    response = anybody.post(URL, body(), format="json", headers={"X-Forwarded-For": "203.0.113.9"})
    assert response.status_code == 429


def test_a_staff_session_changes_nothing_for_the_complainant(anybody, login):
    staff = login("agent")
    response = submit(staff, body())
    assert response.status_code == 201
    event = Case.objects.get().events.get()
    assert event.actor is None
