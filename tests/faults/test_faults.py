"""Each fault in small, and in full where time does not matter: what was promised held."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from launcher.places import places

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
FOLDER = places("faults").var
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
FAULTS = (
    "kill",
    "workers",
    "broker",
    "duplicates",
    "poison",
    "ahead",
    "behind",
    "week",
    "races",
    "nobody",
)


def run_faults(name: str, *options: str) -> dict[str, Any]:
    """Run the documented command once for all workers of this test run; give the outcomes."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    found = FOLDER / f"{name}-{RUN}.json"
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not found.exists():
            for old in FOLDER.glob(f"{name}-*.json"):
                old.unlink()
            command = [sys.executable, "-m", "tests.faults", "--json", str(found), *options]
            answer = subprocess.run(
                command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False
            )
            assert found.exists(), answer.stdout + answer.stderr
            print(answer.stdout)
    outcomes: dict[str, Any] = json.loads(found.read_text())
    return outcomes


@pytest.mark.parametrize("fault", FAULTS)
def test_clocks_hold(fault: str) -> None:
    outcome = run_faults("quick", "--quick")[fault]

    assert outcome["wrong"] == [], outcome


def test_a_hundred_kills_hit_thousands_of_timers_at_work() -> None:
    figures = run_faults("quick", "--quick")["kill"]["figures"]

    assert figures["kills"] >= 100
    assert figures["timers"] >= 2000
    assert figures["inside a transaction"] >= 20
    assert figures["PostgreSQL restarts"] >= 1


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("fault", FAULTS)
def test_clocks_hold_for_long(fault: str) -> None:
    outcome = run_faults("whole")[fault]

    assert outcome["wrong"] == [], outcome
