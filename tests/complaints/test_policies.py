"""Time limits as versions: drafted, previewed, published; what was late stays late."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from accounts.states import Role
from complaints.clock_arithmetic import WorkingCalendar
from complaints.errors import CaseError, StepForbidden
from complaints.models import CalendarVersion, CaseEvent, Clock, ClockEntry, ClockPolicy
from complaints.moments import now, shift_to
from complaints.selectors.policies import policy_for, working_calendar
from complaints.services import triage
from complaints.services.calendars import DayOff, publish_calendar, with_days
from complaints.services.intake import ContactData
from complaints.services.policies import discard, preview, publish, save_draft
from complaints.services.recalculating import recalculate_open
from complaints.services.sweeping import sweep
from complaints.shipped_words import SHIPPED_NAMES, SHIPPED_SOURCES
from complaints.states import (
    Channel,
    ClockKind,
    LedgerAction,
    MergeCause,
    PolicyState,
    Stage,
    TimerStatus,
)
from tests.complaints.walking import ANYONE, case_in, take
from tests.factories import make_case, make_product, staff

pytestmark = pytest.mark.django_db
LADDER = [
    {"rung": "warn_50", "fraction": "0.5"},
    {"rung": "breach", "fraction": "1"},
    {"rung": "escalation_1", "after_hours": "4", "tell": ["team_manager"]},
]


def today() -> date:
    return working_calendar().local_date(now())


def draft(code: str = "acknowledgement", kind: str = "acknowledgement", **values: Any):
    """A manager's draft that differs from the version in force in these values."""
    changed = {"effective_from": today(), **values}
    return save_draft(code, kind, changed, by=staff(Role.MANAGER))


def acknowledgement(case) -> Clock:
    return case.clocks.get(kind=ClockKind.ACKNOWLEDGEMENT)


def test_a_shorter_time_counts_for_open_cases_from_its_day_on():
    case = make_case()
    shorter = draft(amount=Decimal(12))
    assert acknowledgement(case).policy.amount == 24
    assert publish(shorter, by=staff(Role.MANAGER)) == 1
    clock = acknowledgement(case)
    assert clock.policy == shorter
    assert clock.due_at - clock.started_at == timedelta(hours=12)
    assert acknowledgement(make_case()).policy == shorter
    case.refresh_from_db()
    assert case.next_due_at == clock.due_at
    event = CaseEvent.objects.get(case=case, kind="clock_recalculated")
    assert event.data["cause"] == "policy_published"
    assert list(clock.ledger.order_by("id").values_list("action", "policy__version")) == [
        (LedgerAction.START, 1),
        (LedgerAction.RECALCULATE, 2),
    ]


def test_preview_shows_what_publishing_does_and_does_nothing():
    cases = [make_case() for _ in range(3)]
    shorter = draft(amount=Decimal(12))
    seen = {(change.clock.case_id, change.due_at, change.stays) for change in preview(shorter)}
    assert {acknowledgement(case).policy.version for case in cases} == {1}
    publish(shorter, by=staff(Role.MANAGER))
    assert seen == {(case.pk, acknowledgement(case).due_at, False) for case in cases}


def test_nobody_becomes_late_by_a_change():
    case = make_case()
    shift_to(now() + timedelta(hours=5))
    shorter = draft(amount=Decimal(4), effective_from=today() - timedelta(days=1))
    [change] = preview(shorter)
    assert change.stays
    assert publish(shorter, by=staff(Role.MANAGER)) == 0
    assert acknowledgement(case).policy.version == 1
    assert acknowledgement(make_case()).policy.version == 2


def test_what_was_late_stays_late():
    case = make_case()
    shift_to(now() + timedelta(hours=25))
    sweep()
    breach = CaseEvent.objects.get(case=case, kind="clock_breached")
    longer = draft(amount=Decimal(72), effective_from=today() - timedelta(days=2))
    publish(longer, by=staff(Role.MANAGER))
    clock = acknowledgement(case)
    assert (clock.policy.version, clock.generation) == (1, 1)
    assert CaseEvent.objects.get(case=case, kind="clock_breached").data == breach.data


def test_a_rung_that_fired_does_not_fire_again_after_a_change():
    case = make_case()
    shift_to(now() + timedelta(hours=13))
    sweep()
    longer = draft(amount=Decimal(48), effective_from=today() - timedelta(days=2))
    publish(longer, by=staff(Role.MANAGER))
    clock = acknowledgement(case)
    armed = clock.timers.filter(status=TimerStatus.ARMED).values_list("rung", flat=True)
    assert set(armed) == {"warn_75", "breach", "escalation_1", "escalation_2"}
    shift_to(clock.due_at + timedelta(minutes=1))
    sweep()
    rungs = [timer.rung for timer in clock.timers.filter(status=TimerStatus.FIRED)]
    assert sorted(rungs) == ["breach", "warn_50", "warn_75"]


def test_the_policy_with_most_conditions_counts():
    draft("ack-forum", "acknowledgement", amount=Decimal(6), unit="elapsed_hours", ladder=LADDER,
          source="内部规定", conditions={"channel": [Channel.CONSUMER_FORUM]})  # fmt: skip
    publish(ClockPolicy.objects.get(code="ack-forum"), by=staff(Role.MANAGER))
    assert acknowledgement(make_case()).policy.amount == 24
    assert acknowledgement(make_case(channel=Channel.CONSUMER_FORUM)).policy.amount == 6


@pytest.mark.parametrize(
    ("condition", "case"),
    [
        ({"market": ["GB", "IE"]}, {"market": "IE"}),
        ({"urgency": ["emergency"]}, {"danger": True}),
        ({"customer_tier": ["business"]}, {"tier": "business"}),
    ],
)
def test_conditions_look_at_the_case(condition, case):
    draft("narrow", "acknowledgement", amount=Decimal(6), unit="elapsed_hours", ladder=LADDER,
          source="内部规定", conditions=condition)  # fmt: skip
    publish(ClockPolicy.objects.get(code="narrow"), by=staff(Role.MANAGER))
    assert acknowledgement(make_case(**case)).policy.code == "narrow"
    stranger = ContactData(name="钱多", phone="13700000001")
    assert acknowledgement(make_case(contact=stranger)).policy.code == "acknowledgement"


def test_a_product_line_can_have_its_own_time():
    kettle = make_product(category="水壶")
    draft("kettles", "acknowledgement", amount=Decimal(6), unit="elapsed_hours", ladder=LADDER,
          source="内部规定", conditions={"product_line": ["水壶"]})  # fmt: skip
    publish(ClockPolicy.objects.get(code="kettles"), by=staff(Role.MANAGER))
    assert acknowledgement(make_case(product_id=kettle.pk)).policy.code == "kettles"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"amount": Decimal(0)}, "amount"),
        ({"amount": Decimal("1.5"), "unit": "working_days"}, "amount"),
        ({"unit": "moons"}, "unit"),
        ({"source": " "}, "source"),
        ({"effective_to": date(2001, 1, 1)}, "effective_to"),
        ({"conditions": {"colour": ["red"]}}, "conditions"),
        ({"conditions": {"channel": []}}, "conditions"),
        ({"ladder": []}, "ladder"),
        ({"ladder": [*LADDER, LADDER[0]]}, "ladder"),
        ({"ladder": [*LADDER, {"rung": "shout", "fraction": "0.9"}]}, "ladder"),
        ({"ladder": [*LADDER, {"rung": "warn_90", "fraction": "1.2"}]}, "ladder"),
        ({"ladder": [*LADDER, {"rung": "warn_90", "fraction": "0.9", "tell": ["x"]}]}, "ladder"),
        ({"ladder": [{"rung": "breach", "fraction": "0.5"}]}, "ladder"),
        ({"pause_rules": [{"cause": "tea", "cap_days": 3}]}, "pause_rules"),
        ({"pause_rules": [{"cause": "testing", "cap_days": 0}]}, "pause_rules"),
    ],
)
def test_a_policy_that_cannot_be_computed_with_is_refused(values, field):
    with pytest.raises(CaseError) as refused:
        draft(**values)
    assert refused.value.field == field
    assert not ClockPolicy.objects.filter(state=PolicyState.DRAFT, kind="acknowledgement").exists()


def test_a_policy_by_events_needs_its_events():
    with pytest.raises(CaseError) as refused:
        draft(
            "term", "regulator", amount=Decimal(5), unit="working_days", ladder=LADDER, source="x"
        )
    assert refused.value.field == "start_event"


@pytest.mark.parametrize("role", [Role.AGENT, Role.INVESTIGATOR, Role.FINANCE])
def test_only_managers_and_administrators_change_time_limits(role):
    with pytest.raises(StepForbidden):
        save_draft("acknowledgement", "acknowledgement", {"amount": Decimal(1)}, by=staff(role))
    shorter = draft(amount=Decimal(12))
    for act in (publish, discard):
        with pytest.raises(StepForbidden):
            act(shorter, by=staff(role))


def test_a_draft_is_published_once():
    shorter = draft(amount=Decimal(12))
    publish(shorter, by=staff(Role.MANAGER))
    with pytest.raises(CaseError):
        publish(shorter, by=staff(Role.MANAGER))


def test_a_second_draft_continues_the_first_and_can_be_thrown_away():
    assert draft(amount=Decimal(12)).pk == draft(name="新名称").pk
    discard(draft(), by=staff(Role.MANAGER))
    assert not ClockPolicy.objects.filter(code="acknowledgement", state=PolicyState.DRAFT).exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE complaints_clockpolicy SET amount = 99 WHERE state = 'published'",
        "UPDATE complaints_clockpolicy SET state = 'draft' WHERE state = 'published'",
        "DELETE FROM complaints_clockpolicy WHERE state = 'published'",
        "UPDATE complaints_calendarversion SET data = '{}'",
        "DELETE FROM complaints_calendarversion",
    ],
)
def test_the_database_keeps_what_was_published(statement):
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_old_version_counts_for_what_was_received_under_it():
    old, new = (
        policy_for(
            make_case_received_on(day), ClockKind.REGULATOR, start=now()
        )
        for day in (date(2026, 4, 14), date(2026, 4, 15))
    )  # fmt: skip
    assert (old.amount, old.unit) == (45, "working_days")
    assert (new.amount, new.unit) == (60, "calendar_days")


def make_case_received_on(day: date):
    case = make_case(channel=Channel.REGULATOR_12315)
    case.received_at = working_calendar().end_of(day) - timedelta(hours=12)
    return case


def test_regulators_clock_runs_beside_ours_until_the_case_is_settled():
    case = make_case(channel=Channel.REGULATOR_12315)
    clock = case.clocks.get(kind=ClockKind.REGULATOR)
    assert (clock.subject, clock.policy.version) == ("cn_mediation", 2)
    for verb in ("accept", "open_investigation", "determine_liability", "open_negotiation"):
        case = take(case, verb)
    assert case.clocks.get(kind=ClockKind.REGULATOR).state == "running"
    case = take(case, "sign")
    assert case.clocks.get(kind=ClockKind.REGULATOR).stop_cause == "sign"


def test_british_terms_run_side_by_side():
    case = make_case(market="GB")
    found = case.clocks.filter(kind=ClockKind.REGULATOR).values_list("subject", flat=True)
    assert set(found) == {"uk_ack", "uk_summary", "uk_final"}


def test_triage_runs_from_acceptance_to_the_choice_of_a_way():
    case = case_in(Stage.ACCEPTED)
    assert case.clocks.get(kind=ClockKind.TRIAGE).state == "running"
    case = case_in(Stage.INVESTIGATING)
    assert case.clocks.get(kind=ClockKind.TRIAGE).stop_cause == "open_investigation"


def test_a_new_calendar_moves_what_is_due_by_it():
    case = case_in(Stage.INVESTIGATING)
    clock = case.clocks.get(kind=ClockKind.INVESTIGATION)
    before, calendar = clock.due_at, working_calendar()
    rest = working_calendar().local_date(before) - timedelta(days=1)
    changed = with_days(calendar, [DayOff(rest, works=False)], years=[rest.year], published_to=None)
    assert publish_calendar("default", changed.as_data(), by=ANYONE) >= 1
    clock.refresh_from_db()
    assert clock.due_at > before
    assert clock.calendar_version == changed.version
    assert CalendarVersion.objects.filter(pk=calendar.version).exists()
    assert publish_calendar("default", changed.as_data(), by=ANYONE) == 0


def test_recalculating_twice_changes_nothing_more():
    case_in(Stage.INVESTIGATING)
    publish(draft(amount=Decimal(12)), by=staff(Role.MANAGER))
    lines = ClockEntry.objects.count()
    assert recalculate_open(by=ANYONE, cause="again") == 0
    assert ClockEntry.objects.count() == lines


def test_shipped_calendars_are_named_by_their_content():
    for version in CalendarVersion.objects.all():
        assert WorkingCalendar.from_data(version.data).version == version.pk


def test_shipped_names_and_sources_are_translated():
    names, sources = set(map(str, SHIPPED_NAMES)), set(map(str, SHIPPED_SOURCES))
    for policy in ClockPolicy.objects.all():
        assert not policy.name or policy.name in names
        assert policy.source in sources
    with translation.override("en"):
        assert ClockPolicy.objects.get(code="uk_final").title.isascii()


def test_terms_rest_with_a_withdrawn_case_and_come_back_with_it():
    case = make_case(channel=Channel.REGULATOR_12315)
    before = case.clocks.get(kind=ClockKind.REGULATOR).due_at
    case = take(case, "withdraw")
    assert case.clocks.get(kind=ClockKind.REGULATOR).state == "paused"
    case = take(case, "reopen")
    clock = case.clocks.get(kind=ClockKind.REGULATOR)
    assert (clock.state, clock.due_at) == ("running", before)


def test_a_regulators_term_runs_on_in_the_case_that_carries_it_on():
    by, plain = staff(Role.AGENT), make_case()
    earlier = make_case(channel=Channel.REGULATOR_12315)
    term = earlier.clocks.get(kind=ClockKind.REGULATOR)
    shift_to(now() + timedelta(days=3))
    later = make_case(channel=Channel.REGULATOR_12315)
    triage.merge(later, into=plain, cause=MergeCause.SAME_EVENT, by=by)
    carried = plain.clocks.get(kind=ClockKind.REGULATOR, state="running")
    assert carried.started_at > term.started_at
    triage.merge(earlier, into=plain, cause=MergeCause.SAME_EVENT, by=by)
    carried = plain.clocks.get(kind=ClockKind.REGULATOR, state="running")
    assert (carried.subject, carried.due_at) == (term.subject, term.due_at)


def test_what_triage_finds_out_chooses_the_rules_anew():
    draft("severe", "acknowledgement", amount=Decimal(3), unit="elapsed_hours", ladder=LADDER,
          source="内部规定", conditions={"severity": ["severe"]})  # fmt: skip
    publish(ClockPolicy.objects.get(code="severe"), by=staff(Role.MANAGER))
    case, by = make_case(), staff(Role.AGENT)
    assert acknowledgement(case).policy.code == "acknowledgement"
    case = triage.classify(case, by=by, severity="severe")
    clock = acknowledgement(case)
    assert (clock.policy.code, clock.due_at - clock.started_at) == ("severe", timedelta(hours=3))
    assert case.next_due_at == clock.due_at
    event = CaseEvent.objects.get(case=case, kind="clock_recalculated")
    assert event.data["cause"] == "facts_changed"


def test_a_term_that_fits_only_now_counts_from_the_receipt():
    payment, by = make_product(category="payment"), staff(Role.AGENT)
    case = make_case(market="GB")
    shift_to(now() + timedelta(hours=5))
    case = triage.classify(case, by=by, product=payment)
    clock = case.clocks.get(subject="uk_payment_final")
    assert (clock.started_at, clock.state) == (case.received_at, "running")
    assert triage.classify(case, by=by, product=payment).clocks.count() == case.clocks.count()
