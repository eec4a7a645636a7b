"""The locks: pinned by hash, free of addresses, and without what must not be installed."""

import importlib.util
import re
from pathlib import Path

import django_fsm
import pytest
from django.db.backends.postgresql.psycopg_any import is_psycopg3

CHECKOUT = Path(__file__).resolve().parents[2]
LOCKS = ("run", "dev")


def locked(name: str) -> dict[str, str]:
    """Give the packages of a lock and their versions."""
    text = (CHECKOUT / f"requirements/{name}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9][\w.-]*)(?:\[[^]]*\])?==([^\s;\\]+)", text, re.MULTILINE))


@pytest.mark.parametrize("name", LOCKS)
def test_lock_has_hashes_and_no_addresses(name: str) -> None:
    text = (CHECKOUT / f"requirements/{name}.txt").read_text()
    entries = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL)

    assert not re.search(r"https?:|file:|--(?:extra-)?index-url|--find-links", text)
    assert len(entries) > 30
    assert all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("name", LOCKS)
def test_lock_leaves_out_what_clashes(name: str) -> None:
    """django-fsm and django-fsm-2 install the same folder; Django would prefer psycopg 3."""
    packages = locked(name)

    assert "django-fsm-2" in packages
    assert not {"django-fsm", "psycopg", "psycopg-binary", "psycopg-c"} & set(packages)


def test_development_lock_holds_the_versions_of_the_run_lock() -> None:
    run, dev = locked("run"), locked("dev")

    assert {name: dev.get(name) for name in run} == run


def test_psycopg2_is_what_django_uses() -> None:
    assert not is_psycopg3
    assert importlib.util.find_spec("psycopg") is None
    assert hasattr(django_fsm, "FSMModelMixin")


def test_every_direct_dependency_tells_its_reason() -> None:
    text = (CHECKOUT / "pyproject.toml").read_text()
    lists = re.findall(r"^(?:dependencies|dev) = \[\n(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    lines = [line for part in lists for line in part.splitlines() if line.strip().startswith('"')]

    assert len(lists) == 2
    assert all(re.search(r'",\s+# \w', line) for line in lines)
