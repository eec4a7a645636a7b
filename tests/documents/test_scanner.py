"""The scanner's protocol over real sockets, with a daemon that answers well, badly or never."""

import hashlib
import io
import os
import socket

import pytest

from documents.scanner import Address, ScannerError, ask, read_address
from tests.clamd import EICAR, ENGINE, Daemon, serving


def asked(daemon, data, *, seconds=20):
    return ask(io.BytesIO(data), address=read_address(daemon.address), seconds=seconds)


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, 64 * 1024 + 1, 3_000_000])
def test_ask_sends_every_byte_and_hears_that_it_is_clean(size):
    data = os.urandom(size)
    with serving(Daemon()) as daemon:
        verdict = asked(daemon, data)
    assert verdict.is_clean and verdict.engine == ENGINE
    assert hashlib.sha256(daemon.received[0]).digest() == hashlib.sha256(data).digest()


def test_ask_hears_a_signature_over_a_unix_socket(tmp_path):
    with serving(Daemon(), path=tmp_path / "clamd.ctl") as daemon:
        verdict = asked(daemon, b"x" * 100_000 + EICAR)
    assert verdict.signature == "Eicar-Signature" and not verdict.is_clean


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        pytest.param(b"", "unclear", id="hangs up"),
        pytest.param(b"stream: OK", "unclear", id="cut short"),
        pytest.param(b"\0", "unclear", id="says nothing"),
        pytest.param(b"stream: OK " + b"x" * 100_000, "unclear", id="never ends"),
        pytest.param(b"stream: " + b"x" * 2000 + b" FOUND\0", "unclear", id="too long"),
        pytest.param(b"stream: OK but not quite\0", "unclear", id="almost clean"),
        pytest.param(b"\xff\xfe\x80\0", "unclear", id="not text"),
        pytest.param(b"stream: Can't allocate memory ERROR\0", "unclear", id="in trouble"),
        pytest.param(None, "slow", id="never answers"),
    ],
)
def test_ask_takes_nothing_else_for_a_verdict(answer, code):
    with serving(Daemon(lambda _d, _x: answer)) as daemon, pytest.raises(ScannerError) as caught:
        asked(daemon, b"abc", seconds=1 if answer is None else 20)
    assert caught.value.code == code and not caught.value.is_lasting


def test_ask_hears_out_a_daemon_that_has_had_enough():
    with serving(Daemon(limit=100_000)) as daemon, pytest.raises(ScannerError) as caught:
        asked(daemon, os.urandom(8_000_000))
    assert caught.value.code in ("too_large", "unreachable")


def test_a_file_just_over_the_limit_is_too_large_for_good():
    with serving(Daemon(limit=10)) as daemon, pytest.raises(ScannerError) as caught:
        asked(daemon, b"x" * 11)
    assert caught.value.code == "too_large" and caught.value.is_lasting


def test_ask_says_when_nobody_is_there(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = Address(host="127.0.0.1", port=taken.getsockname()[1])
        for address in (nobody, Address(path=str(tmp_path / "none.ctl"))):
            with pytest.raises(ScannerError) as caught:
                ask(io.BytesIO(b"x"), address=address, seconds=5)
            assert caught.value.code == "unreachable"


def test_a_signature_can_carry_no_markup_or_control():
    answer = b"stream: Bad\x1b[31m\x07 Thing FOUND\0"
    with serving(Daemon(lambda _daemon, _data: answer)) as daemon:
        verdict = asked(daemon, b"x")
    assert verdict.signature == "Bad?[31m? Thing"


@pytest.mark.parametrize(
    "text",
    ["clamd", "unix:clamd.ctl", "tcp://:3310", "tcp://host", "http://host:80", "tcp://h:1/x"],
)
def test_read_address_refuses_what_names_no_place(text):
    with pytest.raises(ValueError, match="must be like"):
        read_address(text)


def test_read_address_reads_both_kinds():
    assert read_address("unix:/run/clamd.ctl") == Address(path="/run/clamd.ctl")
    assert read_address("tcp://clamav:3310") == Address(host="clamav", port=3310)
    assert read_address("tcp://[::1]:3310") == Address(host="::1", port=3310)
