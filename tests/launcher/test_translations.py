"""Compiling catalogues without the gettext programs."""

import gettext
import os
from pathlib import Path

from launcher.translations import compile_translations

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "投诉"
msgstr "Complaint"
"""


def test_only_what_is_newer_is_compiled(tmp_path: Path) -> None:
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "django.po"
    source.write_text(CATALOGUE, encoding="utf-8")

    first = compile_translations(tmp_path)
    second = compile_translations(tmp_path)
    source.write_text(CATALOGUE.replace("Complaint", "A complaint"), encoding="utf-8")
    later = first[0].stat().st_mtime + 5
    os.utime(source, (later, later))
    third = compile_translations(tmp_path)

    assert (first, second, third) == ([folder / "django.mo"], [], [folder / "django.mo"])
    with third[0].open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("投诉") == "A complaint"
