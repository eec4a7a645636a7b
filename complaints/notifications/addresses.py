"""Where a webhook may go: https to the open internet, or into networks that the operator named.

A name is resolved once and the connection made to that very address, so that a name which changes
its mind between check and use leads nowhere.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

from django.conf import settings

from complaints.notifications.errors import NotTaken

Address = IPv4Address | IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True)
class Target:
    """A receiver's address taken apart; `path` has the query."""

    secure: bool
    host: str
    port: int
    path: str


def read_url(url: str) -> Target:
    """Take an address apart; NotTaken("bad_url") for one that no webhook is sent to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotTaken("bad_url") from error
    plain = url.isascii() and url.isprintable() and " " not in url
    if parts.scheme not in ("https", "http") or not parts.hostname or not plain:
        raise NotTaken("bad_url")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise NotTaken("bad_url")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(secure, parts.hostname, port or (443 if secure else 80), path)


def check_url(url: str) -> None:
    """Refuse what can be seen without resolving: NotTaken with the code of the reason."""
    target = read_url(url)
    try:
        literal = ipaddress.ip_address(target.host)
    except ValueError:
        if not target.secure and not (target.host == "localhost" and _may_be_plain(_LOOPBACK)):
            raise NotTaken("not_https") from None
        return
    check_address(literal, secure=target.secure)


_LOOPBACK = ipaddress.ip_address("127.0.0.1")


def resolved(target: Target) -> str:
    """Return the one address to connect to; NotTaken unless every address may be reached."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotTaken("unknown_host") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        check_address(ipaddress.ip_address(address.partition("%")[0]), secure=target.secure)
    if not addresses:
        raise NotTaken("unknown_host")
    return addresses[0]


def check_address(address: Address, *, secure: bool) -> None:
    """Refuse private, loopback, link-local, multicast and reserved addresses, however disguised."""
    inner = _unwrapped(address)
    if not (_is_named(inner) or (inner.is_global and not inner.is_multicast)):
        raise NotTaken("private_address")
    if not secure and not _may_be_plain(inner):
        raise NotTaken("not_https")


def _unwrapped(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_named(address: Address) -> bool:
    return any(address in network for network in settings.WEBHOOK_NETWORKS)


def _may_be_plain(address: Address) -> bool:
    return not settings.PRODUCTION and address.is_loopback and _is_named(address)
