"""Pauses: for listed causes, with proof, up to a cap; they end by themselves or with a word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import (
    AccountabilityItem,
    Case,
    CaseEvent,
    Clock,
    Notification,
    OutboxMessage,
    Timer,
)
from complaints.moments import now, shift_to
from complaints.services import triage
from complaints.services.cases import move
from complaints.services.conversation import write_message, write_note
from complaints.services.events import broken_link
from complaints.services.evidence import add_evidence
from complaints.services.pausing import (
    end_pause,
    pause_choices,
    pause_clock,
    paused_for,
    resume_clock,
)
from complaints.services.sweeping import sweep
from complaints.states import ClockKind, ClockState, PauseCause, Stage, TimerStatus
from tests.complaints.intake_steps import picture
from tests.complaints.walking import ANYONE, case_in, check_at_commit, take, traces
from tests.factories import make_user, staff

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def pass_time(**span: float) -> None:
    shift_to(now() + timedelta(**span))


def agent() -> Actor:
    return staff(Role.AGENT)


def stage_clock(case: Case) -> Clock:
    return case.clocks.get(kind=ClockKind.INVESTIGATION)


def paused(
    case: Case, *, cause: str = PauseCause.CONSUMERS_EVIDENCE, days: float = 5, **fields: Any
) -> Case:
    """Pause a case's investigation."""
    said = {"reason": "等你寄回发票", "by": agent(), **fields}
    until = now() + timedelta(days=days)
    return pause_clock(case, stage_clock(case).pk, cause=cause, until=until, **said)


def running(case: Case) -> set[str]:
    clocks = Clock.objects.filter(case=case, state=ClockState.RUNNING)
    return set(clocks.values_list("kind", flat=True))


def test_consumers_message_lets_the_clock_run_on_with_the_time_left() -> None:
    case = case_in(Stage.INVESTIGATING)
    begun = stage_clock(case)
    pass_time(hours=5)
    case = paused(case)
    assert stage_clock(case).due_at is None
    pass_time(days=2)

    case = write_message(case, by=Actor.consumer(), body="发票在附件里")

    clock = stage_clock(case)
    assert (clock.state, clock.kind) == (ClockState.RUNNING, ClockKind.INVESTIGATION)
    assert clock.due_at - begun.due_at >= DAY
    assert ClockKind.PAUSE_END not in running(case)
    assert case.next_due_at == min(
        Clock.objects.filter(case=case, state=ClockState.RUNNING).values_list("due_at", flat=True)
    )
    event = CaseEvent.objects.get(case=case, kind="clock_resumed")
    assert (event.data["why"], event.actor) == ("evidence_received", None)
    assert OutboxMessage.objects.filter(case=case, kind="clock_resumed").count() == 1


def test_consumers_file_does_so_too_and_staffs_words_do_not() -> None:
    case = paused(case_in(Stage.INVESTIGATING))
    member = agent()
    write_message(case, by=member, body="请寄回发票")
    write_note(case, by=member, body="已催")
    add_evidence(case, by=member, upload=picture(), name="检测.png")
    assert stage_clock(case).state == ClockState.PAUSED

    add_evidence(case, by=Actor.consumer(), upload=picture(), name="发票.png")

    assert stage_clock(case).state == ClockState.RUNNING


def test_consumers_word_ends_no_pause_for_another_cause() -> None:
    case = case_in(Stage.INVESTIGATING)
    proof = add_evidence(case, by=agent(), upload=picture(), name="委托书.png")
    case = paused(case, cause=PauseCause.TESTING, days=30, proof_id=proof.pk)

    write_message(case, by=Actor.consumer(), body="检测得怎么样了")

    assert stage_clock(case).state == ClockState.PAUSED


def test_end_of_a_pause_resumes_once_from_its_moment_and_blames_nobody() -> None:
    manager = make_user(Role.MANAGER)
    case = triage.assign(case_in(Stage.INVESTIGATING), owner=manager, by=ANYONE)
    case = paused(case, days=3)
    ending = case.clocks.get(kind=ClockKind.PAUSE_END)
    shift_to(ending.due_at + timedelta(days=2))

    sweep()
    sweep()

    clock = stage_clock(case)
    resumed = clock.ledger.order_by("-id").first()
    assert (resumed.action, resumed.at, resumed.cause) == ("resume", ending.due_at, "cap_reached")
    assert clock.state == ClockState.RUNNING
    assert Timer.objects.get(clock=ending).status == TimerStatus.FIRED
    assert CaseEvent.objects.filter(case=case, kind="pause_ended", timer__clock=ending).count() == 1
    assert CaseEvent.objects.filter(case=case, kind="clock_resumed").count() == 1
    assert not CaseEvent.objects.filter(case=case, kind="clock_breached").exists()
    assert not AccountabilityItem.objects.exists()
    assert Notification.objects.filter(user=manager, kind="pause_ended").count() == 1
    fresh = Case.objects.get(pk=case.pk)
    assert not fresh.is_late
    assert broken_link(fresh) is None
    check_at_commit()


def test_promise_missed_after_an_unswept_pause_is_dated_by_the_ledger() -> None:
    case = paused(case_in(Stage.INVESTIGATING), days=1)
    pass_time(days=120)
    sweep()

    sweep()

    clock = stage_clock(case)
    item = AccountabilityItem.objects.get(clock=clock)
    assert clock.due_at < item.opened_at
    breach = Timer.objects.get(clock=clock, rung="breach", status=TimerStatus.FIRED)
    assert breach.due_at == clock.due_at


def test_end_that_somebody_went_before_does_nothing() -> None:
    case = paused(case_in(Stage.INVESTIGATING), days=1)
    old = case.clocks.get(kind=ClockKind.PAUSE_END)
    case = resume_clock(case, stage_clock(case).pk, by=agent())
    case = paused(case, days=9)

    end_pause(case, old)
    pass_time(days=2)
    sweep()

    assert stage_clock(case).state == ClockState.PAUSED


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"cause": "holiday"}, "cause"),
        ({"days": 16}, "until"),
        ({"days": -1}, "until"),
        ({"reason": " "}, "reason"),
        ({"cause": PauseCause.TESTING}, "proof"),
        ({"cause": PauseCause.TESTING, "proof_id": 987654}, "proof"),
    ],
)
def test_refused_pause_names_the_field_and_leaves_nothing(said: dict[str, Any], field: str) -> None:
    case = case_in(Stage.INVESTIGATING)
    before = traces(case)

    with pytest.raises(CaseError) as refusal:
        paused(case, **said)

    assert refusal.value.field == field
    assert traces(case) == before


def test_clocks_that_are_not_ours_or_late_are_not_paused() -> None:
    case = case_in(Stage.INVESTIGATING)
    clock = stage_clock(case)
    with pytest.raises(StepForbidden):
        paused(case, by=staff(Role.INVESTIGATOR))
    shift_to(clock.due_at + timedelta(seconds=1))
    with pytest.raises(CaseError, match="已经超时"):
        paused(case)


def test_cap_counts_every_pause_for_the_same_cause() -> None:
    case = paused(case_in(Stage.INVESTIGATING), days=9)
    pass_time(days=9)
    sweep()

    (choice,) = [c for c in pause_choices(stage_clock(case)) if c.cause == "consumers_evidence"]

    assert DAY * 5.9 < choice.latest - now() < DAY * 6.1
    assert not choice.needs_proof
    with pytest.raises(CaseError):
        paused(case, days=7)
    assert paused_for(stage_clock(paused(case, days=5))) == PauseCause.CONSUMERS_EVIDENCE


def test_pause_outlives_a_step_aside() -> None:
    case = paused(case_in(Stage.INVESTIGATING), days=9)
    case = take(case, "withdraw")
    assert running(case) == set()

    case = take(case, "reopen")

    assert stage_clock(case).state == ClockState.PAUSED
    assert ClockKind.PAUSE_END in running(case)
    check_at_commit()


def test_word_in_a_case_that_stepped_aside_ends_the_pause_on_the_return() -> None:
    case = take(paused(case_in(Stage.INVESTIGATING), days=9), "withdraw")
    case = write_message(case, by=Actor.consumer(), body="发票找到了")
    assert running(case) == set()

    case = take(case, "reopen")

    assert stage_clock(case).state == ClockState.RUNNING
    assert ClockKind.PAUSE_END not in running(case)


def test_end_that_came_while_the_case_was_aside_counts_from_the_return() -> None:
    case = take(paused(case_in(Stage.INVESTIGATING), days=2), "withdraw")
    pass_time(days=30)
    case = take(case, "reopen")

    sweep()

    resumed = stage_clock(case).ledger.order_by("-id").first()
    assert resumed.action == "resume"
    assert abs(now() - resumed.at) < timedelta(minutes=1)
    assert not AccountabilityItem.objects.exists()


def test_step_onward_stops_a_paused_clock_with_its_end() -> None:
    case = paused(case_in(Stage.INVESTIGATING))

    case = move(case, "determine_liability", by=ANYONE)

    assert ClockKind.PAUSE_END not in running(case)
    assert stage_clock(case).state == ClockState.STOPPED


def test_pause_just_after_the_consumer_wrote_is_marked() -> None:
    case = write_message(case_in(Stage.INVESTIGATING), by=Actor.consumer(), body="在等什么")
    case = paused(case)

    entry = stage_clock(case).ledger.order_by("-id").first()

    assert entry.detail["after_reply"] is True
