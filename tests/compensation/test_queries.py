"""Reads ask the same few questions, however much there is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.states import Role
from compensation import selectors as compensation
from compensation.services.answering import counter
from compensation.services.offering import send_offer
from complaints.actors import Actor
from complaints.models import Case
from liability import selectors as liability
from liability.services.findings import determine_liability
from liability.services.investigating import add_note, reinvestigate
from tests.compensation.makers import approved_plan, offer_of, offered_case
from tests.factories import staff
from tests.liability.makers import (
    determined_case,
    hear_respondent,
    investigating_case,
    inward,
    liable,
    outward,
)

pytestmark = pytest.mark.django_db


def asked(read, *args) -> int:
    """Say how many queries a read takes."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read(*args)
    return len(queries)


def much_negotiated(case: Case) -> Case:
    """The same case after two more offers."""
    for text in ("再加一点", "再快一点"):
        case = counter(case, by=Actor.consumer(), offer=offer_of(case), text=text)
        case = send_offer(case, by=staff(Role.AGENT), plan=approved_plan(case))
    return case


def test_panels_of_compensation_do_not_grow() -> None:
    case, agent = offered_case(), staff(Role.AGENT)
    before = [
        asked(compensation.case_panel, case, agent),
        asked(compensation.consumer_panel, case),
        asked(compensation.next_action, case, agent),
    ]

    case = much_negotiated(case)

    assert before == [
        asked(compensation.case_panel, case, agent),
        asked(compensation.consumer_panel, case),
        asked(compensation.next_action, case, agent),
    ]


def test_the_next_step_is_known_after_one_question() -> None:
    agent = staff(Role.AGENT)

    assert asked(compensation.next_action, offered_case(), agent) == 1
    assert asked(compensation.next_action, determined_case(), agent) == 2
    assert asked(liability.next_action, investigating_case(), staff(Role.INVESTIGATOR)) == 2
    assert asked(liability.next_action, offered_case(), agent) == 0


def test_panels_of_liability_do_not_grow() -> None:
    case, agent = determined_case(), staff(Role.AGENT)
    before = [asked(liability.case_panel, case, agent), asked(liability.consumer_panel, case)]

    case = reinvestigate(case, by=agent, reason="新证据")
    for number in range(3):
        add_note(case, by=staff(Role.INVESTIGATOR), text=f"记录 {number}")
        hear_respondent(case, "甲")
    shares = [outward(), inward("supplier", "60", name="甲"), inward("production_dept", "40")]
    case = determine_liability(case, by=staff(Role.INVESTIGATOR), finding=liable(*shares))

    after = [asked(liability.case_panel, case, agent), asked(liability.consumer_panel, case)]
    assert after == before
