"""Every page of the reviews app opens for those whom it is for, and for nobody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from agreements.services.offering import offer_for_signature
from complaints.actors import Actor
from complaints.models import Case
from reviews.models import Mediation
from reviews.services.settling import draft_mediation_agreement
from tests.compensation.makers import offered_case
from tests.liability.doors import consumer_client, staff_client
from tests.liability.makers import determined_case
from tests.reviews.makers import (
    assigned,
    decided,
    guided,
    mediation,
    requested,
    settlement_terms,
    suspended,
)

pytestmark = pytest.mark.django_db


def url(name: str, case: Case, *more: object) -> str:
    return reverse(f"reviews:{name}", args=[case.reference, *more])


def guest_client(secret: str) -> Client:
    client = Client()
    assert client.get(reverse("reviews:guest_link", args=[secret])).status_code == 303
    return client


def offered(talk: Mediation) -> Mediation:
    """A mediation whose agreement waits for signatures."""
    draft = draft_mediation_agreement(talk, by=Actor.guest_mediator(), terms=settlement_terms())
    offer_for_signature(draft, by=Actor.guest_mediator())
    return Mediation.objects.select_related("case").get(pk=talk.pk)


def test_the_list_shows_what_waits_and_who_for() -> None:
    review, member = assigned()
    talk = mediation()
    proceeding = suspended()

    page = staff_client(Role.MANAGER).get(reverse("reviews_list"))

    words = page.content.decode()
    assert page.status_code == 200
    for case in (review.case, talk.case, proceeding.case):
        assert case.reference in words
    assert str(member) in words
    assert proceeding.body in words


def test_the_list_hides_cases_that_one_may_not_see() -> None:
    review, _member = assigned()
    talk = mediation()

    words = staff_client(Role.MEDIATOR).get(reverse("reviews_list")).content.decode()

    assert talk.case.reference in words
    assert review.case.reference not in words


def test_the_list_asks_for_a_login() -> None:
    assert Client().get(reverse("reviews_list")).status_code == 302


@pytest.mark.parametrize("name", ["panel", "decide", "withdraw_for"])
def test_pages_of_an_open_review(name: str) -> None:
    case = requested().case

    assert staff_client(Role.REVIEWER, Role.MANAGER).get(url(name, case)).status_code == 200


@pytest.mark.parametrize("name", ["panel", "decide"])
def test_pages_of_a_review_are_not_found_without_one(name: str) -> None:
    case = determined_case()

    assert staff_client(Role.REVIEWER).get(url(name, case)).status_code == 404


@pytest.mark.parametrize("name", ["request_for", "proceeding_new"])
def test_pages_before_anything_was_asked(name: str) -> None:
    case = determined_case()

    assert staff_client(Role.AGENT).get(url(name, case)).status_code == 200
    assert staff_client(Role.INVESTIGATOR).get(url(name, case)).status_code == 403


def test_the_page_of_referring() -> None:
    case = offered_case()

    assert staff_client(Role.AGENT).get(url("refer", case)).status_code == 200
    assert staff_client(Role.REVIEWER).get(url("refer", case)).status_code == 403


TALK = ["talk", "positions", "meeting", "note", "end", "draft"]


@pytest.mark.parametrize("name", TALK)
def test_pages_of_a_mediation_for_a_mediator(name: str) -> None:
    case = mediation().case

    assert staff_client(Role.MEDIATOR).get(url(name, case)).status_code == 200
    assert staff_client(Role.REVIEWER).get(url(name, case)).status_code == 403
    assert Client().get(url(name, case)).status_code == 302


@pytest.mark.parametrize("name", ["mediator", "invite"])
def test_pages_about_who_leads_are_the_desks(name: str) -> None:
    case = mediation().case

    assert staff_client(Role.AGENT).get(url(name, case)).status_code == 200
    assert staff_client(Role.MEDIATOR).get(url(name, case)).status_code == 403


@pytest.mark.parametrize("name", ["talk", "positions", "invite", "draft"])
def test_pages_of_a_mediation_are_not_found_without_one(name: str) -> None:
    assert staff_client(Role.MANAGER).get(url(name, offered_case())).status_code == 404


@pytest.mark.parametrize("name", ["offer", "sign", "refuse"])
def test_pages_of_a_mediation_agreement(name: str) -> None:
    talk, _secret = guided()
    case = offered(talk).case

    assert staff_client(Role.AGENT).get(url(name, case)).status_code == 200


@pytest.mark.parametrize("name", ["proceeding_step", "proceeding_end", "award"])
def test_pages_of_a_proceeding(name: str) -> None:
    proceeding = suspended()
    address = url(name, proceeding.case, proceeding.pk)

    assert staff_client(Role.AGENT).get(address).status_code == 200
    assert staff_client(Role.REVIEWER).get(address).status_code == 403
    elsewhere = url(name, determined_case(), proceeding.pk)
    assert staff_client(Role.AGENT).get(elsewhere).status_code == 404


def test_the_tab_shows_reviews_mediations_and_proceedings() -> None:
    desk = staff_client(Role.AGENT)
    review, talk, proceeding = decided(), mediation(), suspended()

    for case in (review.case, talk.case, proceeding.case):
        page = desk.get(reverse("desk:case_tab", args=[case.reference, "reviews"]))
        assert page.status_code == 200
    assert proceeding.body in page.content.decode()


@pytest.mark.parametrize("name", ["request", "withdraw", "mediation"])
def test_pages_of_the_consumer_in_every_state(name: str) -> None:
    cases = [determined_case(), offered_case(), requested().case, mediation().case]

    for case in cases:
        assert consumer_client(case).get(url(name, case)).status_code == 200
        assert Client().get(url(name, case)).status_code == 404


def test_the_tracking_page_in_every_state() -> None:
    review, talk, proceeding = decided(), mediation(), suspended()
    waiting = requested()

    for case in (review.case, talk.case, proceeding.case, waiting.case):
        page = consumer_client(case).get(reverse("track:case", args=[case.reference]))
        assert page.status_code == 200
    assert (
        "等待外部程序的结果"
        in consumer_client(proceeding.case)
        .get(reverse("track:case", args=[proceeding.case.reference]))
        .content.decode()
    )


GUEST = ["case", "positions", "meeting", "note", "end", "draft"]


@pytest.mark.parametrize("name", GUEST)
def test_pages_of_a_guest(name: str) -> None:
    talk, secret = guided()

    page = guest_client(secret).get(url(f"guest_{name}", talk.case))

    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert secret not in page.content.decode()


@pytest.mark.parametrize("name", ["offer", "sign", "refuse", "case"])
def test_pages_of_a_guest_while_an_agreement_is_signed(name: str) -> None:
    talk, secret = guided()
    offered(talk)

    assert guest_client(secret).get(url(f"guest_{name}", talk.case)).status_code == 200
