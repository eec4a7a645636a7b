"""`manage.py prepare` and `demo_logins`: what `make run` calls before anything is served."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from config.management.commands import prepare
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the commands that prepare calls; the demonstration makes one user, then may fail."""
    called: list[str] = []

    def record(name: str, **_options: Any) -> None:
        called.append(name)
        if name == "load_demo":
            make_user(username="agent")
            if called.count("load_demo") == 1 and "fail" in called:
                raise CommandError("interrupted")

    monkeypatch.setattr(prepare, "call_command", record)
    monkeypatch.setattr(prepare, "collect_static", lambda: called.append("collect_static"))
    return called


def test_demonstration_is_loaded_once(commands: list[str]) -> None:
    call_command("prepare", demo=True, stdout=io.StringIO())
    call_command("prepare", demo=True, stdout=io.StringIO())

    assert commands.count("load_demo") == 1
    assert commands.count("migrate") == commands.count("collect_static") == 2


def test_interrupted_demonstration_leaves_nothing(commands: list[str]) -> None:
    commands.append("fail")

    with pytest.raises(CommandError, match="interrupted"):
        call_command("prepare", demo=True, stdout=io.StringIO())

    assert not User.objects.exists()


def test_demonstration_is_not_loaded_unasked(commands: list[str]) -> None:
    call_command("prepare", stdout=io.StringIO())

    assert "load_demo" not in commands


def test_demonstration_is_refused_in_production(commands: list[str], settings: Any) -> None:
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="not for production"):
        call_command("prepare", demo=True, stdout=io.StringIO())

    assert not User.objects.exists()


def test_logins_are_shown(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    with pytest.raises(CommandError, match="no log-ins"):
        call_command("demo_logins")
    (tmp_path / "demo-logins.txt").write_text("agent\tword\n", encoding="utf-8")
    shown = io.StringIO()

    call_command("demo_logins", stdout=shown)

    assert "agent\tword" in shown.getvalue()
