"""The private Valkey (or Redis): broker and cache, reached by a socket only."""

import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from launcher.accounts import Account, data_store, service_account
from launcher.binaries import valkey_program
from launcher.errors import LaunchError
from launcher.places import Places
from launcher.processes import last_lines, recorded_process, spawn, stop_process, wait_until


@dataclass(frozen=True)
class Valkey:
    """One private instance of Valkey."""

    places: Places
    program: Path
    name: str = "Valkey"

    @classmethod
    def of(cls, places: Places, *, wheels: bool = True) -> "Valkey":
        """Give the instance of a checkout; raises LaunchError without a program."""
        return cls(places, valkey_program(places, wheels=wheels))

    @property
    def data(self) -> Path:
        """The data folder."""
        return data_store(self.places) / "valkey"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.places.var / "log" / "valkey.log"

    @property
    def account(self) -> Account:
        """The user that the server runs as."""
        return service_account(self.data)

    @property
    def pid_file(self) -> Path:
        """Where the running server's process id stands."""
        return self.data / "server.pid"

    def answers(self) -> bool:
        """Tell whether the instance answers a ping."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.places.valkey_socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def process_id(self) -> int | None:
        """Give the running server's process id."""
        return recorded_process(self.pid_file, proof=str(self.places.valkey_socket))

    def start(self) -> bool:
        """Make sure that the instance runs; tell whether it had to be started."""
        if self.answers():
            return False
        self.stop()
        account = self.account
        account.own(self.data)
        account.own(self.places.sockets)
        server = spawn(self.command(), log=self.log, **account.popen_arguments())
        self.pid_file.write_text(f"{server.pid}\n")
        wait_until(lambda: self.answers() or server.poll() is not None, seconds=30)
        if server.poll() is not None:
            raise LaunchError(f"Valkey does not start. Its log ends:\n{last_lines(self.log)}")
        return True

    def command(self) -> list[str]:
        """Give the server's command line; only tests may lose what was queued."""
        kept = "no" if self.places.kind == "test" else "yes"
        path = str(self.places.valkey_socket)
        options = {"port": "0", "unixsocket": path, "unixsocketperm": "700", "dir": str(self.data)}
        options |= {"appendonly": kept, "save": "", "maxmemory-policy": "noeviction"}
        return [str(self.program), *(x for k, v in options.items() for x in (f"--{k}", v))]

    def stop(self) -> bool:
        """End the server if it runs; tell whether it did."""
        process_id = self.process_id()
        if process_id is None:
            return False
        stop_process(process_id, how=signal.SIGTERM)
        return True
