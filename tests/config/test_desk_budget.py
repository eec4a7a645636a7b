"""A case's page costs at most ten statements in every stage, however long its history is."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.services.conversation import write_note
from tests.agreements import makers as agreements
from tests.compensation import makers as compensation
from tests.factories import make_case, make_user
from tests.liability import makers as liability
from tests.reviews import makers as reviews

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def steady_clock(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the database's clock before statements are counted, not once a minute among them."""
    monkeypatch.setattr("complaints.moments._REFRESH_SECONDS", float("inf"))
    now()


STAGES: dict[str, Callable[[], Case]] = {
    "received": make_case,
    "danger": lambda: make_case(danger=True),
    "accepted": liability.accepted_case,
    "investigating": liability.investigating_case,
    "determined": liability.determined_case,
    "offered": compensation.offered_case,
    "chosen": compensation.chosen_case,
    "drafted": lambda: agreements.drafted().case,
    "signing": lambda: agreements.offered().case,
    "fulfilling": agreements.fulfilling_case,
    "following_up": agreements.following_case,
    "under_review": lambda: reviews.requested().case,
    "panel": lambda: reviews.assigned()[0].case,
    "mediating": lambda: reviews.mediation().case,
}


OTHER_ROLES = (Role.AGENT, Role.INVESTIGATOR)


def statements(client: Client, case: Case) -> int:
    address = f"/desk/cases/{case.reference}/"
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


# A manager's page holds all that the others' do.
ROLES = [Role.MANAGER, *(pytest.param(role, marks=pytest.mark.long) for role in OTHER_ROLES)]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("stage", STAGES)
def test_page_stays_within_ten_statements(client: Client, stage: str, role: Role) -> None:
    case, user = STAGES[stage](), make_user(role)
    client.force_login(user)
    few = statements(client, case)
    assert few <= 10
    for number in range(50):
        write_note(case, by=Actor.staff(user), body=f"第 {number} 条")
    assert statements(client, case) == few


def test_three_hundred_entries_cost_no_more_than_thirty(client: Client) -> None:
    case, user = make_case(), make_user(Role.MANAGER)
    client.force_login(user)
    counts = []
    for entries in (30, 270):
        for number in range(entries):
            write_note(case, by=Actor.staff(user), body=f"第 {number} 条")
        counts.append(statements(client, case))
    assert counts[0] == counts[1] <= 10
