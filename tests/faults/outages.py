"""Parts that are missing, doubled or wrong: the broker, beat, the host's clock, a timer itself."""

from __future__ import annotations

import json
import time
import uuid
from datetime import timedelta

from django.test import Client

from complaints.actors import Actor
from complaints.models import ClockIncident, OutboxMessage, SweepHeartbeat, Timer
from complaints.moments import now, reset_shift, shift_to
from complaints.services.quarantine import MOST_ATTEMPTS, rearm_timer
from complaints.services.sweeping import sweep
from complaints.services.watching import watch
from complaints.states import TimerStatus
from complaints.tasks import deliver_outbox, sweep_clocks
from tests.faults.checking import Outcome, number
from tests.faults.children import fork, sweep_for_ever, sweeping, wait_all
from tests.faults.filling import ladder, make_cases, make_people
from tests.faults.instances import (
    flush_valkey,
    fresh_database,
    start_valkey,
    stop_valkey,
    wait_for,
)
from tests.faults.killing import LEFT, lateness

FIRED = "SELECT count(*) FROM complaints_timer WHERE status = 'fired'"
MAILS_A_PERSON = """SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n
    FROM complaints_outboxmessage WHERE case_id IS NOT NULL GROUP BY case_id, recipient) s"""


def without_broker(*, cases: int) -> Outcome:
    """Valkey is flushed, then down, and no beat runs: the loop alone keeps the clocks."""
    fresh_database()
    outcome = Outcome("Valkey flushed and down, no beat")
    start = now() + timedelta(seconds=2)
    make_cases(cases, lambda n: ladder(start, timedelta(milliseconds=800)), people=make_people())
    with sweeping(1):
        sweep_clocks.delay()
        flush_valkey()
        stop_valkey()
        try:
            began = time.monotonic()
            answers = [complain() for _number in range(5)]
            outcome.figures["mean s for a complaint"] = round((time.monotonic() - began) / 5, 2)
            outcome.expect(wait_for(LEFT, seconds=60), "timers are left")
        finally:
            start_valkey()
    outcome.figures["complaints taken"] = answers.count(201)
    outcome.expect(answers == [201] * 5, f"intake answered {answers}")
    outcome.figures["lateness max s"] = lateness(1.0)
    outcome.look()
    return outcome


def complain() -> int:
    """Send in one complaint through the API; give the status."""
    body = {
        "description": "水壶底座不加热，指示灯也不亮。",
        "contact": {"name": "周小华", "phone": "13812345678"},
        "category": "QUALITY",
    }
    answer = Client(SERVER_NAME="127.0.0.1").post(
        "/api/v1/complaints/",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": uuid.uuid4().hex},
    )
    return answer.status_code


def called_many_times(*, cases: int, times: int) -> Outcome:
    """One task is delivered many times at once, and again: beat twice, a message given back."""
    fresh_database()
    outcome = Outcome(f"the same task {times} times at once, twice", {"deliveries": 2 * times})
    start = now() - timedelta(hours=30)
    make_cases(cases, lambda n: ladder(start, timedelta(hours=1)), people=make_people())
    for _again in range(2):
        statuses = wait_all([fork(sweep_clocks) for _number in range(times)])
        outcome.expect(statuses == [0] * times, f"statuses {statuses}")
    wait_all([fork(deliver_outbox) for _number in range(times)])
    outcome.figures["mails to one person about one case"] = number(MAILS_A_PERSON)
    outcome.expect(number(MAILS_A_PERSON) == 1, "more than one mail")
    outcome.expect(number(f"SELECT ({FIRED})") == 5 * cases, "not all fired")
    outcome.look()
    return outcome


def poisoned(*, cases: int) -> Outcome:
    """One timer always raises: others go on, it is put aside, a manager is told and mends it."""
    fresh_database()
    outcome = Outcome("a timer that always raises")
    start, people = now() - timedelta(hours=30), make_people()
    make_cases(cases, lambda n: ladder(start, timedelta(hours=1)), people=people)
    sick = Timer.objects.filter(rung="warn_50").order_by("pk")[cases // 2]
    Timer.objects.filter(pk=sick.pk).update(rung="nonsense")
    first = sweep()
    outcome.figures["others carried out by the first sweep"] = first.fired
    outcome.expect(first.fired == 5 * cases - 1, f"first sweep fired {first.fired}")
    tries = first.errors
    try:
        for _hour in range(MOST_ATTEMPTS + 2):
            shift_to(now() + timedelta(hours=1))
            tries += sweep().errors
    finally:
        reset_shift()
    told = OutboxMessage.objects.filter(kind="timer_quarantined").count()
    outcome.figures |= {"tries": tries, "managers told": told}
    outcome.expect((tries, told) == (MOST_ATTEMPTS, 1), f"tries {tries}, told {told}")
    Timer.objects.filter(pk=sick.pk).update(rung="warn_50")
    rearm_timer(sick.pk, by=Actor.staff(people.manager))
    outcome.expect(sweep().fired == 1, "not carried out after it was mended")
    found = Outcome("")
    found.look()
    outcome.figures |= found.figures
    outcome.wrong += [fault for fault in found.wrong if not fault.startswith("out of order")]
    return outcome


def skewed(*, cases: int, hours: float) -> Outcome:
    """A host whose clock is hours off sweeps nothing and says so; another keeps every moment."""
    fresh_database()
    outcome = Outcome(f"host clock {hours:+.0f} h", {"skew h": hours})
    start = now() + timedelta(seconds=4)
    make_cases(cases, lambda n: ladder(start, timedelta(milliseconds=500)), people=make_people())
    skew = hours * 3600
    refused = "SELECT count(*) > 0 FROM complaints_sweepheartbeat WHERE abs(skew_seconds) > 60"
    with sweeping(1, skew=skew) as children:
        outcome.expect(wait_for(refused, seconds=30), "the skew was not noticed")
        outcome.expect(wait_for(f"SELECT now() > '{start}'", seconds=30), "time stands still")
        outcome.expect(number(FIRED) == 0, "a skewed host fired")
        told = ClockIncident.objects.filter(kind=ClockIncident.Kind.CLOCK_SKEWED).count()
        outcome.figures["incidents told"] = told
        outcome.expect(told == 1, f"told {told} times")
        children.append(fork(sweep_for_ever))
        children.append(fork(sweep_for_ever, skew=30))
        outcome.expect(wait_for(LEFT, seconds=60), "timers are left")
    outcome.look()
    return outcome


def after_a_week(*, cases: int) -> Outcome:
    """Nobody swept for seven days: all rungs in order, at most one mail a person and case."""
    fresh_database()
    outcome = Outcome("seven days down")
    start = now() - timedelta(days=7)
    make_cases(cases, lambda n: ladder(start, timedelta(hours=30)), people=make_people())
    began = time.monotonic()
    while sweep().fired:
        continue
    took = time.monotonic() - began
    outcome.figures |= {
        "timers a second": round(5 * cases / took),
        "mails to one person about one case": number(MAILS_A_PERSON),
        "oldest lateness days": round(lateness(1.0) / 86400, 1),
    }
    outcome.expect(number(MAILS_A_PERSON) == 1, "more than one mail")
    mailed = set(OutboxMessage.objects.values_list("data__rung", flat=True))
    outcome.expect(mailed == {"escalation_2"}, f"mailed {mailed}")
    outcome.look()
    return outcome


def nobody_sweeps() -> Outcome:
    """Sweeper and beat are gone: readiness turns red, and tells managers once by itself."""
    fresh_database()
    outcome = Outcome("nobody sweeps")
    people = make_people()
    start = now() + timedelta(seconds=30)
    make_cases(3, lambda n: ladder(start, timedelta(hours=1)), people=people)
    sweep()
    try:
        shift_to(now() + timedelta(minutes=3))
        states = [ready() for _probe in range(3)]
        sent = OutboxMessage.objects.filter(kind="clocks_unkept", status="sent").count()
        sweep()
        watch(by="loop")
        watch(by="beat")
        healed = OutboxMessage.objects.filter(kind="clocks_kept_again").count()
    finally:
        reset_shift()
    outcome.figures |= {"red probes": states.count(503), "alarms sent": sent, "all-clears": healed}
    outcome.expect(states == [503] * 3, f"readiness answered {states}")
    outcome.expect((sent, healed) == (2, 2), f"{sent} alarms, {healed} all-clears for 2 incidents")
    outcome.expect(SweepHeartbeat.objects.count() == 1, "more than one sweeper")
    quarantined = Timer.objects.filter(status=TimerStatus.QUARANTINED).count()
    outcome.expect(quarantined == 0, "quarantined")
    return outcome


def ready() -> int:
    """Ask for readiness; give the status."""
    return Client(SERVER_NAME="127.0.0.1").get("/healthz/ready").status_code
