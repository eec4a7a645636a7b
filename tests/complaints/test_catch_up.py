"""After downtime: all rungs in order with their true moments, and nobody flooded with mail."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from accounts.models import User
from accounts.states import Role
from complaints.models import Case, CaseEvent, Notification, OutboxMessage, Timer
from complaints.moments import now, shift_to
from complaints.services import sweeping, triage
from complaints.services.events import broken_link
from complaints.services.stage_clocks import ClockStart, hand_turn
from complaints.services.sweeping import sweep
from complaints.states import ClockKind, Rung, Stage
from tests.complaints.walking import ANYONE, case_in
from tests.factories import make_case, make_team, make_user, staff

pytestmark = pytest.mark.django_db
LATE = {"clock_warned", "clock_breached", "clock_escalated"}


def owned_case(**fields) -> tuple[Case, User, User]:
    """A case with an owner in a team with a manager; the outbox is empty."""
    manager = make_user(Role.MANAGER)
    agent = make_user(Role.AGENT, team=make_team(manager=manager))
    case = triage.assign(make_case(**fields), owner=agent, by=staff(Role.MANAGER))
    OutboxMessage.objects.all().delete()
    return case, agent, manager


def pass_time(**span: float) -> None:
    shift_to(now() + timedelta(**span))


def mails() -> list[tuple[str, str, str]]:
    return sorted(
        (mail.recipient, mail.data["clock"], mail.data["rung"])
        for mail in OutboxMessage.objects.all()
    )


def on_desk(user: User) -> set[tuple[str, str]]:
    notices = Notification.objects.filter(user=user, kind__in=LATE)
    return {(notice.data["clock"], notice.data["rung"]) for notice in notices}


def test_late_rungs_catch_up_in_order_with_one_mail():
    case, agent, manager = owned_case()
    pass_time(hours=300)

    assert sweep().fired == 5

    events = CaseEvent.objects.filter(case=case, timer__isnull=False).order_by("sequence")
    assert [event.data["rung"] for event in events] == [rung.value for rung in Rung]
    people = [f"user:{agent.pk}", f"user:{manager.pk}"]
    assert mails() == sorted((who, "acknowledgement", Rung.ESCALATION_2) for who in people)
    assert Notification.objects.filter(case=case, kind="clock_escalated").count() == 2


def test_warning_that_came_later_silences_no_breach():
    case, agent, manager = owned_case(danger=True)
    pass_time(hours=13)

    sweep()

    fired = Timer.objects.filter(case=case, status="fired", clock__kind="emergency")
    highest = fired.order_by("-due_at").values_list("rung", flat=True)[0]
    assert highest not in ("warn_50", "warn_75")
    people = {f"user:{agent.pk}", f"user:{manager.pk}"}
    assert mails() == sorted((person, "emergency", highest) for person in people)
    assert ("emergency", highest) in on_desk(agent) & on_desk(manager)
    assert ("acknowledgement", "warn_50") in on_desk(agent)
    assert ("acknowledgement", "warn_50") not in on_desk(manager)


def test_two_breaches_of_one_case_are_one_mail_a_person():
    case, agent, manager = owned_case(danger=True)
    pass_time(days=7)

    sweep()

    assert sorted(recipient for recipient, _clock, _rung in mails()) == sorted(
        [f"user:{agent.pk}", f"user:{manager.pk}"]
    )
    assert {clock for clock, _rung in on_desk(agent)} == {"acknowledgement", "emergency"}
    assert broken_link(Case.objects.get(pk=case.pk)) is None


def test_true_moments_stand_in_the_events_however_late_the_sweep():
    case, _agent, _manager = owned_case()
    timers = dict(Timer.objects.filter(case=case).values_list("rung", "due_at"))
    due = case.next_due_at
    pass_time(days=7)

    sweep()

    for event in CaseEvent.objects.filter(case=case, timer__isnull=False):
        moment = datetime.fromisoformat(event.data["rung_at"])
        assert moment == timers[event.data["rung"]]
        assert abs(event.data["late_seconds"] - (event.at - moment).total_seconds()) < 5
        assert datetime.fromisoformat(event.data["due_at"]) == due


def test_consumer_is_reminded_once():
    case = case_in(Stage.NEGOTIATING)
    reply = ClockStart(ClockKind.OFFER_REPLY, subject="offer:1", until=now() + timedelta(days=8))
    case = hand_turn(case, reply, by=ANYONE, cause="offer_sent")
    OutboxMessage.objects.all().delete()
    pass_time(days=7)

    sweep()

    reminders = OutboxMessage.objects.filter(case=case, recipient="consumer", kind="your_turn")
    assert reminders.count() == 1


def test_rungs_with_names_of_their_own_fire_in_order():
    case, _agent, _manager = owned_case()
    names = {"warn_50": "warn_10", "warn_75": "warn_90", "escalation_2": "escalation_3"}
    for usual, own in names.items():
        Timer.objects.filter(case=case, rung=usual).update(rung=own)
    pass_time(days=7)

    assert sweep().fired == 5

    events = CaseEvent.objects.filter(case=case, timer__isnull=False).order_by("sequence")
    assert [(event.kind, event.data["rung"]) for event in events] == [
        ("clock_warned", "warn_10"),
        ("clock_warned", "warn_90"),
        ("clock_breached", "breach"),
        ("clock_escalated", "escalation_1"),
        ("clock_escalated", "escalation_3"),
    ]
    assert {rung for _person, _clock, rung in mails()} == {"escalation_3"}


def test_many_cases_share_a_transaction_and_few_statements(django_assert_max_num_queries):
    for _number in range(3):
        owned_case()
    sweep()  # the first one of a process goes case by case
    pass_time(days=7)
    with django_assert_max_num_queries(40):
        assert sweep().fired == 15
    for case in Case.objects.all():
        assert broken_link(case) is None


def test_limit_leaves_the_rest_to_the_next_sweep(monkeypatch):
    for _number in range(4):
        make_case()
    monkeypatch.setattr(sweeping, "FEWEST_TOGETHER", 1)
    monkeypatch.setattr(sweeping._Sweep, "pace", lambda self, took: None)
    pass_time(hours=13)
    assert [sweep(limit=3).cases, sweep(limit=3).cases, sweep(limit=3).cases] == [3, 1, 0]
