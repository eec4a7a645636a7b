"""When the clocks were last swept."""

from __future__ import annotations

from datetime import datetime

from complaints.models import SweepHeartbeat


def last_sweep() -> datetime | None:
    """Return the moment of the last sweep, or None before the first."""
    return SweepHeartbeat.objects.values_list("swept_at", flat=True).first()
