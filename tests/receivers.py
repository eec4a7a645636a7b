"""Servers on the loopback interface that behave as badly as a test asks: SMTP and HTTP."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class FakeSmtp(socketserver.ThreadingTCPServer):
    """Takes mail, or refuses it: `mood` is ok, busy (450), no (550), drop, hang or closed (421)."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _SmtpTalk)
        self.mood = "ok"
        self.taken: list[EmailMessage] = []
        self.released = threading.Event()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    @property
    def message_ids(self) -> list[str]:
        """What the mails that were taken are called."""
        return [str(mail["Message-ID"]) for mail in self.taken]

    def __enter__(self) -> FakeSmtp:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.released.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no news."""


class _SmtpTalk(socketserver.StreamRequestHandler):
    server: FakeSmtp

    def handle(self) -> None:
        mood = self.server.mood
        if mood == "hang":
            self.server.released.wait(30)
            return
        self.say("421 later" if mood == "closed" else "220 fake")
        while mood != "closed" and (line := self.rfile.readline()):
            command = line.strip().upper()
            if command.startswith((b"EHLO", b"HELO")):
                self.say("250 fake")
            elif command.startswith(b"RCPT"):
                self.say({"busy": "450 later", "no": "550 nobody here"}.get(mood, "250 ok"))
            elif command == b"DATA":
                if mood == "drop":
                    return
                self.say("354 go on")
                self.server.taken.append(self.mail())
                self.say("250 taken")
            elif command == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")

    def mail(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        return message_from_bytes(b"".join(lines), _class=EmailMessage, policy=policy.default)


class FakeReceiver(ThreadingHTTPServer):
    """Takes webhooks and answers with `status`; "hang" says nothing, "drip" never ends."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _HookTalk)
        self.status = 204
        self.mood = "ok"
        self.on_taken: Callable[[], None] = lambda: None
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.released = threading.Event()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}/hook?x=1"

    @property
    def deliveries(self) -> list[str]:
        """What the deliveries that came in are called."""
        return [headers["Redress-Delivery"] for headers, _body in self.taken]

    def __enter__(self) -> FakeReceiver:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.released.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is no news."""


class _HookTalk(BaseHTTPRequestHandler):
    server: FakeReceiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.mood == "hang":
            self.server.released.wait(30)
            return
        self.server.taken.append((dict(self.headers.items()), body))
        self.server.on_taken()
        if self.server.mood == "drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not self.server.released.wait(0.05):
                self.wfile.write(b"X")
            return
        self.send_response(self.server.status)
        if 300 <= self.server.status < 400:
            self.send_header("Location", self.server.url + "&followed=1")
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def do_GET(self) -> None:
        self.server.taken.append(({"Redress-Delivery": "followed"}, b""))

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
