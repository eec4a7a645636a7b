"""What users of other systems reported about their clocks, tried here.

Each test names the system and what went wrong there. Dates of holidays and months are among the
vectors of `test_deadline_vectors.py`.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import AccountabilityItem, Case, CaseEvent, Clock, Timer
from complaints.moments import now, shift_to
from complaints.selectors.policies import working_calendar
from complaints.services import triage
from complaints.services.calendars import publish_calendar
from complaints.services.conversation import write_message
from complaints.services.pausing import pause_clock, resume_clock
from complaints.services.policies import publish, save_draft
from complaints.services.sweeping import sweep
from complaints.states import ClockKind, ClockState, PauseCause, Stage, TimerStatus
from tests.complaints.walking import ANYONE, case_in, take
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def breaches(case: Case, kind: str) -> int:
    events = CaseEvent.objects.filter(case=case, kind="clock_breached")
    return sum(event.data["clock"] == kind for event in events)


def pause(case: Case, clock: Clock, *, hours: int) -> None:
    by = Actor.staff(make_user(Role.MANAGER))
    case = write_message(case, by=by, body="请发照片")
    pause_clock(
        case, clock.pk, cause=PauseCause.CONSUMERS_EVIDENCE, until=now() + hours * HOUR,
        reason="等消费者的照片", by=by,
    )  # fmt: skip


def our_day() -> date:
    return working_calendar().local_date(now())


def working_days(*, after: datetime, to: datetime) -> int:
    """Count the working days that end after one moment and up to another."""
    calendar, day, count = working_calendar(), working_calendar().local_date(after), 0
    while (end := calendar.end_of(day)) <= to:
        count += calendar.is_working_day(day) and end > after
        day += timedelta(days=1)
    return count


def test_a_missed_run_is_made_up_with_true_times() -> None:
    """lite-api bumped a counter a day; a day on which the job did not run was never made up."""
    case = make_case()
    due = case.clocks.get(kind=ClockKind.ACKNOWLEDGEMENT).due_at
    shift_to(now() + timedelta(days=40))
    sweep()
    event = CaseEvent.objects.get(case=case, kind="clock_breached", timer__rung="breach")
    assert event.data["due_at"] == due.isoformat()
    assert event.data["late_seconds"] == pytest.approx(39 * 86400, abs=60)
    assert sweep().fired == 0


def test_a_backlog_of_any_length_is_carried_out() -> None:
    """osTicket carried out a hundred a run; here one run goes on beyond its first handful."""
    cases = [make_case() for _ in range(7)]
    shift_to(now() + timedelta(hours=25))
    while sweep(limit=3).fired:
        pass
    assert [breaches(case, "acknowledgement") for case in cases] == [1] * 7


def test_a_second_promise_on_the_same_day_breaches_too() -> None:
    """Zammad escalated once a day, whatever else was missed on that day."""
    case = make_case(danger=True)
    shift_to(now() + timedelta(hours=25))
    sweep()
    assert (breaches(case, "emergency"), breaches(case, "acknowledgement")) == (1, 1)
    assert AccountabilityItem.objects.filter(case=case).count() == 2


def test_a_merged_case_escalates_no_more() -> None:
    """Zammad issue 904: merged tickets went on escalating."""
    case = take(make_case(), "merge")
    shift_to(now() + timedelta(days=9))
    sweep()
    assert not CaseEvent.objects.filter(case=case, timer__isnull=False).exists()


def test_an_unmerged_case_has_the_time_that_was_left() -> None:
    case = make_case()
    shift_to(now() + 10 * HOUR)
    case = take(case, "merge")
    shift_to(now() + timedelta(days=9))
    case = take(case, "unmerge")
    clock = case.clocks.get(kind=ClockKind.ACKNOWLEDGEMENT)
    assert clock.due_at - now() == pytest.approx(14 * HOUR, abs=timedelta(seconds=5))


def test_a_reopened_case_has_a_clock_again() -> None:
    """Znuny: the solution clock ends at the first close and never starts again."""
    case = case_in(Stage.CLOSED)
    assert not case.clocks.filter(state=ClockState.RUNNING).exists()
    case = triage.reopen(case, by=ANYONE, reason="又坏了")
    clock = case.clocks.get(kind=ClockKind.INVESTIGATION, state=ClockState.RUNNING)
    assert clock.due_at > now()


def test_a_case_that_was_stalled_comes_back_with_the_time_that_was_left() -> None:
    """RT: a ticket that was "stalled" is overdue as soon as it comes back."""
    case = case_in(Stage.INVESTIGATING)
    clock = case.clocks.get(kind=ClockKind.INVESTIGATION)
    left = working_days(after=working_calendar().end_of(our_day()), to=clock.due_at)
    pause(case, clock, hours=24 * 14)
    shift_to(now() + timedelta(days=14))
    resume_clock(Case.objects.get(pk=case.pk), clock.pk, by=ANYONE)
    clock.refresh_from_db()
    assert working_days(after=now(), to=clock.due_at) == left > 0
    assert sweep().fired <= 1
    assert breaches(case, "investigation") == 0


def test_a_change_of_policy_keeps_the_pauses() -> None:
    """GLPI issues 15605, 6902: another SLA forgot the time that a ticket had been paused."""
    case = case_in(Stage.INVESTIGATING)
    clock = case.clocks.get(kind=ClockKind.INVESTIGATION)
    pause(case, clock, hours=72)
    shift_to(now() + timedelta(hours=72))
    resume_clock(Case.objects.get(pk=case.pk), clock.pk, by=ANYONE)
    manager, today = staff(Role.MANAGER), working_calendar().local_date(clock.started_at)
    values = {"amount": Decimal(200), "unit": "elapsed_hours", "effective_from": today}
    publish(save_draft("investigation", "investigation", values, by=manager), by=manager)
    clock.refresh_from_db()
    assert clock.policy.amount == 200
    spent = clock.due_at - clock.started_at
    assert spent == pytest.approx((200 + 72) * HOUR, abs=timedelta(seconds=5))


def test_more_holidays_never_make_it_due_earlier() -> None:
    """django-helpdesk took holidays off the wrong side: seven of them made five days one."""
    case = case_in(Stage.INVESTIGATING)
    clock = case.clocks.get(kind=ClockKind.INVESTIGATION)
    before, calendar = clock.due_at, working_calendar()
    first = calendar.local_date(now())
    holidays = {(first + timedelta(days=n)).isoformat() for n in range(1, 8)}
    data = calendar.as_data()
    data["rest_days"] = sorted(holidays | set(data["rest_days"]))
    data["make_up_days"] = sorted(set(data["make_up_days"]) - holidays)
    publish_calendar("default", data, by=ANYONE)
    clock.refresh_from_db()
    assert clock.due_at > before


def test_a_raised_urgency_restarts_nothing() -> None:
    """Several systems restart the first answer's clock when the priority changes."""
    case = make_case()
    before = case.clocks.get(kind=ClockKind.ACKNOWLEDGEMENT).due_at
    shift_to(now() + 5 * HOUR)
    triage.raise_emergency(case, by=ANYONE, reason="冒烟")
    assert case.clocks.get(kind=ClockKind.ACKNOWLEDGEMENT).due_at == before
    emergency = case.clocks.get(kind=ClockKind.EMERGENCY)
    assert emergency.due_at - now() == pytest.approx(2 * HOUR, abs=timedelta(seconds=5))


def test_two_periods_of_work_a_day_are_both_counted() -> None:
    """Chatwoot issue 14009: one working period a day only."""
    case = case_in(Stage.ACCEPTED)
    data = working_calendar().as_data()
    data["week"] = [[["09:00", "12:00"], ["13:30", "18:00"]]] * 5 + [[], []]
    publish_calendar("default", data, by=ANYONE)
    clock = case.clocks.get(kind=ClockKind.TRIAGE)
    hours, day = Decimal(0), clock.started_at
    assert clock.due_at is not None
    calendar = working_calendar()
    for begin, end in calendar.spans_from(day):
        if begin >= clock.due_at:
            break
        hours += Decimal((min(end, clock.due_at) - begin).total_seconds()) / 3600
    assert hours == pytest.approx(Decimal(8), abs=Decimal("0.001"))
    assert Timer.objects.filter(clock=clock, status=TimerStatus.ARMED).exists()
