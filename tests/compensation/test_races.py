"""Two people at once: whoever is faster wins, the other is told, and nothing is done twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from accounts.states import Role
from compensation.models import Offer, OfferReply
from compensation.services.answering import accept_option
from compensation.services.offering import expire_offers, send_offer, withdraw_offer
from compensation.states import OfferStatus
from complaints import moments
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, CaseEvent, Clock
from complaints.services.events import broken_link
from complaints.states import ClockState
from tests.compensation.makers import approved_plan, offer_of, offered_case
from tests.factories import staff
from tests.liability.makers import determined_case

pytestmark = pytest.mark.django_db(transaction=True)


def race(*steps: Callable[[], Any]) -> list[Any]:
    """Run steps at once, each with a connection of its own; a refusal counts as its result."""
    start, results = threading.Barrier(len(steps)), [None] * len(steps)

    def run(place: int, step: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=20)
            results[place] = step()
        except CaseError as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(steps)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def choose(case: Case, position: int = 1) -> Callable[[], Case]:
    offer = offer_of(case)
    option = offer.plan.options.get(position=position)
    return lambda: accept_option(
        case, by=Actor.consumer(), offer=offer, option=option, seen_digest=offer.content_digest
    )


def check_whole(case: Case) -> None:
    """One clock of the negotiation runs, and the log is unbroken."""
    assert Clock.objects.filter(case=case, state=ClockState.RUNNING).count() == 1
    assert broken_link(case) is None


def test_a_choice_and_a_withdrawal_end_in_one_of_both() -> None:
    case = offered_case()
    offer, agent = offer_of(case), staff(Role.AGENT)

    results = race(
        choose(case),
        lambda: withdraw_offer(case, by=agent, offer=offer, reason="漏算了运费"),
    )

    offer.refresh_from_db()
    refused = [result for result in results if isinstance(result, CaseError)]
    assert len(refused) == 1
    expected = OfferStatus.WITHDRAWN if refused[0] is results[0] else OfferStatus.ACCEPTED
    assert offer.status == expected
    check_whole(case)


def test_the_same_choice_many_times_is_one_choice() -> None:
    case = offered_case()

    race(*[choose(case) for _ in range(6)])

    assert OfferReply.objects.count() == 1
    assert CaseEvent.objects.filter(case=case, kind="offer_accepted").count() == 1
    check_whole(case)


def test_an_offer_ends_once_however_many_sweeps_run() -> None:
    case = offered_case()
    moments.shift_to(offer_of(case).expires_at + timedelta(seconds=1))

    results = race(*[expire_offers for _ in range(4)])

    assert sum(results) == 1
    assert CaseEvent.objects.filter(case=case, kind="offer_expired").count() == 1
    check_whole(case)


def test_at_the_end_a_choice_never_meets_an_expiry() -> None:
    case = offered_case()
    moments.shift_to(offer_of(case).expires_at)

    results = race(choose(case), expire_offers)

    assert isinstance(results[0], CaseError)
    assert offer_of(case).status == OfferStatus.EXPIRED
    check_whole(case)


def test_a_plan_sent_twice_at_once_is_one_offer() -> None:
    case = determined_case()
    plan, agents = approved_plan(case), [staff(Role.AGENT) for _ in range(3)]

    results = race(*[lambda by=by: send_offer(case, by=by, plan=plan) for by in agents])

    assert Offer.objects.count() == 1
    assert sum(isinstance(result, CaseError) for result in results) == 2
    check_whole(case)
