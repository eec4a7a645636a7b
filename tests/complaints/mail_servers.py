"""Real servers on loopback: our own door for SMTP, and an IMAP server of another make (pymap)."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imap_tools import BaseMailBox, MailBoxUnencrypted

from complaints.management.smtp import new_talk
from launcher.processes import stop_group, wait_until

USER, PASSWORD = "demouser", "demopass"


@contextmanager
def smtp_door() -> Iterator[int]:
    """Run our SMTP server in a thread; gives its port."""
    loop, ports = asyncio.new_event_loop(), []
    up = threading.Event()

    async def begin() -> asyncio.AbstractServer:
        server = await loop.create_server(new_talk, "127.0.0.1", 0)
        ports.append(server.sockets[0].getsockname()[1])
        up.set()
        return server

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = loop.run_until_complete(begin())
        loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert up.wait(10)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


class Imap:
    """A mailbox of a real IMAP server, as its owner's other programs see it."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.log = folder / "imap.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and empty its inbox."""
        program = "from pymap.main import main; raise SystemExit(main())"
        command = [sys.executable, "-W", "ignore", "-c", program, "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "dict", "--demo-data"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        if not wait_until(self.answers, seconds=60):
            self.stop()
            raise AssertionError(self.log.read_text())
        with self.opened() as box:
            box.delete(box.uids("ALL"))

    def stop(self) -> None:
        """End it; what it held is gone."""
        if self.process is not None:
            stop_group(self.process)

    def answers(self) -> bool:
        """Say whether it takes connections."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @contextmanager
    def opened(self, folder: str = "INBOX") -> Iterator[BaseMailBox]:
        """Log in and open a folder."""
        with MailBoxUnencrypted("127.0.0.1", self.port, timeout=10) as box:
            yield box.login(USER, PASSWORD, folder)

    def put(self, *mails: bytes) -> None:
        """Deliver mails into the inbox."""
        with self.opened() as box:
            for raw in mails:
                box.append(raw, "INBOX")

    def count(self, folder: str = "INBOX", which: str = "ALL") -> int:
        """How many mails a folder holds."""
        with self.opened() as box:
            if not box.folder.exists(folder):
                return 0
            box.folder.set(folder)
            return len(box.uids(which))
