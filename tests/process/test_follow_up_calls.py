"""回访和关怀电话: 接通、没有接通、号码不对、约好再打，各走到底；结案以后还有一个关怀电话。"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from agreements.models import CareCall, FollowUpAttempt
from complaints.models import Case
from complaints.moments import now
from complaints.states import Stage
from tests.agreements.makers import following_case
from tests.process.answers import local_input
from tests.process.consumer import ConsumerBrowser
from tests.process.officers import Manager
from tests.process.staff import Agent, the
from tests.process.surroundings import TheClock


@pytest.fixture
def asked(company: object, consumer: ConsumerBrowser) -> str:
    """A case in which everything was done and the consumer is to be asked."""
    case = following_case()
    consumer.holds(case)
    return case.reference


def tries(agent: Agent, reference: str, outcome: str, **answers: str) -> None:
    """Write down a call in which nothing could be asked."""
    page = agent.open(reverse("agreements:try", args=[reference]))
    agent.press(page, "登记", {"outcome": outcome, **answers})


def test_reached_by_telephone_closes_the_case(agent: Agent, asked: str) -> None:
    """「接通」: the list leads to the script, the answer closes the case."""
    listed = agent.open(reverse("agreements:calls"))
    assert asked in listed
    page = agent.open(reverse("agreements:follow_up", args=[asked]))
    assert "怎么说" in page
    agent.press(page, "登记回访", {"arrived": "yes", "rating": "4", "resolved": "yes"})

    assert the(asked).stage == Stage.CLOSED
    assert asked not in agent.open(reverse("agreements:calls"))


def test_nobody_answers_until_it_ends_and_is_reported(
    agent: Agent, manager: Manager, asked: str, clock: TheClock
) -> None:
    """「没有接通」×2: a day later the case closes by itself; the silence is counted."""
    tries(agent, asked, "no_answer")
    clock.passes(hours=3)
    tries(agent, asked, "no_answer")
    assert the(asked).stage == Stage.FOLLOWING_UP
    clock.passes(hours=25)

    assert the(asked).stage == Stage.CLOSED
    assert "没有" in manager.open(reverse("satisfaction"))
    assert FollowUpAttempt.objects.filter(outcome="no_answer").count() == 2


def test_wrong_number_never_ends_a_case(agent: Agent, asked: str, clock: TheClock) -> None:
    """「号码不对」: it is no try; the case waits for the right number, or the answer by link."""
    for _time in range(3):
        tries(agent, asked, "wrong", note="是别人的号码")
        clock.passes(hours=30)

    assert the(asked).stage == Stage.FOLLOWING_UP
    assert "号码不对" in agent.open(reverse("agreements:calls"))


def test_call_agreed_for_later_is_waited_for(agent: Agent, asked: str, clock: TheClock) -> None:
    """「约好再打」: unanswered tries before it do not close the case over the appointment."""
    tries(agent, asked, "no_answer")
    clock.passes(hours=3)
    tries(agent, asked, "no_answer")
    at = now() + timedelta(days=3)
    tries(agent, asked, "again", again_at=local_input(at))
    assert "再打" in agent.open(reverse("agreements:calls"))
    clock.passes(days=2)

    assert the(asked).stage == Stage.FOLLOWING_UP


def test_weeks_after_somebody_was_hurt_a_person_calls(
    agent: Agent, consumer: ConsumerBrowser, asked: str, clock: TheClock
) -> None:
    """「关怀」: planned by itself, called by a person, passed on where help is needed."""
    Case.objects.filter(reference=asked).update(severity="severe")
    consumer.confirms_arrival(asked)
    clock.passes(minutes=1)
    call = CareCall.objects.get(case__reference=asked)
    assert str(call.pk) and asked not in agent.open(reverse("agreements:calls"))
    clock.passes(days=21)
    listed = agent.open(reverse("agreements:calls"))
    assert asked in listed
    page = agent.open(reverse("agreements:care_call", args=[call.pk]))
    agent.press(page, "登记", {"state": "help", "words": "手上的疤还疼，想问治疗费"})

    call.refresh_from_db()
    assert call.state == "help"
    assert asked not in agent.open(reverse("agreements:calls"))
