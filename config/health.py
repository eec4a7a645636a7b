"""Is the site up, and does everything behind it work? For people, proxies and `make run`."""

from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from complaints.moments import now
from complaints.selectors.heartbeat import last_sweep
from config.celery import app

SWEEP_MAY_BE_OLD = timedelta(seconds=60)
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


def clocks_are_swept() -> bool:
    """Tell whether beat and a worker have swept the clocks within the last minute."""
    try:
        moment = last_sweep()
        return moment is not None and now() - moment < SWEEP_MAY_BE_OLD
    except DatabaseError:
        return False


PARTS: dict[str, Callable[[], bool]] = {
    "database": database_answers,
    "broker": broker_answers,
    "clocks": clocks_are_swept,
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
    status = 200 if set(parts.values()) == {"ok"} else 503
    return JsonResponse(parts, status=status)
