"""Drafts that are never lost, and replies that wait so that they can be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, ReplyOvertaken
from complaints.models import Case, Evidence, Message, ReplyDraft
from complaints.moments import now, shifted_to
from complaints.services import composing
from complaints.services.composing import (
    keep_draft,
    keep_what_can_be,
    purge_old_drafts,
    release_due,
    remove_draft_file,
    send_note,
    send_reply,
    undo_reply,
)
from complaints.services.outbox import deliver_due
from complaints.states import MessageKind
from complaints.tasks import deliver_outbox
from documents.models import StoredFile
from tests.documents.makers import picture
from tests.factories import make_case, staff

pytestmark = pytest.mark.django_db
REPLY, NOTE = MessageKind.MESSAGE, MessageKind.NOTE


@pytest.fixture(autouse=True)
def ten_seconds(settings: Any) -> None:
    settings.UNDO_SECONDS = 10


@pytest.fixture
def agent() -> Actor:
    return staff(Role.AGENT)


def photo(name: str = "底座.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture())


def waiting(case: Case) -> ReplyDraft:
    return ReplyDraft.objects.get(case=case, goes_at__isnull=False)


def seconds_later(seconds: float) -> object:
    return shifted_to(now() + timedelta(seconds=seconds))


# --- Waiting ---
def test_reply_waits_and_then_goes_with_its_notice(agent: Actor) -> None:
    case = make_case()
    send_reply(case, by=agent, text="今天下午给你答复")
    assert release_due() == 0
    assert not Message.objects.exists()
    with seconds_later(9):
        assert release_due() == 0
    with seconds_later(11):
        assert release_due() == 1
        assert release_due() == 0
    message = Message.objects.get()
    assert (message.body, message.author) == ("今天下午给你答复", agent.user)
    assert case.outbox.filter(kind="message", key=f"message:{message.pk}").exists()
    assert not ReplyDraft.objects.exists()


def test_worker_that_delivers_sends_what_has_waited(agent: Actor) -> None:
    case = make_case()
    deliver_due()
    send_reply(case, by=agent, text="好的")
    with seconds_later(11):
        deliver_outbox()
    assert case.outbox.get(kind="message").status == "sent"


def test_loop_that_works_without_a_broker_sends_it_too(agent: Actor) -> None:
    case = make_case()
    send_reply(case, by=agent, text="好的")
    with seconds_later(11):
        call_command("sweep_clocks")
    assert case.outbox.get(kind="message").status == "sent"


def test_nothing_of_a_waiting_reply_is_known_outside(agent: Actor) -> None:
    case = make_case()
    send_reply(case, by=agent, text="好的", files=[photo()])
    fresh = Case.objects.get(pk=case.pk)
    assert (fresh.version, fresh.staff_wrote_at) == (case.version, None)
    assert not fresh.evidence.exists()


def test_taken_back_it_is_a_draft_with_its_file(agent: Actor) -> None:
    case = make_case()
    send_reply(case, by=agent, text="好的", files=[photo()])
    assert undo_reply(case, waiting(case).pk, by=agent)
    with seconds_later(60):
        assert release_due() == 0
    draft = ReplyDraft.objects.get()
    assert (draft.text, draft.goes_at, draft.files.count()) == ("好的", None, 1)
    assert not Message.objects.exists() and not Evidence.objects.exists()


def test_taken_back_it_stands_above_what_was_begun_since(agent: Actor) -> None:
    case = make_case()
    send_reply(case, by=agent, text="第一条", files=[photo("一.jpg")])
    keep_draft(case, by=agent, kind=REPLY, text="第二条", files=[photo("二.jpg")])
    assert undo_reply(case, waiting(case).pk, by=agent)
    draft = ReplyDraft.objects.get()
    assert draft.text == "第一条\n\n第二条"
    assert draft.files.count() == 2


def test_only_its_author_takes_a_reply_back(agent: Actor) -> None:
    case = make_case()
    send_reply(case, by=agent, text="好的")
    assert not undo_reply(case, waiting(case).pk, by=staff(Role.AGENT))
    assert not undo_reply(make_case(), waiting(case).pk, by=agent)
    with seconds_later(11):
        assert release_due() == 1
    assert not undo_reply(case, 1, by=agent)


def test_same_post_twice_is_one_reply_before_and_after_it_went(agent: Actor) -> None:
    case = make_case()
    for _ in range(2):
        send_reply(case, by=agent, text="好的", nonce="n")
    with seconds_later(11):
        assert release_due() == 1
        send_reply(case, by=agent, text="好的", nonce="n")
    assert not ReplyDraft.objects.exists() and Message.objects.count() == 1


def test_replies_of_one_case_go_in_their_order(agent: Actor) -> None:
    case = make_case()
    send_reply(case, by=agent, text="一")
    send_reply(case, by=agent, text="二")
    with seconds_later(11):
        assert release_due() == 2
    assert [m.body for m in Message.objects.order_by("pk")] == ["一", "二"]


def test_one_that_trips_holds_up_no_other(agent: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = make_case(), make_case()
    for case in (bad, good):
        send_reply(case, by=agent, text="好的")
    write = composing.write_message

    def trips(case: Case, **facts: object) -> Case:
        if case.pk == bad.pk:
            raise RuntimeError("trips")
        return write(case, **facts)

    monkeypatch.setattr(composing, "write_message", trips)
    with seconds_later(11):
        assert release_due() == 1
        monkeypatch.undo()
        assert release_due() == 1
    assert Message.objects.count() == 2


def test_file_of_a_reply_goes_with_it_where_the_consumer_sees_it(agent: Actor) -> None:
    case = make_case()
    send_reply(case, by=agent, text="检测照片", files=[photo()])
    with seconds_later(11):
        release_due()
    evidence = Evidence.objects.get(case=case)
    assert (evidence.for_consumer, evidence.uploaded_by) == (True, agent.user)
    assert StoredFile.objects.filter(pk=evidence.file_id).exists()


def test_reply_of_files_only_is_a_message_once(agent: Actor) -> None:
    case = make_case()
    keep_draft(case, by=agent, kind=REPLY, text="", files=[photo()])
    send_reply(case, by=agent, text="", nonce="n")
    with seconds_later(11):
        release_due()
        assert send_reply(case, by=agent, text="", files=[photo()], nonce="n") is None
    message = Message.objects.get()
    assert (message.body, message.author) == ("（附件）", agent.user)
    assert case.outbox.filter(kind="message", key=f"message:{message.pk}").exists()
    assert Case.objects.get(pk=case.pk).staff_wrote_at is not None
    assert Evidence.objects.get(case=case).for_consumer is True
    assert not ReplyDraft.objects.exists()


def test_without_a_wait_it_goes_at_once(agent: Actor, settings: Any) -> None:
    settings.UNDO_SECONDS = 0
    assert send_reply(make_case(), by=agent, text="好的") is None
    assert Message.objects.count() == 1


# --- Colleagues ---
def test_reply_is_refused_when_a_colleague_answered_meanwhile(agent: Actor) -> None:
    case, loaded = make_case(), now()
    other = staff(Role.AGENT)
    send_reply(case, by=other, text="已经寄出")
    for seconds in (1, 11):
        with seconds_later(seconds):
            release_due()
            with pytest.raises(ReplyOvertaken, match=other.person.display_name):
                send_reply(case, by=agent, text="正在查", loaded=loaded)
    with seconds_later(12):
        assert send_reply(case, by=agent, text="正在查", loaded=now()) is not None


def test_ones_own_last_reply_is_no_collision(agent: Actor) -> None:
    case, loaded = make_case(), now()
    send_reply(case, by=agent, text="一", loaded=loaded)
    assert send_reply(case, by=agent, text="二", loaded=loaded) is not None


# --- Variables ---
def test_variables_get_the_cases_values(agent: Actor) -> None:
    case = make_case()
    send_reply(case, by=agent, text="{{称呼}}，你的投诉 {{ reference }} 由{{我}}处理")
    words = f"周小华，你的投诉 {case.reference} 由{agent.person.display_name}处理"
    assert waiting(case).text == words


@pytest.mark.parametrize("name", ["没有的", "consumer.key_sealed", "reference|safe", "__class__"])
def test_unknown_variable_refuses_and_is_named(agent: Actor, name: str) -> None:
    with pytest.raises(CaseError, match="不认识的变量") as caught:
        send_reply(make_case(), by=agent, text="你好 {{" + name + "}}")
    assert name in str(caught.value) and not ReplyDraft.objects.exists()


def test_blank_variable_refuses_and_is_named(agent: Actor) -> None:
    with pytest.raises(CaseError, match="补偿金额"):
        send_reply(make_case(), by=agent, text="退款 {{补偿金额}} 已到账")
    assert not ReplyDraft.objects.exists()


def test_value_is_never_read_as_a_variable(agent: Actor) -> None:
    case = make_case(product_text="水壶 {{reference}}")
    send_reply(case, by=agent, text="关于{{商品}}")
    assert waiting(case).text == "关于水壶 {{reference}}"


@pytest.mark.parametrize("value", ["水壶 {{reason}}", "{{没有的}} 水壶", "{{商品}}"])
def test_value_put_in_before_is_not_read_when_it_is_sent(agent: Actor, value: str) -> None:
    case = make_case(product_text=value)
    send_reply(case, by=agent, text=f"{{{{称呼}}}}，关于{value}")
    assert waiting(case).text == f"周小华，关于{value}"
    with pytest.raises(CaseError, match="原因"):
        send_reply(case, by=agent, text=f"关于{value}：{{{{原因}}}}")


# --- Drafts ---
def test_draft_is_one_for_each_kind_and_person(agent: Actor) -> None:
    case, other = make_case(), staff(Role.AGENT)
    for who in (agent, other):
        keep_draft(case, by=who, kind=REPLY, text="回复")
        keep_draft(case, by=who, kind=NOTE, text="备注")
        assert keep_draft(case, by=who, kind=NOTE, text="备注二") == 2
    assert ReplyDraft.objects.count() == 4


def test_newer_draft_of_another_browser_is_not_written_over(agent: Actor) -> None:
    case = make_case()
    first = keep_draft(case, by=agent, kind=REPLY, text="在公司写的")
    keep_draft(case, by=agent, kind=REPLY, text="在家写的", seen=first)
    with pytest.raises(DraftChanged):
        keep_draft(case, by=agent, kind=REPLY, text="在公司接着写", seen=first)
    assert ReplyDraft.objects.get().text == "在家写的"


def test_sending_leaves_what_another_browser_kept(agent: Actor) -> None:
    case = make_case()
    keep_draft(case, by=agent, kind=REPLY, text="在家写的")
    send_reply(case, by=agent, text="在公司写的", seen=0)
    assert waiting(case).text == "在公司写的"
    assert ReplyDraft.objects.get(goes_at=None).text == "在家写的"
    keep_draft(case, by=agent, kind=NOTE, text="家里的备注")
    send_note(case, by=agent, text="公司的备注", seen=0)
    assert ReplyDraft.objects.get(kind=NOTE).text == "家里的备注"


def test_refused_post_stands_below_what_another_browser_kept(agent: Actor) -> None:
    case = make_case()
    keep_draft(case, by=agent, kind=REPLY, text="在家写的")
    keep_what_can_be(case, by=agent, kind=REPLY, text="{{x}}", files=[photo()], seen=0)
    draft = ReplyDraft.objects.get()
    assert (draft.text, draft.files.count()) == ("在家写的\n\n{{x}}", 1)


def test_late_autosave_brings_nothing_back_that_was_sent(agent: Actor) -> None:
    case = make_case()
    keep_draft(case, by=agent, kind=REPLY, text="好", nonce="n")
    send_reply(case, by=agent, text="好的", nonce="n")
    assert keep_draft(case, by=agent, kind=REPLY, text="好的", nonce="n") == 0
    with seconds_later(11):
        release_due()
    assert keep_draft(case, by=agent, kind=REPLY, text="好的", nonce="n") == 0
    assert not ReplyDraft.objects.exists()


def test_refused_file_keeps_the_words_and_the_good_files(agent: Actor) -> None:
    case = make_case()
    lying = SimpleUploadedFile("报告.exe", b"MZ\x90\x00" + b"\x00" * 200)
    keep_what_can_be(case, by=agent, kind=REPLY, text="见附件", files=[lying, photo()])
    draft = ReplyDraft.objects.get()
    assert draft.text == "见附件"
    assert [row.file.original_name for row in draft.files.all()] == ["底座.jpg"]


def test_file_taken_off_is_gone(agent: Actor) -> None:
    case = make_case()
    keep_draft(case, by=agent, kind=REPLY, text="", files=[photo()])
    row = ReplyDraft.objects.get().files.get()
    remove_draft_file(case, row.pk, by=staff(Role.AGENT))
    assert ReplyDraft.objects.get().files.count() == 1
    remove_draft_file(case, row.pk, by=agent)
    assert not StoredFile.objects.filter(pk=row.file_id).exists()


def test_note_takes_its_drafts_files_inside(agent: Actor) -> None:
    case = make_case()
    keep_draft(case, by=agent, kind=NOTE, text="见", files=[photo()])
    send_note(case, by=agent, text="见照片", nonce="n")
    send_note(case, by=agent, text="见照片", nonce="n")
    assert Message.objects.get().kind == NOTE
    assert Evidence.objects.get(case=case).for_consumer is False
    assert not ReplyDraft.objects.exists()


def test_note_of_files_only_is_a_note_once(agent: Actor) -> None:
    case = make_case()
    for _ in range(2):
        send_note(case, by=agent, text=" ", files=[photo()], nonce="n")
    assert Message.objects.get().body == "（附件）"
    assert Evidence.objects.filter(case=case).count() == 1


@pytest.mark.parametrize("send", [send_reply, send_note])
def test_nothing_at_all_is_not_sent(agent: Actor, send: Any) -> None:
    case = make_case()
    keep_draft(case, by=agent, kind=REPLY, text="旧的")
    with pytest.raises(CaseError, match="请写点内容"):
        send(case, by=agent, text=" ")
    assert not Message.objects.exists() and ReplyDraft.objects.get().goes_at is None


def test_old_drafts_are_thrown_away_and_waiting_replies_never(agent: Actor) -> None:
    case = make_case()
    keep_draft(case, by=agent, kind=NOTE, text="很久以前", files=[photo()])
    send_reply(case, by=agent, text="还在等")
    with shifted_to(now() + timedelta(days=91)):
        purge_old_drafts()
    assert ReplyDraft.objects.get().text == "还在等"
    assert not StoredFile.objects.filter(original_name="底座.jpg").exists()
