"""Both private instances together, under a lock that makes concurrent calls harmless."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from launcher.places import Places
from launcher.postgres import Postgres
from launcher.valkey import Valkey

Service = Postgres | Valkey


def private_services(places: Places) -> list[Service]:
    """Give the instances that the environment does not replace, in starting order."""
    services: list[Service] = []
    if not os.environ.get("DATABASE_URL"):
        services.append(Postgres.of(places))
    if not os.environ.get("REDIS_URL"):
        services.append(Valkey.of(places))
    return services


@contextlib.contextmanager
def locked(places: Places) -> Iterator[None]:
    """Let one launcher at a time start or stop the instances of a checkout."""
    places.var.mkdir(parents=True, exist_ok=True)
    with (places.var / "services.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def run_mark(places: Places, service: Service) -> Path:
    """Give the file that tells that `run` started a service and will end it."""
    return places.var / f"{service.name}.started-by-run"


def adopt(places: Places) -> list[Service]:
    """Give the running instances that an earlier, killed `run` left behind."""
    return [
        service
        for service in private_services(places)
        if run_mark(places, service).exists() and service.answers()
    ]


def start_services(places: Places, *, started: list[Service] | None = None) -> list[Service]:
    """Start what does not run; give what was started.

    With a list, `run` is asking: what it starts is added there at once and ends with it.
    """
    fresh: list[Service] = []
    with locked(places):
        for service in private_services(places):
            if not service.start():
                continue
            fresh.append(service)
            mark = run_mark(places, service)
            if started is None:
                mark.unlink(missing_ok=True)
            else:
                mark.touch()
                started.append(service)
    return fresh


def stop_services(services: list[Service], places: Places) -> list[Service]:
    """End instances, last first; give those that ran."""
    stopped: list[Service] = []
    with locked(places):
        for service in reversed(services):
            if service.stop():
                stopped.append(service)
            run_mark(places, service).unlink(missing_ok=True)
    return stopped
