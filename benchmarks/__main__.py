"""Start the measurement in an environment of its own. `--help` tells the options."""

from __future__ import annotations

import os
import subprocess
import sys

from launcher.places import places
from launcher.services import start_services, stop_services

DATABASE = "redress_bench"


def main() -> int:
    """Run benchmarks.measuring on a database of its own beside the development one.

    The private instances are started for it, and ended if they did not run before.
    """
    here = places("development")
    started = start_services(here)
    try:
        return measure()
    finally:
        stop_services(started, here)


def measure() -> int:
    """Run the measurement against running instances; return its exit code."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "BENCH_DB_NAME": DATABASE,
        "BENCH_DB_HOST": str(places("development").sockets),
        "REDRESS_DEBUG": "0",
    }
    command = [sys.executable, "-m", "benchmarks.measuring", *sys.argv[1:]]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
