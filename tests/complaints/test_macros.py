"""Macros: the preview says what happens, all of it happens or nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, StaleCase, StepForbidden
from complaints.models import Case, Evidence, Macro, Message, ReplyDraft, ReplyTemplate
from complaints.selectors.macros import preview
from complaints.services.composing import keep_draft
from complaints.services.conversation import write_note
from complaints.services.macros import run_macro, save_macro
from complaints.states import MessageKind, Severity, Stage
from tests.documents.makers import picture
from tests.factories import make_case, make_user, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Actor:
    return Actor.staff(make_user(Role.AGENT, display_name="林晓"))


def macro(template: str = "", **acts: Any) -> Macro:
    text = ReplyTemplate.objects.get(code=template) if template else None
    return save_macro(None, name="试", position=0, template=text, acts=acts, by=staff(Role.MANAGER))


def run(case: Case, each: Macro, by: Actor, **other: Any) -> Case:
    plan = preview(each, case, by)
    texts = {
        "reply": plan.reply.text if plan.reply else "",
        "note": plan.note.text if plan.note else "",
    }
    return run_macro(case, each, by=by, **{"version": each.version, **texts, **other})


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def test_preview_says_what_then_happens(agent: Actor) -> None:
    case = make_case(product_text="水壶")
    each = macro(
        "received",
        owner="me",
        category="QUALITY",
        issue="DEFECT",
        severity="moderate",
        note="{{编号}} 已看",
    )
    plan = preview(each, case, agent)
    lines = {str(line.what): line.new for line in plan.changes if line.differs}
    assert lines["负责人"] == "林晓" and lines["严重程度"] == str(Severity.MODERATE.label)
    assert plan.note is not None and plan.note.text == f"{case.reference} 已看"
    done = run(case, each, agent)
    assert (done.owner, done.severity, done.issue) == (agent.user, "moderate", "DEFECT")
    said = {m.kind: m.body for m in Message.objects.filter(case=case)}
    assert said["note"] == f"{case.reference} 已看"
    assert plan.reply is not None and said["message"] == plan.reply.text


def test_accepting_macro_answers_with_the_date_it_promises(agent: Actor) -> None:
    case = make_case(product_text="水壶")
    each = macro("next-steps", severity="minor", accept_in_days=7)
    plan = preview(each, case, agent)
    done = run(case, each, agent)
    assert (done.stage, done.expected_on) == (Stage.ACCEPTED, plan.expected_on)
    [message] = Message.objects.filter(case=case)
    assert plan.expected_on is not None and f"{plan.expected_on.day} 日" in message.body


def test_one_thing_that_fails_leaves_nothing_done(agent: Actor) -> None:
    case = make_case()
    each = macro("refund-sent", owner="me", severity="minor", note="已退款")
    plan = preview(each, case, agent)
    assert plan.reply is not None and plan.reply.blank == ("补偿金额",)
    with pytest.raises(CaseError, match="补偿金额"):
        run(case, each, agent)
    assert fresh(case).version == case.version and fresh(case).owner is None
    assert not Message.objects.exists() and not ReplyDraft.objects.exists()


def test_case_that_cannot_be_accepted_says_so_before(agent: Actor) -> None:
    case = make_case()
    each = macro("next-steps", severity="minor", accept_in_days=3)
    case = run(case, each, agent)
    assert preview(each, case, agent).obstacles
    with pytest.raises(CaseError):
        run(case, each, agent)


def test_changed_macro_and_changed_case_are_not_run(agent: Actor) -> None:
    case, each = make_case(), macro(owner="me")
    with pytest.raises(DraftChanged):
        run(case, each, agent, version=each.version - 1)
    write_note(case, by=agent, body="刚看过")
    with pytest.raises(StaleCase):
        run(case, each, agent, seen=case.version)
    assert fresh(case).owner is None


def test_same_post_twice_says_it_once(agent: Actor) -> None:
    case, each = make_case(product_text="水壶"), macro("received", note="看过")
    for _ in range(2):
        run(case, each, agent, nonce="n")
    assert Message.objects.filter(case=case).count() == 2


def test_what_one_was_writing_stays_a_draft(agent: Actor) -> None:
    case, each = make_case(product_text="水壶"), macro("received", note="看过")
    for kind in MessageKind.values:
        photo = SimpleUploadedFile("底座.jpg", picture())
        keep_draft(case, by=agent, kind=kind, text="还没写完", files=[photo])
    run(case, each, agent)
    assert Message.objects.filter(case=case).count() == 2
    assert not Evidence.objects.filter(case=case).exists()
    for draft in ReplyDraft.objects.filter(case=case, goes_at=None):
        assert (draft.text, draft.files.count()) == ("还没写完", 1)
    assert ReplyDraft.objects.count() == 2


def test_only_who_handles_cases_runs_and_only_managers_write(agent: Actor) -> None:
    each = macro(owner="me")
    with pytest.raises(StepForbidden):
        run(make_case(), each, staff(Role.REVIEWER))
    with pytest.raises(StepForbidden):
        save_macro(None, name="x", position=0, template=None, acts={"owner": "me"}, by=agent)


@pytest.mark.parametrize(
    ("acts", "field"),
    [
        ({}, None),
        ({"accept_in_days": 3}, "template"),
        ({"category": "NOPE"}, "category"),
        ({"severity": "worst"}, "severity"),
        ({"note": "{{nope}}"}, "note"),
        ({"owner": 999999}, "owner"),
    ],
)
def test_macro_that_makes_no_sense_is_refused(acts: dict[str, Any], field: str | None) -> None:
    with pytest.raises(CaseError) as caught:
        macro(**acts)
    assert caught.value.field == field


def test_shipped_macros_can_be_previewed(agent: Actor) -> None:
    case = make_case()
    plans = [preview(each, case, agent) for each in Macro.objects.all()]
    assert len(plans) >= 4 and all(plan.reply or plan.changes for plan in plans)
