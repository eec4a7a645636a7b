"""Addresses that no page of ours makes are answered in words, never with an error of ours."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.states import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/desk/cases/%00/", 400),
        ("/desk/cases/%00/accept/", 400),
        ("/desk/search/?q=%00", 400),
        ("/desk/?view=all&q=a%00b", 400),
        ("/my/%00/", 400),
        ("/desk/cases/%ED%A0%80/", 404),
        ("/desk/cases/%F0%9F%94%A5/", 404),
        ("/desk/search/?q=%ED%A0%80", 200),
        ("/desk/?view=all&after=_99999999999999999999999", 200),
    ],
)
def test_odd_addresses_are_answered_in_words(client: Client, path: str, status: int) -> None:
    client.force_login(make_user(Role.AGENT))
    response = client.get(path)
    assert response.status_code == status
    assert b"<h1" in response.content
