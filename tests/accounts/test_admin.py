"""The administration site is for administrators only."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, User
from accounts.services import issue_token
from accounts.states import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db
LISTS = [
    "accounts_user",
    "accounts_team",
    "accounts_department",
    "complaints_product",
    "complaints_batch",
]


def administrator(client: Client) -> User:
    user = make_user(Role.ADMINISTRATOR, is_staff=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize("name", LISTS)
def test_lists_open_for_administrators(client: Client, name: str) -> None:
    administrator(client)
    assert client.get(reverse(f"admin:{name}_changelist")).status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_closed_to_other_staff(client: Client, name: str) -> None:
    client.force_login(make_user(Role.MANAGER, is_staff=True))
    assert client.get(reverse(f"admin:{name}_changelist")).status_code == 403


def test_managers_who_are_not_staff_are_sent_to_the_log_in(client: Client) -> None:
    client.force_login(make_user(Role.MANAGER))
    assert client.get(reverse("admin:index")).status_code in (302, 403)


def test_roles_are_ticked(client: Client) -> None:
    administrator(client)
    user = make_user(Role.AGENT)
    address = reverse("admin:accounts_user_change", args=[user.pk])
    data = {
        "username": user.username,
        "display_name": "林晓",
        "email": user.email,
        "roles": ["agent", "manager"],
        "is_active": "on",
    }
    assert client.post(address, data).status_code == 302
    user.refresh_from_db()
    assert user.roles == ["agent", "manager"]


def test_nobody_is_deleted(client: Client) -> None:
    administrator(client)
    user = make_user(Role.AGENT)
    address = reverse("admin:accounts_user_delete", args=[user.pk])
    assert client.post(address, {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


def test_time_limits_and_calendars_are_not_changed_here() -> None:
    """They are versions, with pages of their own that show what a change would move."""
    managed = {model._meta.model_name for model in admin.site._registry}
    assert not {name for name in managed if "clock" in name or "calendar" in name}
    assert "product" in managed


def test_second_factors_are_not_shown_even_to_superusers(client: Client) -> None:
    client.force_login(make_user(Role.ADMINISTRATOR, is_staff=True, is_superuser=True))
    page = client.get(reverse("admin:index")).content.decode()
    assert "authenticator" not in page and "emailaddress" not in page


def stop(client: Client, token: ApiToken) -> int:
    data = {"action": "stop", "_selected_action": [token.pk]}
    return client.post(reverse("admin:accounts_apitoken_changelist"), data).status_code


def test_administrators_stop_a_token_for_good(client: Client) -> None:
    administrator(client)
    program = {"HTTP_AUTHORIZATION": f"Bearer {issue_token(make_user(Role.AGENT), label='robot')}"}
    token = ApiToken.objects.get()
    assert Client().get("/api/v1/cases/", **program).status_code == 200

    assert stop(client, token) == 302

    assert Client().get("/api/v1/cases/", **program).status_code == 401
    token.refresh_from_db()
    stopped = token.revoked_at
    assert stopped is not None
    assert LogEntry.objects.filter(object_id=str(token.pk)).count() == 1
    stop(client, token)
    token.refresh_from_db()
    assert token.revoked_at == stopped


def test_other_staff_stop_no_token(client: Client) -> None:
    issue_token(make_user(Role.AGENT), label="robot")
    client.force_login(make_user(Role.MANAGER, is_staff=True))

    assert stop(client, ApiToken.objects.get()) == 403
    assert ApiToken.objects.get().revoked_at is None
