"""The outside mediator's door: one link, one case, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from complaints.models import Case
from complaints.moments import now, shift_to
from complaints.services.outbox import deliver_due
from complaints.states import Stage
from reviews.models import Mediation
from reviews.services.mediating import end_mediation, invite_mediator, name_mediator
from reviews.views.guest import LINKS_A_WINDOW
from tests.factories import make_user, staff
from tests.liability.doors import consumer_client, staff_client
from tests.reviews.makers import guest, guided, mediation

pytestmark = pytest.mark.django_db


def url(name: str, case: Case) -> str:
    return reverse(f"reviews:{name}", args=[case.reference])


def link(secret: str) -> str:
    return reverse("reviews:guest_link", args=[secret])


def entered(secret: str) -> Client:
    client = Client()
    assert client.get(link(secret)).status_code == 303
    return client


def test_mail_carries_the_link_that_opens_the_case() -> None:
    desk, talk = staff_client(Role.AGENT), mediation()

    desk.post(
        url("invite", talk.case),
        {"name": "何调解", "organisation": "闵行区消费者协会", "email": "he@example.test"},
    )
    deliver_due()

    letter = next(each for each in mail.outbox if each.to == ["he@example.test"])
    path = next(word for word in letter.body.split() if "/mediation/" in word)
    answer = Client().get("/mediation/" + path.partition("/mediation/")[2])
    assert answer.status_code == 303
    assert answer.headers["Location"] == url("guest_case", talk.case)


def test_the_secret_is_in_no_later_address_and_leaves_no_trace() -> None:
    talk, secret = guided()

    answer = Client().get(link(secret))

    assert secret not in answer.headers["Location"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in answer.headers["Cache-Control"]
    cookie = answer.cookies["redress_mediation"]
    assert secret not in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/mediation/")
    assert Mediation.objects.get(pk=talk.pk).entered_at is not None


def test_wrong_links_are_alike_and_the_door_closes() -> None:
    _talk, secret = guided()
    answers = [Client().get(link(f"wrong-{number}")) for number in range(LINKS_A_WINDOW + 1)]

    assert {answer.status_code for answer in answers[:-1]} == {404}
    assert answers[-1].status_code == 429
    assert Client().get(link(secret)).status_code == 303


def test_guest_sees_this_case_and_no_other() -> None:
    talk, secret = guided()
    other, _secret = guided()
    browser = entered(secret)

    assert browser.get(url("guest_case", talk.case)).status_code == 200
    for name in ("case", "positions", "note", "end", "draft", "sign"):
        assert browser.get(url(f"guest_{name}", other.case)).status_code == 404
    for address in (
        reverse("track:case", args=[talk.case.reference]),
        reverse("mine:files", args=[talk.case.reference]),
    ):
        assert browser.get(address).status_code == 404
    assert browser.get(reverse("desk:case", args=[talk.case.reference])).status_code == 302


def test_opening_a_second_link_closes_the_first_case_to_the_browser() -> None:
    first, secret = guided()
    second, other_secret = guided()
    browser = entered(secret)

    browser.get(link(other_secret))

    assert browser.get(url("guest_case", second.case)).status_code == 200
    assert browser.get(url("guest_case", first.case)).status_code == 404


def test_pages_are_closed_without_a_link() -> None:
    talk, _secret = guided()

    for browser in (Client(), consumer_client(talk.case), staff_client(Role.MANAGER)):
        assert browser.get(url("guest_case", talk.case)).status_code == 404


def test_a_made_up_cookie_opens_nothing() -> None:
    talk, _secret = guided()
    browser = Client()
    for value in (f"{talk.pk}.{talk.secret_digest}", "x.y", ""):
        browser.cookies["redress_mediation"] = value
        assert browser.get(url("guest_case", talk.case)).status_code == 404


def test_new_invitation_closes_link_and_browser_of_the_one_before() -> None:
    talk, secret = guided()
    browser = entered(secret)

    invite_mediator(talk, by=staff(Role.AGENT), guest=guest(name="新调解"))

    assert browser.get(url("guest_case", talk.case)).status_code == 404
    assert Client().get(link(secret)).status_code == 404


def test_naming_one_of_us_closes_the_guests_door() -> None:
    talk, secret = guided()
    browser = entered(secret)

    name_mediator(talk, by=staff(Role.AGENT), mediator=make_user(Role.MEDIATOR))

    assert browser.get(url("guest_case", talk.case)).status_code == 404


@pytest.mark.parametrize("by_link", [False, True])
def test_ended_mediation_says_so_and_shows_nothing_of_the_case(by_link: bool) -> None:
    talk, secret = guided()
    browser = entered(secret)

    end_mediation(talk, by=staff(Role.AGENT), outcome="no_show", note="对方没有来。")

    page = browser.get(link(secret) if by_link else url("guest_case", talk.case))
    words = page.content.decode()
    assert page.status_code == 410
    assert "调解已经结束" in words
    for told in (talk.case.description, talk.case.title, "对方没有来。"):
        assert told not in words


def test_ended_mediation_takes_nothing_more() -> None:
    talk, secret = guided()
    browser = entered(secret)
    end_mediation(talk, by=staff(Role.AGENT), outcome="no_show", note="对方没有来。")

    for name in ("positions", "meeting", "note", "end", "draft", "offer", "sign", "refuse"):
        assert browser.post(url(f"guest_{name}", talk.case), {"note": "x"}).status_code == 410
    assert Client().get(link(secret)).cookies.get("redress_mediation") is None


def test_guest_ends_the_mediation() -> None:
    talk, secret = guided()

    answer = entered(secret).post(
        url("guest_end", talk.case), {"outcome": "failed", "note": "差距太大。"}
    )

    assert answer.status_code == 200
    assert "调解已经结束" in answer.content.decode()
    assert Case.objects.get(pk=talk.case.pk).stage == Stage.NEGOTIATING


def test_guest_reads_what_a_mediator_needs_and_no_way_to_reach_the_consumer() -> None:
    talk, secret = guided()

    words = entered(secret).get(url("guest_case", talk.case)).content.decode()

    assert talk.case.description in words
    assert "检测确认是底座温控器缺陷。" in words
    assert "全额退款" in words
    assert "想多赔一点。" in words
    contact = talk.case.consumer.contact
    assert contact["phone"] not in words
    assert contact["email"] not in words


def test_guest_writes_positions_and_plans_a_meeting() -> None:
    talk, secret = guided()
    browser = entered(secret)
    at = now() + timedelta(days=2)

    browser.post(
        url("guest_positions", talk.case),
        {"consumer": "要五百。", "common": "有缺陷。", "company": "四百。"},
    )
    browser.post(
        url("guest_meeting", talk.case),
        {"meeting_at": f"{at:%Y-%m-%dT%H:%M}", "place": "协会三楼"},
    )

    written = Mediation.objects.get(pk=talk.pk)
    assert (written.common_ground, written.meeting_place) == ("有缺陷。", "协会三楼")


def test_what_the_guest_typed_is_kept_when_it_is_refused() -> None:
    talk, secret = guided()

    page = entered(secret).post(
        url("guest_meeting", talk.case), {"meeting_at": "2020-01-01T10:00", "place": "协会三楼"}
    )

    assert page.status_code == 422
    assert "协会三楼" in page.content.decode()


def test_company_writes_only_its_own_side_beside_a_guest() -> None:
    talk, _secret = guided()
    desk = staff_client(Role.AGENT)

    page = desk.get(url("positions", talk.case)).content.decode()
    desk.post(url("positions", talk.case), {"company": "最多四百。", "consumer": "不要了。"})

    assert 'name="consumer"' not in page
    written = Mediation.objects.get(pk=talk.pk)
    assert (written.company_position, written.consumer_position) == ("最多四百。", "想多赔一点。")


def test_stale_end_of_a_guest_is_kept_for_another_look() -> None:
    talk, secret = guided()

    page = entered(secret).post(
        url("guest_end", talk.case), {"outcome": "failed", "note": "差距太大。", "seen": "1"}
    )

    assert page.status_code == 409
    assert "差距太大。" in page.content.decode()
    assert Case.objects.get(pk=talk.case.pk).stage == Stage.MEDIATING


def test_leaving_closes_the_browser_but_not_the_link() -> None:
    talk, secret = guided()
    browser = entered(secret)

    browser.post(reverse("reviews:guest_leave"))

    assert browser.get(url("guest_case", talk.case)).status_code == 404
    assert browser.get(link(secret)).status_code == 303


def test_door_opens_again_after_a_quarter_of_an_hour() -> None:
    _talk, _secret = guided()
    for number in range(LINKS_A_WINDOW + 1):
        Client().get(link(f"wrong-{number}"))

    shift_to(now() + timedelta(minutes=16))

    assert Client().get(link("wrong-again")).status_code == 404
