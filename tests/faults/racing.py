"""A person acknowledges at the very moment at which the promise is missed."""

from __future__ import annotations

import random
import threading
import time
from datetime import datetime, timedelta

from django.db import connection, transaction

from complaints.actors import Actor
from complaints.models import AccountabilityItem, Case, CaseEvent, Clock, OutboxMessage, Timer
from complaints.moments import now
from complaints.services import triage
from complaints.services.sweeping import sweep
from complaints.states import ClockKind
from tests.faults.checking import Outcome
from tests.faults.children import sweeping
from tests.faults.filling import People, make_cases, make_people
from tests.faults.instances import fresh_database

THREADS = 6


def acknowledgement_races(*, races: int, seed: int) -> Outcome:
    """Two sweeping processes against four people, around the due moment and half a second on."""
    fresh_database()
    chance, people = random.Random(seed), make_people()
    outcome = Outcome("acknowledgement against breach", {"seed": seed, "races": races})
    far = now() + timedelta(days=1)
    ids = make_cases(races, lambda n: [("breach", far)], people=people)
    work = [(pk, _aim(chance)) for pk in ids]
    refusals: list[str] = []
    with sweeping(2):
        threads = [
            threading.Thread(target=_race, args=(work[n::THREADS], people, refusals))
            for n in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    time.sleep(1)
    while sweep().fired:
        continue
    _judge(outcome, refusals)
    return outcome


def _aim(chance: random.Random) -> timedelta:
    """Half of the answers begin around the due moment, half around the moment of the sweep."""
    return timedelta(seconds=chance.choice([0.0, 0.5]) + chance.uniform(-0.5, 0.05))


def _set_due(case_id: int, due: datetime) -> None:
    """Move a case's due moment close."""
    with transaction.atomic():
        Case.objects.filter(pk=case_id).update(next_due_at=due)
        Clock.objects.filter(case=case_id).update(due_at=due)
        Timer.objects.filter(case=case_id).update(due_at=due)


def _race(work: list[tuple[int, timedelta]], people: People, refusals: list[str]) -> None:
    by = Actor.staff(people.agent)
    try:
        for case_id, aim in work:
            due = now() + timedelta(seconds=0.6)
            _set_due(case_id, due)
            time.sleep(max((due + aim - now()).total_seconds(), 0))
            case = Case.objects.get(pk=case_id)
            day = now().date() + timedelta(days=3)
            triage.accept(case, by=by, next_steps="明天上门", expected_on=day)
    except Exception as error:
        refusals.append(f"{type(error).__name__}: {error}")
        raise
    finally:
        connection.close()


def _judge(outcome: Outcome, refusals: list[str]) -> None:
    """On time: no event, item or mail of a breach. Late: one event, one item, one mail a person."""
    breaches = _cases(CaseEvent.objects.filter(kind="clock_breached"))
    items = _cases(AccountabilityItem.objects.all())
    mails = _cases(OutboxMessage.objects.filter(kind="clock_breached"))
    on_time = late = wrong = 0
    for clock in Clock.objects.filter(kind=ClockKind.ACKNOWLEDGEMENT):
        case = clock.case_id
        seen = (breaches.count(case), items.count(case), mails.count(case))
        answered = clock.stopped_at is not None and clock.stopped_at < clock.due_at
        on_time, late = on_time + answered, late + (not answered)
        wrong += seen != ((0, 0, 0) if answered else (1, 1, 2))
    outcome.figures |= {"on time": on_time, "late": late, "two outcomes or none": wrong}
    outcome.expect(not wrong, f"{wrong} races had no single outcome")
    outcome.expect(not refusals, f"people met errors: {refusals[:3]}")
    outcome.expect(min(on_time, late) > 0, "one side won every race")
    outcome.look()


def _cases(rows) -> list[int]:
    return list(rows.values_list("case_id", flat=True))
