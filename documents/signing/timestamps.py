"""Time-stamps of a service (RFC 3161) by HTTP: one request, a time limit, no redirects."""

from __future__ import annotations

import base64
import http.client
from urllib.parse import urlsplit

from asn1crypto import tsp
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from documents.signing.keys import TimeService

MOST_BYTES = 64 * 1024
REPLY = "application/timestamp-reply"


class HttpTimeStamper(TimeStamper):
    """Asks a time-stamp service; any fault of it is a TimestampRequestError."""

    def __init__(self, service: TimeService) -> None:
        super().__init__()
        self._service = service

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Ask, and read the answer; sealing runs in a thread of its own, so waiting is allowed."""
        try:
            status, kind, body = self._asked(req.dump())
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise TimestampRequestError(f"no answer: {error}") from error
        if status != 200 or kind != REPLY or len(body) > MOST_BYTES:
            raise TimestampRequestError(f"the answer {status} is no time-stamp")
        try:
            return tsp.TimeStampResp.load(body)
        except ValueError as error:
            raise TimestampRequestError("the answer can't be read") from error

    def _asked(self, body: bytes) -> tuple[int, str, bytes]:
        parts = urlsplit(self._service.url)
        secure = parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(parts.hostname or "", parts.port, timeout=self._service.seconds)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", path, body=body, headers=self._headers())
            answer = connection.getresponse()
            return answer.status, answer.headers.get_content_type(), answer.read(MOST_BYTES + 1)
        finally:
            connection.close()

    def _headers(self) -> dict[str, str]:
        headers = {"Content-Type": "application/timestamp-query"}
        if self._service.user:
            pair = f"{self._service.user}:{self._service.password}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        return headers
