"""A sweeper's signs of life, written to a row of its own."""

from __future__ import annotations

import os
import socket
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from complaints.models import SweepHeartbeat
from complaints.moments import now

KEPT = timedelta(days=1)


@dataclass
class Done:
    """What this thread of this process has done since it started; a forked child begins anew."""

    process: int
    started_at: datetime
    sweeps: int = 0
    errors: int = 0
    fired: Counter[str] = field(default_factory=Counter)


_kept = threading.local()


def done_here() -> Done:
    """Return what this sweeper has done so far."""
    done: Done | None = getattr(_kept, "done", None)
    if done is None or done.process != os.getpid():
        done = _kept.done = Done(process=os.getpid(), started_at=now())
    return done


def sweeper_name() -> str:
    """Name this sweeper: host and process id, and the thread unless it is the main one."""
    name = f"{socket.gethostname()}:{os.getpid()}"
    if threading.current_thread() is not threading.main_thread():
        name += f":{threading.get_native_id()}"
    return name[-120:]


def write_heartbeat(*, skew: timedelta, swept: bool = True) -> None:
    """Record that this sweeper lives and, if `swept`, that it sweeps; the first call tidies up."""
    moment, done = now(), done_here()
    values = {
        "started_at": done.started_at,
        "seen_at": moment,
        "skew_seconds": round(skew.total_seconds(), 3),
        "sweeps": done.sweeps,
        "errors": done.errors,
        "fired": dict(done.fired),
    }
    if swept:
        values["swept_at"] = moment
    if not SweepHeartbeat.objects.filter(pk=sweeper_name()).update(**values):
        SweepHeartbeat.objects.filter(seen_at__lt=moment - KEPT).delete()
        SweepHeartbeat.objects.create(pk=sweeper_name(), **values)
