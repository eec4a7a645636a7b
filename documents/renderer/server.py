"""The warm process: reads documents from standard input, forks a limited child for each."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import sys
import time
from typing import Any

from documents.renderer.frames import FrameError, read_frame, write_frame
from documents.renderer.limits import SECONDS, leave_network, limit_child

STDIN, STDOUT = 0, 1


def serve(*, isolate: bool = True) -> int:
    """Answer documents until standard input closes; return the exit status."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    isolated = isolate and leave_network()
    try:
        # Only here: where Pango is missing this import fails, and nothing else should.
        from documents.renderer import engine
    except (ImportError, OSError) as error:
        write_frame(STDOUT, {"code": "weasyprint_missing", "detail": str(error)[:300]})
        return 1
    engine.warm_up()
    gc.collect()
    gc.freeze()
    write_frame(STDOUT, {"code": "ok", "isolated": isolated})
    with contextlib.suppress(FrameError):
        while True:
            head, body = read_frame(STDIN)
            answer, pdf = _in_child(engine.render, body.decode(), seconds=head["seconds"])
            write_frame(STDOUT, answer, pdf)
    return 0


def _in_child(render: Any, html: str, *, seconds: float) -> tuple[dict[str, Any], bytes]:
    inlet, outlet = os.pipe()
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        os.close(inlet)
        _print_and_exit(render, html, outlet=outlet, parent=parent)
    os.close(outlet)
    try:
        deadline = time.monotonic() + min(seconds, SECONDS)
        return read_frame(inlet, deadline=deadline)
    except FrameError as error:
        return {"code": {"closed": "killed"}.get(error.code, error.code), "pages": 0}, b""
    finally:
        os.close(inlet)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _print_and_exit(render: Any, html: str, *, outlet: int, parent: int) -> None:
    status = 1
    try:
        os.close(STDIN)
        limit_child(parent)
        sys.setrecursionlimit(3000)
        outcome = render(html)
        head = {"code": outcome.code, "pages": outcome.pages, "refused": outcome.refused}
        write_frame(outlet, head, outcome.pdf)
        status = 0
    finally:
        os._exit(status)
