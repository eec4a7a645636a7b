"""A macro over many cases: refusals by row, replies that wait, and what undoing gives back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import BulkJob, Case, Macro, Message, ReplyDraft, ReplyTemplate
from complaints.moments import now, shifted_to
from complaints.services.bulk import ask_bulk, ask_undo, work_bulk
from complaints.services.composing import release_due
from complaints.services.conversation import write_note
from complaints.services.macros import retire_macro, save_macro
from complaints.services.tagging import tag_called, tag_case
from complaints.services.triage import accept, assign, classify
from complaints.states import BulkKind, MessageKind, Severity, Stage, Urgency
from tests.factories import make_case, make_team, make_user, staff

pytestmark = pytest.mark.django_db
WAIT = 60


@pytest.fixture
def agent(settings: Any) -> Actor:
    settings.BULK_UNDO_SECONDS = WAIT
    return staff(Role.AGENT)


def macro(template: str = "", **acts: Any) -> Macro:
    text = ReplyTemplate.objects.get(code=template) if template else None
    return save_macro(
        None,
        name=f"试{Macro.objects.count()}",
        position=0,
        template=text,
        acts=acts,
        by=staff(Role.MANAGER),
    )


def ordered(each: Macro, cases: list[Case], by: Actor) -> BulkJob:
    ids = [case.pk for case in cases]
    return ask_bulk(BulkKind.MACRO, {"macro": each}, by=by, nonce=f"n{each.pk}", ids=ids)


def run(each: Macro, cases: list[Case], by: Actor) -> BulkJob:
    job = ordered(each, cases, by)
    work_bulk()
    return BulkJob.objects.get(pk=job.pk)


def undone(job: BulkJob, by: Actor) -> dict[int, tuple[str, str]]:
    undo = ask_undo(job, by=by)
    work_bulk()
    return told(undo)


def told(job: BulkJob) -> dict[int, tuple[str, str]]:
    return {pk: (result, why) for pk, result, why in rows(job)}


def rows(job: BulkJob) -> Any:
    return job.items.values_list("case_id", "result", "reason")


def facts(case: Case) -> tuple[Any, ...]:
    case = Case.objects.get(pk=case.pk)
    tags = sorted(case.case_tags.values_list("tag__name", flat=True))
    graded = (case.category, case.issue, case.severity)
    return (case.stage, case.owner_id, case.team_id, *graded, tags)


def test_each_case_gets_what_its_preview_says_and_all_of_it_back(agent: Actor) -> None:
    cases = [make_case(product_text="水壶", category="PRICE") for _ in range(3)]
    assign(cases[1], owner=make_user(Role.AGENT, team=make_team()), by=agent)
    classify(cases[2], by=agent, severity=Severity.MINOR)
    for case in cases[1:]:
        tag_case(case, add=[tag_called("待看", by=agent)], by=agent)
    before = [facts(case) for case in cases]
    each = macro(
        "received",
        owner="me",
        category="QUALITY",
        severity="moderate",
        add_tags=["质检跟进"],
        remove_tags=["待看"],
    )
    job = run(each, cases, agent)
    assert {result for result, _why in told(job).values()} == {"done"}
    for case in cases:
        _stage, owner, _team, category, _issue, severity, tags = facts(case)
        assert (owner, category, severity) == (agent.person.pk, "QUALITY", "moderate")
        assert tags == ["质检跟进"]
    assert ReplyDraft.objects.count() == 3 and release_due() == 0
    assert {why for _result, why in undone(job, agent).values()} == {""}
    assert [facts(case) for case in cases] == before
    with shifted_to(now() + timedelta(seconds=WAIT + 1)):
        assert release_due() == 0
    assert not Message.objects.exists()


def test_what_cannot_be_done_is_refused_row_by_row_and_leaves_nothing(agent: Actor) -> None:
    whole, accepted = (make_case(product_text="水壶", order_number="A-1") for _ in range(2))
    blank = make_case(product_text="水壶")
    classify(accepted, by=agent, severity=Severity.MINOR)
    day = (now() + timedelta(days=5)).date()
    accept(Case.objects.get(pk=accepted.pk), by=agent, next_steps="先看照片", expected_on=day)
    each = macro(
        "next-steps", severity="minor", accept_in_days=5, add_tags=["一批"], note="{{订单号}}"
    )
    was = [facts(case) for case in (blank, accepted)]
    job = run(each, [whole, blank, accepted], agent)
    results = told(job)
    assert results[whole.pk] == ("done", "")
    assert results[blank.pk][0] == "refused" and "订单号" in results[blank.pk][1]
    assert results[accepted.pk][0] == "refused" and "不能受理" in results[accepted.pk][1]
    assert [facts(case) for case in (blank, accepted)] == was


def test_acceptance_and_notes_stay_and_the_row_says_so(agent: Actor) -> None:
    case = make_case(product_text="水壶")
    each = macro("next-steps", severity="minor", accept_in_days=5, note="看过", add_tags=["一批"])
    job = run(each, [case], agent)
    result, why = undone(job, agent)[case.pk]
    assert result == "done" and "已经受理" in why and "备注留在记录里" in why
    assert facts(case)[0] == Stage.ACCEPTED and facts(case)[-1] == []


def test_reply_that_went_out_stays_and_the_rest_comes_back(agent: Actor) -> None:
    case = make_case(product_text="水壶")
    before = facts(case)
    job = run(macro("received", owner="me", add_tags=["一批"]), [case], agent)
    with shifted_to(now() + timedelta(seconds=WAIT + 1)):
        assert release_due() == 1
        assert undone(job, agent) == {case.pk: ("done", "回复已经发出，收不回。")}
    assert facts(case)[:3] == before[:3] and facts(case)[-1] == []
    assert Message.objects.get(kind=MessageKind.MESSAGE).case == case


def test_only_what_stays_is_a_refusal(agent: Actor) -> None:
    case = make_case()
    job = run(macro(emergency="多人反映", note="看过"), [case], agent)
    result, why = undone(job, agent)[case.pk]
    assert (result, why) == ("refused", "紧急程度要由两个人降。备注留在记录里。")
    assert Case.objects.get().urgency == Urgency.EMERGENCY


def test_changed_case_keeps_its_change_but_its_reply_never_goes(agent: Actor) -> None:
    case = make_case(product_text="水壶")
    job = run(macro("received", owner="me"), [case], agent)
    write_note(case, by=agent, body="有人动过")
    assert undone(job, agent)[case.pk][0] == "changed"
    assert facts(case)[1] == agent.person.pk
    with shifted_to(now() + timedelta(seconds=WAIT + 1)):
        assert release_due() == 0


def test_macro_at_work_is_stopped_and_taken_back(
    agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [make_case(product_text="水壶") for _ in range(3)]
    monkeypatch.setattr("complaints.services.bulk.AT_ONCE", 1)
    job = ordered(macro("received", owner="me"), cases, agent)
    work_bulk(seconds=0)
    assert [result for _pk, result, _why in rows(job).order_by("pk")].count("pending") == 2
    assert undone(BulkJob.objects.get(pk=job.pk), agent) == {cases[0].pk: ("done", "")}
    assert told(job)[cases[2].pk] == ("refused", "撤销得早，这件没有做")
    assert {facts(case)[1] for case in cases} == {None} and not ReplyDraft.objects.exists()


def test_stopped_before_anything_was_done_it_stays_stopped(agent: Actor) -> None:
    case = make_case(product_text="水壶")
    job = ordered(macro("received", owner="me"), [case], agent)
    with pytest.raises(CaseError):
        ask_undo(job, by=agent)
    work_bulk()
    assert facts(case)[1] is None and not ReplyDraft.objects.exists()


def test_what_is_so_already_is_left_alone(agent: Actor) -> None:
    case = tag_case(make_case(), add=[tag_called("QC", by=agent)], by=agent)
    job = run(macro(add_tags=["qc"], remove_tags=["没有"]), [case], agent)
    assert told(job) == {case.pk: ("unchanged", "")}
    assert Case.objects.get().version == case.version


def test_macro_changed_or_retired_after_the_order_is_not_run(agent: Actor) -> None:
    case, manager = make_case(), staff(Role.MANAGER)
    first = macro(owner="me")
    job = ordered(first, [case], agent)
    save_macro(
        first,
        name="另一个",
        position=0,
        template=None,
        acts={"severity": "minor"},
        by=manager,
        seen=first.version,
    )
    work_bulk()
    assert told(job)[case.pk][0] == "refused" and "改过" in told(job)[case.pk][1]
    second = macro(owner="me")
    job = ordered(second, [case], agent)
    retire_macro(second, by=manager)
    work_bulk()
    assert told(job)[case.pk][0] == "refused" and facts(case)[1] is None
    with pytest.raises(CaseError):
        ask_bulk(BulkKind.MACRO, {}, by=agent, nonce="none", ids=[case.pk])


def test_ended_case_is_graded_no_more(agent: Actor) -> None:
    into, case = make_case(), make_case()
    params = {"into": into.reference, "cause": "same_event"}
    ask_bulk(BulkKind.MERGE, params, by=agent, nonce="m", ids=[case.pk])
    work_bulk()
    job = run(macro(severity="minor"), [case], agent)
    assert told(job) == {case.pk: ("refused", "案件已经结束。")}


@pytest.mark.parametrize(
    ("acts", "field"),
    [
        ({"add_tags": ["长" * 31]}, "add_tags"),
        ({"add_tags": [f"t{n}" for n in range(21)]}, "add_tags"),
        ({"add_tags": ["QC"], "remove_tags": ["qc"]}, "remove_tags"),
    ],
)
def test_tags_that_make_no_sense_are_refused(acts: dict[str, Any], field: str) -> None:
    with pytest.raises(CaseError) as caught:
        macro(**acts)
    assert caught.value.field == field
