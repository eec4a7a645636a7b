"""Taking back against sending, on a real PostgreSQL: exactly one of the two happens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, Message, ReplyDraft
from complaints.moments import now, shifted_to
from complaints.services.composing import keep_draft, release_due, send_reply, undo_reply
from complaints.services.events import broken_link
from complaints.states import MessageKind
from tests.compensation.test_races import race
from tests.factories import make_case, staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def ten_seconds(settings: Any) -> None:
    settings.UNDO_SECONDS = 10


def sent(*, begun: str = "") -> tuple[Case, Actor, int]:
    case, by = make_case(), staff(Role.AGENT)
    send_reply(case, by=by, text="好的", nonce="n")
    reply = ReplyDraft.objects.get(case=case)
    if begun:
        keep_draft(case, by=by, kind=MessageKind.MESSAGE, text=begun)
    return case, by, reply.pk


@pytest.mark.parametrize("round_of", range(6))
def test_taken_back_or_sent_never_both_and_never_neither(round_of: int) -> None:
    case, by, reply = sent()
    with shifted_to(now() + timedelta(seconds=11)):
        undone, *released = race(
            lambda: undo_reply(case, reply, by=by), release_due, release_due, release_due
        )
        assert sum(released) + int(undone) == 1
        assert release_due() == 0
    said = Message.objects.filter(case=case).count()
    drafts = ReplyDraft.objects.filter(case=case, goes_at=None).count()
    assert (said, drafts) == ((0, 1) if undone else (1, 0))
    assert case.outbox.filter(kind="message").count() == said
    assert broken_link(case) is None


def test_many_workers_send_each_reply_once() -> None:
    cases = [sent()[0] for _ in range(8)]
    with shifted_to(now() + timedelta(seconds=11)):
        assert sum(race(*([release_due] * 4))) + release_due() == 8
    assert [Message.objects.filter(case=case).count() for case in cases] == [1] * 8
    assert not ReplyDraft.objects.exists()


def test_same_post_at_once_is_one_reply() -> None:
    case, by = make_case(), staff(Role.AGENT)
    race(*[lambda: send_reply(case, by=by, text="好的", nonce="n")] * 5)
    assert ReplyDraft.objects.filter(case=case).count() == 1


@pytest.mark.parametrize("round_of", range(3))
def test_taking_back_and_writing_on_lose_no_words(round_of: int) -> None:
    case, by, reply = sent(begun="第二条")

    def write_on() -> int:
        return keep_draft(case, by=by, kind=MessageKind.MESSAGE, text="第二条，接着写", seen=1)

    undone, written = race(lambda: undo_reply(case, reply, by=by), write_on)
    assert undone is True
    text = ReplyDraft.objects.get(case=case).text
    # Either the words came first and stand below, or the page is told that its draft is old.
    assert "好的" in text and "第二条" in text
    assert "接着写" in text or not isinstance(written, int)
