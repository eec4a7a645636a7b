"""Work on many cases: frozen when asked, case by case, resumable, undone exactly."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.http import QueryDict

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import BulkItem, BulkJob, Case, CaseEvent, Conflict, Notification
from complaints.services import bulk, bulk_steps
from complaints.services.assigning import record_conflict
from complaints.services.bulk import ask_bulk, ask_undo, work_bulk
from complaints.services.conversation import write_note
from complaints.services.macros import save_macro
from complaints.services.tagging import tag_called, tag_case
from complaints.services.triage import assign, classify
from complaints.states import BulkKind, ConflictGround, MergeCause, Severity, Stage
from tests.compensation.test_races import race
from tests.factories import make_case, make_team, make_user, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(db: None) -> Actor:
    return staff(Role.AGENT)


def ask(kind: str, by: Actor, cases: list[Case], nonce: str = "n", **params: Any) -> BulkJob:
    return ask_bulk(kind, params, by=by, nonce=nonce, ids=[case.pk for case in cases])


def results(job: BulkJob) -> dict[int, str]:
    return dict(job.items.values_list("case_id", "result"))


def facts(case: Case) -> tuple[Any, ...]:
    """What bulk work may change of a case."""
    case = Case.objects.get(pk=case.pk)
    tags = sorted(case.case_tags.values_list("tag__name", flat=True))
    return (case.stage, case.owner_id, case.team_id, case.severity, case.merged_into_id, tags)


def params_of(kind: str, by: Actor) -> dict[str, Any]:
    if kind == BulkKind.ASSIGN:
        return {"owner": make_user(Role.AGENT, team=make_team()).pk}
    if kind == BulkKind.SEVERITY:
        return {"severity": Severity.MODERATE}
    if kind == BulkKind.MERGE:
        return {"into": make_case().reference, "cause": MergeCause.SAME_COMPLAINT}
    if kind == BulkKind.MACRO:
        acts = {"owner": "me", "severity": "moderate", "add_tags": ["质检跟进"]}
        manager = staff(Role.MANAGER)
        return {
            "macro": save_macro(
                None, name="一起做", position=0, template=None, acts=acts, by=manager
            )
        }
    return {"tag": tag_called("质检跟进", by=by)}


KINDS = [kind for kind in BulkKind if kind != BulkKind.UNDO]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_done_and_undone_to_what_was_before(kind: str, agent: Actor) -> None:
    cases = [make_case(), make_case()]
    assign(cases[1], owner=make_user(Role.AGENT, team=make_team()), by=agent)
    classify(cases[1], by=agent, severity=Severity.MINOR)
    if kind == BulkKind.UNTAG:
        for case in cases:
            tag_case(case, add=[tag_called("质检跟进", by=agent)], by=agent)
    before = [facts(case) for case in cases]
    job = ask(kind, agent, cases, **params_of(kind, agent))
    assert [facts(case) for case in cases] == before
    assert work_bulk() is False
    assert set(results(job).values()) == {"done"}
    assert all(now != then for now, then in zip(map(facts, cases), before, strict=True))
    undo = ask_undo(BulkJob.objects.get(pk=job.pk), by=agent)
    work_bulk()
    assert set(results(undo).values()) == {"done"}
    assert [facts(case) for case in cases] == before


def test_undoing_gives_back_to_an_owner_without_a_team(agent: Actor) -> None:
    home = make_team(is_default=True)
    case = assign(make_case(), owner=make_user(Role.AGENT), by=agent)
    assert case.team == home
    before = facts(case)
    job = ask(BulkKind.ASSIGN, agent, [case], **params_of(BulkKind.ASSIGN, agent))
    work_bulk()
    assert facts(case) != before
    ask_undo(BulkJob.objects.get(pk=job.pk), by=agent)
    work_bulk()
    assert facts(case) == before


def test_conditions_too_long_to_keep_mean_no_more_cases(agent: Actor) -> None:
    make_case()
    query = QueryDict(mutable=True)
    query.setlist("category", [f"X{n}" for n in range(900)])
    with pytest.raises(CaseError, match="太长"):
        ask_bulk(
            BulkKind.SEVERITY, {"severity": "minor"}, by=agent, nonce="q", query=query.urlencode()
        )
    assert not BulkJob.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_order_given_at_once_is_one(agent: Actor) -> None:
    cases = [make_case()]
    params = params_of(BulkKind.ASSIGN, agent)
    jobs = race(*[lambda: ask(BulkKind.ASSIGN, agent, cases, **params)] * 3)
    assert len({job.pk for job in jobs}) == 1


def test_the_list_is_frozen_when_asked(agent: Actor) -> None:
    meant = [make_case(category="PRICE"), make_case(category="PRICE")]
    tag = tag_called("价格", by=agent)
    query = "view=all&category=PRICE"
    job = ask_bulk(BulkKind.TAG, {"tag": tag}, by=agent, nonce="n", query=query)
    later = make_case(category="PRICE")
    left = classify(meant[0], by=agent, category="QUALITY")
    work_bulk()
    assert results(job) == {left.pk: "changed", meant[1].pk: "done"}
    assert not later.case_tags.exists() and not left.case_tags.exists()


def test_refusals_and_changes_are_told_case_by_case(agent: Actor) -> None:
    free, barred, ended, changed, same = (make_case() for _ in range(5))
    owner = make_user(Role.AGENT)
    record_conflict(barred, user=owner, ground=ConflictGround.FAMILY, by=agent)
    assign(same, owner=owner, by=agent)
    into = make_case()
    ask(
        BulkKind.MERGE,
        agent,
        [ended],
        "first",
        into=into.reference,
        cause=MergeCause.SAME_EVENT,
    )
    work_bulk()
    cases = [free, barred, ended, changed, same]
    job = ask(BulkKind.ASSIGN, agent, cases, owner=owner.pk)
    write_note(changed, by=agent, body="有人动过")
    work_bulk()
    expected = ["done", "refused", "refused", "changed", "unchanged"]
    assert results(job) == {case.pk: what for case, what in zip(cases, expected, strict=True)}
    reasons = dict(job.items.values_list("case_id", "reason"))
    assert reasons[barred.pk] and "已经结束" in reasons[ended.pk]
    assert Conflict.objects.exists()
    assert Notification.objects.filter(user=owner, kind="assigned").count() == 2


def test_asked_twice_is_one_order_and_done_once(agent: Actor) -> None:
    case, tag = make_case(), tag_called("一次", by=agent)
    jobs = {ask(BulkKind.TAG, agent, [case], tag=tag).pk for _ in range(2)}
    work_bulk()
    work_bulk()
    assert len(jobs) == 1 and BulkItem.objects.count() == 1
    assert CaseEvent.objects.filter(case=case, kind="tagged").count() == 1


def test_nobody_asks_what_they_may_not(agent: Actor) -> None:
    case, tag = make_case(), tag_called("标签", by=agent)
    with pytest.raises(StepForbidden):
        ask(BulkKind.TAG, staff(Role.REVIEWER), [case], tag=tag)
    for kind, params in [
        (BulkKind.ASSIGN, {"owner": make_user(Role.FINANCE).pk}),
        (BulkKind.SEVERITY, {"severity": "worst"}),
        (BulkKind.MERGE, {"into": "RD-2026-999999", "cause": "same_event"}),
        (BulkKind.UNDO, {}),
        (BulkKind.TAG, {}),
    ]:
        with pytest.raises(CaseError):
            ask(kind, agent, [case], **params)
    with pytest.raises(CaseError):
        ask(BulkKind.TAG, agent, [], tag=tag)
    assert BulkJob.objects.count() == 0


def test_a_small_order_does_not_wait_for_the_end_of_a_large_one(
    agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    monkeypatch.setattr(bulk, "TURN_SECONDS", 0.0)
    cases, turns = [make_case() for _ in range(3)], []
    plain = bulk_steps.STEPS[BulkKind.TAG]

    def note_turn(case: Case, params: dict[str, Any], *rest: Any) -> Any:
        turns.append(params["name"])
        return plain(case, params, *rest)

    monkeypatch.setitem(bulk_steps.STEPS, BulkKind.TAG, note_turn)
    ask(BulkKind.TAG, agent, cases[:2], "large", tag=tag_called("large", by=agent))
    ask(BulkKind.TAG, agent, cases[2:], "small", tag=tag_called("small", by=agent))
    assert work_bulk() is False
    assert turns == ["large", "small", "large"]
    assert not BulkJob.objects.filter(finished_at=None).exists()


def test_who_lost_their_role_meanwhile_changes_nothing(agent: Actor) -> None:
    case, tag = make_case(), tag_called("标签", by=agent)
    job = ask(BulkKind.TAG, agent, [case], tag=tag)
    agent.person.roles = [Role.REVIEWER]
    agent.person.save()
    work_bulk()
    assert results(job) == {case.pk: "refused"} and not case.case_tags.exists()


def test_more_than_can_be_done_at_once_is_refused(
    agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_CASES", 2)
    cases = [make_case() for _ in range(3)]
    with pytest.raises(CaseError):
        ask(BulkKind.TAG, agent, cases, tag=tag_called("标签", by=agent))
    assert BulkJob.objects.count() == 0


def test_an_accident_with_one_case_holds_up_no_other(
    agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = make_case(), make_case()
    plain = bulk_steps.STEPS[BulkKind.TAG]

    def stumble(case: Case, *rest: Any) -> Any:
        plain(case, *rest)
        if case.pk == bad.pk:
            raise ZeroDivisionError
        return plain(case, *rest)

    monkeypatch.setitem(bulk_steps.STEPS, BulkKind.TAG, stumble)
    job = ask(BulkKind.TAG, agent, [bad, good], tag=tag_called("标签", by=agent))
    work_bulk()
    assert results(job) == {bad.pk: "failed", good.pk: "unchanged"}
    assert not bad.case_tags.exists() and good.case_tags.exists()


# --- Crashes and undoing ------------------------------------------------------------------------
class Died(BaseException):
    """The worker's process ends."""


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_dies_leaves_nothing_half_done_and_another_goes_on(
    agent: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [make_case() for _ in range(4)]
    plain, steps = bulk_steps.STEPS[BulkKind.TAG], []

    def die_at_the_third(case: Case, *rest: Any) -> Any:
        done = plain(case, *rest)
        steps.append(case.pk)
        if len(steps) == 3:
            raise Died
        return done

    job = ask(BulkKind.TAG, agent, cases, tag=tag_called("标签", by=agent))
    monkeypatch.setitem(bulk_steps.STEPS, BulkKind.TAG, die_at_the_third)
    with pytest.raises(Died):
        work_bulk()
    pending = [case for case in cases if results(job)[case.pk] == "pending"]
    assert len(pending) == 2 and not any(case.case_tags.exists() for case in pending)
    assert BulkJob.objects.get().finished_at is None
    work_bulk()
    assert set(results(job).values()) == {"done"}
    assert CaseEvent.objects.filter(kind="tagged").count() == 4
    assert BulkJob.objects.get().finished_at is not None


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_each_case_once(agent: Actor) -> None:
    cases = [make_case(), make_case()]
    job = ask(BulkKind.TAG, agent, cases, tag=tag_called("标签", by=agent))
    other = connection.copy()
    try:
        with transaction.atomic(), other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT id FROM complaints_bulkitem ORDER BY id LIMIT 1 FOR UPDATE")
            work_bulk(seconds=0)
            assert sorted(results(job).values()) == ["done", "pending"]
            cursor.execute("ROLLBACK")
    finally:
        other.close()
    work_bulk()
    assert set(results(job).values()) == {"done"}


def test_what_changed_since_is_not_undone_and_says_so(agent: Actor) -> None:
    kept, changed, never = make_case(), make_case(), make_case()
    tag = tag_called("标签", by=agent)
    tag_case(never, add=[tag], by=agent)
    job = ask(BulkKind.TAG, agent, [kept, changed, never], tag=tag)
    with pytest.raises(CaseError):
        ask_undo(job, by=agent)
    work_bulk()
    write_note(changed, by=agent, body="有人动过")
    undo = ask_undo(BulkJob.objects.get(pk=job.pk), by=agent)
    assert ask_undo(BulkJob.objects.get(pk=job.pk), by=agent) == undo
    work_bulk()
    assert results(undo) == {kept.pk: "done", changed.pk: "changed"}
    assert changed.case_tags.exists() and never.case_tags.exists()
    assert not kept.case_tags.exists()
    with pytest.raises(CaseError):
        ask_undo(BulkJob.objects.get(pk=undo.pk), by=agent)


def test_only_who_asked_and_managers_undo(agent: Actor) -> None:
    case = make_case()
    job = ask(BulkKind.TAG, agent, [case], tag=tag_called("标签", by=agent))
    work_bulk()
    job.refresh_from_db()
    with pytest.raises(StepForbidden):
        ask_undo(job, by=staff(Role.AGENT))
    ask_undo(job, by=staff(Role.MANAGER))
    work_bulk()
    assert not case.case_tags.exists()


def test_merging_excludes_the_target_itself(agent: Actor) -> None:
    into, case = make_case(), make_case()
    job = ask(
        BulkKind.MERGE, agent, [into, case], into=into.reference, cause=MergeCause.SAME_COMPLAINT
    )
    work_bulk()
    assert results(job) == {case.pk: "done"}
    assert facts(case)[0] == Stage.MERGED and facts(into)[0] == Stage.RECEIVED
