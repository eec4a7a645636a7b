"""One message is sent once: by its author, in its case, whatever nonce other people choose."""

from __future__ import annotations

import pytest

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, Message
from complaints.services.conversation import write_message, write_note
from complaints.services.desk import say
from complaints.services.events import broken_link
from tests.compensation.test_races import race
from tests.factories import make_case, staff

NONCE = "counter:1"


@pytest.mark.django_db
def test_nonce_of_another_case_or_author_swallows_nothing() -> None:
    case, other = make_case(), make_case()
    agent, colleague = staff(Role.AGENT), staff(Role.AGENT)

    for _attempt in range(2):
        write_message(other, by=Actor.consumer(), body="先占住", nonce=NONCE)
        write_message(case, by=Actor.consumer(), body="请退款", nonce=NONCE)
        write_message(case, by=agent, body="明天答复", nonce=NONCE)
        write_note(case, by=colleague, body="问过门店", nonce=NONCE)
        say(other, by=agent, body="收到", nonce=NONCE)

    said = sorted(Message.objects.filter(case=case).values_list("body", flat=True))
    assert said == sorted(["请退款", "明天答复", "问过门店"])
    assert sorted(other.messages.values_list("body", flat=True)) == sorted(["先占住", "收到"])
    assert not Message.objects.filter(nonce__contains="counter").exists()


@pytest.mark.django_db
def test_empty_nonce_counts_as_none() -> None:
    case = make_case()
    for _attempt in range(2):
        write_message(case, by=Actor.consumer(), body="在吗", nonce="")
    assert case.messages.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", [write_message, write_note, say])
def test_same_message_sent_at_once_is_one(write) -> None:
    case, agent = make_case(), staff(Role.AGENT)

    results = race(*[lambda: write(case, by=agent, body="明天答复", nonce=NONCE)] * 3)

    assert all(isinstance(result, Case) for result in results)
    assert Message.objects.get().body == "明天答复"
    assert broken_link(case) is None


@pytest.mark.django_db(transaction=True)
def test_same_nonce_in_two_cases_at_once_is_two_messages() -> None:
    cases = [make_case(), make_case()]

    results = race(
        *[
            lambda case=case: write_message(case, by=Actor.consumer(), body="请退款", nonce=NONCE)
            for case in cases
        ]
    )

    assert all(isinstance(result, Case) for result in results)
    assert [case.messages.count() for case in cases] == [1, 1]
