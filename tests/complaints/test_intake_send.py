"""Sending the form: once, whatever happens; within its budget; the secret is shown once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from complaints.forms import intake as intake_forms
from complaints.models import Batch, Case, CaseAccess, CaseEvent, Evidence, IntakeDraft
from complaints.moments import now
from complaints.services.drafts import SENT_DRAFTS_KEPT, purge_sent_drafts
from complaints.services.entrance import case_of_secret
from complaints.services.events import broken_link
from complaints.states import PRIVACY_NOTICE
from tests.complaints.intake_steps import fill_form, picture, post_step, send_form
from tests.factories import make_case, make_product

INTAKE_BUDGET = 8
TRANSACTION_CONTROL = ("SAVEPOINT", "RELEASE SAVEPOINT", "BEGIN", "COMMIT", "ROLLBACK")


def statements(context: CaptureQueriesContext) -> list[str]:
    return [
        query["sql"]
        for query in context.captured_queries
        if not query["sql"].startswith(TRANSACTION_CONTROL)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("named", [False, True], ids=["any product", "a product's batch"])
def test_sending_takes_eight_statements_and_one_for_a_batch(client: Client, named: bool) -> None:
    answers = {}
    if named:
        batch = Batch.objects.create(product=make_product(), code="B1")
        answers["product"] = {"product_text": batch.product.name, "marking": "B1"}
    fill_form(client, **answers)
    other = Client()
    fill_form(other, **answers)
    send_form(other)

    with CaptureQueriesContext(connection) as captured:
        response = send_form(client)

    assert response.status_code == 303
    assert len(statements(captured)) == INTAKE_BUDGET + named, "\n".join(statements(captured))
    assert Case.objects.filter(batch__isnull=not named).count() == 2


@pytest.mark.django_db
def test_event_keeps_the_version_of_the_notice_that_was_agreed_to(client: Client) -> None:
    fill_form(client)
    send_form(client)
    event = CaseEvent.objects.get(kind="received")
    shown = Client().get(reverse("page_privacy")).content.decode()

    assert event.data["notice"] == PRIVACY_NOTICE
    assert PRIVACY_NOTICE in shown
    assert broken_link(event.case) is None


@pytest.mark.django_db
def test_notice_of_the_day_of_agreement_counts(client: Client, monkeypatch) -> None:
    monkeypatch.setattr(intake_forms, "PRIVACY_NOTICE", "2020-01-01")
    fill_form(client)
    monkeypatch.undo()
    send_form(client)
    assert CaseEvent.objects.get(kind="received").data["notice"] == "2020-01-01"


@pytest.mark.django_db
def test_nobody_agrees_for_whom_did_not_read_the_notice() -> None:
    make_case()
    assert "notice" not in CaseEvent.objects.get(kind="received").data


@pytest.mark.django_db
def test_sending_with_files_takes_one_more(client: Client) -> None:
    fill_form(client)
    client.post(reverse("intake:upload"), {"files": picture()})
    other = Client()
    fill_form(other)
    send_form(other)

    with CaptureQueriesContext(connection) as captured:
        send_form(client)

    assert len(statements(captured)) == INTAKE_BUDGET + 1
    assert Evidence.objects.get().case == Case.objects.latest("pk")


@pytest.mark.django_db
def test_receipt_shows_the_secret_once_and_the_page_can_be_reloaded(client: Client) -> None:
    fill_form(client)
    url = send_form(client).url
    case = Case.objects.get()

    first, second = client.get(url).content.decode(), client.get(url).content.decode()

    secret = re.search(r"/t/([\w-]{32})/", first)
    assert secret is not None and case_of_secret(secret[1]) == case
    assert case.reference in second
    assert "/t/" not in second
    assert "24 小时内" in second and "2 小时内</strong>" not in second


@pytest.mark.django_db
def test_receipt_is_for_this_browser_only(client: Client) -> None:
    fill_form(client)
    url = send_form(client).url

    assert Client().get(url).status_code == 404


@pytest.mark.django_db
def test_danger_makes_an_emergency_and_the_receipt_promises_two_hours(client: Client) -> None:
    fill_form(client, story={"danger": "yes"})
    assert "不要自行拆开" in client.get(reverse("intake:check")).content.decode()

    text = client.get(send_form(client).url).content.decode()

    case = Case.objects.get()
    assert case.urgency == "emergency"
    assert set(case.clocks.values_list("kind", flat=True)) == {"acknowledgement", "emergency"}
    assert "<strong>2 小时内</strong>" in text
    assert "不要自行拆开" in text


@pytest.mark.django_db
def test_sending_again_gives_the_same_case_and_a_link_that_works(client: Client) -> None:
    fill_form(client)
    cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    first = send_form(client)
    client.cookies = cookies

    again = send_form(client)

    assert again.url == first.url
    case = Case.objects.get()
    link = client.get(again.url).context["link"]
    secret = re.search(r"/t/([\w-]{32})/", link)
    assert secret is not None and case_of_secret(secret[1]) == case
    assert CaseAccess.objects.count() == 1


@pytest.mark.django_db
def test_sent_draft_with_other_answers_is_refused(client: Client) -> None:
    fill_form(client)
    cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    send_form(client)
    client.cookies = cookies
    post_step(client, "wish", wished_remedy="repair")

    response = send_form(client)

    assert response.status_code == 409
    assert "已经提交过了" in response.content.decode()
    assert Case.objects.get().wished_remedy == "refund"


@pytest.mark.django_db
def test_browser_forgets_a_sent_draft(client: Client) -> None:
    fill_form(client)
    send_form(client)

    assert client.get(reverse("intake:begin")).url == reverse("intake:step", args=["product"])


@pytest.mark.django_db
def test_sent_drafts_are_purged_after_a_day_and_files_stay(client: Client) -> None:
    fill_form(client)
    client.post(reverse("intake:upload"), {"files": picture()})
    send_form(client)
    kept = IntakeDraft.objects.create(created_at=now(), saved_at=now())
    assert purge_sent_drafts() == 0

    IntakeDraft.objects.update(saved_at=now() - SENT_DRAFTS_KEPT * 2)

    assert purge_sent_drafts() == 1
    assert list(IntakeDraft.objects.all()) == [kept]
    assert Evidence.objects.get().case == Case.objects.latest("pk")


def _sent_from_a_thread(cookie: str) -> tuple[int, str]:
    client = Client()
    client.cookies["redress_draft"] = cookie
    try:
        response = send_form(client)
        return response.status_code, response.url
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_fifty_sendings_at_once_make_one_case(client: Client) -> None:
    fill_form(client)
    cookie = client.cookies["redress_draft"].value

    with ThreadPoolExecutor(max_workers=25) as pool:
        answers = set(pool.map(_sent_from_a_thread, [cookie] * 50))

    case = Case.objects.get()
    assert answers == {(303, reverse("intake:done", args=[case.reference]))}
    assert case.outbox.count() == 1
    assert case.events.count() == 1
