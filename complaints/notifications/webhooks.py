"""Sending one event to a program outside: signed, to a pinned address, within a time limit."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import json
import socket
import ssl
import threading
import uuid
from typing import Any

from django.conf import settings

from complaints import sealing
from complaints.models import OutboxMessage, WebhookEndpoint
from complaints.moments import now
from complaints.notifications.addresses import Target, read_url, resolved
from complaints.notifications.errors import NotTaken, Undeliverable

STEP_SECONDS = 5.0
WHOLE_SECONDS = 10.0
TAKEN = range(200, 300)


def delivery_id(message: OutboxMessage) -> str:
    """Return the name of a delivery: the same at every try, and another in every installation."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.PUBLIC_URL}/{message.key}"))


def signature(secret: str, *, timestamp: int, body: bytes) -> str:
    """Return the signature of a body sent at a moment: HMAC-SHA256 over `timestamp.body`."""
    signed = str(timestamp).encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def secret_of(endpoint: WebhookEndpoint) -> str:
    """Return the secret of a receiver; "" when it can't be read any more."""
    return sealing.unseal_for_installation(endpoint.secret_sealed) or ""


def send_webhook(message: OutboxMessage) -> None:
    """Send one event; returns when the receiver answered 2xx.

    Raises Undeliverable for a receiver that is switched off, else NotTaken. Redirects are not
    followed, and nothing of the answer but its status is read.
    """
    endpoint = message.endpoint
    if endpoint is None or not endpoint.is_active:
        raise Undeliverable(message.key)
    body = json.dumps(
        {"id": delivery_id(message), **message.data}, ensure_ascii=False, sort_keys=True
    ).encode()
    timestamp = int(now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Redress-Webhook/1",
        "Redress-Delivery": delivery_id(message),
        "Redress-Event": message.kind,
        "Redress-Timestamp": str(timestamp),
        "Redress-Signature": signature(secret_of(endpoint), timestamp=timestamp, body=body),
    }
    status = post(read_url(endpoint.url), body, headers)
    if status not in TAKEN:
        raise NotTaken(f"http_{status}")


def post(target: Target, body: bytes, headers: dict[str, str]) -> int:
    """Post to a receiver and return the status of its answer; NotTaken for everything else."""
    return post_to(resolved(target), target, body, headers)


def post_to(address: str, target: Target, body: bytes, headers: dict[str, str]) -> int:
    """Post to a target at an address (or name) that the caller trusts; else as `post`."""
    kind = _PinnedHTTPS if target.secure else _Pinned
    connection = kind(target.host, target.port, address)
    limit = threading.Timer(WHOLE_SECONDS, connection.cut)
    limit.start()
    try:
        connection.request("POST", target.path, body=body, headers=headers)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NotTaken(_code(error, was_cut=connection.was_cut)) from error
    finally:
        limit.cancel()
        connection.close()
    if connection.was_cut:
        raise NotTaken("timeout")
    return status


def _code(error: Exception, *, was_cut: bool) -> str:
    if was_cut or isinstance(error, TimeoutError):
        return "timeout"
    return "bad_certificate" if isinstance(error, ssl.SSLError) else "no_connection"


class _Pinned(http.client.HTTPConnection):
    """A connection to one address, whatever the host's name would resolve to now."""

    def __init__(self, host: str, port: int, address: str, **more: Any) -> None:
        super().__init__(host, port, timeout=STEP_SECONDS, **more)
        self.address = address
        self.was_cut = False
        self.wire: socket.socket | None = None

    def connect(self) -> None:
        """Connect to the pinned address."""
        self.wire = self.sock = socket.create_connection((self.address, self.port), STEP_SECONDS)

    def cut(self) -> None:
        """End a connection that takes too long; whoever waits on it is woken with an error."""
        self.was_cut = True
        if self.wire is not None:
            with contextlib.suppress(OSError):
                self.wire.shutdown(socket.SHUT_RDWR)


class _PinnedHTTPS(_Pinned):
    """The same over TLS; the certificate is checked against the host's name."""

    def connect(self) -> None:
        """Connect to the pinned address and shake hands in the host's name."""
        super().connect()
        context = ssl.create_default_context()
        secured = context.wrap_socket(
            self.sock, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.wire = self.sock = secured
        secured.do_handshake()
