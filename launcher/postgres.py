"""The private PostgreSQL: made on first use, reached by a socket only."""

import os
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from launcher.accounts import Account, data_store, service_account
from launcher.binaries import locale_arguments, postgres_folder
from launcher.errors import LaunchError
from launcher.places import Places
from launcher.processes import last_lines, recorded_process, spawn, stop_process, wait_until

USER = DATABASE = "redress"
# After kill -9 the old server's children may hold its shared memory for a moment.
TRIES = 5
FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SETTINGS = {"listen_addresses": "", "max_connections": "300", "jit": "off", "timezone": "UTC"}


@dataclass(frozen=True)
class Postgres:
    """One private instance of PostgreSQL."""

    places: Places
    programs: Path
    name: str = "PostgreSQL"

    @classmethod
    def of(cls, places: Places, *, wheels: bool = True) -> "Postgres":
        """Give the instance of a checkout; raises LaunchError without programs."""
        return cls(places, postgres_folder(places, wheels=wheels))

    @property
    def data(self) -> Path:
        """The data folder."""
        return data_store(self.places) / "postgres"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.places.var / "log" / "postgres.log"

    @property
    def account(self) -> Account:
        """The user that the server runs as."""
        return service_account(self.data)

    def answers(self) -> bool:
        """Tell whether the instance accepts connections."""
        address = ["-h", str(self.places.sockets), "-U", USER]
        command = [str(self.programs / "pg_isready"), "-q", *address]
        return subprocess.run(command, check=False).returncode == 0

    def process_id(self) -> int | None:
        """Give the running server's process id."""
        return recorded_process(self.data / "postmaster.pid", proof=str(self.data))

    def start(self) -> bool:
        """Make sure that the instance runs; tell whether it had to be started."""
        if self.answers():
            return False
        self.stop()
        self.make()
        for _ in range(TRIES):
            if self.start_once():
                self.make_database()
                return True
        raise LaunchError(f"PostgreSQL does not start. Its log ends:\n{last_lines(self.log)}")

    def make(self) -> None:
        """Make the data folder unless it is there; one that was left half-made is made anew."""
        account = self.account
        if (self.data / "PG_VERSION").exists():
            account.own(self.data)
            return
        unfinished = self.data.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        account.own(unfinished)
        initdb = str(self.programs / "initdb")
        version = subprocess.run([initdb, "--version"], capture_output=True, text=True, check=True)
        options = ["-U", USER, "-E", "UTF8", "-A", "trust", "--no-sync"]
        answer = subprocess.run(
            [initdb, "-D", str(unfinished), *options, *locale_arguments(version.stdout)],
            capture_output=True,
            text=True,
            check=False,
            **account.popen_arguments(),
        )
        if answer.returncode:
            raise LaunchError(f"PostgreSQL's data folder cannot be made:\n{answer.stderr}")
        unfinished.rename(self.data)

    def start_once(self) -> bool:
        """Start the server once; tell whether it came up."""
        account = self.account
        sockets = account.own(self.places.sockets)
        settings = {**SETTINGS, **(FOR_TESTS if self.places.kind == "test" else {})}
        command = [str(self.programs / "postgres"), "-D", str(self.data), "-k", str(sockets)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        server = spawn(command, log=self.log, **account.popen_arguments())
        wait_until(lambda: self.answers() or server.poll() is not None, seconds=60)
        return server.poll() is None

    def make_database(self) -> None:
        """Make the database unless it is there."""
        address = ["-h", str(self.places.sockets), "-U", USER]
        query = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"
        found = subprocess.run(
            [self.programs / "psql", *address, "-d", "postgres", "-Atc", query],
            capture_output=True,
            text=True,
            check=True,
        )
        if not found.stdout.strip():
            subprocess.run([self.programs / "createdb", *address, DATABASE], check=True)

    def stop(self) -> bool:
        """End the server if it runs; tell whether it did. Connections are cut, data is kept."""
        process_id = self.process_id()
        if process_id is None:
            return False
        stop_process(process_id, how=signal.SIGINT)
        return True


def psql(places: Places) -> list[str]:
    """Give the command that opens a prompt on the instance."""
    programs = postgres_folder(places)
    return [os.fspath(programs / "psql"), "-h", str(places.sockets), "-U", USER, DATABASE]
