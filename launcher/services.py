"""Both private instances together, under a lock that makes concurrent calls harmless."""

import contextlib
import fcntl
import os
from collections.abc import Iterator

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


def start_services(places: Places) -> list[Service]:
    """Start what does not run; give what was started."""
    with locked(places):
        return [service for service in private_services(places) if service.start()]


def stop_services(services: list[Service], places: Places) -> list[Service]:
    """End instances, last first; give those that ran."""
    with locked(places):
        return [service for service in reversed(services) if service.stop()]
