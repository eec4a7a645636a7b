"""The whole demonstration loads: what `make run` shows a newcomer comes from the real services."""

from __future__ import annotations

from pathlib import Path

import pytest

from compensation.models import Fund
from complaints.models import Case
from complaints.states import Stage
from config.demo import cast, loader
from config.demo.complaints import COMPLAINTS
from config.demo.incident import EARLIER, LATELY
from liability.models import Incident

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.timeout(1200)]


def test_everything_loads_and_nearly_every_stage_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logins = tmp_path / "demo-logins.txt"
    monkeypatch.setattr(loader, "logins_path", lambda: logins)
    said: list[str] = []

    count = loader.load(say=said.append)

    assert count >= len(COMPLAINTS) + len(EARLIER) + len(LATELY)
    assert len(logins.read_text(encoding="utf-8").splitlines()) == len(cast.STAFF)
    assert len(set(Case.objects.values_list("stage", flat=True))) >= len(Stage) - 2
    assert Incident.objects.filter(state="confirmed").count() == 1
    assert Fund.objects.exists()
    assert len(said) > len(COMPLAINTS)
