"""Run the faults in an environment of their own. `--help` tells the options."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys

from launcher.places import places
from launcher.services import private_services, start_services, stop_services

KIND = "faults"
OUTSIDE = ("DATABASE_URL", "REDIS_URL", "REDRESS_TEST_DB")


def main() -> int:
    """Start the private instances, run the faults on them, and end them."""
    for name in OUTSIDE:
        os.environ.pop(name, None)
    place = places(KIND)
    place.var.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "REDRESS_ENV": "test",
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "FAULTS_SOCKETS": str(place.sockets),
        "FAULTS_VALKEY": str(place.valkey_socket),
    }
    with (place.var / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one run a checkout: it kills what it shares with another
        start_services(place)
        try:
            command = [sys.executable, "-m", "tests.faults.start", *sys.argv[1:]]
            return subprocess.run(command, env=environment, check=False).returncode
        finally:
            stop_services(private_services(place), place)


if __name__ == "__main__":
    sys.exit(main())
