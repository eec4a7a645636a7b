"""ClamAV's daemon, asked over a socket: INSTREAM for the bytes, VERSION for who answered.

Source: clamd(8), "COMMANDS". A chunk is its length (four bytes, big-endian) and its bytes; a length
of nought ends the stream. The commands begin with "z", so that answers end with a NUL.
"""

from __future__ import annotations

import re
import socket
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlsplit

CHUNK = 64 * 1024
LONGEST_ANSWER = 1024
_FOUND = re.compile(r"stream: (.+) FOUND")
_TOO_LARGE = re.compile(r"size limit exceeded", re.IGNORECASE)


class ScannerError(Exception):
    """There is no verdict. `code`: unreachable, slow, unclear or too_large.

    Only "too_large" is lasting: another try would end in the same way.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def is_lasting(self) -> bool:
        """Tell whether another try is pointless."""
        return self.code == "too_large"


@dataclass(frozen=True)
class Address:
    """Where the daemon listens: a path, or a host and a port."""

    path: str = ""
    host: str = ""
    port: int = 0


@dataclass(frozen=True)
class Verdict:
    """What the scanner said; an empty signature means that it found nothing."""

    engine: str
    signature: str = ""

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing was found."""
        return not self.signature


def read_address(text: str) -> Address:
    """Read "unix:/run/clamav/clamd.ctl" or "tcp://host:3310". Raises ValueError."""
    parts = urlsplit(text)
    if parts.scheme == "unix" and parts.path.startswith("/") and not parts.netloc:
        return Address(path=parts.path)
    if parts.scheme == "tcp" and parts.hostname and parts.port and parts.path in ("", "/"):
        return Address(host=parts.hostname, port=parts.port)
    raise ValueError("must be like unix:/run/clamav/clamd.ctl or tcp://host:3310")


def ask(stream: IO[bytes], *, address: Address, seconds: float) -> Verdict:
    """Return the verdict on a stream, within so many seconds. Raises ScannerError."""
    deadline = time.monotonic() + seconds
    engine = _printable(_command(address, b"zVERSION\0", deadline))
    answer = _printable(_command(address, b"zINSTREAM\0", deadline, stream=stream))
    if answer == "stream: OK":
        return Verdict(engine)
    if found := _FOUND.fullmatch(answer):
        return Verdict(engine, found[1][:200])
    raise ScannerError("too_large" if _TOO_LARGE.search(answer) else "unclear")


def _command(
    address: Address, command: bytes, deadline: float, *, stream: IO[bytes] | None = None
) -> bytes:
    try:
        with _connected(address, deadline) as connection:
            try:
                _send(connection, command, deadline)
                if stream is not None:
                    _send_stream(connection, stream, deadline)
            except (BrokenPipeError, ConnectionResetError):
                # A daemon that has had enough answers first and then hangs up: hear it out.
                return _answer(connection, deadline)
            return _answer(connection, deadline)
    except TimeoutError as error:
        raise ScannerError("slow") from error
    except OSError as error:
        raise ScannerError("unreachable") from error


@contextmanager
def _connected(address: Address, deadline: float) -> Iterator[socket.socket]:
    family = socket.AF_UNIX if address.path else socket.AF_INET
    target = address.path or (address.host, address.port)
    if address.host:
        family = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0][0]
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(_left(deadline))
        connection.connect(target)
        yield connection


def _send_stream(connection: socket.socket, stream: IO[bytes], deadline: float) -> None:
    while chunk := stream.read(CHUNK):
        _send(connection, struct.pack(">I", len(chunk)) + chunk, deadline)
    _send(connection, struct.pack(">I", 0), deadline)


def _send(connection: socket.socket, data: bytes, deadline: float) -> None:
    connection.settimeout(_left(deadline))
    connection.sendall(data)


def _answer(connection: socket.socket, deadline: float) -> bytes:
    """Return the answer up to its NUL; one that is cut short or does not end is unclear."""
    answer = b""
    while b"\0" not in answer:
        connection.settimeout(_left(deadline))
        piece = connection.recv(LONGEST_ANSWER)
        answer += piece
        if not piece or len(answer) > LONGEST_ANSWER:
            raise ScannerError("unclear")
    return answer.partition(b"\0")[0]


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _printable(answer: bytes) -> str:
    text = answer.decode("ascii", "replace").strip()
    return "".join(character if character.isprintable() else "?" for character in text)[:400]
