"""Every figure links to a list that holds exactly the cases behind it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.states import Role
from complaints.actors import Actor
from complaints.moments import now, reset_shift, shift_to
from complaints.services import triage
from insights import selectors
from insights.measures import MEASURES, cases_behind, outcome_filter
from insights.periods import preset_period
from tests.factories import make_case, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    user = make_user(Role.MANAGER)
    make_team(manager=user, is_default=True)
    return user


@pytest.fixture
def period():
    return preset_period("week", today=timezone.localdate(now()))


@pytest.fixture(autouse=True)
def true_time():
    yield
    reset_shift()


def accepted(case, by):
    case = triage.classify(case, by=by, severity="moderate")
    return triage.accept(case, by=by, next_steps="请寄回。", expected_on=timezone.localdate(now()))


def test_the_share_of_kept_promises_counts_only_known_outcomes(manager):
    by = Actor.staff(manager)
    accepted(make_case(), by)
    make_case()
    moment = now()
    figure = selectors.acknowledged_figure(
        preset_period("12weeks", today=timezone.localdate(moment)), moment=moment
    )
    assert (figure.value, figure.sample) == (100, 1)


def test_a_promise_not_kept_lowers_the_share_and_is_listed(manager):
    by = Actor.staff(manager)
    start = now() - timedelta(days=3)
    shift_to(start)
    kept, late, forgotten = make_case(), make_case(), make_case()
    accepted(kept, by)
    shift_to(start + timedelta(hours=25))
    accepted(late, by)
    reset_shift()
    moment = now()
    period = preset_period("12weeks", today=timezone.localdate(moment))
    figure = selectors.acknowledged_figure(period, moment=moment)
    assert (round(figure.value), figure.sample) == (33, 3)
    listed = cases_behind("acknowledged_late", period, moment=moment)
    assert set(listed) == {late, forgotten}


def test_weekly_bars_add_up_to_the_cases_received(manager):
    by = Actor.staff(manager)
    for days in (0, 8, 15):
        shift_to(now() - timedelta(days=days))
        make_case()
        reset_shift()
    triage.withdraw(make_case(), by=by, reason="消费者来电撤回")
    period = preset_period("12weeks", today=timezone.localdate(now()))
    bars = selectors.weekly_outcomes(period)["bars"]
    assert sum(sum(bar["values"]) for bar in bars) == selectors.new_figure(period).value == 4


def test_outcomes_part_every_case_exactly_once(manager):
    by = Actor.staff(manager)
    make_case()
    triage.withdraw(make_case(), by=by, reason="消费者来电撤回")
    accepted(make_case(), by)
    period = preset_period("12weeks", today=timezone.localdate(now()))
    cases = cases_behind("new", period, moment=now())
    parts = [set(cases.filter(outcome_filter(name))) for name in selectors.outcome_names()]
    assert sum(len(part) for part in parts) == cases.count() == 3


@pytest.mark.parametrize("measure", MEASURES)
def test_each_list_opens_and_shows_its_count(client, manager, measure):
    make_case()
    client.force_login(manager)
    page = client.get(reverse("dashboard_cases"), {"measure": measure, "preset": "12weeks"})
    expected = cases_behind(
        measure, preset_period("12weeks", today=timezone.localdate(now())), moment=now()
    ).count()
    assert page.context["page"].paginator.count == expected
    assert page.status_code == 200


def test_an_unknown_measure_is_not_found(client, manager):
    client.force_login(manager)
    assert client.get(reverse("dashboard_cases"), {"measure": "x"}).status_code == 404


def test_the_dashboard_shows_five_tiles_that_link_to_cases(client, manager):
    make_case()
    client.force_login(manager)
    page = client.get(reverse("dashboard"))
    assert page.context["tiles"][0]["value"] == "1"
    for tile in page.context["tiles"]:
        assert client.get(tile["href"]).status_code == 200


def test_days_that_cannot_be_read_fall_back(client, manager):
    client.force_login(manager)
    page = client.get(reverse("dashboard"), {"from": "gestern", "to": "2026-99-99"})
    assert page.context["period"].preset == "12weeks"


def test_an_empty_period_names_the_nearest_case(client, manager):
    shift_to(now() - timedelta(days=40))
    make_case()
    reset_shift()
    client.force_login(manager)
    page = client.get(reverse("dashboard"), {"preset": "week"})
    assert page.context["nearest"] is not None


def test_figures_leave_as_csv(client, manager):
    make_case()
    client.force_login(manager)
    text = client.get(reverse("dashboard_csv")).content.decode("utf-8-sig")
    assert text.startswith("指标,数值,单位")
    assert "新增投诉,1,件" in text


@pytest.mark.parametrize("role", [Role.AGENT, Role.FINANCE, Role.MEDIATOR, Role.REVIEWER])
def test_other_roles_do_not_see_the_dashboard(client, role):
    client.force_login(make_user(role))
    assert client.get(reverse("dashboard")).status_code == 403


def test_statements_do_not_grow_with_cases(client, manager, django_assert_num_queries):
    client.force_login(manager)
    make_case()
    client.get(reverse("dashboard"))
    with django_assert_num_queries(STATEMENTS):
        client.get(reverse("dashboard"))
    for _ in range(5):
        make_case()
    with django_assert_num_queries(STATEMENTS):
        client.get(reverse("dashboard"))


STATEMENTS = 19
