"""Several cases into one and back: all or none, earliest promise counts, everything restored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisCase

from accounts.states import Role
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase, StepNotAllowed
from complaints.models import Case, CaseEvent, Clock, Evidence, Message, Notification, Timer
from complaints.moments import now, shift_to
from complaints.services.conversation import write_message
from complaints.services.events import broken_link
from complaints.services.merging import merge_cases, settle_promises, unmerge_case
from complaints.services.stage_clocks import ClockStart, hand_turn
from complaints.services.triage import assign, withdraw
from complaints.states import ClockKind, ClockState, MergeCause, Stage, TimerStatus
from tests.compensation.test_races import race
from tests.factories import make_case, make_user, staff

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=30)


def pass_time(hours: float) -> None:
    shift_to(now() + hours * HOUR)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def due(case: Case, kind: str = ClockKind.ACKNOWLEDGEMENT) -> Any:
    return Clock.objects.get(case=case, kind=kind, state=ClockState.RUNNING).due_at


def rows_of(case: Case) -> dict[str, Any]:
    """Everything of a case that a merge might touch and an unmerge must bring back."""
    clocks = Clock.objects.filter(case=case).exclude(state=ClockState.STOPPED)
    armed = Timer.objects.filter(case=case, status=TimerStatus.ARMED)
    held = fresh(case)
    return {
        "stage": held.stage,
        "origins": held.origins,
        "owner": held.owner_id,
        "merged_into": held.merged_into_id,
        "next_due": (held.next_due_at, held.next_due_kind),
        "messages": list(Message.objects.filter(case=case).order_by("pk").values()),
        "evidence": list(Evidence.objects.filter(case=case).order_by("pk").values()),
        "clocks": sorted(clocks.values_list("kind", "subject", "state", "due_at", "policy")),
        "armed": sorted(armed.values_list("clock__kind", "rung", "due_at")),
    }


def merge(*cases: Case, into: Case, by: Actor, **more: Any) -> Case:
    return merge_cases(cases, into=into, cause=MergeCause.SAME_COMPLAINT, by=by, **more)


@pytest.mark.django_db
class TestSeveral:
    """Merging any number of cases in one step."""

    def test_three_become_one_and_the_log_of_each_tells(self) -> None:
        target, *others = [make_case() for _number in range(4)]
        merge(*others, into=target, by=staff(Role.AGENT))
        assert [fresh(case).stage for case in others] == [Stage.MERGED] * 3
        assert {fresh(case).merged_into_id for case in others} == {target.pk}
        assert CaseEvent.objects.filter(case=target, kind="merged_here").count() == 3
        assert [broken_link(case) for case in (target, *others)] == [None] * 4

    def test_all_or_none(self) -> None:
        target, good, ended, by = make_case(), make_case(), make_case(), staff(Role.AGENT)
        withdraw(ended, by=Actor.consumer(), reason="")
        before = rows_of(target), rows_of(good)
        with pytest.raises(StepNotAllowed):
            merge(good, ended, into=target, by=by)
        assert (rows_of(target), rows_of(good)) == before

    def test_refusals(self) -> None:
        target, other, by = make_case(), make_case(), staff(Role.AGENT)
        with pytest.raises(CaseError):
            merge(into=target, by=by)
        with pytest.raises(CaseError):
            merge(other, target, into=target, by=by)
        with pytest.raises(CaseError):
            merge_cases([other], into=target, cause="mood", by=by)
        with pytest.raises(StaleCase, match=other.reference):
            merge(other, into=target, by=by, seen={other.pk: other.version + 1})
        assert fresh(other).stage == Stage.RECEIVED

    def test_earliest_receipt_counts_and_falls_back(self) -> None:
        by, early = staff(Role.AGENT), make_case()
        pass_time(5)
        middle = make_case()
        pass_time(3)
        target = make_case()
        own, first, second = due(target), due(early), due(middle)

        merge(middle, early, into=target, by=by)
        assert due(target) == first
        assert fresh(target).next_due_at == first
        unmerge_case(fresh(early), by=by)
        assert due(target) == second
        unmerge_case(fresh(middle), by=by)
        assert due(target) == own
        assert abs(due(early) - first) < SECOND
        assert abs(due(middle) - second) < SECOND

    def test_later_receipt_changes_no_clock_of_the_target(self) -> None:
        target = make_case()
        pass_time(2)
        later, before = make_case(), rows_of(target)
        merge(later, into=target, by=staff(Role.AGENT))
        assert rows_of(target) == before

    def test_kept_promise_is_not_made_again(self) -> None:
        by, early = staff(Role.AGENT), make_case()
        pass_time(5)
        target = make_case()
        hand_turn(target, ClockStart(ClockKind.SOLUTION), by=by, cause="accept")
        merge(early, into=target, by=by)
        live = Clock.objects.filter(case=target, state=ClockState.RUNNING)
        assert list(live.values_list("kind", flat=True)) == [ClockKind.SOLUTION]

    def test_settling_twice_changes_nothing(self) -> None:
        by, early = staff(Role.AGENT), make_case()
        pass_time(1)
        target = make_case()
        merge(early, into=target, by=by)
        count = Clock.objects.filter(case=target).count()
        settle_promises(fresh(target), by=by)
        assert Clock.objects.filter(case=target).count() == count

    def test_what_the_consumer_writes_reaches_who_carries_it_on(self) -> None:
        by, source, target = staff(Role.AGENT), make_case(), make_case()
        owner = make_user(Role.AGENT)
        assign(target, owner=owner, by=by)
        merge(source, into=target, by=by)
        write_message(fresh(source), by=Actor.consumer(), body="还有一件事")
        assert Notification.objects.filter(user=owner, kind="consumer_wrote").count() == 1
        assert Message.objects.get(body="还有一件事").case_id == source.pk


class TestMergeAndBack(HypothesisCase):
    """Whatever is merged in whatever order, undoing all of it leaves the rows as they were.

    The hours stay short of the first warning: one that is due is rung by the sweep, not kept.
    """

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        gaps=st.lists(st.integers(0, 2), min_size=2, max_size=4),
        place=st.integers(0, 4),
        apart=st.booleans(),
        order=st.randoms(use_true_random=False),
    )
    def test_merge_then_unmerge_is_nothing(
        self, gaps: list[int], place: int, apart: bool, order: Any
    ) -> None:
        by, cases = staff(Role.AGENT), [make_case()]
        for gap in gaps:
            pass_time(gap)
            cases.append(make_case())
        for case in cases:
            write_message(case, by=Actor.consumer(), body=f"来自 {case.reference}")
        target = cases[place % len(cases)]
        others = [case for case in cases if case.pk != target.pk]
        before = [rows_of(case) for case in cases]

        for some in [[each] for each in others] if apart else [others]:
            merge(*some, into=target, by=by)
        earliest = min(row["next_due"][0] for row in before)
        assert fresh(target).next_due_at == earliest
        order.shuffle(others)
        for case in others:
            unmerge_case(fresh(case), by=by)

        for case, held in zip(cases, before, strict=True):
            assert_same(rows_of(case), held)
            assert broken_link(case) is None


def assert_same(after: dict[str, Any], before: dict[str, Any]) -> None:
    """Rows are equal; a source's clock runs on after the moments that the merge itself lasted."""
    for name in ("stage", "origins", "owner", "merged_into", "messages", "evidence"):
        assert after[name] == before[name]
    for name in ("clocks", "armed"):
        assert len(after[name]) == len(before[name])
        for one, other in zip(after[name], before[name], strict=True):
            assert [each for each in one if not hasattr(each, "year")] == [
                each for each in other if not hasattr(each, "year")
            ]
            moments = zip(
                (each for each in one if hasattr(each, "year")),
                (each for each in other if hasattr(each, "year")),
                strict=True,
            )
            assert all(abs(a - b) < SECOND for a, b in moments)


@pytest.mark.django_db(transaction=True)
class TestMergeRaces:
    """Merging while somebody else works on the same cases."""

    @pytest.mark.parametrize("round_of", range(3))
    def test_merge_and_a_step_of_the_source(self, round_of: int) -> None:
        target, source, by = make_case(), make_case(), staff(Role.AGENT)

        results = race(
            lambda: merge(source, into=target, by=by),
            lambda: withdraw(source, by=Actor.consumer(), reason=""),
        )

        refused = [each for each in results if isinstance(each, CaseError)]
        assert len(refused) == 1
        assert fresh(source).stage in (Stage.MERGED, Stage.WITHDRAWN)
        assert (fresh(source).merged_into_id is None) == (fresh(source).stage != Stage.MERGED)
        assert [broken_link(case) for case in (source, target)] == [None, None]

    def test_two_merge_the_same_cases_into_each_others_target(self) -> None:
        by = staff(Role.AGENT)
        one, two, shared = make_case(), make_case(), make_case()
        results = race(
            lambda: merge(two, shared, into=one, by=by),
            lambda: merge(one, shared, into=two, by=by),
        )
        assert sum(isinstance(each, CaseError) for each in results) == 1
        stages = sorted(fresh(case).stage for case in (one, two, shared))
        assert stages == sorted([Stage.MERGED, Stage.MERGED, Stage.RECEIVED])

    def test_merge_and_unmerge_of_another_leave_the_right_promise(self) -> None:
        by, early = staff(Role.AGENT), make_case()
        pass_time(1)
        middle = make_case()
        pass_time(1)
        target = make_case()
        merge(early, into=target, by=by)
        race(
            lambda: unmerge_case(fresh(early), by=by),
            lambda: merge(middle, into=target, by=by),
        )
        assert due(target) == min(
            due(target),
            *(clock.due_at for clock in Clock.objects.filter(case=target, state="running")),
        )
        unmerge_case(fresh(middle), by=by)
        live = Clock.objects.get(case=target, kind=ClockKind.ACKNOWLEDGEMENT, state="running")
        assert live.started_at == fresh(target).received_at
