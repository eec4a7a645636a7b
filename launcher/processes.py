"""Starting, finding and ending single processes."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from launcher.errors import LaunchError

PR_SET_PDEATHSIG = 1
PAUSE = 0.05
# What was started may outlive this program; dropping its handle would be reported as a mistake.
STARTED: list[subprocess.Popen[bytes]] = []


def wait_until(done: Callable[[], bool], *, seconds: float) -> bool:
    """Wait for a condition; tell whether it came true in time."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def spawn(command: list[str], *, log: Path, **options: Any) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C reaches only the launcher."""
    for earlier in STARTED:
        earlier.poll()  # an ended child that nobody waited for still counts as running
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )
    STARTED.append(process)
    return process


def end_with_parent() -> None:
    """Ask Linux to end this process when its parent is killed (elsewhere: nothing)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stop_group(process: subprocess.Popen[bytes], *, seconds: float = 10) -> None:
    """End a spawned program politely, then whatever is left of its session."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def command_line(process_id: int) -> str:
    """Give a process's command line, or nothing if it does not run."""
    if sys.platform == "linux":
        try:
            words = Path("/", "proc", str(process_id), "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return words.replace(b"\0", b" ").decode(errors="replace").strip()
    answer = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(process_id)],
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip()


def recorded_process(pid_file: Path, *, proof: str) -> int | None:
    """Give the process id of a file's first line if that process runs and shows the proof."""
    try:
        process_id = int(pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return process_id if proof in command_line(process_id) else None


def stop_process(process_id: int, *, how: signal.Signals, seconds: float = 20) -> None:
    """End a process that may not be our child; raises LaunchError if it will not end."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(process_id, how)
    if not wait_until(lambda: not command_line(process_id), seconds=seconds):
        raise LaunchError(f"Process {process_id} does not end. Try: kill -9 {process_id}")


def last_lines(log: Path, count: int = 15) -> str:
    """Give the end of a log for an error message."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])
