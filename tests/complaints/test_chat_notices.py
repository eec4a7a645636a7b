"""Bells for waiting chats: the agents on duty once, managers when nobody comes, silence after."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import Absence, User
from accounts.states import AbsenceReason, Role
from complaints import sealing
from complaints.actors import Actor
from complaints.models import Chat, Notification
from complaints.moments import now, shifted_to
from complaints.services.chat_notices import tell_of_waiting
from complaints.services.chat_rules import set_rules
from complaints.services.chatting import end_chat, release_chat, say, start_chat, take_chat
from tests.factories import make_team, make_user, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def always_open(monkeypatch: pytest.MonkeyPatch) -> None:
    opening = type("Opening", (), {"is_open": True})()
    monkeypatch.setattr("complaints.services.chat_notices.opening", lambda *_a, **_k: opening)


@pytest.fixture
def manager() -> User:
    return make_user(Role.MANAGER)


@pytest.fixture
def agent(manager: User) -> User:
    return make_user(Role.AGENT, team=make_team(manager=manager))


def chat() -> Chat:
    return start_chat(secret=sealing.new_secret(), text="有人吗", nonce="n" * 20)


def bells(user: User, *, unread: bool = True) -> list[tuple[str, int]]:
    mine = Notification.objects.filter(user=user, kind__startswith="chat_")
    mine = mine.filter(read_at=None) if unread else mine
    return [(each.kind, each.data["chat"]) for each in mine.order_by("pk")]


def after(minutes: int) -> None:
    with shifted_to(now() + timedelta(minutes=minutes)):
        tell_of_waiting()


def test_agents_on_duty_are_told_once_a_chat(agent: User) -> None:
    away, other = make_user(Role.AGENT), make_user(Role.FINANCE)
    day = now().date()
    Absence.objects.create(
        user=away,
        starts_on=day - timedelta(days=1),
        ends_on=day + timedelta(days=1),
        reason=AbsenceReason.values[0],
        created_by=agent,
    )
    first, second = chat(), chat()
    say(first, by=Actor.consumer(), text="还在吗", nonce="m" * 20)
    assert tell_of_waiting() == 0
    assert bells(agent) == [("chat_waiting", first.pk), ("chat_waiting", second.pk)]
    assert bells(away) == bells(other) == []


def test_only_teams_that_take_chats_are_told(agent: User) -> None:
    assert agent.team is not None
    elsewhere = make_user(Role.AGENT, team=make_team())
    by = staff(Role.ADMINISTRATOR)
    set_rules(is_on=True, calendar=None, wait_minutes=30, teams=[agent.team], by=by)
    one = chat()
    assert bells(agent) == [("chat_waiting", one.pk)] and bells(elsewhere) == []


def test_managers_are_told_once_when_nobody_joins(agent: User, manager: User) -> None:
    one = chat()
    after(5)
    assert bells(manager) == []
    for minutes in (11, 12, 20):
        after(minutes)
    assert bells(manager) == [("chat_nobody", one.pk)]
    assert bells(agent) == [("chat_waiting", one.pk)]


def test_with_nobody_on_duty_managers_hear_at_once(manager: User) -> None:
    one = chat()
    assert bells(manager) == [("chat_nobody", one.pk)]
    after(20)
    assert len(bells(manager)) == 1


@pytest.mark.parametrize("how", ["taken", "ended"])
def test_the_bell_is_silent_once_somebody_comes_or_it_ends(
    agent: User, manager: User, how: str
) -> None:
    one, other = chat(), chat()
    after(11)
    if how == "taken":
        take_chat(one, by=Actor.staff(agent))
    else:
        end_chat(one, by=Actor.consumer())
    assert {pk for _kind, pk in bells(agent) + bells(manager)} == {other.pk}
    after(20)
    assert {pk for _kind, pk in bells(agent) + bells(manager)} == {other.pk}


def test_a_chat_put_back_is_told_anew(agent: User) -> None:
    one = chat()
    take_chat(one, by=Actor.staff(agent))
    release_chat(one, by=Actor.staff(agent))
    assert tell_of_waiting() == 1
    assert bells(agent) == [("chat_waiting", one.pk)]


def test_out_of_hours_nobody_is_told(agent: User, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = type("Opening", (), {"is_open": False})()
    monkeypatch.setattr("complaints.services.chat_notices.opening", lambda *_a, **_k: closed)
    chat()
    assert tell_of_waiting() == 0 and bells(agent) == []


def test_the_notice_leads_to_the_chat_and_the_bell_says_at_most_99(
    client: Client, agent: User
) -> None:
    one = chat()
    client.force_login(agent)
    page = client.get("/desk/notifications/").content.decode()
    assert "有人在线等候接待" in page and f"/desk/chats/{one.pk}/" in page
    Notification.objects.bulk_create(
        Notification(user=agent, kind="chat_waiting", data={"chat": one.pk}, at=now())
        for _ in range(120)
    )
    page = client.get("/desk/?view=all").content.decode()
    assert "99+" in page and ">121<" not in page
