"""Is the site up, and does everything behind it work? For people, proxies and `make run`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from complaints.selectors.heartbeat import ClockHealth, trouble_counts
from complaints.services.watching import deliver_alarms, watch
from config.celery import app

BROKER_SECONDS = 2


def database_answers() -> bool:
    """Tell whether the database answers a query."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    """Tell whether work can be handed to the workers."""
    try:
        with app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
            broker.ensure_connection(max_retries=1, timeout=BROKER_SECONDS)
    except OperationalError:
        return False
    return True


PARTS: dict[str, Callable[[], bool]] = {"database": database_answers, "broker": broker_answers}


def clocks() -> tuple[dict[str, str], dict[str, Any]]:
    """Tell whether the clocks are swept and in time, with figures; managers are told if not.

    The probe is a watchdog of its own: when neither beat nor the loop runs, it is the one that
    notices, and it delivers by itself what it has to tell.
    """
    try:
        health = watch(by="web")
        if not health.is_swept:
            deliver_alarms()
        figures = {**seconds(health), **trouble_counts()}
    except DatabaseError:
        return {"clocks": "down", "timers": "down"}, {}
    works = {"clocks": health.is_swept, "timers": health.is_in_time}
    return {name: "ok" if fine else "down" for name, fine in works.items()}, figures


def seconds(health: ClockHealth) -> dict[str, int | None]:
    """Return how old the last sweep is and how long the oldest due timer has waited."""
    since = {"sweep_age_seconds": health.swept_at, "oldest_due_seconds": health.waiting_since}
    return {
        name: int((health.moment - moment).total_seconds()) if moment else None
        for name, moment in since.items()
    }


@never_cache
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """Answer as long as this process serves pages."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when every part works, else 503; the body tells which does not."""
    parts = {name: "ok" if works() else "down" for name, works in PARTS.items()}
    states, figures = clocks()
    parts |= states
    status = 200 if set(parts.values()) == {"ok"} else 503
    return JsonResponse({**parts, "figures": figures}, status=status)
