"""A stranger's file is read by a process of its own: whatever it does, only that one suffers."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from documents.signing.report import SealReport, report_from_json

SECONDS = 20.0
_ROOT = Path(__file__).resolve().parents[2]


def check_apart(data: bytes, *, seconds: float = SECONDS) -> SealReport:
    """Return what `check_seal` finds; `unreadable` for a file that it does not survive."""
    if not data.startswith(b"%PDF-"):
        return SealReport("not_pdf")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "documents.signing"],
            cwd=_ROOT,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1"},
            input=data,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
        return report_from_json(done.stdout.decode())
    except (subprocess.TimeoutExpired, OSError, ValueError):
        return SealReport("unreadable")
