"""Static files with a hash in their name, so that browsers may keep them for ever."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command


class HashedStaticFilesStorage(ManifestStaticFilesStorage):
    """Hashes also what ES modules import from each other."""

    support_js_module_import_aggregation = True


def source_fingerprint() -> str:
    """Give a text that changes when any static file of the source does."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> bool:
    """Collect static files if any has changed since the last time; tell whether it was needed."""
    stamp = settings.STATIC_ROOT / ".source"
    fingerprint = source_fingerprint()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(fingerprint)
    return True
