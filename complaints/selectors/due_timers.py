"""Which timers are due, found through the partial index of armed ones and without a lock."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Greatest

from complaints.models import Timer
from complaints.states import TimerStatus

Place = tuple[datetime, int]
"""Where a sweep stands: the due moment and the case of the last timer that it has seen."""

# A comparison of rows, which the index answers; the ORM would compare column by column.
_DUE_PLACES = """
SELECT due_at, case_id FROM complaints_timer
 WHERE status = 'armed' AND due_at <= %(until)s AND (due_at, case_id) > (%(due_at)s, %(case)s)
   AND (next_try_at IS NULL OR next_try_at <= %(until)s)
 ORDER BY due_at, case_id
 LIMIT %(size)s
"""
_BEGINNING: tuple[str, int] = ("-infinity", 0)


def due_places(until: datetime, *, after: Place | None, size: int) -> list[Place]:
    """Return the next due timers' places, the longest overdue first."""
    due_at, case = after or _BEGINNING
    with connection.cursor() as cursor:
        cursor.execute(_DUE_PLACES, {"until": until, "due_at": due_at, "case": case, "size": size})
        return cursor.fetchall()


def due_timers(case_ids: list[int], until: datetime) -> list[Timer]:
    """Return the due timers of locked Cases, with clocks and policies, in order of time."""
    tried_enough = Q(next_try_at__isnull=True) | Q(next_try_at__lte=until)
    due = _armed().filter(tried_enough, case__in=case_ids, due_at__lte=until)
    return list(due.select_related("clock__policy").order_by("case_id", "due_at", "id"))


def longest_waiting(moment: datetime) -> datetime | None:
    """Return since when the longest waiting due timer waits; those that back off do not count.

    One that was armed when its moment had passed already waits since then.
    """
    waiting = _armed().filter(due_at__lte=moment, next_try_at__isnull=True)
    since = Greatest("due_at", "armed_at")
    longest: datetime | None = waiting.aggregate(since=Min(since))["since"]
    return longest


def backing_off_timers() -> QuerySet[Timer]:
    """Return timers that raised and will be tried again."""
    return _armed().filter(attempts__gt=0)


def quarantined_timers() -> QuerySet[Timer]:
    """Return timers that raised too often and wait for a person, the oldest first."""
    timers = Timer.objects.filter(status=TimerStatus.QUARANTINED, attempts__gt=0)
    return timers.select_related("case", "clock").order_by("due_at", "id")


def _armed() -> QuerySet[Timer]:
    return Timer.objects.filter(status=TimerStatus.ARMED)
