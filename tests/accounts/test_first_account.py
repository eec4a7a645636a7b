"""`manage.py first_account`: an empty site becomes one that somebody can work on."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Department, Team, User
from accounts.states import Role
from tests.factories import make_case, make_team, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "kettle-under-a-bridge"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + "\n"))


def first_account(*more: str, username: str = "boss", **options: Any) -> str:
    said = io.StringIO()
    email = options.pop("email", "boss@example.test")
    call_command("first_account", username, "--email", email, *more, stdout=said)
    return said.getvalue()


def test_new_site_can_be_worked_on(typed: None, client: Client) -> None:
    assert "boss" in first_account("--name", "周建国", "--team", "客服一组")

    boss = User.objects.get()
    assert (boss.display_name, boss.roles) == ("周建国", [Role.ADMINISTRATOR, Role.MANAGER])
    assert not boss.is_superuser, "rights come from roles"
    case = make_case()
    assert (case.team.name, case.team.manager) == ("客服一组", boss)
    answer = client.post(reverse("account_login"), {"login": "boss", "password": PASSWORD})
    assert answer.status_code == 302
    assert case.reference in client.get(reverse("desk"), {"view": "all"}).content.decode()
    assert client.get(reverse("admin:accounts_user_add")).status_code == 200


def test_it_is_the_first_and_only_the_first(typed: None) -> None:
    make_user(Role.AGENT)
    first_account()
    with pytest.raises(CommandError, match="已经有管理员"):
        first_account(username="second")
    assert not User.objects.filter(username="second").exists()


def test_default_team_that_is_there_is_kept(typed: None) -> None:
    manager = make_user(Role.MANAGER)
    team = make_team(manager=manager, is_default=True)
    first_account()
    assert Team.objects.get() == team and Team.objects.get().manager == manager
    assert User.objects.get(username="boss").team == team


@pytest.mark.parametrize(
    ("password", "username", "email"),
    [
        ("short", "boss", "boss@example.test"),
        ("", "boss", "boss@example.test"),
        ("boss-boss-boss", "boss-boss-boss", "boss@example.test"),
        (PASSWORD, "two words", "boss@example.test"),
        (PASSWORD, "taken", "boss@example.test"),
        (PASSWORD, "boss", "no address"),
    ],
)
def test_what_will_not_do_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, password: str, username: str, email: str
) -> None:
    make_user(username="taken")
    monkeypatch.setattr(sys, "stdin", io.StringIO(password + "\n"))
    with pytest.raises(CommandError):
        first_account(username=username, email=email)
    assert User.objects.count() == 1
    assert not Team.objects.exists() and not Department.objects.exists()


def test_password_is_asked_twice_at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    answers = iter([PASSWORD, "another", PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(answers))
    with pytest.raises(CommandError, match="不一样"):
        first_account()
    first_account()
    assert User.objects.get().check_password(PASSWORD)
