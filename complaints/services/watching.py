"""The watchdog: managers are told once when the clocks are not kept, and once when they are again.

The loop, beat and the readiness probe all run it, so that it works while any of them does.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from complaints.models import ClockIncident
from complaints.selectors.heartbeat import ClockHealth, clock_health
from complaints.selectors.people import all_managers
from complaints.services.outbox import deliver_due, tell_staff

logger = logging.getLogger(__name__)
Kind = ClockIncident.Kind


def watch(*, by: str) -> ClockHealth:
    """Look at the clocks; open incidents for what is wrong, close those that are over; tell.

    `by` names who looked: "loop", "beat" or "web". Safe to run at once: the database keeps one
    open incident of a kind.
    """
    health = clock_health()
    troubles = _troubles(health)
    known = {incident.kind: incident for incident in ClockIncident.objects.filter(healed_at=None)}
    for kind, since in troubles.items():
        if kind not in known:
            _open(kind, since, moment=health.moment, by=by)
    for kind, incident in known.items():
        if kind not in troubles:
            _close(incident, moment=health.moment)
    return health


def _troubles(health: ClockHealth) -> dict[str, datetime]:
    """Return what is wrong, and since when; before the first sweep only waiting timers tell."""
    troubles: dict[str, datetime] = {}
    if health.swept_at is not None and not health.is_swept:
        troubles[Kind.SWEEP_STOPPED] = health.swept_at
    if health.waiting_since is not None and not health.is_in_time:
        troubles[Kind.TIMERS_WAITING] = health.waiting_since
    if health.skewed_at is not None:
        troubles[Kind.CLOCK_SKEWED] = health.skewed_at
    return troubles


@transaction.atomic
def _open(kind: str, since: datetime, *, moment: datetime, by: str) -> None:
    incident, is_new = ClockIncident.objects.get_or_create(
        kind=kind,
        healed_at=None,
        defaults={"began_at": since, "noticed_at": moment, "noticed_by": by},
    )
    if is_new:
        logger.error("clock_incident", extra={"kind": kind, "since": since.isoformat()})
        _tell(incident, "clocks_unkept")


@transaction.atomic
def _close(incident: ClockIncident, *, moment: datetime) -> None:
    still_open = ClockIncident.objects.filter(pk=incident.pk, healed_at=None)
    if still_open.update(healed_at=moment):
        logger.warning("clock_incident_over", extra={"kind": incident.kind})
        _tell(incident, "clocks_kept_again")


def _tell(incident: ClockIncident, kind: str) -> None:
    tell_staff(
        None,
        kind,
        users=all_managers(),
        key=f"{_key(incident)}{kind}",
        data={"incident": incident.kind, "since": incident.began_at.isoformat()},
        by_mail=True,
    )


def _key(incident: ClockIncident) -> str:
    return f"incident:{incident.pk}:"


def deliver_alarms() -> int:
    """Deliver what open incidents have to tell, where nobody else may be there to do it."""
    return sum(
        deliver_due(key_begins=_key(incident))
        for incident in ClockIncident.objects.filter(healed_at=None)
    )
