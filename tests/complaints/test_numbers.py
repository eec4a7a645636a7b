"""Numbers that somebody sends: read one way, and never an error of ours."""

from __future__ import annotations

import pytest
from django.core.exceptions import BadRequest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.states import Role
from complaints.models import Case, Macro, PublicPage
from complaints.numbers import number_seen, whole_number
from tests.factories import make_case, make_user

LONG = "9" * 5000
CASE_POSTS = ("accept", "classify", "assign", "decline", "emergency", "safety", "withdraw")


@given(st.one_of(st.text(), st.integers().map(str), st.just(LONG)))
def test_any_text_is_a_number_that_fits_or_none(words: str) -> None:
    found = whole_number(words)
    assert found is None or (0 <= found < 2**63 and words.isascii())
    assert whole_number(words, 7) == (7 if found is None else found)


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_numbers_are_read_as_they_are(number: int) -> None:
    assert whole_number(str(number)) == number_seen({"seen": str(number)}) == number


def test_what_a_page_saw_is_a_number_or_nothing() -> None:
    assert number_seen({}) is None and number_seen({"seen": ""}, default=3) == 3
    for words in (LONG, "-1", "1e3", "٣", " 1", "x"):
        with pytest.raises(BadRequest):
            number_seen({"seen": words})


@pytest.mark.django_db
@pytest.mark.parametrize("words", [LONG, "1" * 19, "-1", "x"])
def test_posts_with_no_number_are_answered_in_words_and_do_nothing(
    client: Client, words: str
) -> None:
    client.force_login(make_user(Role.AGENT, Role.MANAGER))
    case = make_case()
    each = Macro.objects.get(name="我来处理，先回一声")
    args = [case.reference]
    run = {"reply": "你好", "version": each.version, "seen": words}
    posts = [(reverse("desk:macro", args=[*args, each.pk]), run)]
    posts += [(reverse("complaints:take_over", args=args), {"held_by": words})]
    posts += [(reverse("desk:clocks_issue", args=args), {"after": words})]
    page = PublicPage.objects.order_by("pk")[0]
    posts += [
        (reverse("complaints:public_page_publish", args=[page.pk]), {"seen": words, "act": "drop"})
    ]
    for path, data in posts:
        answer = client.post(path, data)
        assert (path, answer.status_code) == (path, 400)
        assert "没有看懂这个请求" in answer.content.decode()
    assert Case.objects.get().version == case.version


@pytest.mark.django_db
@pytest.mark.parametrize("name", CASE_POSTS)
def test_forms_of_a_case_take_no_garbled_version(client: Client, name: str) -> None:
    client.force_login(make_user(Role.AGENT))
    case = make_case()
    answer = client.post(reverse(f"complaints:{name}", args=[case.reference]), {"seen": LONG})
    assert answer.status_code in {400, 422} and b"<h1" in answer.content
    assert Case.objects.get().version == case.version


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/desk/?size={n}",
        "/desk/?view=all&owner={n}&after=_{n}&saved={n}",
        "/desk/search/?q=水壶&after=1.{n}",
        "/desk/cases/{case}/log/?before={n}",
        "/desk/cases/{case}/updates/?version={n}",
        "/desk/phrases/text/delay/?with={n}",
        "/rights/?version={n}",
        "/desk/chats/{n}/",
        "/desk/bulk/{n}/",
    ],
)
def test_addresses_with_long_numbers_are_answered(client: Client, path: str) -> None:
    client.force_login(make_user(Role.AGENT, Role.MANAGER))
    address = path.format(n=LONG, case=make_case().reference)
    assert client.get(address).status_code in {200, 204, 400, 404}
