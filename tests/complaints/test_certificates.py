"""Clock certificates: whole, agreeing with the engine and the rows, and hard to forge."""

from __future__ import annotations

import copy
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.states import Role
from complaints.models import Case, ClockEntry
from complaints.moments import now, reset_shift, shift_to
from complaints.selectors.certificate import certificate_of, moment_text
from complaints.selectors.policies import forget_policies, working_calendar
from complaints.services.calendars import DayOff, publish_calendar, with_days
from complaints.services.clocks import pause_clocks, resume_clocks, start_clock, stop_clocks
from complaints.services.evidence import add_evidence
from complaints.services.pausing import pause_clock, resume_clock
from complaints.services.policies import publish, save_draft
from complaints.services.sweeping import sweep
from complaints.services.triage import record_safety_action
from complaints.states import ClockKind, PauseCause
from tests.agreements.makers import fulfilling_case
from tests.complaints.certified import LIVES, SCRIPT, agrees, forged, live, verified
from tests.complaints.intake_steps import picture
from tests.complaints.walking import ANYONE, case_in, take
from tests.factories import make_case, make_team, make_user, staff

pytestmark = pytest.mark.django_db
NO_DATABASE_CHECK = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


def certified(case: Case) -> dict[str, Any]:
    return certificate_of(Case.objects.get(pk=case.pk), at=now())


def clock_in(document: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(clock for clock in document["clocks"] if clock["kind"] == kind)


def paused_case() -> Case:
    """An investigation that rested twice, once after the consumer wrote, once until its cap."""
    case = case_in("investigating")
    handler = staff(Role.AGENT)
    clock = case.clocks.get(kind=ClockKind.INVESTIGATION)
    proof = add_evidence(case, by=handler, upload=picture(), name="送检单.png")
    asked = add_evidence(case, by=handler, upload=picture(tint="blue"), name="催告.png")
    shift_to(now() + timedelta(hours=30))
    until = now() + timedelta(days=3)
    words = {"reason": "送检", "by": handler, "proof_id": proof.pk}
    pause_clock(case, clock.pk, cause=PauseCause.TESTING, until=until, **words)
    shift_to(now() + timedelta(days=2, minutes=7))
    resume_clock(case, clock.pk, by=handler)
    shift_to(now() + timedelta(hours=5))
    until = now() + timedelta(days=1)
    words |= {"cause": PauseCause.CONSUMERS_EVIDENCE, "proof_id": asked.pk}
    pause_clock(case, clock.pk, until=until, **words)
    shift_to(until + timedelta(minutes=3))
    sweep()
    return case


def recalculated_case() -> Case:
    """A case whose rule and whose calendar changed while it ran."""
    case = case_in("accepted")
    manager = staff(Role.MANAGER)
    today = working_calendar().local_date(now())
    values = {"amount": Decimal(30), "unit": "working_hours", "effective_from": today}
    publish(save_draft("solution", "solution", values, by=manager), by=manager)
    shift_to(now() + timedelta(hours=3))
    days = [DayOff(today + timedelta(days=after), after % 2 == 0) for after in range(1, 6)]
    years = {day.day.year for day in days}
    changed = with_days(working_calendar(), days, years=years, published_to=today)
    publish_calendar("default", changed.as_data(), by=manager)
    return case


def dst_case() -> Case:
    """A British case over the last Sunday in March, with weeks, days and escalations."""
    shift_to(datetime(2027, 3, 26, 15, 0, tzinfo=UTC))
    case = make_case(market="GB")
    shift_to(now() + timedelta(days=12))
    sweep()
    return case


def months_case() -> Case:
    """A review of one month that began on the last of January."""
    manager = staff(Role.MANAGER)
    values = {"amount": Decimal(1), "unit": "months", "effective_from": date(2026, 1, 1)}
    publish(save_draft("review", "review", values, by=manager), by=manager)
    shift_to(datetime(2027, 1, 31, 3, 0, tzinfo=UTC))
    return case_in("under_review")


def emergency_case() -> Case:
    """An emergency that was acknowledged, and answered after its two hours."""
    case = make_case(danger=True)
    shift_to(now() + timedelta(hours=3))
    sweep()
    case = record_safety_action(
        case, action="请立即停用", consumer_reached=True, by=staff(Role.AGENT)
    )
    return take(case, "accept")


def resting_case() -> Case:
    """A case that stands aside, all its clocks at rest but one."""
    shift_to(now() + timedelta(hours=1))
    return case_in("under_review")


def ended_case() -> Case:
    """A case that was withdrawn while a pause lasted."""
    case = paused_case()
    shift_to(now() + timedelta(hours=2))
    return take(case, "withdraw", by=ANYONE)


CASES = {
    "paused": (paused_case, ClockKind.INVESTIGATION),
    "recalculated": (recalculated_case, ClockKind.SOLUTION),
    "summer time": (dst_case, ClockKind.REGULATOR),
    "months": (months_case, ClockKind.REVIEW),
    "emergency": (emergency_case, ClockKind.EMERGENCY),
    "fixed": (fulfilling_case, ClockKind.OBLIGATION),
    "resting": (resting_case, ClockKind.REVIEW),
    "ended": (ended_case, ClockKind.INVESTIGATION),
}


@pytest.fixture
def team():
    return make_team(manager=make_user(Role.MANAGER), is_default=True)


@pytest.mark.parametrize("name", CASES)
def test_a_certificate_is_verified_by_the_script_alone(team, tmp_path, name):
    make, kind = CASES[name]
    document = certified(make())
    end, said = verified(document, tmp_path)
    assert (end, said.count("DIFFERS")) == (0, 0), said
    assert said.count("OK      clock ") == len(document["clocks"])
    assert document["chain"]["hash"] in said
    assert document["sha256"] in said
    assert clock_in(document, kind)["ledger"]


def test_it_tells_what_happened(team):
    investigation = clock_in(certified(paused_case()), ClockKind.INVESTIGATION)
    actions = [line["action"] for line in investigation["ledger"]]
    assert actions == ["start", "pause", "resume", "pause", "resume"]
    assert [line["due_at"] is None for line in investigation["ledger"]] == [
        action == "pause" for action in actions
    ]
    assert investigation["ledger"][1]["detail"]["pause"] == PauseCause.TESTING
    assert investigation["ledger"][1]["roles"] == [Role.AGENT]
    assert len(investigation["reckoning"]["rested"]) == 2
    assert investigation["verdict"]["word"] == "running"


def test_versions_of_rules_and_calendars_are_listed_once(team):
    document = certified(recalculated_case())
    solution = clock_in(document, ClockKind.SOLUTION)
    used = [(line["policy"], line["calendar"]) for line in solution["ledger"]]
    assert len({policy for policy, _calendar in used}) == 2
    assert len({calendar for _policy, calendar in used}) == 2
    assert {policy for policy, _calendar in used} <= set(document["policies"])
    assert {calendar for _policy, calendar in used} <= set(document["calendars"])


def test_the_late_emergency_is_late_by_what_it_was(team):
    emergency = clock_in(certified(emergency_case()), ClockKind.EMERGENCY)
    assert emergency["verdict"]["word"] == "late"
    assert 3600 <= emergency["verdict"]["late_seconds"] < 3700
    fired = {timer["rung"] for timer in emergency["timers"] if timer["status"] == "fired"}
    assert "breach" in fired


def test_escalations_count_true_hours_through_summer_time(team):
    document = certified(dst_case())
    line = next(clock["ledger"][0] for clock in document["clocks"] if clock["policy"] == "uk_ack:1")
    rungs = dict(line["rungs"])
    begin, end = (datetime.fromisoformat(rungs[name]) for name in ("breach", "escalation_2"))
    assert end - begin == timedelta(hours=72)


def test_no_personal_text_is_in_it(team):
    case = paused_case()
    raw = json.dumps(certified(case), ensure_ascii=False)
    secrets = (case.title, case.description, "周小华", "13812345678", "送检", "员工")
    assert [word for word in secrets if word in raw] == []


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every datum in a JSON value."""
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in places(inner, (*path, key))]
    if isinstance(value, list):
        return [found for n, inner in enumerate(value) for found in places(inner, (*path, n))]
    return [path]


def changed(document: dict[str, Any], path: tuple[Any, ...], change: Any) -> dict[str, Any]:
    """Return a copy with one datum changed."""
    made = copy.deepcopy(document)
    inner: Any = made
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = change(inner[path[-1]])
    return made


def another(value: Any) -> Any:
    """Return a value of the same kind that is another one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if value is None:
        return "2027-01-01T00:00:00+00:00"
    try:
        return moment_text(datetime.fromisoformat(value) + timedelta(seconds=1))
    except ValueError:
        pass
    if value.replace(".", "", 1).isdigit():
        return str(Decimal(value) + 1)
    return f"{value}x"


UNPROVED = {
    "case", "zone", "chain", "roles", "cause", "name", "subject", "id", "stop_cause",
    "reckoning_words", "verdict_words",
    "source", "source_status", "code", "version", "dated_by", "effective_from", "effective_to",
    "after_reply", "told_by", "tell", "effect", "pause_rules", "sha256", "accepted", "fired_at",
}  # fmt: skip
"""Data that nothing else follows from: only the fingerprint holds them."""


def is_computed(path: tuple[Any, ...]) -> bool:
    """Say whether a datum follows from others in a certificate, or others from it."""
    return UNPROVED.isdisjoint(path) and path[0] == "clocks" and "conditions" not in path


def test_any_change_is_seen(team):
    document = certified(paused_case())
    assert agrees(document)[0]
    missed = [path for path in places(document) if agrees(changed(document, path, another))[0]]
    assert missed == []


def test_a_changed_moment_is_seen_even_with_a_new_fingerprint(team):
    document = certified(paused_case())
    unseen = [
        path
        for path in places(document)
        if is_computed(path) and agrees(forged(changed(document, path, another)))[0]
    ]
    assert {path[-1] for path in unseen} <= {"kind", "proof", "until", "status"}


def rested(
    case: Case, *, announced: float, days: float, proof: int | None = 1, **said: str
) -> None:
    """Let an investigation rest past all rules, as a forger would write it."""
    clock = case.clocks.get(kind=ClockKind.INVESTIGATION, state="running")
    until = moment_text(now() + timedelta(days=announced))
    detail = {"pause": PauseCause.TESTING, "until": until, "proof": proof, **said}
    by = staff(Role.AGENT)
    pause_clocks(case, [clock], by=by, cause="paused", depth=None, detail=detail)
    shift_to(now() + timedelta(days=days))
    resume_clocks(case, [clock], by=by, cause="resumed")


def long_rest(case: Case) -> None:
    """300 days that were announced as one."""
    rested(case, announced=1, days=300)


def many_rests(case: Case) -> None:
    """Pauses that keep to the cap of 60 days one by one, not together."""
    rested(case, announced=40, days=40)
    rested(case, announced=30, days=30, proof=2)


def nights(case: Case) -> None:
    """Fifteen days of two minutes each, and one more."""
    for _night in range(16):
        day = working_calendar().local_date(now())
        shift_to(working_calendar().end_of(day) - timedelta(minutes=1))
        rested(case, announced=0.002, days=0.002, pause="consumers_evidence", proof=None)


def all_causes(case: Case) -> None:
    """Two causes, each within its cap, together beyond the largest of 90 days."""
    rested(case, announced=55, days=55)
    rested(case, announced=50, days=50, proof=2, pause="force_majeure")


def second_clock(case: Case) -> None:
    """A fresh cap for a second investigation."""
    rested(case, announced=40, days=40)
    by = staff(Role.AGENT)
    first = case.clocks.get(kind=ClockKind.INVESTIGATION)
    stop_clocks(case, [first], by=by, cause="x")
    start_clock(case, ClockKind.INVESTIGATION, by=by, cause="x")
    rested(case, announced=40, days=40, proof=2)


def one_proof(case: Case) -> None:
    """One file for two pauses."""
    rested(case, announced=1, days=1)
    rested(case, announced=1, days=1)


def without_proof(case: Case) -> None:
    """A test without a paper of it."""
    rested(case, announced=1, days=1, proof=None)


FORGERIES = {
    long_rest: "rested until",
    many_rests: "beyond the caps",
    nights: "beyond the caps",
    all_causes: "beyond the caps",
    second_clock: "beyond the caps",
    one_proof: "used before",
    without_proof: "no proof",
}


@pytest.mark.parametrize("forge", FORGERIES)
def test_rests_that_the_rules_forbid_are_seen(team, forge):
    case = case_in("investigating")
    forge(case)
    good, said = agrees(certified(case))
    assert not good
    assert said.count("DIFFERS") == 1 or forge is second_clock
    assert FORGERIES[forge] in said


def test_rests_within_the_rules_are_no_forgeries(team):
    case = case_in("investigating")
    rested(case, announced=40, days=39.9)
    rested(case, announced=20, days=19.9, proof=2)
    rested(case, announced=30, days=20, proof=3, pause="agreed_extension")
    good, said = agrees(certified(case))
    assert good, said


def test_pause_that_lasted_through_a_step_aside_agrees(team):
    case = case_in("investigating")
    clock, by = case.clocks.get(kind=ClockKind.INVESTIGATION), staff(Role.AGENT)
    proof = add_evidence(case, by=by, upload=picture(), name="送检单.png")
    said = {"cause": PauseCause.TESTING, "reason": "送检", "by": by, "proof_id": proof.pk}
    case = pause_clock(case, clock.pk, until=now() + timedelta(days=50), **said)
    case = take(case, "withdraw")
    shift_to(now() + timedelta(days=90))
    case = take(case, "reopen")
    sweep()
    assert case.clocks.get(pk=clock.pk).state == "running"
    good, words = agrees(certified(case))
    assert good, words


@settings(max_examples=60, suppress_health_check=NO_DATABASE_CHECK)
@given(st.data())
def test_forged_moments_amounts_days_and_orders_are_seen(rich, data):
    forge = data.draw(st.sampled_from([moved_line, other_amount, other_day, other_order, dropped]))
    made = forge(copy.deepcopy(rich), data)
    assert not agrees(forged(made))[0], forge.__name__


@pytest.fixture
def rich(team):
    """A certificate with pauses, and with a rule and a calendar that changed."""
    recalculated_case()
    return certified(paused_case())


def drawn_line(document: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    clock = data.draw(st.sampled_from(document["clocks"]), label="clock")
    return data.draw(st.sampled_from(clock["ledger"]), label="line")


def moved_line(document: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    line = drawn_line(document, data)
    by = timedelta(microseconds=data.draw(st.integers(1, 10**12)))
    sign = data.draw(st.sampled_from([-1, 1]))
    line["at"] = moment_text(datetime.fromisoformat(line["at"]) + sign * by)
    return document


def other_amount(document: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    counted = sorted(
        {
            clock["policy"]
            for clock in document["clocks"]
            if not clock["fixed_due_at"] and clock["state"] == "running"
        }
    )
    policy = document["policies"][data.draw(st.sampled_from(counted))]
    policy["amount"] = str(Decimal(policy["amount"]) + data.draw(st.integers(1, 50)))
    return document


def other_day(document: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    calendar = document["calendars"][data.draw(st.sampled_from(sorted(document["calendars"])))]
    day = str(data.draw(st.dates(date(2026, 1, 1), date(2028, 1, 1))))
    listed = calendar[data.draw(st.sampled_from(["rest_days", "make_up_days"]))]
    listed.remove(day) if day in listed else listed.append(day)
    return document


def other_order(document: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    ledger = max((clock["ledger"] for clock in document["clocks"]), key=len)
    swapped = data.draw(st.permutations(range(len(ledger))).filter(lambda p: p != sorted(p)))
    ledger[:] = [ledger[place] for place in swapped]
    return document


def dropped(document: dict[str, Any], data: st.DataObject) -> dict[str, Any]:
    ledger = max((clock["ledger"] for clock in document["clocks"]), key=len)
    del ledger[data.draw(st.integers(0, len(ledger) - 1))]
    return document


def try_lives(count: int) -> None:
    """Certify random clocks: script, engine and rows say the same."""
    case = make_case()

    @settings(max_examples=count, deadline=None, suppress_health_check=NO_DATABASE_CHECK)
    @given(life=LIVES)
    def try_one(life: dict[str, Any]) -> None:
        mark = transaction.savepoint()
        try:
            clock = live(case, life)
            document = certified(case)
            good, said = agrees(document)
            assert good, said
            shown = document["clocks"][-1]
            assert shown["due_at"] == moment_text(clock.due_at)
            assert len(shown["ledger"]) == ClockEntry.objects.filter(clock=clock).count()
        finally:
            transaction.savepoint_rollback(mark)
            reset_shift()
            forget_policies()

    try_one()


def test_script_engine_and_rows_agree_on_random_ledgers(team):
    try_lives(200)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_script_engine_and_rows_agree_on_many_random_ledgers(team):
    try_lives(10_000)


def test_reading_it_takes_few_statements(team, django_assert_max_num_queries):
    case = paused_case()
    forget_policies()
    with django_assert_max_num_queries(12):
        certified(case)


def test_what_is_no_certificate_is_refused(tmp_path):
    for document in ({}, [], {"format": "x"}, {"clocks": 3}):
        end, said = verified(document, tmp_path)
        assert end == 1, said


def test_the_script_is_short_and_needs_nothing(tmp_path):
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 330
    assert "django" not in text
    assert "complaints" not in text
