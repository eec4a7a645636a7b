"""Measure search among 1,000, 10,000 and 100,000 cases: `python -m benchmarks.search`.

Runs in a database of its own beside the development one; `--help` tells the options.
"""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.__main__ import DATABASE
from launcher.places import places
from launcher.services import start_services, stop_services


def main() -> int:
    """Run benchmarks.searching; the instances are started for it if they do not run."""
    here = places("development")
    started = start_services(here)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "benchmarks.settings",
        "BENCH_DB_NAME": DATABASE,
        "BENCH_DB_HOST": str(here.sockets),
        "REDRESS_DEBUG": "0",
    }
    command = [sys.executable, "-m", "benchmarks.searching", *sys.argv[1:]]
    try:
        return subprocess.run(command, env=environment, check=False).returncode
    finally:
        stop_services(started, here)


if __name__ == "__main__":
    sys.exit(main())
