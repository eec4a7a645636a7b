"""Each page that the URL conf knows: for the right people only, safe to open, never an error."""

import pytest
from django.test import Client

from accounts.states import Role
from complaints.models import Case, CaseEvent
from tests.factories import make_case, make_team, make_user
from tests.site.addresses import addresses

pytestmark = pytest.mark.django_db

ALL = addresses()
STAFF = [address for address in ALL if address.audience == "staff"]
CONSUMERS = [address for address in ALL if address.audience == "consumer"]
GUESTS = [address for address in ALL if address.audience == "guest"]


@pytest.fixture
def case():
    make_team(manager=make_user(Role.MANAGER), is_default=True)
    return make_case()


def named(listed):
    return pytest.mark.parametrize("address", listed, ids=lambda address: address.name)


def test_no_page_is_forgotten():
    assert [address.name for address in ALL if address.audience is None] == []
    assert len(STAFF) > 60
    assert len(CONSUMERS) > 15


@named(STAFF)
def test_strangers_never_see_a_page_of_the_staff(client, case, address):
    answer = client.get(address.path(reference=case.reference))
    assert answer.status_code in (302, 403, 404, 405)
    if answer.status_code == 302:
        assert answer["Location"].startswith("/account/login/")


@named(CONSUMERS + GUESTS)
def test_a_case_is_not_there_for_those_who_were_not_let_in(client, case, address):
    answer = client.get(address.path(reference=case.reference))
    assert answer.status_code in (302, 404, 405)
    assert case.title not in answer.content.decode()


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_pages_open_or_refuse_but_never_break(case, role):
    browser = Client(raise_request_exception=False)
    browser.force_login(make_user(role))
    broken = []
    for address in STAFF:
        path = address.path(reference=case.reference)
        answer = browser.get(path)
        if answer.status_code >= 500:
            broken.append((path, answer.status_code))
    assert broken == []


def test_opening_pages_changes_no_case(case):
    browser = Client()
    browser.force_login(make_user(Role.MANAGER, Role.AGENT, Role.REVIEWER, Role.FINANCE))
    before = (CaseEvent.objects.count(), Case.objects.values_list("version", "stage").get())
    for address in STAFF:
        browser.get(address.path(reference=case.reference))
    assert (CaseEvent.objects.count(), Case.objects.values_list("version", "stage").get()) == before


@named(STAFF + CONSUMERS)
def test_forged_requests_are_refused(case, address):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user(Role.MANAGER))
    answer = browser.post(address.path(reference=case.reference))
    assert answer.status_code in (403, 404, 405)


@named([address for address in ALL if address.audience in ("public", "account", "consumer")])
def test_every_answer_carries_the_protecting_headers(client, case, address):
    answer = client.get(address.path(reference=case.reference))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")
    if address.audience == "consumer":
        assert "no-store" in answer["Cache-Control"]
