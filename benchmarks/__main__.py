"""Start the measurement in an environment of its own. `--help` tells the options."""

from __future__ import annotations

import os
import subprocess
import sys

from launcher.places import places

DATABASE = "redress_bench"


def main() -> int:
    """Run benchmarks.measuring on a database of its own beside the development one."""
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
