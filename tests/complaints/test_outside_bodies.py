"""Several bodies for one complaint: each with its number and clock, and found by either."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import issue_token
from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase, StepForbidden
from complaints.models import Case, Clock, OutsideFiling
from complaints.moments import now
from complaints.selectors.outside import bodies_of
from complaints.selectors.search import found_cases, hits
from complaints.services.outside import (
    OutsideBody,
    add_body,
    answer_outside,
    receive_outside,
    set_outside_deadline,
)
from complaints.services.recalculating import recalculate_case
from complaints.states import Channel, ClockKind, ClockState
from tests.factories import complaint, make_case, make_team, make_user, staff

pytestmark = pytest.mark.django_db
HOTLINE = Channel.REGULATOR_12315
NUMBER = "1440300002026112298765"


@pytest.fixture
def agent(client: Client) -> User:
    user = make_user(Role.AGENT, team=make_team(manager=make_user(Role.MANAGER), is_default=True))
    client.force_login(user)
    return user


@pytest.fixture
def by(agent: User) -> Actor:
    return Actor.staff(agent)


def platform(by: Actor, days: int | None = 3) -> Case:
    deadline = now() + timedelta(days=days) if days else None
    outside = OutsideBody(name="淘宝", reference="TB-7", deadline=deadline)
    return receive_outside(
        complaint(channel=Channel.ECOMMERCE_PLATFORM), outside, by=by, key="k-first-one"
    ).case


def hotline(days: int | None = 5, reference: str = NUMBER) -> OutsideBody:
    deadline = now() + timedelta(days=days) if days else None
    return OutsideBody(name="12315 平台", reference=reference, deadline=deadline)


def deadlines(case: Case) -> dict[str, str]:
    clocks = Clock.objects.filter(case=case, kind=ClockKind.REGULATOR)
    return {
        (clock.subject.partition(":")[2] and "12315") or "first": clock.state
        for clock in clocks.order_by("pk")
        if clock.subject.startswith("external_deadline")
    }


def test_each_body_has_a_clock_and_answering_one_stops_only_its(by: Actor) -> None:
    case = add_body(platform(by), hotline(), channel=HOTLINE, by=by)
    assert [str(body) for body in bodies_of(case)] == ["淘宝 TB-7", f"12315 平台 {NUMBER}"]
    assert deadlines(case) == {"first": ClockState.RUNNING, "12315": ClockState.RUNNING}
    with pytest.raises(CaseError) as caught:
        answer_outside(case, note="已回复", by=by)
    assert caught.value.field == "body"
    case = answer_outside(case, note="平台后台已回复", by=by, body=0)
    assert deadlines(case) == {"first": ClockState.STOPPED, "12315": ClockState.RUNNING}
    case = answer_outside(case, note="12315 已回复", by=by, body=bodies_of(case)[1].number)
    assert set(deadlines(case).values()) == {ClockState.STOPPED}
    kinds = [event.kind for event in case.events.filter(kind__startswith="external_")]
    assert sorted(kinds)[:2] == ["external_answered", "external_body_answered"]


def test_a_clock_of_a_further_body_keeps_its_rules_when_facts_change(by: Actor) -> None:
    case = add_body(platform(by), hotline(), channel=HOTLINE, by=by)
    before = dict(Clock.objects.filter(case=case).values_list("subject", "due_at"))
    recalculate_case(case.pk, by=by, cause="facts_changed")
    assert dict(Clock.objects.filter(case=case).values_list("subject", "due_at")) == before


def test_a_new_deadline_is_of_the_body_that_is_meant(by: Actor) -> None:
    case = add_body(platform(by), hotline(days=None), channel=HOTLINE, by=by)
    second = bodies_of(case)[1]
    sooner = now() + timedelta(days=1)
    case = set_outside_deadline(case, deadline=sooner, by=by, body=second.number)
    running = Clock.objects.filter(case=case, state=ClockState.RUNNING)
    assert running.get(subject=second.subject).due_at == sooner
    assert running.get(subject="external_deadline").due_at > sooner


def test_a_case_without_a_body_gets_its_first(by: Actor) -> None:
    case = add_body(make_case(), hotline(), channel=HOTLINE, by=by)
    assert (case.external_body, case.external_ref) == ("12315 平台", NUMBER)
    assert not OutsideFiling.objects.exists() and deadlines(case) == {"first": ClockState.RUNNING}


def test_one_number_is_in_one_case(by: Actor) -> None:
    case = platform(by)
    for _ in range(2):
        case = add_body(case, hotline(), channel=HOTLINE, by=by)
    assert OutsideFiling.objects.count() == 1
    other = make_case()
    with pytest.raises(CaseError, match=case.reference):
        add_body(other, hotline(), channel=HOTLINE, by=by)
    again = receive_outside(complaint(channel=HOTLINE, description="又打来"), hotline(), by=by)
    assert again.case == case and not again.created


def test_who_may_not_or_saw_too_little_adds_nothing(by: Actor) -> None:
    case = platform(by)
    with pytest.raises(StepForbidden):
        add_body(case, hotline(), channel=HOTLINE, by=staff(Role.FINANCE))
    with pytest.raises(StaleCase):
        add_body(case, hotline(), channel=HOTLINE, by=by, seen=case.version - 1)
    for wrong in (hotline(reference=" "), hotline(days=-1), OutsideBody(name="", reference="x")):
        with pytest.raises(CaseError):
            add_body(case, wrong, channel=HOTLINE, by=by)
    with pytest.raises(CaseError):
        add_body(case, hotline(), channel=Channel.PHONE, by=by)
    assert not OutsideFiling.objects.exists()


@pytest.mark.parametrize("words", ["TB-7", "淘宝", NUMBER, NUMBER[-8:], "12315 平台"])
def test_search_finds_numbers_and_names_of_all_bodies(by: Actor, words: str) -> None:
    make_case()
    case = add_body(platform(by), hotline(), channel=HOTLINE, by=by)
    assert list(found_cases(by, words)) == [case]
    hit = hits([{"pk": case.pk}], words, by)[case.pk]
    assert hit.where in {"external_ref", "external_body"}


# --- Pages and API -------------------------------------------------------------------------------
def local(days: int) -> str:
    return f"{timezone.localtime(now() + timedelta(days=days)):%Y-%m-%dT%H:%M}"


def typed(**other: Any) -> dict[str, Any]:
    return {
        "channel": "ecommerce_platform",
        "external_body": "淘宝",
        "external_reference": "TB-7",
        "name": "李雷",
        "phone": "13900001111",
        "description": "空调外机滴水。",
        "key": "k1",
        "also_channel": "regulator_12315",
        "also_body": "12315 平台",
        "also_reference": NUMBER,
        "also_deadline": local(5),
        **other,
    }


def test_two_bodies_are_entered_on_one_page(client: Client, agent: User) -> None:
    for _ in range(2):
        assert client.post("/desk/new/", typed()).status_code == 303
    case = Case.objects.get()
    assert len(bodies_of(case)) == 2 and OutsideFiling.objects.count() == 1
    assert client.post("/desk/new/", typed(key="k2", also_reference="")).status_code == 422
    taken = typed(key="k3", external_reference="TB-8")
    answer = client.post("/desk/new/", taken)
    assert answer.status_code == 422 and case.reference in answer.content.decode()
    assert Case.objects.count() == 1


def test_the_case_shows_each_body_and_answers_the_one_that_is_chosen(
    client: Client, agent: User, by: Actor
) -> None:
    case = platform(by)
    new = reverse("complaints:outside_new", args=[case.reference])
    data = {"channel": HOTLINE, "external_body": "12315 平台", "external_reference": NUMBER}
    assert client.post(new, {**data, "external_deadline": local(5)}).status_code == 303
    address = reverse("desk:case", args=[case.reference])
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        shown = client.get(address).content.decode()
    assert len(captured) <= 10
    assert f"淘宝 TB-7 · 12315 平台 {NUMBER}" in shown and f"{NUMBER} 要求的期限" in shown
    page = reverse("complaints:outside", args=[case.reference])
    assert client.post(page, {"note": "已回复"}).status_code == 422
    second = bodies_of(case)[1].number
    assert client.post(page, {"note": "已回复", "body": second}).status_code == 303
    assert deadlines(case) == {"first": ClockState.RUNNING, "12315": ClockState.STOPPED}


def test_the_api_adds_shows_and_answers(client: Client, agent: User, by: Actor) -> None:
    case = platform(by)
    token = issue_token(agent, label="t")
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/api/v1/cases/{case.reference}/steps/"
    step = {"step": "add_external", "version": case.version, "channel": HOTLINE}
    step |= {"body": "12315 平台", "reference": NUMBER, "deadline": local(5) + ":00+08:00"}
    answer = client.post(path, step, content_type="application/json", headers=headers)
    assert answer.status_code == 200, answer.content
    bodies = answer.json()["external_bodies"]
    assert [body["reference"] for body in bodies] == ["TB-7", NUMBER]
    assert bodies[1]["subject"] in {clock["subject"] for clock in answer.json()["clocks"]}
    done = {"step": "answer_external", "version": answer.json()["version"], "note": "已回复"}
    done["body"] = bodies[1]["number"]
    answer = client.post(path, done, content_type="application/json", headers=headers)
    assert answer.status_code == 200, answer.content
    assert deadlines(case)["12315"] == ClockState.STOPPED
