"""`make run`: everything that Redress needs on one machine, until Ctrl-C."""

import contextlib
import fcntl
import http.client
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from launcher.errors import LaunchError
from launcher.places import Places
from launcher.processes import end_with_parent, last_lines, spawn, stop_group
from launcher.services import adopt, start_services, stop_services
from launcher.translations import compile_translations

HOST = "127.0.0.1"
MAIL_PORT = 2525
MAIL_PORTS_TRIED = 50
WEB_START_SECONDS = 90
READY_SECONDS = 60
PROBE_SECONDS = 15


def port_number() -> int:
    """Give the web port; raises LaunchError if PORT is not one or is taken."""
    text = os.environ.get("PORT", "") or "8000"
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise LaunchError(
            f"PORT is {text!r}, which is no port number. For example: make run PORT=8001"
        )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(text)))
        except OSError as error:
            raise LaunchError(
                f"Port {text} cannot be used on this machine ({error.strerror}): another program "
                f"probably has it.\nEnd that program, or choose another port:\n"
                f"    make run PORT={int(text) + 1}"
            ) from error
    return int(text)


def mail_port() -> int:
    """Give the port at which mail is taken: MAIL_PORT, or the first free one from 2525 on.

    Raises LaunchError for a MAIL_PORT that is no port number or is taken.
    """
    text = os.environ.get("MAIL_PORT", "")
    if text and (not text.isdecimal() or not 0 < int(text) < 65536):
        raise LaunchError(f"MAIL_PORT is {text!r}, which is no port number.")
    wanted = [int(text)] if text else range(MAIL_PORT, MAIL_PORT + MAIL_PORTS_TRIED)
    for port in wanted:
        if is_free(port):
            return port
    raise LaunchError(
        "No port for incoming mail is free: another program has it. Choose one, for example:\n"
        "    make run MAIL_PORT=2600"
    )


def is_free(port: int) -> bool:
    """Tell whether a port of this machine can be listened at."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def worker_pool() -> str:
    """Give Celery's pool: processes, or threads where the system has no shared memory."""
    try:
        multiprocessing.get_context().Semaphore(1)
    except OSError:
        return "threads"
    return "prefork"


def commands(places: Places, port: int) -> dict[str, list[str]]:
    """Give the command line of each of our processes, in starting order."""
    python = sys.executable
    celery = [python, "-m", "celery", "--app", "config"]
    web = [python, "-m", "gunicorn", "config.wsgi", "--bind", f"{HOST}:{port}"]
    web += ["--worker-class", "gthread", "--workers", "2", "--threads", "4"]
    web += ["--graceful-timeout", "5", "--preload", "--no-control-socket"]
    worker = [*celery, "worker", "--pool", worker_pool(), "--loglevel", "WARNING"]
    worker += ["--without-gossip", "--without-mingle"]
    prompt = [*worker, "--queues", "prompt", "--hostname", "prompt@%h", "--concurrency", "2"]
    slow = [*worker, "--queues", "slow", "--hostname", "slow@%h", "--concurrency", "1"]
    schedule = str(places.var / "celerybeat-schedule")
    beat = [*celery, "beat", "--schedule", schedule, "--pidfile=", "--loglevel", "WARNING"]
    clocks = [python, "manage.py", "sweep_clocks", "--loop"]
    mail = [python, "manage.py", "receive_mail"]
    workers = {"worker": prompt, "slow-worker": slow}
    return {"web": web, **workers, "beat": beat, "clocks": clocks, "mail": mail}


def run_environment(places: Places, mail: int | None = None) -> dict[str, str]:
    """Give the environment of our processes: as production serves, unless told otherwise.

    `mail` is the port at which mail is taken.
    """
    told = {"REDRESS_DEBUG": "0", **os.environ, "PYTHONPATH": str(places.checkout)}
    if mail is not None:
        told["REDRESS_SMTP_LISTEN"] = f"{HOST}:{mail}"
    return told


def prepare(places: Places) -> None:
    """Migrate, collect static files and load the demonstration once; raises LaunchError."""
    command = [sys.executable, "manage.py", "prepare"]
    if os.environ.get("REDRESS_DEMO", "1") != "0":
        command.append("--demo")
    answer = subprocess.run(command, cwd=places.checkout, env=run_environment(places), check=False)
    if answer.returncode:
        raise LaunchError("Redress could not be prepared; the lines above tell why.")


def status_of(port: int, path: str) -> int | None:
    """Give the HTTP status of one of our pages, or nothing while the web does not answer."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


class StopRequestedError(Exception):
    """Somebody typed Ctrl-C or asked the launcher to end."""


def request_stop(_signal: int, _frame: FrameType | None) -> None:
    """Turn a signal into an exception, once: a second one must not break the clean-up."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    raise StopRequestedError


@dataclass
class Processes:
    """Our own processes: web, workers, beat, the loop that keeps the clocks, the door for mail."""

    places: Places
    mail: int | None = None
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def log(self, name: str) -> Path:
        """Where a process's output goes."""
        return self.places.var / "log" / f"{name}.log"

    def start(self, port: int) -> None:
        """Start all: pages first, since somebody waits for them."""
        all_commands = commands(self.places, port)
        self.spawn("web", all_commands.pop("web"))
        self.wait_for_web(port)
        for name, command in all_commands.items():
            self.spawn(name, command)

    def spawn(self, name: str, command: list[str]) -> None:
        """Start one; it ends when the launcher is killed."""
        self.running[name] = spawn(
            command,
            log=self.log(name),
            cwd=self.places.checkout,
            env=run_environment(self.places, self.mail),
            preexec_fn=end_with_parent,
        )

    def check(self) -> None:
        """Raise LaunchError if one has ended by itself."""
        for name, process in self.running.items():
            if process.poll() is not None:
                lines = last_lines(self.log(name))
                raise LaunchError(f"The {name} process has ended. Its log ends:\n{lines}")

    def wait_for_web(self, port: int) -> None:
        """Wait for the first answer; raises LaunchError when it does not come."""
        deadline = time.monotonic() + WEB_START_SECONDS
        while status_of(port, "/healthz/live") is None:
            self.check()
            if time.monotonic() > deadline:
                raise LaunchError(f"No page after {WEB_START_SECONDS} s: see {self.log('web')}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End all: first who gives work, then who does it, then who serves."""
        for name in ("beat", "clocks", "mail", "worker", "slow-worker", "web"):
            if process := self.running.get(name):
                stop_group(process)


def announce(places: Places, port: int, mail: int) -> None:
    """Tell where Redress is and how to log in."""
    print(f"\nRedress runs at  http://{HOST}:{port}/  (staff: http://{HOST}:{port}/desk/)")
    logins = places.var / "demo-logins.txt"
    if logins.exists():
        print(f"\n{logins.read_text(encoding='utf-8').rstrip()}\n")
    print(f"Complaints by mail are taken by SMTP at {HOST}:{mail} (docs/mail.md).")
    print("Mail and SMS are kept in var/mail, logs in var/log. Ctrl-C ends everything.", flush=True)


def watch(processes: Processes, port: int) -> None:
    """Watch until stopped; say when background work is up, or that it is not.

    Asking for readiness goes on: it lets the web tell managers that nobody keeps the clocks.
    """
    deadline = time.monotonic() + READY_SECONDS
    told, asked = False, time.monotonic()
    while True:
        processes.check()
        if told and time.monotonic() - asked > PROBE_SECONDS:
            asked = time.monotonic()
            status_of(port, "/healthz/ready")
        if not told and status_of(port, "/healthz/ready") == 200:
            print("Background work (clocks, mail, documents) is up.", flush=True)
            told = True
        elif not told and time.monotonic() > deadline:
            print(
                "Background work is not up yet: pages work, but clocks and mail may not. "
                f"See http://{HOST}:{port}/healthz/ready and var/log/worker.log.",
                flush=True,
            )
            told = True
        time.sleep(0.5)


@contextlib.contextmanager
def only_run(places: Places) -> Iterator[None]:
    """Let one `make run` a checkout; raises LaunchError for a second."""
    places.var.mkdir(parents=True, exist_ok=True)
    with (places.var / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LaunchError("`make run` already runs in this folder.") from error
        yield


def run(places: Places) -> int:
    """Run Redress until Ctrl-C; what this call started has ended when it returns."""
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, request_stop)
    processes = Processes(places)
    ours = []
    with only_run(places):
        try:
            port, processes.mail = port_number(), mail_port()
            ours = adopt(places)
            start_services(places, started=ours)
            compile_translations(places.checkout / "locale")
            prepare(places)
            processes.start(port)
            announce(places, port, processes.mail)
            watch(processes, port)
        except StopRequestedError:
            print("\nEnding …", flush=True)
        finally:
            processes.stop()
            stop_services(ours, places)
    print("Redress has ended; its data is kept.")
    return 0
