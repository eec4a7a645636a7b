"""A small load generator: some clients with kept connections, a fixed number of requests."""

from __future__ import annotations

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Outcome:
    """What a round of requests took."""

    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    wrong: int = 0

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.times) / self.seconds if self.seconds else 0.0

    def quantile(self, share: float) -> float:
        """Milliseconds within which a share of the requests was answered."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


@dataclass(frozen=True)
class Call:
    """One request: what to send and which answer is right."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


def hit(port: int, make: Callable[[int], Call], *, requests: int, clients: int) -> Outcome:
    """Send `requests` calls from `clients` threads and return the outcome."""
    outcome, lock = Outcome(), threading.Lock()
    numbers = iter(range(requests))

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                break
            call = make(number)
            began = time.perf_counter()
            connection.request(call.method, call.path, body=call.body, headers=call.headers)
            answer = connection.getresponse()
            answer.read()
            took = time.perf_counter() - began
            with lock:
                outcome.times.append(took)
                outcome.wrong += answer.status != call.status
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcome.seconds = time.perf_counter() - began
    return outcome


def median(values: list[float]) -> float:
    """Return the middle value."""
    return statistics.median(values)
