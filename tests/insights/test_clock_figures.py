"""How well time limits are kept, and the cases behind each number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now, shift_to
from complaints.selectors.clock_figures import PARTS, Span, clock_figures, weekly_clocks
from complaints.services import triage
from complaints.services.clocks import pause_clocks, start_clock, stop_clocks
from complaints.states import NOBODYS_FAULT
from insights.periods import preset_period
from tests.complaints.walking import take
from tests.factories import make_case, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    user = make_user(Role.MANAGER)
    make_team(manager=user, is_default=True)
    client.force_login(user)
    return user


def accepted(case, manager):
    by = Actor.staff(manager)
    case = triage.classify(case, by=by, severity="moderate")
    return triage.accept(case, by=by, next_steps="请寄回。", expected_on=timezone.localdate(now()))


def this_span(**changes) -> Span:
    period = preset_period("12weeks", today=timezone.localdate(now()))
    return Span(period.starts, period.ends, **changes)


def figures_of(code="acknowledgement", **changes):
    found = clock_figures(this_span(**changes), moment=now())
    return next((row for row in found if row.code == code), None)


def test_numbers_come_from_moments_whether_a_timer_fired_or_not(manager):
    start = now() - timedelta(days=3)
    shift_to(start)
    kept, late, forgotten = make_case(), make_case(), make_case()
    shift_to(start + timedelta(hours=6))
    accepted(kept, manager)
    shift_to(start + timedelta(hours=30))
    accepted(late, manager)
    shift_to(start + timedelta(hours=50))
    make_case()
    shift_to(start + timedelta(hours=71))
    figures = figures_of()
    counts = (figures.started, figures.kept, figures.late, figures.open, figures.risk)
    assert counts == (4, 1, 2, 2, 1)
    # Seconds pass while cases are made: a tenth of a percent is a minute and a half.
    assert (figures.median, figures.ninety) == pytest.approx((75.0, 125.0), abs=0.1)
    assert forgotten.timers.filter(status="fired").count() == 0


def test_paused_clocks_and_teams_are_told_apart(manager):
    case = make_case(danger=True)
    clocks = list(case.clocks.filter(kind="acknowledgement"))
    pause_clocks(case, clocks, by=Actor.staff(manager), cause="paused", depth=None)
    make_case()
    figures = figures_of(team_id=case.team_id)
    assert (figures.started, figures.paused, figures.open) == (2, 1, 2)
    assert figures_of(team_id=make_team().pk) is None


def test_breach_stays_in_the_figures_while_the_clock_rests_and_when_it_was_stopped_at_rest(manager):
    start = now()
    case, ended = make_case(), make_case()
    shift_to(start + timedelta(hours=30))
    for each in (case, ended):
        take(each, "withdraw")
    figures = figures_of()
    assert (figures.kept, figures.late, figures.open) == (0, 2, 2)

    resting = list(ended.clocks.filter(kind="acknowledgement"))
    stop_clocks(ended, resting, by=Actor.system(), cause="close")
    take(Case.objects.get(pk=case.pk), "reopen")

    figures = figures_of()
    assert (figures.kept, figures.late, figures.open) == (0, 2, 1)


def test_what_waits_for_the_consumer_is_no_promise_of_ours(manager):
    case = make_case()
    start_clock(case, "offer_reply", by=Actor.system(), cause="x", until=now() + timedelta(hours=1))
    shift_to(now() + timedelta(hours=9))
    assert {row.kind for row in clock_figures(this_span(), moment=now())}.isdisjoint(NOBODYS_FAULT)


def test_weeks_add_up(manager):
    for _ in range(3):
        make_case()
    weeks = weekly_clocks(this_span(), moment=now())
    assert sum(sum(week.values()) for week in weeks.values()) == sum(
        row.started for row in clock_figures(this_span(), moment=now())
    )


def test_every_number_leads_to_its_cases(client, manager):
    start = now() - timedelta(days=2)
    shift_to(start)
    kept, late = make_case(), make_case()
    accepted(kept, manager)
    shift_to(start + timedelta(hours=30))
    page = client.get(reverse("clock_performance"))
    row = next(r for r in page.context["rows"] if r["figures"].code == "acknowledgement")
    listed = {}
    for part in PARTS:
        answer = client.get(row["links"][part])
        listed[part] = {case.reference for case in answer.context["page"]}
    assert listed["started"] == {kept.reference, late.reference}
    assert listed["kept"] == {kept.reference}
    assert listed["late"] == listed["open"] == {late.reference}
    assert listed["risk"] == listed["paused"] == set()
    assert row["rate"] == "1/2"


def test_page_is_for_those_who_see_the_dashboard(client):
    client.force_login(make_user(Role.AGENT))
    for name in ("clock_performance", "clock_cases"):
        assert client.get(reverse(name)).status_code == 403
    client.force_login(make_user(Role.APPROVER))
    page = client.get(reverse("clock_performance"))
    assert page.status_code == 200
    assert "这段时间没有开始计时的期限" in page.content.decode()
    assert reverse("complaints:policies") not in page.content.decode()
    assert client.get(reverse("clock_cases")).status_code == 404
    assert client.get(f"{reverse('clock_performance')}?team=x&from=y").status_code == 200
