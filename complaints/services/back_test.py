"""Back-tests that a manager runs from a page: an uploaded log, within limits, kept for nobody.

The log is deleted as soon as it is read. The answer is kept for an hour, for the one who asked, so
that it can be downloaded.
"""

from __future__ import annotations

import gzip
import json
import secrets
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from accounts.models import User
from complaints.backtest import LogRefused, Policy, Report, replay_log
from complaints.backtest.refusals import Fault

MOST_BYTES = 50 * 1024 * 1024
MOST_BYTES_INSIDE = 4 * MOST_BYTES
MOST_ROWS = 200_000
MOST_ANSWER_BYTES = 8 * 1024 * 1024
KEEP_SECONDS = 3600
_GZIP_MARK = b"\x1f\x8b"
_CHUNK = 1024 * 1024


def replay_upload(upload: UploadedFile, policy: Policy) -> Report:
    """Replay a policy over an uploaded log, plain or gzipped.

    Raises LogRefused when the log can't be trusted or is larger than a page can wait for, and
    PolicyRefused as `replay_log` does.
    """
    with TemporaryDirectory(prefix="back-test-") as folder:
        path = _stored(upload, Path(folder))
        if path.suffix == ".gz" and _unpacked_is_too_large(path):
            raise LogRefused(Fault(0, "", _("解开以后太大。请分成几份，或者用命令试算。")))
        return replay_log(path, policy, most_rows=MOST_ROWS)


def _stored(upload: UploadedFile, folder: Path) -> Path:
    upload.seek(0)
    packed = upload.read(len(_GZIP_MARK)) == _GZIP_MARK
    upload.seek(0)
    path = folder / ("log.csv.gz" if packed else "log.csv")
    with path.open("wb") as file:
        for chunk in upload.chunks():
            file.write(chunk)
    return path


def _unpacked_is_too_large(path: Path) -> bool:
    size = 0
    try:
        with gzip.open(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > MOST_BYTES_INSIDE:
                    return True
    except (EOFError, zlib.error, gzip.BadGzipFile):
        return False  # the reader of the log says what is wrong with it
    return False


def keep_answer(report: Report, *, user: User) -> str:
    """Keep a report as JSON for its user; return its token, empty where it can't be kept."""
    raw = json.dumps(report.as_json(), ensure_ascii=False).encode()
    packed = gzip.compress(raw, compresslevel=6)
    if len(packed) > MOST_ANSWER_BYTES:
        return ""
    token = secrets.token_urlsafe(16)
    try:
        cache.set(_key(user, token), packed, KEEP_SECONDS)
    except RedisError:
        return ""
    return token


def kept_answer(token: str, *, user: User) -> bytes | None:
    """Return the JSON that was kept for a user under a token, None when it is gone."""
    try:
        packed = cache.get(_key(user, token))
    except RedisError:
        return None
    return gzip.decompress(packed) if packed else None


def _key(user: User, token: str) -> str:
    return f"back-test:{user.pk}:{token}"
