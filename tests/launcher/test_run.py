"""`make run`'s launcher, for real: pages come, Ctrl-C leaves nothing, a kill is survived."""

import os
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.errors import LaunchError
from launcher.places import Places, places
from launcher.processes import command_line, wait_until
from launcher.run import MAIL_PORTS_TRIED, is_free, mail_port, status_of
from launcher.services import private_services, stop_services

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
CHECKOUT = Path(__file__).resolve().parents[2]
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", "tests")
LINUX_ONLY = Path("/", "proc")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def processes_of(place: Places) -> list[str]:
    """Give the command lines of all processes that work in a checkout or on its data."""
    found = []
    for folder in LINUX_ONLY.glob("[0-9]*"):
        line = command_line(int(folder.name))
        try:
            inside = os.readlink(folder / "cwd").startswith(str(place.checkout))
        except OSError:
            inside = False
        if line and (inside or place.mark in line or str(place.checkout) in line):
            found.append(line)
    return found


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """A checkout of its own, in a path with a space and Chinese characters."""
    checkout = tmp_path_factory.mktemp("run") / "投诉 处理"
    shutil.copytree(CHECKOUT, checkout, ignore=NOT_COPIED)
    place = places("development", checkout)
    yield place
    stop_services(private_services(place), place)
    shutil.rmtree(place.sockets, ignore_errors=True)
    shutil.rmtree(place.reachable_store, ignore_errors=True)


def start_run(place: Places, port: int, mail: int | None = None) -> subprocess.Popen[str]:
    outside = ("DATABASE_URL", "REDIS_URL", "REDRESS_ENV", "REDRESS_TEST_DB")
    environment = {name: value for name, value in os.environ.items() if name not in outside}
    return subprocess.Popen(
        [sys.executable, "-m", "launcher", "run"],
        cwd=place.checkout,
        env={
            **environment,
            "PORT": str(port),
            "MAIL_PORT": str(mail or ""),
            "REDRESS_DEMO": "0",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_ready(run: subprocess.Popen[str], port: int) -> None:
    came = wait_until(
        lambda: run.poll() is not None or status_of(port, "/healthz/ready") == 200, seconds=600
    )
    assert came and run.poll() is None, run.communicate(timeout=30)[0]


def end(run: subprocess.Popen[str], how: signal.Signals) -> str:
    run.send_signal(how)
    return run.communicate(timeout=60)[0]


def test_run_serves_and_ctrl_c_leaves_no_process(copy: Places) -> None:
    port, mail = free_port(), free_port()
    run = start_run(copy, port, mail)
    wait_ready(run, port)
    assert wait_until(lambda: not is_free(mail), seconds=60)
    with smtplib.SMTP("127.0.0.1", mail) as smtp:
        assert smtp.sendmail("zhou@example.test", ["care@anju.example"], "Subject: x\n\ny") == {}

    second = start_run(copy, free_port()).communicate(timeout=60)[0]
    output = end(run, signal.SIGINT)

    assert f"http://127.0.0.1:{port}/" in output
    assert f"by SMTP at 127.0.0.1:{mail}" in output
    assert run.returncode == 0
    assert "already runs in this folder" in second
    assert processes_of(copy) == []


def test_killed_run_ends_its_processes_and_the_next_one_cleans_up(copy: Places) -> None:
    port = free_port()
    run = start_run(copy, port)
    wait_ready(run, port)
    end(run, signal.SIGKILL)
    assert wait_until(lambda: status_of(port, "/healthz/live") is None, seconds=30)

    run = start_run(copy, port)
    wait_ready(run, port)
    end(run, signal.SIGTERM)

    assert processes_of(copy) == []


def test_taken_port_is_said_before_anything_starts(copy: Places) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        run = start_run(copy, port)
        output = run.communicate(timeout=60)[0]

    assert run.returncode == 1
    assert f"Port {port} cannot be used" in output
    assert f"make run PORT={port + 1}" in output
    assert processes_of(copy) == []


@pytest.mark.parametrize("port", ["abc", "0", "70000"])
def test_nonsense_port_is_refused(copy: Places, port: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "launcher", "run"],
        cwd=copy.checkout,
        env={**os.environ, "PORT": port},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 1
    assert "PORT" in answer.stderr


def test_mail_takes_the_next_free_port_unless_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        monkeypatch.setattr("launcher.run.MAIL_PORT", port)
        monkeypatch.delenv("MAIL_PORT", raising=False)
        assert port < mail_port() < port + MAIL_PORTS_TRIED
        for named in (str(port), "0", "70000", "mail"):
            monkeypatch.setenv("MAIL_PORT", named)
            with pytest.raises(LaunchError, match="MAIL_PORT"):
                mail_port()
    monkeypatch.setenv("MAIL_PORT", str(port))
    assert mail_port() == port
