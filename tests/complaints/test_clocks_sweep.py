"""Clocks at work: each rung once whoever sweeps, late ones in order, people stop promises."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import (
    AccountabilityItem,
    Case,
    CaseEvent,
    Clock,
    ClockEntry,
    Notification,
    OutboxMessage,
    Timer,
)
from complaints.moments import now, shift_to
from complaints.services import triage
from complaints.services.cases import move, touch
from complaints.services.conversation import write_message, write_note
from complaints.services.events import broken_link
from complaints.services.stage_clocks import ClockStart, hand_turn, stop_kind
from complaints.services.sweeping import sweep
from complaints.states import ClockKind, ClockState, Rung, Severity, Stage, TimerStatus
from tests.complaints.walking import ANYONE, case_in, check_at_commit, take
from tests.factories import make_case, make_team, make_user

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def fired(case: Case) -> list[tuple[str, str]]:
    """The rungs of a case that fired, in the order of the event log."""
    kinds = {"clock_warned", "clock_breached", "clock_escalated"}
    events = CaseEvent.objects.filter(case=case, kind__in=kinds).order_by("sequence")
    return [(event.data["clock"], event.data["rung"]) for event in events]


def pass_time(**span: float) -> None:
    shift_to(now() + timedelta(**span))


def owned_case(**fields) -> tuple[Case, Actor]:
    """A case with an owner by mail, in a team with a manager."""
    manager = make_user(Role.MANAGER)
    team = make_team(manager=manager)
    agent = make_user(Role.AGENT, team=team)
    case = triage.assign(make_case(**fields), owner=agent, by=Actor.staff(manager))
    return case, Actor.staff(agent)


def running(case: Case) -> set[str]:
    return set(
        Clock.objects.filter(case=case, state=ClockState.RUNNING).values_list("kind", flat=True)
    )


def test_nothing_fires_before_its_moment():
    case = make_case()
    pass_time(hours=11, minutes=59)
    assert sweep().fired == 0
    pass_time(minutes=2)
    assert (sweep().fired, sweep().fired) == (1, 0)
    assert fired(case) == [("acknowledgement", "warn_50")]


def test_each_rung_fires_once_on_its_day():
    case = make_case()
    for hours, count in ((12.1, 1), (18.1, 2), (24.1, 3), (28.1, 4), (48.1, 5), (400, 5)):
        shift_to(case.received_at + timedelta(hours=hours))
        sweep()
        sweep()
        assert len(fired(case)) == count
    assert [rung for _clock, rung in fired(case)] == [rung.value for rung in Rung]
    assert broken_link(Case.objects.get(pk=case.pk)) is None


def test_late_seconds_and_promise_stand_in_the_event():
    case = make_case()
    due = case.next_due_at
    shift_to(due + timedelta(minutes=5))
    sweep()
    event = CaseEvent.objects.get(case=case, kind="clock_breached")
    assert event.data["due_at"] == due.isoformat()
    assert 300 <= event.data["late_seconds"] < 330
    assert event.for_consumer
    assert event.timer.rung == Rung.BREACH


def test_breach_opens_one_item_for_the_owner_and_marks_the_case():
    case, agent = owned_case()
    pass_time(hours=25)
    sweep()
    sweep()
    item = AccountabilityItem.objects.get(case=case)
    assert (item.owner, item.clock.kind) == (agent.user, ClockKind.ACKNOWLEDGEMENT)
    assert Case.objects.get(pk=case.pk).is_late
    manager = case.team.manager
    assert Notification.objects.filter(user=manager, kind="clock_breached").count() == 1
    assert OutboxMessage.objects.filter(recipient=f"user:{manager.pk}").count() == 1


def test_breach_without_owner_goes_to_the_manager():
    manager = make_user(Role.MANAGER)
    case = make_case()
    touch(case, "x", by=ANYONE, changes={"team": make_team(manager=manager)})
    pass_time(hours=13)
    sweep()
    assert Notification.objects.filter(user=manager, kind="clock_warned").count() == 1


def test_consumers_turn_reminds_the_consumer_and_blames_nobody():
    case = case_in(Stage.NEGOTIATING)
    reply = ClockStart(ClockKind.OFFER_REPLY, subject="offer:1", until=now() + timedelta(days=7))
    case = hand_turn(case, reply, by=ANYONE, cause="offer_sent")
    pass_time(days=4)
    sweep()
    assert OutboxMessage.objects.filter(case=case, kind="your_turn", recipient="consumer").exists()
    pass_time(days=5)
    sweep()
    assert not AccountabilityItem.objects.filter(case=case).exists()
    assert not CaseEvent.objects.filter(case=case, kind="clock_breached", for_consumer=True)


def test_automatic_receipt_does_not_stop_the_24_hours():
    case = make_case()
    assert OutboxMessage.objects.filter(case=case, kind="received").exists()
    assert running(case) == {ClockKind.ACKNOWLEDGEMENT}
    pass_time(hours=24, minutes=1)
    sweep()
    assert ("acknowledgement", "breach") in fired(case)


def test_reply_or_note_does_not_stop_the_24_hours():
    case, agent = owned_case()
    case = triage.classify(case, by=agent, severity=Severity.MINOR)
    case = write_message(case, by=agent, body="收到，我们在看。")
    write_note(case, by=agent, body="先查订单")
    assert running(case) == {ClockKind.ACKNOWLEDGEMENT}
    assert Case.objects.get(pk=case.pk).acknowledged_at is None


def test_only_a_persons_notice_accepts():
    case = touch(make_case(), "x", by=ANYONE, changes={"severity": Severity.MINOR})
    day = now().date() + timedelta(days=3)
    with pytest.raises(StepForbidden):
        triage.accept(case, by=Actor.system(), next_steps="x", expected_on=day)
    somebody = Actor(kind="system", roles=ANYONE.roles)
    with pytest.raises(StepForbidden):
        triage.accept(case, by=somebody, next_steps="x", expected_on=day)
    assert running(case) == {ClockKind.ACKNOWLEDGEMENT}
    agent = Actor.staff(make_user(Role.AGENT))
    case = triage.accept(case, by=agent, next_steps="明天上门", expected_on=day)
    assert running(case) == {ClockKind.SOLUTION, ClockKind.TRIAGE}
    assert case.acknowledged_at is not None


def test_emergency_raised_later_adds_a_clock_and_restarts_none():
    case, agent = owned_case()
    pass_time(hours=10)
    before = Clock.objects.values().get(case=case)
    case = triage.raise_emergency(case, by=agent, reason="又冒烟了")
    assert Clock.objects.values().get(case=case, kind=ClockKind.ACKNOWLEDGEMENT) == before
    emergency = Clock.objects.get(case=case, kind=ClockKind.EMERGENCY)
    assert emergency.due_at - emergency.started_at == 2 * HOUR
    assert (case.next_due_kind, case.next_due_at) == (ClockKind.EMERGENCY, emergency.due_at)
    with pytest.raises(CaseError, match="已经是紧急案件"):
        triage.raise_emergency(case, by=agent, reason="再来")
    assert Clock.objects.filter(case=case).count() == 2


def test_emergency_runs_through_every_step_until_a_named_person_answers_it():
    case, agent = owned_case(danger=True)
    case = touch(case, "x", by=ANYONE, changes={"severity": Severity.MINOR})
    day = now().date() + timedelta(days=3)
    case = triage.accept(case, by=agent, next_steps="先断电", expected_on=day)
    case = take(case, "open_investigation")
    case = take(case, "suspend_for_external")
    assert ClockKind.EMERGENCY in running(case)
    with pytest.raises(StepForbidden):
        triage.record_safety_action(case, by=Actor.system(), action="x", consumer_reached=True)
    assert ClockKind.EMERGENCY in running(case)
    pass_time(hours=2, minutes=1)
    sweep()
    assert ("emergency", "breach") in fired(case)
    case = triage.record_safety_action(case, by=agent, action="已断电", consumer_reached=True)
    assert ClockKind.EMERGENCY not in running(case)
    pass_time(hours=9)
    sweep()
    assert ("emergency", "escalation_1") not in fired(case)


def test_answered_promise_fires_no_more():
    case, agent = owned_case()
    case = touch(case, "x", by=ANYONE, changes={"severity": Severity.MINOR})
    day = now().date() + timedelta(days=3)
    case = triage.accept(case, by=agent, next_steps="明天", expected_on=day)
    case = take(case, "open_investigation")
    pass_time(hours=30)
    sweep()
    assert [clock for clock, _rung in fired(case) if clock == "acknowledgement"] == []
    statuses = Timer.objects.filter(case=case, clock__kind="acknowledgement")
    assert set(statuses.values_list("status", flat=True)) == {TimerStatus.CANCELLED}


def test_answer_that_came_too_late_is_a_breach_though_nobody_had_swept():
    case, agent = owned_case()
    case = touch(case, "x", by=ANYONE, changes={"severity": Severity.MINOR})
    pass_time(hours=24, minutes=10)
    day = now().date() + timedelta(days=3)
    case = triage.accept(case, by=agent, next_steps="明天", expected_on=day)

    pass_time(hours=1)
    sweep()
    sweep()

    assert fired(case) == [("acknowledgement", "breach")]
    event = CaseEvent.objects.get(case=case, kind="clock_breached")
    assert 590 <= event.data["late_seconds"] <= 620
    assert AccountabilityItem.objects.get().owner == agent.user
    case.refresh_from_db()
    assert not case.is_late


def test_breach_that_came_before_a_rest_is_told_once_and_not_again_after_it():
    case, _agent = owned_case()
    pass_time(hours=24, minutes=10)
    case = take(case, "withdraw")
    case = take(case, "reopen")

    sweep()

    assert [rung for _clock, rung in fired(case)].count("breach") == 1
    assert AccountabilityItem.objects.count() == 1


def test_consumers_turn_that_ended_unswept_stays_silent():
    case = take(case_in(Stage.LIABILITY_DETERMINED), "open_negotiation")
    until = now() + HOUR
    case = hand_turn(case, ClockStart(ClockKind.OFFER_REPLY, until=until), by=ANYONE, cause="x")
    pass_time(hours=2)
    hand_turn(case, ClockStart(ClockKind.OFFER), by=ANYONE, cause="offer_expired")

    sweep()

    assert fired(case) == []


def test_rest_keeps_the_time_left_and_fires_no_rung_twice():
    case = make_case()
    shift_to(case.received_at + 13 * HOUR)
    sweep()
    case = take(case, "withdraw")
    clock = Clock.objects.get(case=case)
    assert (clock.state, clock.due_at, case.next_due_at) == (ClockState.PAUSED, None, None)
    pass_time(days=50)
    assert sweep().fired == 0
    case = take(case, "reopen")
    clock.refresh_from_db()
    left = clock.due_at - now()
    assert abs(left - 11 * HOUR) < timedelta(seconds=5)
    pass_time(hours=6)
    sweep()
    assert fired(case) == [("acknowledgement", "warn_50"), ("acknowledgement", "warn_75")]
    actions = ClockEntry.objects.filter(clock=clock).order_by("id").values_list("action", flat=True)
    assert list(actions) == ["start", "pause", "resume"]


def test_ledger_is_only_added_to():
    case = make_case()
    check_at_commit()
    for sql in (
        "UPDATE complaints_clockentry SET cause = 'x'",
        "DELETE FROM complaints_clockentry",
        "TRUNCATE complaints_clockentry CASCADE",
    ):
        with (
            pytest.raises(IntegrityError, match="only added to"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert ClockEntry.objects.filter(clock__case=case).count() == 1


def test_accountability_item_cannot_be_lost():
    case, _agent = owned_case()
    pass_time(hours=25)
    sweep()
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        AccountabilityItem.objects.filter(case=case).delete()


@pytest.mark.django_db(transaction=True)
def test_sweepers_at_once_do_nothing_twice():
    cases = [make_case() for _number in range(12)]
    pass_time(hours=300)
    moment = now()

    def race(_number: int) -> int:
        try:
            assert now() >= moment
            return sweep().fired
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=6) as pool:
        total = sum(pool.map(race, range(6)))
    total += sweep().fired
    assert total == 5 * len(cases)
    for case in cases:
        assert [rung for _clock, rung in fired(case)] == [rung.value for rung in Rung]
        assert AccountabilityItem.objects.filter(case=case).count() == 1


@pytest.mark.django_db(transaction=True)
def test_sweep_passes_by_a_case_that_somebody_is_working_on():
    busy, idle = make_case(), make_case()
    pass_time(hours=13)

    def sweep_elsewhere(_number: int) -> int:
        try:
            return sweep(limit=1).fired
        finally:
            connection.close()

    with transaction.atomic():
        Case.objects.select_for_update().get(pk=busy.pk)
        with ThreadPoolExecutor(max_workers=1) as pool:
            assert list(pool.map(sweep_elsewhere, [1])) == [1]
    assert (len(fired(busy)), len(fired(idle))) == (0, 1)
    assert sweep().fired == 1


def test_rung_cannot_be_marked_fired_twice_by_sql():
    case = make_case()
    timer = Timer.objects.get(case=case, rung=Rung.BREACH)
    pass_time(hours=25)
    sweep()
    with pytest.raises(IntegrityError), transaction.atomic():
        Timer.objects.create(
            clock=timer.clock,
            case=case,
            generation=9,
            rung=Rung.BREACH,
            due_at=now(),
            status=TimerStatus.FIRED,
        )


def test_one_clock_of_a_kind_runs_for_one_subject():
    case = make_case()
    clock = Clock.objects.get(case=case)
    clock.pk = None
    with pytest.raises(IntegrityError, match="complaints_one_live_clock"), transaction.atomic():
        clock.save(force_insert=True)


def test_turn_is_handed_over_and_next_due_follows():
    case = case_in(Stage.NEGOTIATING)
    until = now() + timedelta(days=7)
    case = hand_turn(case, ClockStart(ClockKind.OFFER_REPLY, until=until), by=ANYONE, cause="x")
    assert (running(case), case.next_due_at) == ({ClockKind.OFFER_REPLY}, until)
    case = hand_turn(case, ClockStart(ClockKind.AGREEMENT_DRAFT), by=ANYONE, cause="x")
    assert running(case) == {ClockKind.AGREEMENT_DRAFT}


def test_obligations_stop_one_by_one():
    starts = [
        ClockStart(ClockKind.OBLIGATION, subject=f"obligation:{n}", until=now() + n * HOUR)
        for n in (1, 2)
    ]
    case = move(case_in(Stage.AGREED), "start_fulfilment", by=ANYONE, clocks=starts)
    assert case.next_due_at == starts[0].until
    case = stop_kind(case, ClockKind.OBLIGATION, subject="obligation:1", by=ANYONE, cause="paid")
    assert case.next_due_at == starts[1].until


def test_command_sweeps_without_a_broker():
    case = make_case()
    pass_time(hours=13)
    call_command("sweep_clocks", stdout=StringIO())
    assert len(fired(case)) == 1
