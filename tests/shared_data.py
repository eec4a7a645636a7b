"""Plugin: tests on the shared real data are left out where it is absent, and said so."""

import os
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(
    os.environ.get("REDRESS_SHARED_DATA", "")
    or Path(__file__).resolve().parent.parent.parent / "shared" / "data"
)
left_out: list[str] = []
WORKERS_SAY = "left_out"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if FOLDER.is_dir():
        return
    absent = [item for item in items if item.get_closest_marker("shared_data")]
    if absent:
        left_out.extend(item.nodeid for item in absent)
        config.hook.pytest_deselected(items=absent)
        items[:] = [item for item in items if not item.get_closest_marker("shared_data")]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Let a worker hand over what it left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput[WORKERS_SAY] = left_out


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker left out; every worker collects the same tests."""
    left_out[:] = getattr(node, "workeroutput", {}).get(WORKERS_SAY, left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if left_out:
        terminalreporter.section("left out: the shared data is not on this machine", yellow=True)
        for nodeid in left_out:
            terminalreporter.line(nodeid)
