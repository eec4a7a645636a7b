"""Each page that the URL conf knows: for the right people only, and never by a forged request."""

import pytest
from django.test import Client

from accounts.states import Role
from tests.factories import make_case, make_team, make_user
from tests.site.addresses import addresses

pytestmark = pytest.mark.django_db

ALL = addresses()
STAFF = [address for address in ALL if address.audience == "staff"]
CONSUMERS = [address for address in ALL if address.audience == "consumer"]
GUESTS = [address for address in ALL if address.audience == "guest"]
LOG_IN = "/account/login/"


@pytest.fixture
def case():
    make_team(manager=make_user(Role.MANAGER), is_default=True)
    return make_case()


def test_no_page_is_forgotten():
    assert [address.name for address in ALL if address.audience is None] == []
    assert len(STAFF) > 60
    assert len(CONSUMERS) > 15


def test_strangers_never_see_a_page_of_the_staff(client, case):
    open_to_all = []
    for address in STAFF:
        answer = client.get(address.path(reference=case.reference))
        refused = answer.status_code in (403, 404, 405)
        sent_to_log_in = answer.status_code == 302 and answer["Location"].startswith(LOG_IN)
        if not refused and not sent_to_log_in:
            open_to_all.append((address.name, answer.status_code))
    assert open_to_all == []


def test_a_case_is_not_there_for_those_who_were_not_let_in(client, case):
    shown = []
    for address in CONSUMERS + GUESTS:
        answer = client.get(address.path(reference=case.reference))
        if answer.status_code not in (302, 404, 405) or case.title in answer.content.decode():
            shown.append((address.name, answer.status_code))
    assert shown == []


def test_forged_requests_are_refused(case):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user(Role.MANAGER))
    taken = []
    for address in STAFF + CONSUMERS:
        answer = browser.post(address.path(reference=case.reference))
        if answer.status_code not in (403, 404, 405):
            taken.append((address.name, answer.status_code))
    assert taken == []


def test_every_answer_carries_the_protecting_headers(client, case):
    lacking = []
    for address in ALL:
        if address.audience in ("public", "account", "consumer"):
            answer = client.get(address.path(reference=case.reference))
            lacking += [(address.name, lack) for lack in lacks(answer)]
            if address.audience == "consumer" and "no-store" not in answer["Cache-Control"]:
                lacking.append((address.name, "no-store"))
    assert lacking == []


def lacks(answer):
    """Name what an answer lacks of the headers that protect it."""
    policy = answer["Content-Security-Policy"]
    rules = {
        "default-src": "default-src 'none'" in policy,
        "no unsafe": "unsafe" not in policy,
        "frame-ancestors": "frame-ancestors 'none'" in policy,
        "nosniff": answer["X-Content-Type-Options"] == "nosniff",
        "referrer": answer["Referrer-Policy"] in ("same-origin", "no-referrer"),
    }
    return [name for name, kept in rules.items() if not kept]
