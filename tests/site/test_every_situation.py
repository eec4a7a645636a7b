"""Every address, for a case in every situation: never an error, nothing changed, nothing stored.

One world is kept for the whole file and rolled back at its end; opening pages must not change it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from accounts.states import Role
from agreements.models import Signer
from complaints.models import Case
from complaints.moments import now
from reviews.access import let_in
from reviews.models import Mediation
from tests.factories import make_team, make_user
from tests.liability.doors import consumer_client, staff_client
from tests.process.traces import differences, snapshot
from tests.site.addresses import Address, addresses
from tests.site.places import is_about_a_case, paths
from tests.site.world import SITUATIONS, Cases

pytestmark = pytest.mark.slow
ALL = addresses()
STAFF = [address for address in ALL if address.audience == "staff"]
CONSUMER = [address for address in ALL if address.audience == "consumer"]
GUEST = [a for a in ALL if a.audience == "guest" and is_about_a_case(a)]
TELLING = {"emergency", "offered", "to_sign", "breached", "under_review"}
SITUATIONS_TO_TRY = [
    pytest.param(name, marks=[] if name in TELLING else pytest.mark.long) for name in SITUATIONS
]
ALWAYS = ("received", "late", "guided", "mediating")  # looked at from other cases' tests
COUNTERS = frozenset({"django_session", "complaints_attempt", "complaints_custodyentry"})
"""Not the pages' own: sessions, attempts, and the ledger of who looked at which evidence."""
ELSEWHERE = {"origin": "https://evil.test", "sec-fetch-site": "cross-site"}
"""What browsers tell of a form that stands on somebody else's page."""
ANSWERS = {200, 204, 302, 303, 403, 404, 405, 409, 410}


@dataclass
class World:
    """Cases by situation, a browser of somebody with every role, and one for each role."""

    cases: Cases
    everybody: Client
    members: dict[str, Client] = field(default_factory=dict)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world, rolled back at the end of the file."""
    with django_db_blocker.unblock(), transaction.atomic():
        make_team(manager=make_user(Role.MANAGER), is_default=True)
        people = {str(role): staff_client(role) for role in Role}
        yield World(Cases(), staff_client(*Role), people)
        transaction.set_rollback(True)
    connection.close()


@pytest.fixture
def made(world: World, request: pytest.FixtureRequest) -> None:
    """The cases that the test looks at, made before its own savepoint."""
    parameters = getattr(request.node, "callspec", None)
    situation = parameters.params.get("situation") if parameters else None
    for name in (*ALWAYS, *filter(None, [situation])):
        assert world.cases[name].pk
    # The first opening of a text to sign is kept as a proof; here every side has opened it before.
    Signer.objects.filter(opened_at=None, signed_at=None).update(opened_at=now())


@pytest.fixture(autouse=True)
def unchanged(made: None, db: None) -> Iterator[None]:
    """Looking changes nothing: no row of any table, whoever looks, but in logs of looking."""
    before = snapshot(beside=COUNTERS)
    yield
    assert differences(before, snapshot(beside=COUNTERS)) == {}


def opened(client: Client, listed: list[Address], case: Case) -> Iterator[tuple[str, HttpResponse]]:
    """Open every path of the addresses for a case."""
    client.raise_request_exception = False
    for address in listed:
        for path in paths(address, case):
            yield path, client.get(path)


def held(response: HttpResponse) -> list[str]:
    """What an answer lacks of the headers that protect it."""
    policy = response.get("Content-Security-Policy", "")
    lacks = []
    if "default-src 'none'" not in policy or "unsafe" in policy:
        lacks.append(f"policy {policy}")
    if "frame-ancestors 'none'" not in policy or response.get("X-Frame-Options") != "DENY":
        lacks.append("framing")
    if response.get("X-Content-Type-Options") != "nosniff":
        lacks.append("nosniff")
    if response.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        lacks.append("referrer")
    return lacks


@pytest.mark.parametrize("situation", SITUATIONS_TO_TRY)
def test_staff_pages_of_a_case_open_or_refuse(world: World, situation: str) -> None:
    """D1, E15: with every role, each page of the case answers, guarded, and stored by nobody."""
    about_a_case = [address for address in STAFF if is_about_a_case(address)]
    wrong = [
        (path, response.status_code, held(response), response.get("Cache-Control"))
        for path, response in opened(world.everybody, about_a_case, world.cases[situation])
        if response.status_code not in ANSWERS
        or held(response)
        or "no-store" not in response.get("Cache-Control", "")
    ]
    assert wrong == []


@pytest.mark.parametrize("situation", SITUATIONS_TO_TRY)
def test_consumer_pages_open_for_the_consumer_and_for_nobody_else(
    world: World, situation: str
) -> None:
    """D1: another consumer, a stranger and a member of staff find nothing there, whoever asks."""
    case, cases = world.cases[situation], world.cases
    owner = consumer_client(case)
    other = consumer_client(cases["late" if situation == "received" else "received"])
    wrong = [
        (path, response.status_code, held(response))
        for path, response in opened(owner, CONSUMER, case)
        if response.status_code not in ANSWERS - {403}
        or held(response)
        or "no-store" not in response.get("Cache-Control", "")
    ]
    for client in (other, Client(), world.everybody):
        wrong += [
            (path, response.status_code, ["open to others"])
            for path, response in opened(client, CONSUMER, case)
            if response.status_code not in {404, 405}
        ]
    assert wrong == []


def test_guest_finds_one_case_and_no_other(world: World) -> None:
    """D1: an invited mediator's pages open for the one mediation and for no other."""
    cases = world.cases
    mediation = Mediation.objects.get(case=cases["guided"])
    response = HttpResponse()
    let_in(response, mediation)
    guest = Client()
    for name, morsel in response.cookies.items():
        guest.cookies[name] = morsel.value

    own = {path: answer.status_code for path, answer in opened(guest, GUEST, cases["guided"])}
    other = {path: answer.status_code for path, answer in opened(guest, GUEST, cases["mediating"])}

    assert set(own.values()) <= {200, 404, 405, 409} and 200 in own.values()
    assert set(other.values()) <= {404, 405}


def test_forged_request_reaches_nothing_outside_the_desk_either(world: World) -> None:
    """D12: without the page's token nothing is taken: the public's, accounts', guests' pages."""
    browser, case = Client(enforce_csrf_checks=True, headers=ELSEWHERE), world.cases["guided"]
    others = [a for a in ALL if a.audience in {"public", "account", "guest", "administrator"}]
    tried = {
        path: browser.post(path).status_code for address in others for path in paths(address, case)
    }
    assert len(tried) > 50
    assert {path: status for path, status in tried.items() if status not in {403, 404, 405}} == {}


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_each_role_opens_what_it_may_and_is_told_what_not(world: World, role: Role) -> None:
    """D1: with one role each page opens, refuses in words, or is not there; it never breaks."""
    wrong = []
    for path, response in opened(world.members[role], STAFF, world.cases["guided"]):
        if response.status_code not in ANSWERS:
            wrong.append((path, response.status_code))
        if response.status_code == 403 and "你的角色" not in response.content.decode():
            wrong.append((path, "no words"))
    assert wrong == []
