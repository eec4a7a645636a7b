"""What a mail hangs on to: a reference in its subject, a mark in the address it went to."""

from __future__ import annotations

import re
from collections.abc import Iterable

_REFERENCE = re.compile(r"(?<![A-Z0-9])[A-Z]{2,6}-\d{4}-\d{4,8}(?![A-Z0-9])")


def references_in(text: str) -> list[str]:
    """Return what looks like references of cases, in order, each once."""
    return list(dict.fromkeys(_REFERENCE.findall(text.upper())))


def tagged(address: str, tag: str) -> str:
    """Return our address with a mark: care@x and "tag" become care+tag@x."""
    name, at, host = address.partition("@")
    return f"{name}+{tag}{at}{host}"


def tags_in(recipients: Iterable[str], address: str) -> list[str]:
    """Return the marks of those recipients that are our address with one."""
    name, _at, host = address.lower().partition("@")
    found = []
    for recipient in recipients:
        local, _at, at_host = recipient.lower().partition("@")
        mailbox, plus, tag = local.partition("+")
        if plus and tag and mailbox == name and at_host == host:
            found.append(tag)
    return found


def is_ours(recipient: str, address: str) -> bool:
    """Say whether a recipient is our address, with or without a mark."""
    local, _at, host = recipient.lower().rpartition("@")
    return f"{local.partition('+')[0]}@{host}" == address.lower()
