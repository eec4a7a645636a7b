"""The doors: secret links, look-up with a code, and answers that tell a stranger nothing."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from complaints import sealing
from complaints.access import let_in
from complaints.actors import Actor
from complaints.errors import CodeRefused, TooManyAttempts
from complaints.models import Case, OneTimeCode
from complaints.moments import now, shift_to
from complaints.services import entrance
from complaints.services.entrance import (
    case_of_secret,
    count_attempt,
    grant_access,
    request_access_code,
    send_code,
    try_code,
)
from complaints.services.intake import ContactData, submit_complaint
from complaints.services.outbox import deliver_due
from complaints.states import CodePurpose
from complaints.views import lookup
from tests.factories import complaint, make_case

pytestmark = pytest.mark.django_db
RIGHT = "zhou@example.test"


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Don't wait for even answers; remember what would have been waited."""
    asked: list[float] = []
    monkeypatch.setattr("complaints.views.doors.time.sleep", asked.append)
    return asked


def ask(client: Client, reference: str, contact: str) -> HttpResponse:
    return client.post(reverse("track_lookup"), {"reference": reference, "contact": contact})


def code_page(client: Client) -> str:
    text = client.get(reverse("track_code")).content.decode()
    return re.sub(r'value="[\w]{64}"', "", text)


def sent_code() -> str:
    deliver_due()
    found = re.search(r"校验码：(\d{6})", mail.outbox[-1].body)
    assert found is not None
    return found[1]


def test_secret_link_opens_the_case_and_leaves_the_address(client: Client) -> None:
    receipt = submit_complaint(complaint(), by=Actor.consumer())

    response = client.get(reverse("secret_link", args=[receipt.secret]))

    url = reverse("track:case", args=[receipt.case.reference])
    assert (response.status_code, response.url) == (303, url)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "private, no-store"
    assert client.get(url).status_code == 200


def test_wrong_links_are_answered_alike_and_closed_after_many(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "LINKS_A_WINDOW", 2)
    case = make_case()

    answers = [client.get(reverse("secret_link", args=[secret])) for secret in ("x", "y" * 32)]
    closed = client.get(reverse("secret_link", args=[case.reference]))

    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({re.sub(r'value="\w{64}"|/t/[^"]*', "", a.content.decode()) for a in answers}) == 1
    assert closed.status_code == 429


def test_further_link_opens_and_a_revoked_one_does_not() -> None:
    case = make_case()
    secret = grant_access(case)
    assert case_of_secret(secret) == case

    case.accesses.update(revoked_at=now())

    assert case_of_secret(secret) is None
    assert case_of_secret("") is None


def test_only_digests_of_secrets_are_stored() -> None:
    case = make_case()
    secret = grant_access(case)

    assert secret not in str(case.accesses.values_list("secret_digest", flat=True))
    assert len(secret) >= 32


def test_code_opens_the_case(client: Client) -> None:
    case = make_case()
    assert ask(client, case.reference.lower(), " ZHOU@example.test ").url == reverse("track_code")

    response = client.post(reverse("track_code"), {"code": sent_code()})

    assert response.url == reverse("track:case", args=[case.reference])
    assert client.get(response.url).status_code == 200


def test_phone_finds_the_case_in_any_spelling(client: Client) -> None:
    case = make_case()

    ask(client, case.reference, "+86 138-1234-5678")

    assert OneTimeCode.objects.filter(case=case).count() == 1


def test_unknown_reference_wrong_contact_and_right_contact_look_alike() -> None:
    case = make_case()
    pages, answers = [], []
    for reference, contact in (
        (case.reference, RIGHT),
        (case.reference, "someone@example.test"),
        ("RD-1999-000001", RIGHT),
    ):
        client = Client()
        response = ask(client, reference, contact)
        answers.append(
            (response.status_code, response.url, len(response.cookies["redress_code"].value))
        )
        wrong = client.post(reverse("track_code"), {"code": "000000"})
        pages.append((code_page(client), wrong.status_code))

    assert len(set(answers)) == 1
    assert len({page for page, _status in pages}) == 1
    assert {status for _page, status in pages} == {422}
    assert OneTimeCode.objects.count() == 1


def test_answer_takes_the_same_time_whatever_was_found(waits: list[float]) -> None:
    case = make_case()

    ask(Client(), case.reference, RIGHT)
    ask(Client(), "RD-1999-000001", RIGHT)

    assert len(waits) == 2
    assert all(0 <= wait <= lookup.ANSWER_SECONDS for wait in waits)


def test_code_is_never_on_a_page(client: Client) -> None:
    case = make_case()
    response = ask(client, case.reference, RIGHT)
    digits = sent_code()

    shown = code_page(client) + str(response.headers) + response.cookies.output()

    assert digits not in shown


def test_five_tries_and_no_more(client: Client) -> None:
    case = make_case()
    ask(client, case.reference, RIGHT)
    digits = sent_code()
    wrong = "000000" if digits != "000000" else "111111"
    for _number in range(5):
        assert client.post(reverse("track_code"), {"code": wrong}).status_code == 422

    response = client.post(reverse("track_code"), {"code": digits})

    assert response.status_code == 422
    assert client.get(reverse("track:case", args=[case.reference])).status_code == 404


def test_code_ends_after_ten_minutes(client: Client) -> None:
    case = make_case()
    code = send_code(case, purpose=CodePurpose.ACCESS)
    digits = sent_code()
    shift_to(now() + timedelta(minutes=10, seconds=1))

    with pytest.raises(CodeRefused):
        try_code(code.pk, digits, purpose=CodePurpose.ACCESS)


def test_code_works_once_and_only_for_its_purpose() -> None:
    case = make_case()
    code = send_code(case, purpose=CodePurpose.ACCESS)
    digits = sent_code()
    with pytest.raises(CodeRefused):
        try_code(code.pk, digits, purpose=CodePurpose.SIGN)

    assert try_code(code.pk, digits, purpose=CodePurpose.ACCESS) == case
    with pytest.raises(CodeRefused):
        try_code(code.pk, digits, purpose=CodePurpose.ACCESS)


def test_newer_code_replaces_the_older_one() -> None:
    case = make_case()
    older = send_code(case, purpose=CodePurpose.ACCESS)
    digits = sent_code()
    send_code(case, purpose=CodePurpose.ACCESS)

    with pytest.raises(CodeRefused):
        try_code(older.pk, digits, purpose=CodePurpose.ACCESS)


def test_refusals_of_codes_have_the_same_words() -> None:
    case = make_case()
    code = send_code(case, purpose=CodePurpose.ACCESS)
    words = set()
    for code_id in (code.pk, uuid4(), None):
        with pytest.raises(CodeRefused) as refused:
            try_code(code_id, "x", purpose=CodePurpose.ACCESS)
        words.add(str(refused.value))

    assert len(words) == 1


def test_only_the_digest_of_a_code_is_stored() -> None:
    case = make_case()
    code = send_code(case, purpose=CodePurpose.ACCESS)
    digits = sent_code()

    assert digits not in code.code_digest
    assert code.code_digest == sealing.digest(f"{code.pk}:{digits}")
    assert bytes(case.outbox.get(kind="code").sealed) == b""


def test_look_ups_of_one_case_are_closed_alike_whether_it_exists_or_not() -> None:
    case = make_case()
    for reference, contact in ((case.reference, RIGHT), ("RD-1999-000001", RIGHT)):
        statuses = [ask(Client(), reference, contact).status_code for _number in range(6)]
        assert statuses == [303] * 5 + [429]


def test_too_many_codes_of_a_right_contact_are_not_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entrance, "CODES_A_WINDOW", 0)
    case = make_case()

    response = ask(client, case.reference, RIGHT)

    assert (response.status_code, response.url) == (303, reverse("track_code"))
    assert not OneTimeCode.objects.exists()


def test_door_closes_and_opens_again() -> None:
    for _number in range(3):
        count_attempt("door", most=3)
    with pytest.raises(TooManyAttempts):
        count_attempt("door", most=3)

    shift_to(now() + timedelta(minutes=16))

    count_attempt("door", most=3)


def test_case_without_contact_has_no_code() -> None:
    case = make_case(contact=ContactData(name="周"))

    assert request_access_code(reference=case.reference, contact="") is None


def test_code_page_without_a_look_up_leads_to_it(client: Client) -> None:
    assert client.get(reverse("track_code")).url == reverse("track_lookup")


def test_missing_fields_are_told(client: Client) -> None:
    response = ask(client, "", "")

    assert response.status_code == 422
    assert response.content.decode().count("请填写投诉编号") == 2


def test_leaving_closes_every_case_of_the_browser(client: Client) -> None:
    case = make_case()
    response = HttpResponse()
    let_in(client.get("/").wsgi_request, response, case)
    client.cookies["redress_cases"] = response.cookies["redress_cases"].value
    url = reverse("track:case", args=[case.reference])
    assert client.get(url).status_code == 200

    assert client.post(reverse("track_leave")).url == reverse("start")

    assert client.get(url).status_code == 404


def test_other_case_of_the_same_browser_stays_closed(client: Client) -> None:
    mine = submit_complaint(complaint(), by=Actor.consumer())
    foreign = make_case()
    client.get(reverse("secret_link", args=[mine.secret]))

    known = client.get(reverse("track:case", args=[foreign.reference]))
    unknown = client.get(reverse("track:case", args=["RD-1999-000001"]))

    assert known.status_code == unknown.status_code == 404
    assert reverse("track_lookup") in known.content.decode()
    assert Case.objects.count() == 2
    hide = re.compile(r'value="[^"]*"')
    assert hide.sub("", known.content.decode()) == hide.sub("", unknown.content.decode())
