"""Collects the texts of code and templates into the English catalogue: `make messages`.

The source texts are Chinese (docs/adr/0003). New texts arrive without a translation, texts that
are gone leave the catalogue, nothing is guessed. The texts are collected in a copy of the sources,
because makemessages writes beside the templates that it reads.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

CHECKOUT = Path(__file__).resolve().parent.parent
CATALOGUE = CHECKOUT / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = {
    "Project-Id-Version": "Redress",
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


class GettextMissing(RuntimeError):
    """The gettext programs are not installed."""


def sources(checkout: Path = CHECKOUT) -> list[Path]:
    """Give the folders whose texts are translated: the apps and the templates."""
    apps = sorted(found.parent for found in checkout.glob("*/apps.py"))
    return [*apps, checkout / "templates"]


def collect(work: Path) -> polib.POFile:
    """Collect all texts in the empty folder `work`; raise GettextMissing without xgettext."""
    if shutil.which("xgettext") is None:
        raise GettextMissing("xgettext is missing: run `make dev`, it installs gettext.")
    for folder in sources():
        shutil.copytree(
            folder, work / folder.name, ignore=shutil.ignore_patterns("__pycache__", "migrations")
        )
    (work / "locale").mkdir()
    environment = {name: value for name, value in os.environ.items() if name[:7] != "DJANGO_"}
    command = ["makemessages", "--all", "--keep-pot", "--no-location", "--no-wrap"]
    answer = subprocess.run(
        [sys.executable, "-m", "django", *command],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode != 0:
        raise RuntimeError(answer.stderr)
    return polib.pofile(str(work / "locale" / "django.pot"), wrapwidth=0)


def merge(catalogue: Path, found: polib.POFile) -> polib.POFile:
    """Give `found` with the translations that the catalogue has for exactly these texts."""
    known = {}
    if catalogue.exists():
        known = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(catalogue))}
    merged = polib.POFile(wrapwidth=0)
    merged.header = "English for the Chinese source texts; `make messages` collects new ones."
    merged.metadata = HEADER
    for entry in found:
        translated = known.get((entry.msgctxt, entry.msgid))
        if translated is not None:
            entry.msgstr = translated.msgstr
            entry.msgstr_plural = translated.msgstr_plural or entry.msgstr_plural
        merged.append(entry)
    return merged


def main() -> int:
    """Bring the catalogue up to date and tell how many texts wait for a translation."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            merged = merge(CATALOGUE, collect(Path(folder)))
        except GettextMissing as missing:
            print(missing)
            return 1
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    merged.save(str(CATALOGUE))
    waiting = merged.untranslated_entries()
    print(f"{len(merged)} texts, {len(waiting)} without English")
    for entry in waiting:
        print(f"  {entry.msgid}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
