"""Static files: every one that a template or a module names is there, with a hash in its name."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from config.storage import HashedStaticFilesStorage, collect_static

NAMED = re.compile(r"""{%\s*static\s+["']([^"']+)["']""")
HASHED = "config.storage.HashedStaticFilesStorage"


@pytest.fixture
def collected(tmp_path: Path, settings) -> HashedStaticFilesStorage:
    """All static files, collected as for production; fails where one names a missing file."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": HASHED}}
    call_command("collectstatic", interactive=False, verbosity=0)
    return HashedStaticFilesStorage(location=str(tmp_path))


def test_every_static_file_that_templates_name_exists(collected: HashedStaticFilesStorage) -> None:
    named = {
        name
        for page in (settings.BASE_DIR / "templates").rglob("*")
        if page.is_file()
        for name in NAMED.findall(page.read_text(encoding="utf-8"))
    }

    assert named
    assert named - set(collected.hashed_files) == set()


def test_static_files_are_collected_once(tmp_path: Path, settings) -> None:
    settings.STATIC_ROOT = tmp_path

    assert collect_static() is True
    assert collect_static() is False
    (tmp_path / ".source").write_text("before a change")
    assert collect_static() is True
