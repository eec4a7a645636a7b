"""Carrying out due timers: each rung has its effect exactly once, whoever sweeps and however often.

Due cases are found without a lock; then Cases are locked first and their timers read again (the
other order deadlocks with a step that cancels them). Cases that somebody works on are passed by.
Many cases share a transaction; when anything in it raises, the same cases are done one by one, so
that a timer that raises holds up nobody (see `quarantine`). So are the first ones of a process, for
its predecessor may have been ended by one of them.

A rung fires half a second after its moment: processes read the database's clock at moments of
their own, and an answer given in time must never be overtaken by a sweep that reads it faster.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from complaints.models import Case, Timer
from complaints.moments import is_shifted, measured_skew, now
from complaints.selectors.due_timers import Place, due_places, due_timers
from complaints.services.firing import Firing, Telling, has_effect, loudest
from complaints.services.heartbeats import done_here, write_heartbeat
from complaints.services.outbox import StaffNotices
from complaints.services.quarantine import forget_tries, mark_tried, put_off
from complaints.services.rung_effects import carry_out_effect

logger = logging.getLogger(__name__)
MARGIN = timedelta(milliseconds=500)
SKEW_WARNED = timedelta(seconds=5)
SKEW_REFUSED = timedelta(seconds=60)
FEWEST_TOGETHER, MOST_TOGETHER = 10, 100
SHORT_SECONDS, LONG_SECONDS = 0.1, 0.4
HEARTBEAT_SECONDS = 5.0
LONG_FIELDS = ("description", "wished_detail")


@dataclass
class SweepResult:
    """What one sweep did; `refused` when this host's clock is too far off."""

    cases: int = 0
    fired: int = 0
    errors: int = 0
    refused: bool = False


class RungFailed(Exception):
    """Carrying out one timer raised; what was begun must be undone."""

    def __init__(self, timer: Timer, error: Exception) -> None:
        super().__init__(timer.pk)
        self.timer, self.error = timer, error


@dataclass
class _Sweep:
    """One sweep on its way from the longest overdue timer onward."""

    until: datetime
    skew: timedelta
    result: SweepResult = field(default_factory=SweepResult)
    seen: set[int] = field(default_factory=set)
    shown_at: float = field(default_factory=time.monotonic)
    together: int = field(default_factory=lambda: FEWEST_TOGETHER)
    careful: bool = field(default_factory=lambda: not done_here().sweeps)

    def next_cases(self, places: list[Place]) -> list[int]:
        """Return the cases of due places that this sweep has not tried yet, in their order."""
        fresh = dict.fromkeys(case for _due, case in places if case not in self.seen)
        self.seen.update(fresh)
        return list(fresh)

    def note_fired(self, timers: list[Timer]) -> None:
        """Count what was carried out, once its transaction is committed."""
        self.result.cases += len({timer.case_id for timer in timers})
        self.result.fired += len(timers)
        done_here().fired.update(timer.rung for timer in timers)

    def note_errors(self, count: int) -> None:
        """Count what raised."""
        self.result.errors += count
        done_here().errors += count

    def pace(self, took: float) -> None:
        """Keep transactions short, so that a process that is killed loses little of its work."""
        if took < SHORT_SECONDS:
            self.together = min(2 * self.together, MOST_TOGETHER)
        elif took > LONG_SECONDS:
            self.together = max(self.together // 2, FEWEST_TOGETHER)

    def show_life(self) -> None:
        """Let the watchdog know, on a long way, that this process is at work."""
        if time.monotonic() - self.shown_at > HEARTBEAT_SECONDS:
            self.shown_at = time.monotonic()
            write_heartbeat(skew=self.skew)


def sweep(*, limit: int = 500) -> SweepResult:
    """Carry out timers that are due, the longest overdue first, of about `limit` cases.

    Does nothing on a host whose clock is a minute or more off the database's. Raises
    OperationalError or InterfaceError when the database is lost.
    """
    skew = measured_skew()
    if abs(skew) >= SKEW_WARNED:
        logger.warning("clock_skewed", extra={"seconds": round(skew.total_seconds(), 1)})
    if abs(skew) >= SKEW_REFUSED:
        write_heartbeat(skew=skew, swept=False)
        return SweepResult(refused=True)
    # Where time is moved by hand, processes share no time that one could read faster.
    work = _Sweep(until=now() if is_shifted() else now() - MARGIN, skew=skew)
    place: Place | None = None
    while work.result.cases < limit:
        places = due_places(work.until, after=place, size=work.together)
        if not places:
            break
        place, began = places[-1], time.monotonic()
        _sweep_cases(work, work.next_cases(places))
        work.pace(time.monotonic() - began)
        work.show_life()
    done_here().sweeps += 1
    write_heartbeat(skew=skew)
    return work.result


def _sweep_cases(work: _Sweep, ids: list[int]) -> None:
    """Do many cases in one transaction; those that can't share one are done by themselves."""
    if not ids:
        return
    if work.careful:
        work.careful = False
        _sweep_alone(work, ids)
        return
    try:
        with transaction.atomic():
            fired, apart = _fire_together(ids, work.until)
    except Exception as error:
        # Which of many raised is found by doing them one by one; a lost database is lost for all.
        if _is_lost(error):
            raise
        apart = ids
    else:
        work.note_fired(fired)
    _sweep_alone(work, apart)


def _sweep_alone(work: _Sweep, ids: list[int]) -> None:
    for case_id in ids:
        while _sweep_case(work, case_id):
            work.show_life()
        work.show_life()


def _fire_together(ids: list[int], until: datetime) -> tuple[list[Timer], list[int]]:
    """Return the timers carried out, and the cases that must be done by themselves."""
    cases = _locked_cases(ids)
    due: dict[int, list[Timer]] = {}
    for timer in due_timers(list(cases), until):
        due.setdefault(timer.case_id, []).append(timer)
    apart = [case_id for case_id, timers in due.items() if any(map(has_effect, timers))]
    for case_id in apart:
        del due[case_id]
    firing = Firing()
    for case_id, timers in due.items():
        for timer in timers:
            firing.add(cases[case_id], timer)
    firing.write()
    notices = StaffNotices()
    for case_id, timers in due.items():
        telling = Telling(cases[case_id], notices, firing.items)
        for timer in loudest(timers):
            telling.tell(timer)
    notices.write()
    return firing.timers, apart


def _sweep_case(work: _Sweep, case_id: int) -> bool:
    """Do one case; say whether more of it is to be done.

    A timer that raises is put off, and the next lower rung is told in its place.
    """
    with _claimed(case_id) as ours:
        return ours and _sweep_claimed(work, case_id)


def _sweep_claimed(work: _Sweep, case_id: int) -> bool:
    with transaction.atomic():
        due = due_timers(list(_locked_cases([case_id])), work.until)
        tried = {timer.pk for timer in mark_tried(due)}
    if not tried:
        return False
    failures: list[RungFailed] = []
    try:
        with transaction.atomic():
            if not _locked_cases([case_id]):
                return False
            fired = _without_those_that_raise(case_id, work.until, failures, among=tried)
            for failure in failures:
                put_off(failure.timer, failure.error)
            forget_tries(fired)
    except Exception as error:
        if _is_lost(error):
            raise
        _put_off_all(case_id, work.until, error, among=tried)
        work.note_errors(1)
    else:
        work.note_errors(len(failures))
        work.note_fired(fired)
    return len(tried) < len(due)


def _put_off_all(case_id: int, until: datetime, error: Exception, *, among: set[int]) -> None:
    """Put off what is due in a case whose transaction as a whole the database refused."""
    with transaction.atomic():
        for timer in due_timers(list(_locked_cases([case_id])), until):
            if timer.pk in among:
                put_off(timer, error)


def _without_those_that_raise(
    case_id: int, until: datetime, failures: list[RungFailed], *, among: set[int]
) -> list[Timer]:
    while True:
        case = _locked_cases([case_id])[case_id]
        left = among - {failure.timer.pk for failure in failures}
        timers = [timer for timer in due_timers([case_id], until) if timer.pk in left]
        try:
            with transaction.atomic():
                _fire_one_by_one(case, timers)
        except RungFailed as failure:
            if _is_lost(failure.error):
                raise failure.error from failure
            failures.append(failure)
        else:
            return timers


def _fire_one_by_one(case: Case, timers: list[Timer]) -> None:
    for timer in timers:
        with _blaming(timer):
            firing = Firing()
            firing.add(case, timer)
            firing.write()
            if has_effect(timer):
                carry_out_effect(case, timer)
    telling = Telling(case, StaffNotices())
    for timer in loudest(timers):
        with _blaming(timer):
            telling.tell(timer)
            telling.notices.write()
            telling.notices = StaffNotices()


@contextmanager
def _claimed(case_id: int) -> Iterator[bool]:
    """Keep others that do single cases off this one, until done or until this process ends.

    They would take the mark of a try that is being made for that of a process that was lost.
    """
    name = f"sweep:{case_id}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [name])
        (ours,) = cursor.fetchone()
    try:
        yield ours
    finally:
        if ours:
            _release(name)


def _release(name: str) -> None:
    with suppress(InterfaceError, OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])


@contextmanager
def _blaming(timer: Timer) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise RungFailed(timer, error) from error


def _locked_cases(ids: list[int]) -> dict[int, Case]:
    """Lock those of the cases that nobody else has locked."""
    free = Case.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
    cases = free.select_related("consumer", "owner", "team__manager").defer(*LONG_FIELDS)
    return {case.pk: case for case in cases.filter(pk__in=ids)}


def _is_lost(error: Exception) -> bool:
    """Say whether an error means that the database is gone, rather than that a timer is sick."""
    return isinstance(error, DatabaseError | InterfaceError) and not connection.is_usable()
