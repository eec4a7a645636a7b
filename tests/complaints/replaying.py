"""Small logs and policies for the back-test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from complaints.backtest import Report, read_policy, replay_log
from complaints.backtest.replaying import Replay

COLUMNS = {"case": "case", "event": "event", "time": "time"}


def policy_data(**changes: Any) -> dict[str, Any]:
    """A policy with one clock: from "in" to the first "out", resting from "wait" to "go"."""
    data = {
        "columns": COLUMNS,
        "start": {"event": "in"},
        "stop": {"event": "out"},
        "pause": {"event": "wait"},
        "resume": {"event": "go"},
        "budget": {"amount": 4, "unit": "elapsed_hours"},
    } | changes
    return {key: value for key, value in data.items() if value is not None}


def log_file(folder: Path, *lines: str, header: str = "case,event,time") -> Path:
    """Write a log of these lines."""
    path = folder / "log.csv"
    path.write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    return path


def report_of(path: Path, **changes: Any) -> Report:
    """Replay a file by a small policy."""
    return replay_log(path, read_policy(policy_data(**changes)))


def only_case(report: Report) -> Replay:
    """The one case of the one clock."""
    (clock,) = report.clocks
    (case,) = clock.replays
    return case
