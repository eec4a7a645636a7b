"""Following a case by its secret, which never stands in an address."""

from __future__ import annotations

import pytest

from complaints.actors import Actor
from complaints.services.conversation import write_message, write_note
from complaints.services.intake import submit_complaint
from tests.complaints.walking import ANYONE, follow
from tests.factories import complaint, make_case, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt():
    return submit_complaint(complaint(), by=Actor.consumer())


def track(client, reference, secret):
    return client.post(f"/api/v1/complaints/{reference}/track/", {"secret": secret}, format="json")


def test_consumer_sees_stage_turn_and_words(anybody, receipt):
    case = write_message(receipt.case, by=staff("agent"), body="我们明天上门。")
    write_note(case, by=staff("agent"), body="老客户，注意态度")
    shown = track(anybody, case.reference, receipt.secret).json()
    assert shown["stage"] == {"code": "received", "label": "已收到"}
    assert (shown["turn"], shown["due_kind"]) == ("company", "acknowledgement")
    assert [event["text"] for event in shown["events"]] == ["你提交了投诉"]
    assert [message["body"] for message in shown["messages"]] == ["我们明天上门。"]
    assert "注意态度" not in str(shown)


def test_ended_case_is_nobodys_turn(anybody, receipt):
    follow(receipt.case, "withdraw")
    shown = track(anybody, receipt.case.reference, receipt.secret).json()
    assert (shown["turn"], shown["is_open"], shown["due_at"]) == ("nobody", False, None)


def test_wrong_secret_and_unknown_reference_are_answered_alike(anybody, receipt):
    other = make_case()
    answers = [
        track(anybody, receipt.case.reference, "wrong"),
        track(anybody, other.reference, receipt.secret),
        track(anybody, "RD-1999-000001", "wrong"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("secret", ["", None, "a\x00b", 5, ["x"], "x" * 500])
def test_secret_of_another_shape_is_no_error_of_ours(anybody, receipt, secret):
    assert track(anybody, receipt.case.reference, secret).status_code in (400, 404)


def test_secret_in_the_address_opens_nothing(anybody, receipt):
    url = f"/api/v1/complaints/{receipt.case.reference}/track/?secret={receipt.secret}"
    assert anybody.post(url, {}, format="json").status_code == 400
    assert anybody.get(url).status_code == 405


def test_imported_case_cannot_be_tracked_with_nothing(anybody):
    case = make_case()
    assert track(anybody, case.reference, " ").status_code in (400, 404)
    assert ANYONE.user is None
