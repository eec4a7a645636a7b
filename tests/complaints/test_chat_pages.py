"""The chat's pages: no account, no cookie, framed by listed sites alone; the agent's desk."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from complaints.models import Case, Chat, OutboxMessage
from complaints.moments import shift_to
from complaints.selectors.chats import lines_of
from complaints.services.chat_rules import allow_origin
from complaints.services.chatting import take_chat
from complaints.views import chat as chat_views
from tests.factories import make_case, make_team, make_user, staff

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SHOP, OTHER = "https://shop.example", "https://other.example"


@pytest.fixture(autouse=True)
def company():
    make_team(manager=make_user(Role.MANAGER), is_default=True)
    shift_to(MONDAY)


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([\w-]+)"', page)
    assert found is not None
    return found[1]


def begun(client: Client, text: str = "盖子合不上", query: str = "") -> str:
    """Begin a chat as a browser does; return the chat's address."""
    page = client.get(reverse("chat:begin") + query).content.decode()
    sent = {"text": text, "key": hidden(page, "key"), "nonce": hidden(page, "nonce")}
    answer = client.post(reverse("chat:begin") + query, sent)
    assert answer.status_code == 303
    return answer["Location"]


def test_a_visitor_and_an_agent_talk(client):
    place = begun(client)
    agent = make_user(Role.AGENT, display_name="林晓")
    desk = Client()
    desk.force_login(agent)
    chat = Chat.objects.get()
    assert f"对话 {chat.pk}" in desk.get(reverse("complaints:chats")).content.decode()
    page = desk.get(reverse("complaints:chat", args=[chat.pk])).content.decode()
    assert "盖子合不上" in page
    sent = {"text": "我来看看", "nonce": hidden(page, "nonce")}
    for _twice in range(2):
        assert desk.post(reverse("complaints:chat_say", args=[chat.pk]), sent).status_code == 303
    page = client.get(place).content.decode()
    assert page.count("我来看看") == 1 and "林晓" in page
    assert len(lines_of(chat)) == 2


def test_news_are_given_once_there_are_any(client):
    place = begun(client)
    chat, htmx = Chat.objects.get(), {"HTTP_HX_REQUEST": "true"}
    assert client.get(f"{place}news/?seen={chat.revision}", **htmx).status_code == 204
    take_chat(chat, by=staff(Role.AGENT))
    answer = client.get(f"{place}news/?seen={chat.revision}", **htmx)
    assert answer.status_code == 200 and "正在接待你" in answer.content.decode()


def test_polling_too_often_is_refused(client, monkeypatch):
    place = begun(client)
    monkeypatch.setattr("complaints.views.chat_frame.POLLS_A_MINUTE", 3)
    codes = [client.get(f"{place}news/?seen=99").status_code for _look in range(5)]
    assert codes[-1] == 429 and codes[0] == 200


def test_a_line_sent_twice_is_one_and_a_refused_one_stays_in_the_form(client):
    place = begun(client)
    nonce = hidden(client.get(place).content.decode(), "nonce")
    for _twice in range(2):
        assert client.post(f"{place}say/", {"text": "订单 A-7", "nonce": nonce}).status_code == 303
    assert len(lines_of(Chat.objects.get())) == 2
    for text in ("", "\u200b", "长" * 2001, "x" * 1_000_000):
        answer = client.post(f"{place}say/", {"text": text, "nonce": "k" * 20})
        assert answer.status_code == 422
    answer = client.post(f"{place}say/", {"text": "丢" * 2001, "nonce": "k" * 20})
    assert "丢丢丢" in answer.content.decode()
    assert len(lines_of(Chat.objects.get())) == 2


def test_beginning_is_throttled(client, monkeypatch):
    monkeypatch.setattr(chat_views, "CHATS_A_WINDOW", 2)
    begun(client), begun(client)
    page = client.get(reverse("chat:begin")).content.decode()
    sent = {"text": "再来", "key": hidden(page, "key"), "nonce": hidden(page, "nonce")}
    answer = client.post(reverse("chat:begin"), sent)
    assert answer.status_code == 429 and "再来" in answer.content.decode()
    assert Chat.objects.count() == 2


def test_a_visitor_turns_the_chat_into_a_complaint_and_opens_it(client):
    place = begun(client)
    given = {"name": "周小华", "phone": "13812345678", "email": ""}
    assert client.post(f"{place}complain/", {"name": "周小华"}).status_code == 422
    for _twice in range(2):
        assert client.post(f"{place}complain/", given).status_code == 303
    case = Case.objects.get()
    assert case.reference in client.get(place).content.decode()
    assert OutboxMessage.objects.filter(case=case, kind="received").count() == 1
    opened = client.post(f"{place}open/", follow=True)
    assert opened.redirect_chain[-1][0] == reverse("track:case", args=[case.reference])
    assert opened.status_code == 200


def test_out_of_hours_it_says_so_and_takes_the_complaint_right_there(client):
    shift_to(SUNDAY)
    page = client.get(reverse("chat:begin")).content.decode()
    assert "现在没有人工客服" in page and "开始接待" in page
    sent = {
        "text": "盖子合不上",
        "name": "周小华",
        "phone": "13812345678",
        "key": hidden(page, "key"),
        "nonce": hidden(page, "nonce"),
    }
    for _twice in range(2):
        answer = client.post(reverse("chat:begin"), sent)
        assert answer.status_code == 303
    case = Case.objects.get()
    assert case.reference in client.get(answer["Location"]).content.decode()


def test_a_chat_begun_on_a_page_from_before_closing_is_not_lost(client):
    page = client.get(reverse("chat:begin")).content.decode()
    shift_to(MONDAY + timedelta(hours=12))
    sent = {"text": "还在吗", "key": hidden(page, "key"), "nonce": hidden(page, "nonce")}
    assert client.post(reverse("chat:begin"), sent).status_code == 303
    assert len(lines_of(Chat.objects.get())) == 1


def test_a_stranger_opens_nobodys_chat(client):
    begun(client)
    for path in ("", "news/", "complain/", "join/", "join/code/"):
        assert client.get(f"/chat/not-the-secret-at-all-x/{path}").status_code == 404
    assert client.post("/chat/not-the-secret-at-all-x/open/").status_code == 404


def test_the_answer_to_a_wrong_reference_is_that_to_a_right_one(client, monkeypatch):
    monkeypatch.setattr("complaints.views.doors.time.sleep", lambda _seconds: None)
    case, place = make_case(), begun(client)
    answers = [
        client.post(f"{place}join/", {"reference": reference, "contact": contact})
        for reference, contact in (
            (case.reference, "13812345678"),
            (case.reference, "13900000000"),
            ("RD-2026-999999", "13812345678"),
        )
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {
        (303, f"{place}join/code/")
    }


def headers(answer):
    policy = re.search(r"frame-ancestors ([^;]+)", answer["Content-Security-Policy"])
    return policy and policy[1], answer.get("X-Frame-Options")


def test_only_a_listed_site_may_frame_the_chat(client):
    allow_origin(SHOP, by=staff(Role.ADMINISTRATOR))
    begin, refused = reverse("chat:begin"), ("'none'", "DENY")
    assert headers(client.get(f"{begin}?site={SHOP}")) == (SHOP, None)
    assert headers(client.get(begin)) == refused
    assert headers(client.get(f"{begin}?site={OTHER}")) == refused
    assert headers(client.get(f"{begin}?site={SHOP}.evil.example")) == refused
    assert headers(client.get(begin, {"site": f"{SHOP}; script-src *"})) == refused
    place = begun(client, query=f"?site={SHOP}")
    assert place.endswith("?site=https%3A%2F%2Fshop.example")
    assert headers(client.get(place)) == (SHOP, None)
    assert Chat.objects.get().origin == SHOP


def test_no_other_page_can_be_framed_whatever_it_is_asked(client):
    allow_origin(SHOP, by=staff(Role.ADMINISTRATOR))
    for name in ("start", "intake:begin", "track_lookup", "page_privacy", "account_login"):
        answer = client.get(f"{reverse(name)}?site={SHOP}", follow=True)
        assert headers(answer) == ("'none'", "DENY"), name


def test_a_form_on_another_page_is_refused(client):
    place = begun(client)
    for forged in (
        {"HTTP_ORIGIN": OTHER},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_SEC_FETCH_SITE": "cross-site"},
    ):
        answer = client.post(f"{place}say/", {"text": "假的", "nonce": "k" * 20}, **forged)
        assert answer.status_code == 403
    assert len(lines_of(Chat.objects.get())) == 1


def test_no_cookie_and_no_token_is_needed():
    strict = Client(enforce_csrf_checks=True)
    place = begun(strict)
    strict.cookies.clear()
    own = {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin"}
    answer = strict.post(f"{place}say/", {"text": "没有饼干", "nonce": "k" * 20}, **own)
    assert answer.status_code == 303


def test_the_widget_is_one_script_for_every_site(client):
    answer = client.get(reverse("chat_widget"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "__WORDS__" not in answer.content.decode()
    assert "max-age" in answer["Cache-Control"]


def test_the_second_agent_is_told_who_was_first(client):
    begun(client)
    chat = Chat.objects.get()
    take_chat(chat, by=staff(Role.AGENT))
    client.force_login(make_user(Role.AGENT))
    answer = client.post(reverse("complaints:chat_take", args=[chat.pk]))
    assert answer.status_code == 409 and "已经在接待" in answer.content.decode()


def test_an_agent_makes_a_case_of_a_chat(client):
    begun(client)
    chat, desk = Chat.objects.get(), Client()
    desk.force_login(make_user(Role.AGENT))
    given = {"name": "周小华", "phone": "13812345678", "title": "盖子合不上", "order_number": "A-7"}
    answer = desk.post(reverse("complaints:chat_case", args=[chat.pk]), given)
    case = Case.objects.get()
    assert answer["Location"] == reverse("desk:case", args=[case.reference])
    assert (case.title, case.order_number) == ("盖子合不上", "A-7")


CONTACT = {"name": "周小华", "phone": "13812345678", "email": ""}


def test_a_visitor_leaves_a_contact_that_the_desk_sees_in_part(client):
    place, desk = begun(client), Client()
    assert f'href="{place}contact/"' in client.get(place).content.decode()
    assert client.post(f"{place}contact/", {"name": "周小华"}).status_code == 422
    assert client.post(f"{place}contact/", CONTACT)["Location"] == place
    chat = Chat.objects.get()
    assert b"13812345678" not in bytes(chat.contact_sealed)
    desk.force_login(make_user(Role.AGENT))
    page = desk.get(reverse("complaints:chat", args=[chat.pk])).content.decode()
    assert "138 **** 5678" in page and "周*华" in page
    assert "13812345678" not in page and "周小华" not in page
    desk.post(reverse("complaints:chat_case", args=[chat.pk]), {"title": "盖子合不上"})
    assert Case.objects.get().consumer.name == "周小华"
    assert OutboxMessage.objects.filter(recipient="consumer").count() == 1
    assert client.post(f"{place}contact/", {**CONTACT, "phone": "13900000000"}).status_code == 303
    assert Chat.objects.get().contact["phone"].endswith("13812345678")


def test_an_agent_puts_a_chat_into_the_case_of_who_left_that_number(client):
    place, desk, case = begun(client), Client(), make_case()
    desk.force_login(make_user(Role.AGENT))
    address = reverse("complaints:chat_join", args=[Chat.objects.get().pk])
    assert desk.post(address, {"reference": case.reference}).status_code == 422
    client.post(f"{place}contact/", {**CONTACT, "phone": "13900000000"})
    assert desk.post(address, {"reference": case.reference}).status_code == 422
    client.post(f"{place}contact/", CONTACT)
    answer = desk.post(address, {"reference": case.reference})
    assert answer["Location"] == reverse("desk:case", args=[case.reference])
    assert [message.body for message in case.messages.all()] == ["盖子合不上"]
    assert "打开我的投诉" not in client.get(place).content.decode()


def test_an_agent_makes_a_case_of_a_chat_without_a_contact(client):
    place = begun(client, "孩子烫伤了")
    chat, desk = Chat.objects.get(), Client()
    desk.force_login(make_user(Role.AGENT))
    address = reverse("complaints:chat_case", args=[chat.pk])
    assert desk.post(address, {"phone": "12"}).status_code == 422
    answer = desk.post(address, {"name": "", "phone": "", "email": "", "danger": "on"}, follow=True)
    assert answer.status_code == 200 and "没有留联系方式" in answer.content.decode()
    assert Chat.objects.get().case == Case.objects.get()
    assert "留下联系方式" in client.get(place).content.decode()


@pytest.mark.parametrize("role", [Role.FINANCE, Role.REVIEWER, Role.ADMINISTRATOR])
def test_others_do_not_read_chats(client, role):
    begun(client)
    client.force_login(make_user(role))
    assert client.get(reverse("complaints:chats")).status_code == 403
    chat = reverse("complaints:chat", args=[Chat.objects.get().pk])
    assert client.get(chat).status_code == 403


def test_an_administrator_lists_and_removes_sites(client):
    client.force_login(make_user(Role.ADMINISTRATOR))
    page = reverse("complaints:chat_settings")
    added = client.post(reverse("complaints:chat_origin_add"), {"origin": SHOP}, follow=True)
    assert SHOP in added.content.decode()
    wrong = client.post(reverse("complaints:chat_origin_add"), {"origin": "shop.example"})
    assert wrong.status_code == 422
    found = re.search(r"/desk/chats/settings/sites/\d+/remove/", client.get(page).content.decode())
    assert found is not None
    client.post(found[0])
    assert headers(client.get(f"{reverse('chat:begin')}?site={SHOP}")) == ("'none'", "DENY")
    rules = {"is_on": "on", "wait_minutes": "0"}
    assert client.post(reverse("complaints:chat_rules"), rules).status_code == 422
    client.force_login(make_user(Role.MANAGER))
    assert client.get(page).status_code == 403


def test_the_chat_speaks_english_when_asked(client):
    page = client.get(f"{reverse('chat:begin')}?lang=en").content.decode()
    assert '<html lang="en"' in page
    place = begun(client, query="?lang=en")
    assert Chat.objects.get().language == "en" and "lang=en" in place
