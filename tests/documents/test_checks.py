"""The system check says so when Chinese can't be printed."""

import subprocess

import pytest
from django.core.checks import Error
from django.core.checks import Warning as CheckWarning

from documents import checks, fonts
from tests.documents.seals import seal_source


@pytest.fixture(autouse=True)
def ask_again():
    fonts.cjk_font_available.cache_clear()
    yield
    fonts.cjk_font_available.cache_clear()


def test_this_machine_can_print_chinese():
    assert fonts.cjk_font_available()
    assert checks.check_cjk_font() == []


@pytest.mark.parametrize(("debug", "kind"), [(True, CheckWarning), (False, Error)])
def test_a_machine_without_a_chinese_face_is_told(monkeypatch, settings, debug, kind):
    settings.DEBUG = debug
    monkeypatch.setattr(checks, "cjk_font_available", lambda: False)
    (message,) = checks.check_cjk_font()
    assert type(message) is kind
    assert "fonts-noto-cjk" in message.hint


@pytest.mark.parametrize(("code", "listed"), [(0, b""), (0, b" \n"), (1, b"Noto")])
def test_an_empty_list_of_faces_counts_as_none(monkeypatch, code, listed):
    answer = subprocess.CompletedProcess([], code, listed, b"")
    monkeypatch.setattr(fonts.subprocess, "run", lambda *_a, **_o: answer)
    assert not fonts.cjk_font_available()


def test_a_machine_without_fontconfig_counts_as_none(monkeypatch):
    monkeypatch.setattr(fonts.shutil, "which", lambda _name: None)
    assert not fonts.cjk_font_available()


def test_an_ending_seal_is_told(settings):
    settings.SEAL_SOURCE = None
    assert checks.check_seal_lasts() == []
    settings.SEAL_SOURCE = seal_source()
    assert checks.check_seal_lasts() == []
    settings.SEAL_SOURCE = seal_source(days=20)
    (told,) = checks.check_seal_lasts()
    assert told.id == "documents.W002"
