"""Where the private instances live: pure functions of the checkout's path and the user."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
# Fixed, not TMPDIR: every shell must find the same socket, whose path may have 107 bytes at most.
SOCKET_PARENT = Path("/", "tmp")
ROOT_STORE = Path("/", "var", "lib", "redress")


@dataclass(frozen=True)
class Places:
    """The folders of one pair of private instances: `development`, `test` or `faults`."""

    checkout: Path
    kind: str
    user_id: int

    @property
    def mark(self) -> str:
        """Short name that no other checkout, kind or user has."""
        text = f"{self.checkout}\0{self.kind}".encode()
        return f"{self.user_id}-{hashlib.sha256(text).hexdigest()[:16]}"

    @property
    def sockets(self) -> Path:
        """Folder (0700) of the sockets."""
        return SOCKET_PARENT / f"redress-{self.mark}"

    @property
    def valkey_socket(self) -> Path:
        """Valkey's socket."""
        return self.sockets / "valkey.sock"

    @property
    def var(self) -> Path:
        """Folder of everything the instances keep, as seen by the user who starts them."""
        return self.checkout / "var" / ("" if self.kind == "development" else self.kind)

    @property
    def reachable_store(self) -> Path:
        """Folder for data and binaries when the service's user cannot reach the checkout."""
        return ROOT_STORE / self.mark


def places(kind: str = "development", checkout: Path = CHECKOUT) -> Places:
    """Give the places of the private instances for the user who asks."""
    return Places(checkout=checkout, kind=kind, user_id=os.getuid())
