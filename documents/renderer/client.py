"""The caller's side: starts the renderer when it is first needed and keeps it warm."""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from documents.errors import RenderFailed
from documents.renderer.frames import FrameError, read_frame, write_frame

SECONDS = 20.0
_GRACE = 10.0
_START = 30.0
_ROOT = Path(__file__).resolve().parents[2]
# All that the renderer gets of our environment: no address, no key, no password.
_PASSED_ON = ("PATH", "HOME", "FONTCONFIG_FILE", "FONTCONFIG_PATH", "XDG_CACHE_HOME", "TMPDIR")
# Faults of the document itself: the same input would fail again.
LASTING = frozenset(
    {"fetch_refused", "nested_too_deep", "impossible_size", "too_many_pages", "not_printable"}
)


class Renderer:
    """A warm renderer of this process; one document at a time, safe for threads and forks."""

    def __init__(self, *, isolate: bool = True) -> None:
        self._arguments = [] if isolate else ["--share-network"]
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = 0

    def render(self, html: str, *, seconds: float = SECONDS) -> bytes:
        """Return the PDF of an HTML text. Raises RenderFailed."""
        with self._lock:
            process = self._running()
            try:
                return self._ask(process, html, seconds=seconds)
            except FrameError as error:
                self._stop()
                raise RenderFailed(f"renderer_{error.code}") from error

    def close(self) -> None:
        """End the renderer, if it runs and is ours."""
        with self._lock:
            self._stop()

    @property
    def process_id(self) -> int | None:
        """Return the id of the running renderer."""
        return self._process.pid if self._process else None

    def _ask(self, process: subprocess.Popen[bytes], html: str, *, seconds: float) -> bytes:
        if process.stdin is None or process.stdout is None:
            raise FrameError("closed")
        write_frame(process.stdin.fileno(), {"seconds": seconds}, html.encode())
        deadline = time.monotonic() + seconds + _GRACE
        head, pdf = read_frame(process.stdout.fileno(), deadline=deadline)
        if head["code"] != "ok":
            raise RenderFailed(
                head["code"], lasting=head["code"] in LASTING, detail=str(head.get("refused", ""))
            )
        return pdf

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._owner == os.getpid():
            if self._process.poll() is None:
                return self._process
            self._stop()
        self._process = self._start()
        self._owner = os.getpid()
        self._greet(self._process)
        return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "documents.renderer", *self._arguments],
            cwd=_ROOT,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _greet(self, process: subprocess.Popen[bytes]) -> None:
        try:
            if process.stdout is None:
                raise FrameError("closed")
            head, _ = read_frame(process.stdout.fileno(), deadline=time.monotonic() + _START)
        except FrameError as error:
            self._stop()
            raise RenderFailed(f"renderer_{error.code}") from error
        if head["code"] != "ok":
            self._stop()
            raise RenderFailed(head["code"], detail=head.get("detail", ""))

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        process.kill()
        process.wait()


def _environment() -> dict[str, Any]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


_shared = Renderer()
atexit.register(_shared.close)


def shared_renderer() -> Renderer:
    """Return the renderer of this process."""
    return _shared
