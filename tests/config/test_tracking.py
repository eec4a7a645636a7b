"""The tracking page: whose turn, until when, what happened; and nothing that stays inside."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case, Clock, Evidence, Message
from complaints.models.machine import declared_edges
from complaints.moments import now, shift_to
from complaints.services.cases import touch
from complaints.services.conversation import write_message, write_note
from complaints.services.evidence import add_evidence
from complaints.services.sweeping import sweep
from complaints.services.triage import accept, assign, classify, decline, record_safety_action
from complaints.states import ClockKind, Stage
from config.presenters import EVENT_TEXTS
from config.tracking.headline import headline_of, promised_moment
from config.tracking.progress import progress_of
from tests.complaints.intake_steps import page_as_picture, picture
from tests.config.consumer import browser_of
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


def text_of(client: Client, case: Case) -> str:
    response = client.get(reverse("track:case", args=[case.reference]))
    assert response.status_code == 200
    return response.content.decode()


def accepted(case: Case, agent: Actor) -> Case:
    case = classify(case, by=agent, severity="moderate")
    tomorrow = now().date() + timedelta(days=7)
    return accept(case, by=agent, next_steps="明天上门取件检测。", expected_on=tomorrow)


# --- Pure: every stage has its place and its words ----------------------------------------------


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_has_a_headline_for_every_clock(stage: Stage) -> None:
    case = Case(stage=stage, expected_on=date(2999, 1, 1))
    for kind in ClockKind:
        clock = Clock(kind=kind, state="stopped", due_at=NOON + timedelta(hours=2))

        soon = headline_of(case, [clock], now=NOON)
        late = headline_of(case, [clock], now=NOON + timedelta(hours=3))

        assert soon.title and soon.lead and not soon.late
        assert "{" not in soon.lead + late.lead
        if case.is_open:
            theirs = kind in {ClockKind.OFFER_REPLY, ClockKind.SIGNATURE}
            assert "<strong>" in soon.lead
            assert late.late is not theirs
            assert ("我们没有做到，抱歉" in late.lead) is not theirs


def place(stage: Stage, *origins: Stage, running: tuple[str, ...] = ()) -> int:
    case = Case(stage=stage, origins=list(origins), received_at=NOON)
    return progress_of(case, [], running)["current"]


def test_seven_steps_place_all_sixteen_stages() -> None:
    assert place(Stage.RECEIVED) == place(Stage.DECLINED) == 2
    assert place(Stage.ACCEPTED) == place(Stage.INVESTIGATING) == 3
    assert place(Stage.LIABILITY_DETERMINED) == place(Stage.NEGOTIATING) == 5
    assert place(Stage.NEGOTIATING, running=("signature",)) == 6
    assert place(Stage.MEDIATING, Stage.NEGOTIATING) == 5
    assert place(Stage.MEDIATING, Stage.BREACHED) == 7
    last = (Stage.AGREED, Stage.FULFILLING, Stage.BREACHED, Stage.FOLLOWING_UP)
    assert {place(stage) for stage in last} == {7}
    assert place(Stage.UNDER_REVIEW, Stage.DECLINED) == 2
    assert place(Stage.EXTERNAL, Stage.INVESTIGATING) == 3
    assert place(Stage.WITHDRAWN, Stage.NEGOTIATING, Stage.UNDER_REVIEW) == 5
    assert place(Stage.MERGED, Stage.ACCEPTED) == 3


def test_every_verb_of_the_machine_has_words_for_both_sides() -> None:
    verbs = {verb for verb, _source, _target, _kind in declared_edges()}

    assert verbs <= set(EVENT_TEXTS)
    assert all(str(EVENT_TEXTS[verb].staff) for verb in verbs)


# --- The page -----------------------------------------------------------------------------------


def test_page_says_whose_turn_and_until_when() -> None:
    case = make_case()

    text = text_of(browser_of(case), case)

    assert "我们收到了你的投诉</h1>" in text
    assert "现在不用你做什么" in text and "还剩 23 小时 59 分" in text
    assert "第 2 步，共 7 步：受理" in text
    assert 'hx-trigger="every 30s"' in text


def test_emergency_goes_first_and_keeps_the_advice() -> None:
    case = make_case(danger=True)

    text = text_of(browser_of(case), case)

    assert "我们正在处理安全风险</h1>" in text and "不要自行拆开" in text
    agent = staff(Role.AGENT)
    record_safety_action(case, by=agent, action="已请消费者断电", consumer_reached=True)
    after = text_of(browser_of(case), case)
    assert "我们收到了你的投诉</h1>" in after
    assert "我们处理了安全风险" in after
    assert "已请消费者断电" not in after


def test_timeline_tells_what_was_promised_and_what_it_took() -> None:
    case = make_case()
    shift_to(now() + timedelta(hours=1, minutes=26))

    case = accepted(case, staff(Role.AGENT))

    text = text_of(browser_of(case), case)
    assert "我们受理了你的投诉" in text
    assert "实际用了 1 小时 26 分" in text
    assert "明天上门取件检测。" in text
    assert text.index("我们受理了你的投诉</h3>") < text.index("你提交了投诉</h3>")


def test_late_case_says_so_with_a_new_date() -> None:
    case = make_case()
    shift_to(now() + timedelta(hours=25))
    sweep()

    text = text_of(browser_of(case), case)

    assert "我们没有做到，抱歉" in text and "新的时间" in text
    assert "这一步我们没有按时完成" in text


def test_declined_case_shows_the_advice() -> None:
    case = make_case()
    until = now().date() + timedelta(days=15)
    decline(
        case,
        by=staff(Role.AGENT),
        ground="out_of_remit",
        advice="请找出售它的商家。",
        review_until=until,
    )

    text = text_of(browser_of(case), case)

    assert "这件事不在我们的处理范围</h1>" in text
    assert "请找出售它的商家。" in text


def test_handler_is_shown_by_display_name_only() -> None:
    owner = make_user(
        Role.AGENT, username="linxiao.internal", display_name="林晓", email="lx@inside.test"
    )
    case = assign(make_case(), owner=owner, by=staff(Role.MANAGER))

    text = text_of(browser_of(case), case)

    assert "林晓" in text
    assert "linxiao.internal" not in text and "lx@inside.test" not in text


def test_nothing_internal_is_on_any_page_of_the_consumer() -> None:
    agent = make_user(Role.AGENT, username="CANARY-user", email="canary-mail@inside.test")
    by = Actor.staff(agent)
    case = accepted(make_case(), by)
    write_note(case, by=by, body="CANARY-note")
    touch(case, "note", by=by, text={"reason": "CANARY-sealed"}, data={"code": "CANARY-data"})
    add_evidence(
        case, by=by, upload=picture("CANARY-file.png"), name="CANARY-file.png", for_consumer=False
    )
    Case.objects.filter(pk=case.pk).update(import_flags=["CANARY-flag"], source_system="CANARY")
    client = browser_of(case)

    for name in ("track:case", "mine:files", "mine:withdraw", "intake:done"):
        response = client.get(reverse(name, args=[case.reference]))
        assert response.status_code == 200
        assert "canary" not in response.content.decode().lower()
    hidden = Evidence.objects.get()
    assert client.get(reverse("mine:file", args=[case.reference, hidden.pk])).status_code == 404


def test_page_is_not_stored_and_asks_nothing_of_a_session() -> None:
    case = make_case()
    response = browser_of(case).get(reverse("track:case", args=[case.reference]))

    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "sessionid" not in response.cookies
    assert not response.wsgi_request.session.accessed


# --- Messages, updates, files, withdrawal -------------------------------------------------------


def test_message_is_sent_once_however_often_it_is_posted() -> None:
    case = make_case()
    client = browser_of(case)
    sent = {"body": "什么时候有人联系我？", "nonce": "n" * 32}

    answers = [
        client.post(reverse("track:message", args=[case.reference]), sent) for _number in range(2)
    ]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert Message.objects.get().body == "什么时候有人联系我？"
    assert "什么时候有人联系我？" in text_of(client, case)


def test_empty_or_long_message_is_told_and_kept() -> None:
    case = make_case()
    client = browser_of(case)
    url = reverse("track:message", args=[case.reference])

    empty = client.post(url, {"body": " "})
    long = client.post(url, {"body": "长" * 2001})

    assert empty.status_code == long.status_code == 422
    assert empty.content.decode().count("请写点内容再发送") == 2
    assert "长" * 2001 in long.content.decode()
    assert not Message.objects.exists()


def test_messages_both_ways_are_shown() -> None:
    case = make_case()
    agent = make_user(Role.AGENT, display_name="林晓")
    write_message(case, by=Actor.staff(agent), body="我们今天联系你。")

    text = text_of(browser_of(case), case)

    assert "林晓" in text and "我们今天联系你。" in text


def test_updates_are_empty_until_something_changes_for_the_consumer() -> None:
    case = make_case()
    client = browser_of(case)
    seen = re.search(r"updates/\?seen=(\w+)", text_of(client, case))
    assert seen is not None
    url = f"{reverse('track:updates', args=[case.reference])}?seen={seen[1]}"
    agent = staff(Role.AGENT)
    write_note(case, by=agent, body="内部")
    assert client.get(url).status_code == 204

    write_message(case, by=agent, body="你好")

    response = client.get(url)
    assert response.status_code == 200
    assert "有新进展：我们收到了你的投诉" in response.content.decode()
    assert "<html" not in response.content.decode()


def test_stranger_gets_nothing() -> None:
    case = make_case()
    add_evidence(case, by=Actor.consumer(), upload=picture(), name="a.png")
    evidence = Evidence.objects.get()
    stranger = browser_of(make_case())
    posts = ["track:message", "mine:files", "mine:upload", "mine:withdraw", "mine:receipt"]

    for name in posts:
        assert stranger.post(reverse(name, args=[case.reference])).status_code == 404
    for name in ("track:updates", "mine:receipt_state", "mine:receipt_file"):
        assert stranger.get(reverse(name, args=[case.reference])).status_code == 404
    for name in ("mine:file", "mine:file_thumb"):
        place = [case.reference, evidence.pk]
        assert stranger.get(reverse(name, args=place)).status_code == 404
    case.refresh_from_db()
    assert case.stage == Stage.RECEIVED and not Message.objects.exists()


def test_more_files_can_be_added_and_a_refused_one_is_named() -> None:
    case = make_case()
    client = browser_of(case)
    url = reverse("mine:files", args=[case.reference])

    response = client.post(url, {"files": [page_as_picture(), picture("新的.png")]})

    text = response.content.decode()
    assert response.status_code == 422
    assert "「脚本.jpg」" in text and "新的.png" in text
    assert client.post(url, {"files": picture("又一张.png")}).status_code == 303
    assert "又一张.png" in text_of(client, case)
    assert Evidence.objects.filter(case=case).count() == 2


def test_picture_is_handed_out_as_a_copy_and_others_as_download() -> None:
    case = make_case()
    shown = add_evidence(case, by=Actor.consumer(), upload=picture(), name="a.png")
    note = SimpleUploadedFile("说明.txt", "经过".encode())
    other = add_evidence(case, by=Actor.consumer(), upload=note, name="说明.txt")
    client = browser_of(case)

    first = client.get(reverse("mine:file", args=[case.reference, shown.pk]))
    second = client.get(reverse("mine:file", args=[case.reference, other.pk]))

    assert first.headers["Content-Disposition"].startswith("inline")
    assert first.getvalue() != picture().read()
    assert second.headers["Content-Disposition"].startswith("attachment")
    assert second.headers["X-Content-Type-Options"] == "nosniff"


def test_consumer_withdraws_after_a_page_that_asks_again() -> None:
    case = make_case()
    client = browser_of(case)
    url = reverse("mine:withdraw", args=[case.reference])
    assert "要撤回这份投诉吗" in client.get(url).content.decode()
    assert client.post(url, {"seen": case.version}).status_code == 422

    response = client.post(url, {"seen": case.version, "sure": "on", "reason": "解决了"})

    case.refresh_from_db()
    assert response.status_code == 303
    assert case.stage == Stage.WITHDRAWN
    assert "投诉已撤回</h1>" in text_of(client, case)
    assert "现在不用撤回" in client.get(url).content.decode()


def test_withdrawal_of_a_case_that_moved_on_asks_again() -> None:
    case = make_case()
    client = browser_of(case)
    url = reverse("mine:withdraw", args=[case.reference])
    stale = {"seen": case.version, "sure": "on"}
    accepted(case, staff(Role.AGENT))

    response = client.post(url, stale)

    case.refresh_from_db()
    assert response.status_code == 409 and case.stage == Stage.ACCEPTED
    assert f'name="seen" value="{case.version}"' in response.content.decode()


def test_receipt_is_asked_for_once_and_then_on_its_way() -> None:
    case = make_case()
    client = browser_of(case)
    url = reverse("mine:receipt", args=[case.reference])

    first = client.post(url)
    part = client.post(url, headers={"HX-Request": "true"})

    assert first.status_code == 303
    assert "正在准备回执" in part.content.decode() and "<html" not in part.content.decode()
    state = reverse("mine:receipt_state", args=[case.reference])
    assert client.get(state).status_code == 204
    assert client.get(reverse("mine:receipt_file", args=[case.reference])).status_code == 404


# --- What the apps know ---------------------------------------------------------------------------


def clock_of(kind: ClockKind, hours: int = 2) -> Clock:
    return Clock(kind=kind, state="stopped", due_at=NOON + timedelta(hours=hours))


def test_signed_agreement_is_our_turn() -> None:
    case = Case(stage=Stage.NEGOTIATING)
    panels = {"agreements": {"state": "signed"}}

    soon = headline_of(case, [clock_of(ClockKind.SIGNATURE)], now=NOON, panels=panels)
    late = headline_of(case, [clock_of(ClockKind.SIGNATURE, -1)], now=NOON, panels=panels)

    assert soon.title == "你签好了，等我们签署" and not soon.consumers_turn
    assert late.late and "抱歉" in late.lead


def test_deadline_at_midnight_is_the_end_of_the_day_before() -> None:
    midnight = datetime(2026, 11, 23, 16, tzinfo=UTC)

    assert promised_moment(midnight) == "11 月 23 日 23:59"
    assert promised_moment(midnight + timedelta(hours=1)) == "11 月 24 日 01:00"


def test_page_costs_the_same_with_many_messages() -> None:
    case = make_case()
    agent = staff(Role.AGENT)
    client = browser_of(case)
    counts = []
    for number in (2, 20):
        for each in range(number):
            case = write_message(case, by=agent, body=f"第 {each} 条")
        with CaptureQueriesContext(connection) as captured:
            text_of(client, case)
        counts.append(len(captured))

    assert counts[0] == counts[1] <= 15


def test_hours_of_the_hotline_are_a_setting(settings):
    case = make_case()
    client = browser_of(case)
    assert "每天 9:00–21:00 在线" in text_of(client, case)
    settings.COMPANY_HOTLINE_HOURS = "8:30–17:30"
    text = text_of(client, case)
    assert "每天 8:30–17:30 在线" in text and "21:00" not in text
