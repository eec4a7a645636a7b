"""Withdrawing leaves neither a danger unanswered nor a signed promise behind."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import StepNotAllowed
from complaints.models import Case, Timer
from complaints.moments import now, shift_to
from complaints.selectors.steps import case_actions, next_action
from complaints.services.sweeping import sweep
from complaints.services.triage import record_safety_action, withdraw
from complaints.states import ClockKind, ClockState, Stage, TimerStatus
from tests.complaints.walking import case_at, check_at_commit, follow, traces
from tests.config.consumer import browser_of
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db
DANGER_WORDS = "先登记安全处置"
PROMISED = [
    (Stage.MEDIATING, Stage.BREACHED),
    (Stage.EXTERNAL, Stage.BREACHED),
    (Stage.UNDER_REVIEW, Stage.CLOSED),
]
FREE = [
    (Stage.MEDIATING, Stage.NEGOTIATING),
    (Stage.EXTERNAL, Stage.MEDIATING),
    (Stage.UNDER_REVIEW, Stage.LIABILITY_DETERMINED),
    (Stage.UNDER_REVIEW, Stage.DECLINED),
]


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user(Role.AGENT)
    client.force_login(user)
    return user


def page(case: Case) -> str:
    return reverse("mine:withdraw", args=[case.reference])


def withdrawn_danger() -> Case:
    return withdraw(make_case(danger=True), by=Actor.consumer(), reason="")


def actions(case: Case, actor: Actor) -> dict[str, str]:
    return {str(a.url).split("/")[-2]: str(a.disabled_reason) for a in case_actions(case, actor)}


# --- An emergency ---


def test_staff_withdraw_an_emergency_only_after_the_safety_action(
    client: Client, agent: User
) -> None:
    case = make_case(danger=True)
    by, before = Actor.staff(agent), traces(case)

    with pytest.raises(StepNotAllowed, match=DANGER_WORDS):
        withdraw(case, by=by, reason="来电撤回")

    url = reverse("complaints:withdraw", args=[case.reference])
    answer = client.post(url, {"reason": "来电撤回", "seen": case.version})
    assert DANGER_WORDS in answer.content.decode()
    assert DANGER_WORDS in actions(case, by)["withdraw"]
    assert traces(case) == before
    case = record_safety_action(case, by=by, action="已断电", consumer_reached=True)
    assert withdraw(case, by=by, reason="来电撤回").stage == Stage.WITHDRAWN


def test_two_hours_run_on_after_the_consumers_withdrawal() -> None:
    case, agent = withdrawn_danger(), staff(Role.AGENT)
    check_at_commit()
    clock = case.clocks.get(kind=ClockKind.EMERGENCY)
    assert (clock.state, case.next_due_kind) == (ClockState.RUNNING, ClockKind.EMERGENCY)
    assert list(case.clocks.filter(state=ClockState.RUNNING)) == [clock]
    asked = next_action(case, agent)
    assert asked is not None
    assert "安全处置" in str(asked.label)
    assert actions(case, agent)["safety"] == ""
    assert "安全风险" in browser_of(case).get(f"/my/{case.reference}/").content.decode()

    shift_to(now() + timedelta(hours=2, minutes=1))
    sweep()

    fired = Timer.objects.filter(clock=clock, rung="breach", status=TimerStatus.FIRED)
    assert fired.exists()


def test_safety_action_in_the_withdrawn_case_stops_the_clock(client: Client, agent: User) -> None:
    case = withdrawn_danger()
    listed = client.get("/desk/?view=urgent").content.decode()
    assert case.reference in listed

    url = reverse("complaints:safety", args=[case.reference])
    done = client.post(url, {"action": "电话提醒断电", "consumer_reached": "on"})

    assert done.status_code == 303
    case = Case.objects.get(pk=case.pk)
    assert not case.clocks.filter(state=ClockState.RUNNING).exists()
    assert (case.stage, case.next_due_at) == (Stage.WITHDRAWN, None)
    asked = next_action(case, Actor.staff(agent))
    assert asked is not None
    assert "安全处置" not in str(asked.label)


def test_reopened_emergency_keeps_its_one_clock() -> None:
    case = follow(withdrawn_danger(), "reopen")
    running = case.clocks.filter(state=ClockState.RUNNING)
    assert sorted(running.values_list("kind", flat=True)) == ["acknowledgement", "emergency"]


# --- A signed promise ---


@pytest.mark.parametrize("place", PROMISED, ids="<".join)
def test_case_with_a_promise_behind_it_is_not_withdrawn(place: tuple[str, ...]) -> None:
    case = case_at(*place)
    agent, before = staff(Role.AGENT), traces(case)

    for by in (Actor.consumer(), agent):
        with pytest.raises(StepNotAllowed, match="不能整份撤回"):
            withdraw(case, by=by, reason="不追究了")

    assert traces(case) == before
    assert "不能整份撤回" in actions(case, agent)["withdraw"]


def test_promise_is_seen_through_two_steps_aside() -> None:
    case = follow(case_at(Stage.MEDIATING, Stage.BREACHED), "suspend_for_external")
    with pytest.raises(StepNotAllowed, match="不能整份撤回"):
        withdraw(case, by=Actor.consumer(), reason="")


@pytest.mark.parametrize("place", FREE, ids="<".join)
def test_case_without_a_promise_is_withdrawn(place: tuple[str, ...]) -> None:
    assert withdraw(case_at(*place), by=Actor.consumer(), reason="").stage == Stage.WITHDRAWN


@pytest.mark.parametrize("place", PROMISED, ids="<".join)
def test_consumers_page_says_what_to_do_instead(place: tuple[str, ...]) -> None:
    case = case_at(*place)
    browser = browser_of(case)

    shown = browser.get(page(case)).content.decode()
    refused = browser.post(page(case), {"sure": "on", "seen": case.version})

    assert "不能整份撤回" in shown
    assert "要撤回这份投诉吗" not in shown
    assert refused.status_code == 422
    assert Case.objects.get(pk=case.pk).stage == place[0]


def test_review_of_a_refusal_keeps_its_ground_through_a_withdrawal() -> None:
    case = follow(case_at(Stage.UNDER_REVIEW, Stage.DECLINED), "withdraw reopen uphold")
    assert (case.stage, case.decline_ground) == (Stage.DECLINED, "out_of_remit")


def test_link_is_offered_only_while_it_leads_somewhere() -> None:
    free, bound = make_case(), case_at(Stage.UNDER_REVIEW, Stage.CLOSED)
    for case, offered in ((free, True), (bound, False)):
        seen = browser_of(case).get(reverse("track:case", args=[case.reference]))
        assert (page(case) in seen.content.decode()) == offered
