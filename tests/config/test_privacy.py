"""Pages about a case are stored nowhere, whoever they are for."""

import pytest
from django.test import Client

from accounts.states import Role
from tests.factories import make_case, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address", ["/desk/cases/{}/", "/desk/cases/{}/assign/", "/api/v1/cases/{}/"]
)
def test_nobody_stores_what_staff_see_of_a_case(client: Client, address: str) -> None:
    client.force_login(make_user(Role.AGENT))

    answer = client.get(address.format(make_case().reference))

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
