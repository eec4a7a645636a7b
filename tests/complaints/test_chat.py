"""Online chat: what is said is kept once, one agent answers, and what nobody answers is a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import AlreadyTaken, CaseError, CodeRefused, StepForbidden
from complaints.models import Case, Chat, ChatMessage, Clock, Message, OutboxMessage
from complaints.moments import now, shift_to
from complaints.selectors.chats import lines_of, normalised_origin, opening
from complaints.services import chat_cases
from complaints.services.chat_cases import (
    ChatComplaint,
    ask_to_join,
    empty_old_chats,
    join_by_staff,
    join_proven,
    leave_contact,
    open_own_case,
    tend_chats,
    turn_into_case,
)
from complaints.services.chat_rules import allow_origin, set_rules
from complaints.services.chatting import (
    FREE_LINES,
    LONGEST_LINE,
    end_chat,
    keep_contact,
    release_chat,
    say,
    start_chat,
    take_chat,
)
from complaints.services.intake import ContactData
from complaints.states import Channel, ChatState, ClockKind
from tests.factories import make_case, make_team, make_user, staff

pytestmark = pytest.mark.django_db
WORDS = "水壶买来三天，盖子就合不上了"
ZHOU = ContactData(name="周小华", phone="13812345678")


@pytest.fixture(autouse=True)
def company() -> None:
    make_team(manager=make_user(Role.MANAGER), is_default=True)


def chat(text: str = WORDS, **fields: str) -> Chat:
    return start_chat(secret=sealing.new_secret(), text=text, nonce="n" * 20, **fields)


def test_the_same_start_is_one_chat_and_the_same_line_is_said_once() -> None:
    secret = sealing.new_secret()
    first = start_chat(secret=secret, text=WORDS, nonce="a" * 20)
    again = start_chat(secret=secret, text=WORDS, nonce="a" * 20)
    assert again.pk == first.pk
    for _time in range(2):
        say(first, by=Actor.consumer(), text="订单号 A-7", nonce="b" * 20)
    assert [line.text for line in lines_of(first)] == [WORDS, "订单号 A-7"]


def test_words_are_sealed_and_cleaned() -> None:
    found = chat("盖\u200b子\u202e坏\x00了\r\n真的")
    assert lines_of(found)[0].text == "盖子坏了\n真的"
    assert "盖子" not in bytes(ChatMessage.objects.get().sealed).decode()


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\ufeff", "长" * (LONGEST_LINE + 1)])
def test_empty_hidden_and_overlong_words_are_refused(text: str) -> None:
    with pytest.raises(CaseError):
        chat(text)
    assert not Chat.objects.exists()


def test_two_agents_at_once_give_one_owner() -> None:
    found, first, second = chat(), staff(Role.AGENT), staff(Role.AGENT)
    take_chat(found, by=first)
    with pytest.raises(AlreadyTaken):
        take_chat(found, by=second)
    with pytest.raises(AlreadyTaken):
        say(found, by=second, text="你好", nonce="c" * 20)
    assert Chat.objects.get().owner == first.user
    assert not Message.objects.exists()


def test_a_released_chat_keeps_its_place() -> None:
    found, agent = chat(), staff(Role.AGENT)
    asked = found.asked_at
    take_chat(found, by=agent)
    held = release_chat(found, by=agent)
    assert (held.state, held.owner, held.asked_at) == (ChatState.WAITING, None, asked)


def test_only_the_desk_answers() -> None:
    with pytest.raises(StepForbidden):
        take_chat(chat(), by=staff(Role.FINANCE))


def test_after_some_words_without_an_answer_we_ask_whom_to_answer() -> None:
    found = chat()
    for number in range(FREE_LINES - 1):
        say(found, by=Actor.consumer(), text="还在吗", nonce=f"free-line-{number:010}")
    with pytest.raises(CaseError):
        say(found, by=Actor.consumer(), text="还在吗", nonce="x" * 20)
    say(found, by=staff(Role.AGENT), text="在的", nonce="y" * 20)
    say(found, by=Actor.consumer(), text="好的", nonce="x" * 20)
    assert Chat.objects.get().visitor_lines == FREE_LINES + 1


def test_a_chat_becomes_a_case_once_and_its_clock_runs_from_the_first_word() -> None:
    found, began = chat(), now()
    say(found, by=staff(Role.AGENT), text="请问订单号？", nonce="d" * 20)
    shift_to(began + timedelta(hours=2))
    cases = {
        turn_into_case(found, by=Actor.consumer(), given=ChatComplaint(contact=ZHOU)).pk
        for _time in range(2)
    }
    case = Case.objects.get(pk__in=cases)
    assert (case.channel, case.description) == (Channel.ONLINE_CHAT, WORDS)
    clock = Clock.objects.get(case=case, kind=ClockKind.ACKNOWLEDGEMENT)
    assert abs(clock.started_at - began) < timedelta(minutes=1)
    assert abs(clock.due_at - began - timedelta(hours=24)) < timedelta(minutes=1)
    assert [message.body for message in case.messages.order_by("at")] == [WORDS, "请问订单号？"]
    assert OutboxMessage.objects.filter(case=case, kind="received").count() == 1
    assert Chat.objects.get().case == case


def test_nobody_answered_so_the_task_makes_a_case_without_losing_a_word() -> None:
    found = chat()
    assert tend_chats() == 0
    shift_to(now() + timedelta(minutes=31))
    assert tend_chats() == 1
    assert tend_chats() == 0
    case = Chat.objects.get(pk=found.pk).case
    assert case is not None and case.description == WORDS
    assert not OutboxMessage.objects.filter(case=case, recipient="consumer").exists()
    leave_contact(found, contact=ZHOU)
    assert OutboxMessage.objects.filter(case=case, recipient="consumer").count() == 1
    assert Case.objects.get().consumer.name == ZHOU.name
    with pytest.raises(CaseError):
        leave_contact(found, contact=ContactData(name="别人", phone="13900000000"))


def test_one_chat_that_trips_us_up_does_not_hold_up_the_others(monkeypatch) -> None:
    bad, good = chat(), chat()
    real = chat_cases.turn_into_case

    def trips(found, **given):
        if found.pk == bad.pk:
            raise RuntimeError("boom")
        return real(found, **given)

    monkeypatch.setattr(chat_cases, "turn_into_case", trips)
    shift_to(now() + timedelta(minutes=31))
    assert tend_chats() == 1
    assert Chat.objects.get(pk=good.pk).case is not None
    assert Chat.objects.get(pk=bad.pk).state == ChatState.WAITING


def test_an_answered_chat_that_falls_silent_is_a_case_too() -> None:
    """Who walks away when asked for a phone number may have complained all the same."""
    found, began = chat("孩子用这个壶烫伤了"), now()
    say(found, by=staff(Role.AGENT), text="请留个电话", nonce="e" * 20)
    shift_to(now() + timedelta(hours=3))
    assert tend_chats() == 1
    assert tend_chats() == 0
    case = Chat.objects.get(state=ChatState.CASE).case
    assert case is not None and case.description == "孩子用这个壶烫伤了"
    clock = Clock.objects.get(case=case, kind=ClockKind.ACKNOWLEDGEMENT)
    assert abs(clock.started_at - began) < timedelta(minutes=1)


def test_a_chat_that_somebody_ended_never_becomes_a_case() -> None:
    asked, solved = chat("周末营业吗"), chat("找到了，谢谢")
    end_chat(asked, by=staff(Role.AGENT), reason="只问营业时间")
    end_chat(solved, by=Actor.consumer(), reason="visitor")
    shift_to(now() + timedelta(hours=3))
    assert tend_chats() == 0
    assert not Case.objects.exists()


def test_a_crash_while_the_case_is_made_leaves_the_chat_as_it_was(monkeypatch) -> None:
    found = chat()

    def dies(*_args):
        raise RuntimeError("power cut")

    monkeypatch.setattr(chat_cases, "_settle", dies)
    with pytest.raises(RuntimeError):
        turn_into_case(found, by=Actor.consumer(), given=ChatComplaint(contact=ZHOU))
    monkeypatch.undo()
    assert not Case.objects.exists()
    assert [line.text for line in lines_of(Chat.objects.get())] == [WORDS]
    turn_into_case(found, by=Actor.consumer(), given=ChatComplaint(contact=ZHOU))
    assert Case.objects.count() == 1


def test_a_visitor_joins_the_case_that_a_code_proves_and_no_other(monkeypatch) -> None:
    case = make_case()
    monkeypatch.setattr(sealing, "new_code", lambda: "123456")
    found = chat()
    ask_to_join(found, reference=case.reference, contact="stranger@example.test")
    with pytest.raises(CodeRefused):
        join_proven(Chat.objects.get(), digits="123456")
    ask_to_join(found, reference=case.reference, contact="13812345678")
    with pytest.raises(CodeRefused):
        join_proven(Chat.objects.get(), digits="000000")
    join_proven(Chat.objects.get(), digits="123456")
    case.refresh_from_db()
    assert [message.body for message in case.messages.all()] == [WORDS]
    assert case.consumer_wrote_at is not None


def test_staff_join_a_chat_only_to_a_case_of_the_same_person() -> None:
    mine, agent = make_case(), staff(Role.AGENT)
    found = chat()
    with pytest.raises(CaseError):
        join_by_staff(found, mine, by=agent)
    assert not mine.messages.exists()


def test_a_number_that_a_visitor_merely_names_opens_no_case() -> None:
    """D1: an agent may join the chat to the case of that number; its link needs the code."""
    theirs, agent = make_case(), staff(Role.AGENT)
    secret = sealing.new_secret()
    found = start_chat(secret=secret, text=WORDS, nonce="n" * 20)
    keep_contact(found, contact=ContactData(name="不是本人", phone="13812345678"))
    join_by_staff(found, theirs, by=agent)
    joined = Chat.objects.get(pk=found.pk)
    assert joined.case == theirs
    with pytest.raises(CaseError, match="校验码"):
        open_own_case(joined)
    with pytest.raises(CaseError):
        leave_contact(joined, contact=ContactData(name="不是本人", email="x@evil.test"))
    page = Client().get(reverse("chat:talk", args=[secret]))
    assert "打开我的投诉" not in page.content.decode()


def test_ended_chats_say_no_more_and_are_emptied_in_time() -> None:
    found = chat()
    with pytest.raises(CaseError):
        end_chat(found, by=staff(Role.AGENT), reason=" ")
    end_chat(found, by=staff(Role.AGENT), reason="只问营业时间")
    with pytest.raises(CaseError):
        say(found, by=Actor.consumer(), text="等等", nonce="z" * 20)
    assert empty_old_chats() == 0
    shift_to(now() + timedelta(days=31))
    assert empty_old_chats() == 1
    assert lines_of(Chat.objects.get()) == []


def test_hours_follow_the_working_calendar_and_can_be_switched_off() -> None:
    sunday = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
    closed = opening(sunday)
    assert not closed.is_open and closed.opens_at is not None and closed.opens_at > sunday
    assert opening(closed.opens_at).is_open
    set_rules(is_on=False, calendar=None, wait_minutes=30, by=staff(Role.ADMINISTRATOR))
    off = opening(closed.opens_at)
    assert not off.is_open and off.opens_at is None


@pytest.mark.parametrize(
    "value",
    [
        "shop.example",
        "http://shop.example",
        "https://shop.example/path",
        "https://*.example",
        "https://*",
        "https://user@shop.example",
        "javascript:alert(1)",
        "https://shop.example; script-src *",
        "https://shop",
        "",
        "https://shop.example:99999",
    ],
)
def test_only_plain_origins_are_listed(value: str) -> None:
    with pytest.raises(CaseError):
        allow_origin(value, by=staff(Role.ADMINISTRATOR))


def test_the_list_of_sites_is_the_administrators() -> None:
    with pytest.raises(StepForbidden):
        allow_origin("https://shop.example", by=staff(Role.MANAGER))
    by = staff(Role.ADMINISTRATOR)
    first = allow_origin("https://Shop.example:443/", by=by)
    assert first.origin == "https://shop.example"
    assert allow_origin("https://shop.example", by=by).pk == first.pk


@given(st.text(max_size=80))
def test_an_origin_never_breaks_out_of_a_header(value: str) -> None:
    origin = normalised_origin(value)
    assert not set(origin) & set(" ;,'\"*\r\n\t")
    assert normalised_origin(origin) == origin
