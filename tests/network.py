"""Keeps tests on this machine: a connection to anywhere else is an error."""

import ipaddress
import socket
from typing import Any

real_connect = socket.socket.connect


class NetworkBlockedError(RuntimeError):
    """A test tried to leave the machine."""


def stays_here(address: Any) -> bool:
    """Tell whether an address is a Unix socket or on the loopback interface."""
    if not isinstance(address, tuple):
        return True
    host = address[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def guarded_connect(self: socket.socket, address: Any) -> None:
    """Connect on this machine; raise NetworkBlockedError for anywhere else."""
    if not stays_here(address):
        raise NetworkBlockedError(f"Tests stay on this machine; refused: {address!r}")
    return real_connect(self, address)


def block_network() -> None:
    """Guard every socket of this process."""
    socket.socket.connect = guarded_connect
