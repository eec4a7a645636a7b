"""Every address of an erased case: says so or is not there; never breaks or tells of anybody."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.states import Role
from complaints.models import Case
from complaints.moments import shifted_to
from tests.factories import make_user
from tests.liability.doors import consumer_client
from tests.reviews.erasure_makers import PERSON, closed_case, erased, much_later
from tests.site.addresses import Address, addresses
from tests.site.places import is_about_a_case, paths

pytestmark = pytest.mark.django_db
# The API's description has made-up examples; nothing sweeps clocks here, so nothing is ready.
NOT_ABOUT_CASES = frozenset({"api:schema", "health-ready"})


def test_no_address_breaks_or_tells(client: Client) -> None:
    case = closed_case()
    consumers = consumer_client(case)
    client.force_login(make_user(*Role, is_staff=True))
    with shifted_to(much_later(case)):
        gone = erased(case)
        problems = []
        for address in addresses():
            if address.name in NOT_ABOUT_CASES:
                continue
            for browser in (client, consumers):
                for path in _paths(address, gone)[:2]:
                    answer = browser.get(path)
                    shown = b"" if answer.streaming else answer.content
                    told = [word for word in PERSON if word.encode() in shown]
                    if answer.status_code >= 500 or told:
                        problems.append((address.name, answer.status_code, told))
    assert problems == []


def _paths(address: Address, case: Case) -> list[str]:
    found = paths(address, case) if is_about_a_case(address) else []
    return found or [address.path(reference=case.reference)]
