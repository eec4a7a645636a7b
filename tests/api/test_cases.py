"""The queue and one case, for staff with a token."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from accounts.models import ApiToken
from accounts.services import issue_token, revoke_token
from complaints.moments import now, shift_to
from complaints.services.conversation import write_note
from tests.complaints.imported import imported_case
from tests.complaints.walking import case_in, follow
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db
CASES = "/api/v1/cases/"


def listed(client, **query) -> list[str]:
    """Walk all pages of the queue."""
    found, cursor = [], None
    while True:
        page = client.get(CASES, {**query, **({"cursor": cursor} if cursor else {})}).json()
        found += [row["reference"] for row in page["results"]]
        cursor = page["next"]
        if cursor is None:
            return found


def test_queue_is_walked_by_cursor_in_the_order_of_time_left(login):
    first = make_case()
    undated = imported_case(received_at=now() - timedelta(days=400))
    shift_to(now() + timedelta(hours=1))
    rest = [make_case() for _number in range(4)]
    expected = [case.reference for case in [first, *rest, undated]]
    agent = login("agent")
    for size in (1, 2, 3, 50):
        assert listed(agent, size=size) == expected


def test_queue_is_narrowed(login):
    agent = login("agent")
    case, other = make_case(danger=True), make_case()
    third = follow(make_case(), "accept")
    assert listed(agent, urgency="emergency") == [case.reference]
    assert listed(agent, stage="accepted") == [third.reference]
    assert listed(agent, owner="none", stage="received") == [case.reference, other.reference]
    assert listed(agent, owner=agent.user.username) == []
    assert listed(agent, q=other.reference) == [other.reference]
    assert listed(agent, received_to="2001-01-01") == []
    assert listed(agent, view="ended") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "fDk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"}, "cursor"),
        ({"size": "0"}, "size"),
        ({"size": "100000"}, "size"),
        ({"stage": "lost"}, "stage"),
        ({"order_by": "password"}, "order_by"),
        ({"owner__password__startswith": "a"}, "owner__password__startswith"),
        ({"_connector": "OR 1=1"}, "_connector"),
        ({"q": "a\x00b"}, "q"),
        ({"received_from": "0001-01-01"}, "received_from"),
    ],
)
def test_queue_refuses_what_it_does_not_know(login, query, field):
    response = login("agent").get(CASES, query)
    assert response.status_code == 400
    assert {error["field"] for error in response.json()["errors"]} == {field}


def test_case_is_read_with_what_may_be_done(login):
    case = write_note(make_case(), by=staff("agent"), body="先打电话")
    shown = login("agent").get(f"{CASES}{case.reference}/").json()
    assert shown["stage"] == {"code": "received", "label": "已收到"}
    assert shown["steps"] == ["accept", "decline", "merge", "withdraw"]
    assert [clock["kind"] for clock in shown["clocks"]] == ["acknowledgement"]
    assert [message["body"] for message in shown["messages"]] == ["先打电话"]
    assert [event["kind"] for event in shown["events"]] == ["note", "received"]
    assert "13812345678" not in str(shown)
    assert "contact" not in shown


def test_case_that_is_not_theirs_to_see_is_answered_like_an_unknown_one(login):
    finance, case = login("finance"), make_case()
    answers = [finance.get(f"{CASES}{name}/") for name in (case.reference, "RD-1999-000001")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert listed(finance) == []
    paid = case_in("fulfilling")
    assert finance.get(f"{CASES}{paid.reference}/").status_code == 200


@pytest.mark.parametrize("reference", ["%00", "RD-2026-%ED%A0%80", "1", "RD-2026-1%27--", "../x"])
def test_odd_addresses_are_unknown(login, reference):
    response = login("agent").get(f"{CASES}{reference}/")
    assert response.status_code == 404
    assert response.json()["errors"]


def test_nobody_gets_in_without_a_token(anybody):
    case = make_case()
    for url in (CASES, f"{CASES}{case.reference}/"):
        response = anybody.get(url)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"
    anybody.credentials(HTTP_AUTHORIZATION="Bearer rdt_wrong")
    assert anybody.get(CASES).status_code == 401


def test_token_ends_with_its_time_its_person_or_its_revocation():
    user = make_user("agent")
    client = APIClient()

    def status(token):
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
        return client.get(CASES).status_code

    expired = issue_token(user, label="old", expires_at=now() - timedelta(days=1))
    token = issue_token(user, label="new")
    assert (status(expired), status(token)) == (401, 200)
    revoke_token(ApiToken.objects.get(label="new"))
    assert status(token) == 401
    token = issue_token(user, label="newer")
    user.is_active = False
    user.save(update_fields=["is_active"])
    assert status(token) == 401


def test_token_is_made_by_command_and_kept_only_hashed(capsys):
    user = make_user("agent")
    call_command("create_api_token", user.username, label="robot")
    token = capsys.readouterr().out.strip()
    stored = ApiToken.objects.get()
    assert token not in (stored.digest, stored.label)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"bearer {token}")
    assert client.get(CASES).status_code == 200
    with pytest.raises(CommandError):
        call_command("create_api_token", "nobody")


def test_session_of_the_desk_works_and_needs_its_csrf_token():
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(make_user("agent"))
    assert client.get(CASES).status_code == 200
    url = f"{CASES}{make_case().reference}/steps/"
    assert client.post(url, {"step": "note", "body": "x"}, format="json").status_code == 403


def test_statements_do_not_grow_with_the_queue(login, django_assert_num_queries):
    agent = login("agent")
    for _number in range(3):
        make_case()
    with django_assert_num_queries(2):
        agent.get(CASES)
    for _number in range(10):
        make_case()
    with django_assert_num_queries(2):
        agent.get(CASES)
