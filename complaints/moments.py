"""The one source of "now": the database's clock, plus a shift that tests and the demonstration set.

Application hosts drift; the database is one. Its clock is read once a minute a process and carried
forward with the monotonic clock, so that a jump of the host's wall clock changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

_REFRESH_SECONDS = 60.0
_anchor: tuple[float, datetime] | None = None
_shift = timedelta(0)


def now() -> datetime:
    """Return the present moment in UTC, by the database's clock."""
    tick, kept = time.monotonic(), _anchor
    if kept is None or tick - kept[0] > _REFRESH_SECONDS:
        kept = _read_anchor()
        tick = kept[0]
    return kept[1] + timedelta(seconds=tick - kept[0]) + _shift


def _read_anchor() -> tuple[float, datetime]:
    global _anchor
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        anchor = (time.monotonic(), cursor.fetchone()[0].astimezone(UTC))
    _anchor = anchor
    return anchor


def measured_skew() -> timedelta:
    """Read the database's clock anew; return how far the host's wall clock is ahead of it.

    What the host's clock says is used for nothing else: `now()` continues from this reading.
    """
    before = time.time()
    _tick, moment = _read_anchor()
    host = datetime.fromtimestamp((before + time.time()) / 2, tz=UTC)
    return host - moment


def shift_to(moment: datetime) -> None:
    """Move this process's clock so that `now()` continues from `moment`.

    Only tests and the demonstration may do so: raises RuntimeError where
    TIME_SHIFT_ALLOWED is off, as it is in production.
    """
    global _shift
    if not settings.TIME_SHIFT_ALLOWED:
        raise RuntimeError("The clock may be shifted only in tests and for the demonstration.")
    _shift += moment - now()


def is_shifted() -> bool:
    """Say whether this process lives at another time than the database."""
    return _shift != timedelta(0)


def reset_shift() -> None:
    """Return to the true time."""
    global _shift
    _shift = timedelta(0)


@contextmanager
def shifted_to(moment: datetime) -> Iterator[None]:
    """Run a block at another time and come back."""
    shift_to(moment)
    try:
        yield
    finally:
        reset_shift()
