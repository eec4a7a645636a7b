"""Pauses: for listed causes, with proof, up to a cap; they end by themselves or with a word."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.states import Role
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import (
    AccountabilityItem,
    Case,
    CaseEvent,
    Clock,
    Consumer,
    Notification,
    OutboxMessage,
    Timer,
)
from complaints.moments import now, shift_to
from complaints.selectors.policies import calendar_at, working_calendar
from complaints.services import triage
from complaints.services.cases import move
from complaints.services.clocks import start_clock, stop_clocks
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
from complaints.services.policies import preview_resting, publish, save_draft
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
    case: Case,
    *,
    cause: str = PauseCause.CONSUMERS_EVIDENCE,
    days: float = 5,
    asked: bool = True,
    **fields: Any,
) -> Case:
    """Pause a case's investigation, after the consumer was asked unless there is a proof."""
    said = {"reason": "等你寄回发票", "by": agent(), **fields}
    if asked and "proof_id" not in fields:
        case = write_message(case, by=agent(), body="请寄回发票")
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
        ({"asked": False}, "proof"),
        ({"cause": PauseCause.TESTING, "proof_id": 987654}, "proof"),
    ],
)
def test_refused_pause_names_the_field_and_leaves_nothing(said: dict[str, Any], field: str) -> None:
    case = case_in(Stage.INVESTIGATING)
    said = {"asked": False, **said}
    if said["asked"]:
        case = write_message(case, by=agent(), body="请寄回发票")
    before = traces(case)

    with pytest.raises(CaseError) as refusal:
        paused(case, **{**said, "asked": False})

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
    assert entry.detail["told_by"] == "system"


def slept(case: Case, **fields: Any) -> Case:
    """Pause a case's investigation over midnight for two minutes."""
    calendar = calendar_at(stage_clock(case).calendar_version)
    midnight = calendar.end_of(calendar.local_date(now()))
    shift_to(midnight - timedelta(minutes=1))
    case = paused(case, days=2 / 1440, **fields)
    shift_to(midnight + timedelta(minutes=1))
    return resume_clock(case, stage_clock(case).pk, by=agent())


def test_short_pauses_over_midnight_cost_whole_days_of_a_budget_of_days() -> None:
    case = case_in(Stage.INVESTIGATING)
    assert stage_clock(case).policy.unit == "working_days"
    begun = stage_clock(case).due_at
    for _night in range(15):
        case = slept(case)

    with pytest.raises(CaseError, match="最多可以暂停 15 天"):
        slept(case)

    assert stage_clock(case).due_at - begun < 35 * DAY


def test_what_is_offered_as_the_latest_end_is_taken_and_no_more() -> None:
    case = slept(case_in(Stage.INVESTIGATING))
    pass_time(hours=9)
    (choice,) = [c for c in pause_choices(stage_clock(case)) if c.cause == "consumers_evidence"]
    left = (choice.latest - now()) / DAY
    assert 13 < left < 14

    with pytest.raises(CaseError):
        paused(case, days=left + 0.001)
    paused(case, days=left)


def test_all_causes_together_may_rest_a_clock_as_long_as_the_largest_cap() -> None:
    manager, member = staff(Role.MANAGER), agent()
    rules = [{"cause": "testing", "cap_days": 6}, {"cause": "agreed_extension", "cap_days": 4}]
    values = {"pause_rules": rules, "effective_from": working_calendar().local_date(now())}
    publish(save_draft("investigation", "investigation", values, by=manager), by=manager)
    case = case_in(Stage.INVESTIGATING)
    proofs = [
        add_evidence(case, by=member, upload=picture(tint=tint), name=f"{tint}.png").pk
        for tint in ("red", "blue")
    ]
    case = paused(case, cause="agreed_extension", days=4, proof_id=proofs[0])
    pass_time(days=4)
    sweep()

    with pytest.raises(CaseError, match="加起来最多 6 天"):
        paused(case, cause="testing", days=3, proof_id=proofs[1])
    paused(case, cause="testing", days=1.5, proof_id=proofs[1])


def test_a_second_investigation_brings_no_fresh_cap() -> None:
    case = paused(case_in(Stage.INVESTIGATING), days=14)
    pass_time(days=14)
    first = stage_clock(case)
    stop_clocks(case, list(case.clocks.exclude(state="stopped")), by=agent(), cause="x")
    second = start_clock(case, ClockKind.INVESTIGATION, by=agent(), cause="x")
    assert second.pk != first.pk

    until = now() + 2 * DAY
    said = {"cause": "consumers_evidence", "until": until, "reason": "发票", "by": agent()}
    with pytest.raises(CaseError) as refusal:
        pause_clock(case, second.pk, **said)
    assert refusal.value.field == "until"


def test_a_file_proves_one_pause_of_a_case() -> None:
    case, member = case_in(Stage.INVESTIGATING), agent()
    first, again = (
        add_evidence(case, by=member, upload=picture(), name=name).pk
        for name in ("一.png", "二.png")
    )
    case = paused(case, cause=PauseCause.TESTING, days=2, proof_id=first)
    case = resume_clock(case, stage_clock(case).pk, by=member)
    for used in (first, again):
        with pytest.raises(CaseError, match="已经用来证明"):
            paused(case, cause=PauseCause.TESTING, days=2, proof_id=used)


def test_an_answer_does_not_take_the_mark_of_a_pause_after_a_reply_away() -> None:
    case = write_message(case_in(Stage.INVESTIGATING), by=Actor.consumer(), body="在等什么")
    case = write_message(case, by=agent(), body="请寄回发票")
    case = paused(case)
    assert stage_clock(case).ledger.order_by("-id").first().detail["after_reply"] is True


def test_consumer_who_wrote_since_must_be_asked_again() -> None:
    case = write_message(case_in(Stage.INVESTIGATING), by=agent(), body="请寄回发票")
    case = write_message(case, by=Actor.consumer(), body="寄了")
    with pytest.raises(CaseError) as refusal:
        paused(case, asked=False)
    assert refusal.value.field == "proof"


def test_consumer_without_an_address_is_told_by_a_person_first() -> None:
    case = case_in(Stage.INVESTIGATING)
    Consumer.objects.filter(pk=case.consumer_id).update(
        contact_sealed=sealing.seal(case.consumer.key_sealed, {"name": "周小华"})
    )
    with pytest.raises(CaseError) as refusal:
        paused(case)
    assert refusal.value.field == "told"

    case = paused(case, told=True)

    assert stage_clock(case).ledger.order_by("-id").first().detail["told_by"] == "staff"


def test_pause_that_nobody_ended_ends_at_its_end_even_for_a_late_word() -> None:
    case = paused(case_in(Stage.INVESTIGATING), days=2)
    ending = case.clocks.get(kind=ClockKind.PAUSE_END)
    pass_time(days=5)
    write_message(case, by=Actor.consumer(), body="发票在附件里")
    assert stage_clock(case).ledger.get(action="resume").at == ending.due_at


def test_clock_that_rested_runs_on_by_the_rules_published_meanwhile() -> None:
    manager = staff(Role.MANAGER)
    case = paused(case_in(Stage.INVESTIGATING), days=9)
    old = stage_clock(case).policy
    values = {"amount": 20, "effective_from": working_calendar().local_date(now())}
    draft = save_draft("investigation", "investigation", values, by=manager)
    assert preview_resting(draft) == 1
    publish(draft, by=manager)
    pass_time(days=1)

    case = resume_clock(case, stage_clock(case).pk, by=manager)

    clock = stage_clock(case)
    assert (clock.policy.code, clock.policy.amount) == (old.code, 20)
    last = clock.ledger.order_by("-id").first()
    assert (last.action, last.cause) == ("recalculate", "rules_changed_meanwhile")
    assert case.next_due_at <= clock.due_at
    assert not clock.timers.filter(status=TimerStatus.ARMED).exclude(generation=clock.generation)


def test_rules_that_would_make_it_late_leave_a_clock_by_its_old_ones() -> None:
    manager = staff(Role.MANAGER)
    case = case_in(Stage.INVESTIGATING)
    pass_time(days=4)
    case = take(case, "withdraw")
    values = {"amount": 1, "effective_from": working_calendar().local_date(now() - 9 * DAY)}
    publish(save_draft("investigation", "investigation", values, by=manager), by=manager)

    case = take(case, "reopen")

    assert stage_clock(case).policy.amount == 5
    assert stage_clock(case).ledger.order_by("-id").first().action == "resume"
