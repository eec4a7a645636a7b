"""Handing work to a broker that is down costs next to nothing."""

from __future__ import annotations

import pytest
from kombu.exceptions import OperationalError

from complaints.services import queueing


def test_broker_that_did_not_answer_is_left_alone_for_a_while(monkeypatch: pytest.MonkeyPatch):
    asked: list[float] = []
    moments = iter([100.0, 100.0, 101.0, 104.9, 105.1, 105.1])

    def send_task(_name: str, **_options: object) -> None:
        asked.append(1)
        raise OperationalError("gone")

    monkeypatch.setattr(queueing, "_silent_until", 0.0)
    monkeypatch.setattr(queueing.time, "monotonic", lambda: next(moments))
    monkeypatch.setattr(queueing.current_app, "send_task", send_task)
    for _notice in range(4):
        queueing.nudge_delivery()
    assert len(asked) == 2
