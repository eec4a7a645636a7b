"""What the desk and the tracking page say of clocks: what rests, whose turn, regulators by name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, CaseEvent, Clock
from complaints.moments import now, shift_to
from complaints.services.conversation import write_message
from complaints.services.data_requests import ask_about_data
from complaints.services.evidence import add_evidence
from complaints.services.intake import submit_complaint
from complaints.services.pausing import pause_clock
from complaints.services.sweeping import sweep
from complaints.states import Channel, ClockKind, PauseCause, Stage
from config.tracking.headline import promised_moment
from tests.complaints.intake_steps import picture
from tests.complaints.walking import case_in, follow, take
from tests.config.consumer import browser_of
from tests.factories import complaint, make_case, make_user

pytestmark = pytest.mark.django_db


def desk(case: Case, *roles: Role) -> str:
    client = Client()
    client.force_login(make_user(*roles))
    response = client.get(reverse("desk:case", args=[case.reference]))
    assert response.status_code == 200
    return response.content.decode()


def tracking(case: Case) -> str:
    response = browser_of(case).get(reverse("track:case", args=[case.reference]))
    assert response.status_code == 200
    return response.content.decode()


def paused(case: Case, cause: str, *, tint: str = "red") -> Case:
    agent = Actor.staff(make_user(Role.AGENT, display_name="林晓"))
    proof = add_evidence(case, by=agent, upload=picture(tint=tint), name="证明.png")
    return pause_clock(
        case,
        case.clocks.get(kind=ClockKind.INVESTIGATION).pk,
        cause=cause,
        until=now() + timedelta(days=3),
        reason="说明如下",
        by=agent,
        proof_id=proof.pk,
    )


@pytest.mark.parametrize(
    ("cause", "title", "turn"),
    [
        (PauseCause.CONSUMERS_EVIDENCE, "等你补充材料", "轮到你了"),
        (PauseCause.TESTING, "正在检测，等结果", "现在不用你做什么"),
        (PauseCause.AGREED_EXTENSION, "按和你的约定延期", "现在不用你做什么"),
        (PauseCause.FORCE_MAJEURE, "因为不可抗力暂停", "现在不用你做什么"),
    ],
)
def test_paused_case_says_whose_turn_and_until_when(cause: str, title: str, turn: str) -> None:
    case = paused(case_in(Stage.INVESTIGATING), cause)

    text = tracking(case)

    assert f"<h1>{title}</h1>" in text and turn in text
    assert "「调查」暂停计时" in text and "说明如下" in text
    assert "最晚到 <strong>" in text


def test_news_of_a_pause_and_of_its_end_arrive_without_reload() -> None:
    case = case_in(Stage.INVESTIGATING)
    client, url = browser_of(case), reverse("track:case", args=[case.reference])
    seen = client.get(url).context["seen"]
    updates = reverse("track:updates", args=[case.reference])
    assert client.get(updates, {"seen": seen}).status_code == 204

    case = paused(case, PauseCause.CONSUMERS_EVIDENCE)
    news = client.get(updates, {"seen": seen})
    assert news.status_code == 200 and "等你补充材料" in news.content.decode()

    seen = client.get(url).context["seen"]
    write_message(case, by=Actor.consumer(), body="发票在这里")
    assert client.get(updates, {"seen": seen}).status_code == 200
    assert "新的到期时间" in tracking(case)


def test_desk_shows_the_pause_and_offers_to_go_on() -> None:
    case = paused(case_in(Stage.INVESTIGATING), PauseCause.TESTING)
    clock = case.clocks.get(kind=ClockKind.INVESTIGATION)
    resume = reverse("complaints:clock_resume", args=[case.reference, clock.pk])

    text = desk(case, Role.AGENT)

    assert "已暂停，到" in text and "检测鉴定，由林晓暂停" in text
    assert resume in text and "暂停到期" not in text
    assert resume not in desk(case, Role.INVESTIGATOR)


def test_running_clock_offers_a_pause_until_it_is_late() -> None:
    case = case_in(Stage.INVESTIGATING)
    clock = case.clocks.get(kind=ClockKind.INVESTIGATION)
    pause = reverse("complaints:clock_pause", args=[case.reference, clock.pk])
    assert pause in desk(case, Role.AGENT)
    assert pause not in desk(case, Role.REVIEWER)

    shift_to(clock.due_at + timedelta(minutes=1))

    assert pause not in desk(case, Role.AGENT)


def test_regulators_term_has_its_name_on_both_sides() -> None:
    case = make_case(channel=Channel.REGULATOR_12315)
    name = Clock.objects.select_related("policy").get(case=case, kind="regulator").policy.name

    assert name in desk(case, Role.AGENT)
    text = tracking(case)
    assert f"监管规定的期限：{name}" in text
    assert "<h1>我们收到了你的投诉</h1>" in text


def test_finding_and_data_terms_lead_to_their_forms() -> None:
    case = case_in(Stage.LIABILITY_DETERMINED)
    ask_about_data(case, by=Actor.consumer(), kind="copy")

    text = desk(case, Role.AGENT)

    assert reverse("complaints:finding_told", args=[case.reference]) in text
    assert reverse("complaints:data_requests", args=[case.reference]) in text
    assert "你的个人信息请求" in tracking(case)


def test_finding_told_by_letter_is_recorded_on_a_page() -> None:
    case = case_in(Stage.LIABILITY_DETERMINED)
    client = Client()
    client.force_login(make_user(Role.AGENT))
    page = reverse("complaints:finding_told", args=[case.reference])

    assert client.post(page, {"way": "letter", "note": ""}).status_code == 422
    assert client.post(page, {"way": "letter", "note": "挂号信 XA1"}).status_code == 303

    assert CaseEvent.objects.filter(case=case, kind="finding_notified").count() == 1
    assert client.post(page, {"way": "letter", "note": "挂号信 XA1"}).status_code == 422


def test_triage_is_a_matter_of_the_house() -> None:
    case = case_in(Stage.ACCEPTED)
    triage = case.clocks.get(kind=ClockKind.TRIAGE)
    assert "告诉你怎么解决" in tracking(case)
    shift_to(triage.due_at + timedelta(minutes=1))

    sweep()

    event = CaseEvent.objects.get(case=case, kind="clock_breached", timer__clock=triage)
    assert not event.for_consumer
    take(case, "open_investigation")
    assert promised_moment(triage.due_at) not in tracking(case)


def test_machine_interface_says_whose_turn() -> None:
    receipt = submit_complaint(complaint(), by=Actor.consumer())
    case = follow(receipt.case, "accept open_investigation")
    address = f"/api/v1/complaints/{case.reference}/track/"

    def turn() -> tuple[str, str]:
        said = {"secret": receipt.secret}
        answer = Client().post(address, said, content_type="application/json").json()
        return answer["turn"], answer["due_kind"]

    assert turn() == ("company", "investigation")
    case = paused(case, PauseCause.CONSUMERS_EVIDENCE)
    assert turn() == ("consumer", "pause_end")
    write_message(case, by=Actor.consumer(), body="发票在这里")
    paused(case, PauseCause.TESTING, tint="blue")
    assert turn() == ("company", "pause_end")
