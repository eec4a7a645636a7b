"""Whatever happens to a case and to the rules, its clocks say what their ledgers say."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.states import Role
from complaints.actors import Actor
from complaints.clock_arithmetic import LedgerEntry, due_moment, rung_moments
from complaints.errors import CaseError
from complaints.models import Case, CaseEvent, Clock, ClockPolicy, Timer
from complaints.moments import now, reset_shift, shift_to
from complaints.selectors.certificate import certificate_of
from complaints.selectors.policies import (
    budget_of,
    calendar_at,
    forget_policies,
    ladder_of,
    working_calendar,
)
from complaints.selectors.rules_now import changed_rules
from complaints.services.calendars import DayOff, publish_calendar, with_days
from complaints.services.clocks import ledger_of
from complaints.services.conversation import write_message
from complaints.services.pausing import pause_clock, resume_clock
from complaints.services.policies import publish, save_draft
from complaints.services.stage_clocks import pause_subject
from complaints.services.sweeping import sweep
from complaints.states import (
    NOBODYS_FAULT,
    ClockKind,
    ClockState,
    LedgerAction,
    PauseCause,
    TimerStatus,
)
from tests.complaints.certified import agrees
from tests.complaints.walking import take
from tests.factories import make_case, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SMALL_STEPS, MANY_STEPS = 12, 25
ONWARD = ("accept", "open_investigation", "determine_liability", "open_negotiation")
ASIDE = ("withdraw", "reopen", "suspend_for_external", "return_from_external", "merge", "unmerge")
PAUSABLE = (ClockKind.SOLUTION, ClockKind.INVESTIGATION, ClockKind.OFFER)
HOURS = st.integers(1, 200)


class Clocks(RuleBasedStateMachine):
    """One case, its clocks, and managers who change the rules while it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.breaches: list[Any] = []

    @initialize()
    def receive(self) -> None:
        manager = make_user(Role.MANAGER, Role.AGENT)
        self.manager = Actor.staff(manager)
        self.case = make_case(market="GB")
        Case.objects.filter(pk=self.case.pk).update(team=make_team(manager=manager))

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)
        reset_shift()
        forget_policies()

    def fresh(self) -> Case:
        return Case.objects.select_related("consumer", "product").get(pk=self.case.pk)

    def try_step(self, verb: str) -> None:
        mark = transaction.savepoint()
        try:
            take(self.fresh(), verb)
        except CaseError:
            transaction.savepoint_rollback(mark)
        else:
            transaction.savepoint_commit(mark)

    @rule(hours=HOURS)
    def time_passes(self, hours: int) -> None:
        shift_to(now() + timedelta(hours=hours))

    @rule(hours=HOURS)
    def time_passes_and_is_swept(self, hours: int) -> None:
        shift_to(now() + timedelta(hours=hours))
        sweep()

    @rule(verb=st.sampled_from(ONWARD))
    def go_on(self, verb: str) -> None:
        self.try_step(verb)

    @rule(verb=st.sampled_from(ASIDE))
    def step_aside_or_back(self, verb: str) -> None:
        self.try_step(verb)

    @precondition(lambda self: self.pausable() is not None)
    @rule(hours=st.integers(1, 300))
    def pause(self, hours: int) -> None:
        clock = self.pausable()
        assert clock is not None
        mark = transaction.savepoint()
        try:
            pause_clock(
                write_message(self.fresh(), by=self.manager, body="请寄回检测报告"),
                clock.pk,
                cause=PauseCause.CONSUMERS_EVIDENCE,
                until=now() + timedelta(hours=hours),
                reason="等检测报告",
                by=self.manager,
            )
        except CaseError:
            transaction.savepoint_rollback(mark)

    @precondition(lambda self: self.paused() is not None)
    @rule()
    def resume(self) -> None:
        clock = self.paused()
        assert clock is not None
        ending = self.case.clocks.get(subject=pause_subject(clock.pk), state=ClockState.RUNNING)
        over = min(now(), ending.due_at)
        held = clock.policy, clock.calendar_version
        rules = changed_rules(self.fresh(), clock)
        published = (rules[0], rules[1].version) if rules else held
        resume_clock(self.fresh(), clock.pk, by=self.manager)
        clock.refresh_from_db()
        assert clock.due_at is not None
        by_old, by_new = (due_if_resumed(clock, over, *rules) for rules in (held, published))
        moves = min(by_old, by_new) > now()
        assert abs(clock.due_at - (by_new if moves else by_old)) <= timedelta(seconds=1)
        assert not moves or clock.ledger.order_by("-id")[0].policy_id == published[0].pk

    @rule(amount=st.integers(1, 200), kind=st.sampled_from(["acknowledgement", "investigation"]))
    def publish_a_policy(self, amount: int, kind: str) -> None:
        days_ago = working_calendar().local_date(now()) - timedelta(days=3)
        values = {"amount": Decimal(amount), "effective_from": days_ago}
        publish(save_draft(kind, kind, values, by=self.manager), by=self.manager)

    @rule(days=st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=8))
    def publish_a_calendar(self, days: list[tuple[int, bool]]) -> None:
        today = working_calendar().local_date(now())
        listed = {today + timedelta(days=after): works for after, works in days}
        years: set[date] = {day.year for day in listed}
        changed = with_days(
            working_calendar(),
            [DayOff(day, works) for day, works in listed.items()],
            years=years,
            published_to=None,
        )
        publish_calendar("default", changed.as_data(), by=self.manager)

    def pausable(self) -> Clock | None:
        case = self.fresh()
        found = case.clocks.filter(kind__in=PAUSABLE, state=ClockState.RUNNING, due_at__gt=now())
        return found.first() if case.is_open else None

    def paused(self) -> Clock | None:
        case = self.fresh()
        found = case.clocks.filter(state=ClockState.PAUSED, pause_depth__isnull=True)
        return found.first() if case.is_open else None

    @invariant()
    def every_due_moment_follows_from_its_ledger(self) -> None:
        for clock in self.all_clocks():
            lines = list(clock.ledger.order_by("id"))
            assert lines[-1].policy_id == clock.policy_id
            assert lines[-1].calendar_version == clock.calendar_version
            if clock.state != ClockState.STOPPED:
                assert clock.due_at == due(clock)
            assert (lines[-1].action == LedgerAction.STOP) == (clock.state == ClockState.STOPPED)

    @invariant()
    def an_open_case_has_a_running_clock(self) -> None:
        if hasattr(self, "case"):
            case = self.fresh()
            running = case.clocks.filter(state=ClockState.RUNNING).order_by("due_at").first()
            assert running is not None or not case.is_open
            assert case.next_due_at == (running.due_at if running else None)

    @invariant()
    def what_is_armed_is_where_the_rules_put_it(self) -> None:
        for clock in self.all_clocks():
            armed = clock.timers.filter(status=TimerStatus.ARMED, generation=clock.generation)
            if clock.state != ClockState.RUNNING:
                owed = {"breach"} if clock.kind not in NOBODYS_FAULT else set()
                assert {timer.rung for timer in armed} <= owed
                continue
            moments = dict(
                rung_moments(
                    ladder_of(clock.policy),
                    budget=budget_of(clock.policy, until=clock.fixed_due_at),
                    ledger=ledger_of(clock),
                    calendar=calendar_at(clock.calendar_version),
                )
            )
            assert {timer.rung: timer.due_at for timer in armed}.items() <= moments.items()

    @invariant()
    def each_rung_fired_once_and_breaches_stay(self) -> None:
        if not hasattr(self, "case"):
            return
        fired = Timer.objects.filter(case=self.case, status=TimerStatus.FIRED)
        assert len(set(fired.values_list("clock", "rung"))) == fired.count()
        assert CaseEvent.objects.filter(timer__in=fired).count() == fired.count()
        breaches = list(
            CaseEvent.objects.filter(case=self.case, kind="clock_breached")
            .order_by("sequence")
            .values_list("sequence", "data", "at")
        )
        assert breaches[: len(self.breaches)] == self.breaches
        self.breaches = breaches

    @invariant()
    def its_certificate_is_verified(self) -> None:
        if hasattr(self, "case"):
            good, said = agrees(certificate_of(self.fresh(), at=now()))
            assert good, said

    @invariant()
    def deferred_guards_agree(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    def all_clocks(self) -> list[Clock]:
        if not hasattr(self, "case"):
            return []
        return list(Clock.objects.filter(case=self.case).select_related("policy"))


def due(clock: Clock) -> Any:
    """The due moment that a clock's ledger gives."""
    budget = budget_of(clock.policy, until=clock.fixed_due_at)
    return due_moment(budget, ledger_of(clock), calendar_at(clock.calendar_version))


def due_if_resumed(clock: Clock, at: datetime, policy: ClockPolicy, calendar: str) -> Any:
    """The due moment of a clock that rested last, if it ran on from a moment by some rules."""
    lines = ledger_of(clock)
    rested = max(n for n, line in enumerate(lines) if line.action == LedgerAction.PAUSE)
    ledger = [*lines[: rested + 1], LedgerEntry(LedgerAction.RESUME, at)]
    return due_moment(budget_of(policy, until=clock.fixed_due_at), ledger, calendar_at(calendar))


def run(examples: int, steps: int) -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Clocks,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=checks,
            print_blob=True,
        ),
    )


def test_clocks_say_what_their_ledgers_say() -> None:
    run(8, SMALL_STEPS)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_clocks_say_what_their_ledgers_say_in_many_more_runs() -> None:
    run(500, MANY_STEPS)
