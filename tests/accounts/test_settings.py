"""A person's own settings."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db
CHOICES = {"language": "en", "theme": "dark"}


def test_settings_are_kept_on_the_person_and_the_device(client: Client) -> None:
    user = make_user(Role.AGENT)
    client.force_login(user)
    answer = client.post(reverse("account_settings"), CHOICES)
    assert answer.status_code == 303
    user.refresh_from_db()
    assert user.single_key_shortcuts is False
    kept = {name: morsel.value for name, morsel in answer.cookies.items()}
    assert kept["django_language"] == "en"
    assert (kept["theme"], kept["keys"]) == ("dark", "off")


def test_shortcuts_come_along_to_another_device(client: Client) -> None:
    user = make_user(Role.AGENT, single_key_shortcuts=False)
    data = {"login": user.username, "password": "secret-pass-1"}
    answer = client.post(reverse("account_login"), data)
    assert answer.cookies["keys"].value == "off"


def test_unknown_theme_is_refused_and_changes_nothing(client: Client) -> None:
    user = make_user(Role.AGENT)
    client.force_login(user)
    answer = client.post(reverse("account_settings"), {"language": "en", "theme": "pink"})
    assert answer.status_code == 422
    user.refresh_from_db()
    assert user.single_key_shortcuts is True


@pytest.mark.parametrize(
    "name",
    ["account_settings", "account_change_password", "mfa_index", "account_reauthenticate"],
)
def test_pages_about_oneself_ask_for_a_log_in(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 302
    assert reverse("account_login") in answer["Location"]
    client.force_login(make_user(Role.AGENT))
    assert client.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["account_login", "account_reset_password"])
def test_entrance_pages_open(client: Client, name: str) -> None:
    assert client.get(reverse(name)).status_code == 200
