"""A daemon on loopback that speaks ClamAV's protocol, well or badly, for the tests of scanning."""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
ENGINE = "ClamAV 1.4.1/27500/Sun Nov 22 08:00:00 2026"
Answer = Callable[["Daemon", bytes], bytes | None]


def honest(_daemon: Daemon, data: bytes) -> bytes:
    """Find the test signature, as every scanner does."""
    return b"stream: Eicar-Signature FOUND\0" if EICAR in data else b"stream: OK\0"


class Daemon:
    """What the server does, and what it was given."""

    def __init__(self, answer: Answer = honest, *, limit: int = 25_000_000) -> None:
        self.answer, self.limit = answer, limit
        self.received: list[bytes] = []
        self.address = ""
        self.closing = threading.Event()


class _Handler(socketserver.StreamRequestHandler):
    daemon: Daemon

    def handle(self) -> None:
        command = self._command()
        if command == b"zVERSION":
            self.wfile.write(ENGINE.encode() + b"\0")
        elif command == b"zINSTREAM":
            self._instream()
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def _command(self) -> bytes:
        text = b""
        while (byte := self.rfile.read(1)) not in (b"\0", b""):
            text += byte
        return text

    def _instream(self) -> None:
        data = b""
        while True:
            (length,) = struct.unpack(">I", self.rfile.read(4))
            if not length:
                break
            data += self.rfile.read(length)
            if len(data) > self.daemon.limit:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.daemon.received.append(data)
        answer = self.daemon.answer(self.daemon, data)
        if answer is None:
            self.daemon.closing.wait(30)
        else:
            self.wfile.write(answer)


class _Tcp(socketserver.ThreadingMixIn, socketserver.TCPServer):
    daemon_threads = True
    allow_reuse_address = True


class _Unix(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@contextmanager
def serving(daemon: Daemon, *, path: Path | None = None) -> Iterator[Daemon]:
    """Run a daemon on a port of its own, or at a path; `daemon.address` names the place."""
    handler = type("Handler", (_Handler,), {"daemon": daemon})
    server = _Unix(str(path), handler) if path else _Tcp(("127.0.0.1", 0), handler)
    port = "" if path else server.server_address[1]
    daemon.address = f"unix:{path}" if path else f"tcp://127.0.0.1:{port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield daemon
    finally:
        daemon.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
