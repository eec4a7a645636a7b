"""Merging any number of cases into one, and taking each merge back.

Nothing of a merged case is moved: its messages, files and log stay its own (another person may have
written them), its clocks rest, and the step back lets exactly those run on. What changes is the
case that carries on: each of its promises runs from the earliest among it and the cases merged into
it, and falls back to its own when they leave. What that means is derived each time from the rows as
they are, so that merges may be undone in any order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.clock_arithmetic import due_moment
from complaints.errors import CaseError, StaleCase
from complaints.models import Case, Clock, ClockEntry
from complaints.moments import now
from complaints.permissions import check_step
from complaints.selectors.policies import budget_of, calendar_at
from complaints.services.cases import move, touch
from complaints.services.clocks import ledger_of, live_clocks, open_clocks, plan_clock, stop_clocks
from complaints.services.locking import locked_case, locked_cases
from complaints.services.stage_clocks import save_next_due
from complaints.states import ClockKind, ClockState, LedgerAction, MergeCause, Stage

CARRIED, RESTORED = "merged_here", "unmerged_here"
PROMISES = frozenset(
    {
        ClockKind.ACKNOWLEDGEMENT,
        ClockKind.SOLUTION,
        ClockKind.INVESTIGATION,
        ClockKind.TRIAGE,
        ClockKind.REGULATOR,
    }
)
"""Promises of which the earliest counts; a regulator's is kept even where the target has none."""
MOST = 50

Key = tuple[str, str]


@transaction.atomic
def merge_cases(
    cases: Iterable[Case],
    *,
    into: Case,
    cause: str,
    by: Actor,
    seen: Mapping[int, int] | None = None,
) -> Case:
    """Let one open case carry on all of `cases`, or none; return it as it now is.

    `seen` holds the versions, by id, of which the person knows. Raises CaseError for an unknown
    cause, no case, too many, the target itself, or a target that has ended; StaleCase,
    StepForbidden and StepNotAllowed as `move`.
    """
    check_step(by, "merge")
    chosen = list({case.pk: case for case in cases}.values())
    if cause not in MergeCause.values:
        raise CaseError(_("请选一个并案的原因。"), field="cause")
    if not chosen:
        raise CaseError(_("请选要并入的案件。"), field="cases")
    if len(chosen) > MOST:
        raise CaseError(_("一次最多并 %(most)d 个案件。") % {"most": MOST}, field="cases")
    if any(case.pk == into.pk for case in chosen):
        raise CaseError(_("不能并入自己。"), field="into")
    *sources, into = locked_cases(*chosen, into)
    _check_seen([*sources, into], seen or {})
    if not into.is_open:
        raise CaseError(_("要并入的案件已经结束。"), field="into")
    for case in sources:
        data = {"into": into.pk, "cause": cause}
        move(case, "merge", by=by, step={"into": into}, data=data)
        into = touch(into, CARRIED, by=by, data={"case": case.pk})
    return settle_promises(into, by=by)


def _check_seen(cases: Sequence[Case], seen: Mapping[int, int]) -> None:
    for case in cases:
        if case.pk in seen and seen[case.pk] != case.version:
            words = {"reference": case.reference}
            raise StaleCase(
                _("%(reference)s 刚刚有变化。看看最新情况，再决定要不要并案。") % words,
                seen=seen[case.pk],
                current=case.version,
            )


@transaction.atomic
def unmerge_case(case: Case, *, by: Actor, seen: int | None = None) -> Case:
    """Undo a merge: the case is back where it was and its clocks run on; the other's too."""
    if case.merged_into_id is None:
        return move(case, "unmerge", by=by, seen=seen)
    target = Case(pk=case.merged_into_id)
    case, target = locked_cases(case, target)
    back = move(case, "unmerge", by=by, seen=seen)
    target = touch(target, RESTORED, by=by, data={"case": back.pk})
    if target.is_open:
        settle_promises(target, by=by)
    return settle_promises(locked_case(back), by=by)


@dataclass(frozen=True)
class _Promise:
    """One clock that counts, with the moment at which it was or would be due."""

    clock: Clock
    due: datetime
    is_own: bool


def settle_promises(case: Case, *, by: Actor) -> Case:
    """Let each promise of a locked open Case run by the earliest among it and what merged into it.

    A promise that was kept is not made again, and one that a person paused stays paused. Returns
    the Case as it now is; a second time changes nothing.
    """
    live = {_key(clock): clock for clock in live_clocks(case) if clock.kind in PROMISES}
    theirs = _rested_by_merge(case)
    regulators = {key for key in theirs if key[0] == ClockKind.REGULATOR}
    changed = False
    for key in sorted({*live, *regulators}):
        held = live.get(key)
        resting = held is not None and held.state != ClockState.RUNNING
        if resting or (held is None and _was_kept(case, key)):
            continue
        changed |= _settle(case, held, _own(case, key), theirs.get(key, []), by=by)
    if changed:
        save_next_due(case)
    return case


def _settle(
    case: Case,
    held: Clock | None,
    own: Clock | None,
    theirs: Sequence[Clock],
    *,
    by: Actor,
) -> bool:
    options = [*([_promise(own, is_own=True)] if own else []), *(_promise(each) for each in theirs)]
    if not options:
        return held is not None and _stop(case, held, by=by)
    best = min(options, key=lambda option: (option.due, not option.is_own))
    if held is not None and held.due_at == best.due:
        return False
    if held is not None:
        _stop(case, held, by=by)
    clock = best.clock
    planned = plan_clock(
        case,
        clock.kind,
        at=clock.started_at,
        subject=clock.subject,
        until=clock.fixed_due_at,
        policy=clock.policy,
    )
    if planned.due_at != best.due:
        planned.fixed_due_at = planned.due_at = best.due
    cause = RESTORED if best.is_own else CARRIED
    open_clocks([planned], by=by, cause=cause, arm_from=now())
    return True


def _stop(case: Case, clock: Clock, *, by: Actor) -> bool:
    stop_clocks(case, [clock], by=by, cause=CARRIED)
    return True


def _key(clock: Clock) -> Key:
    return (clock.kind, clock.subject)


def _promise(clock: Clock, *, is_own: bool = False) -> _Promise:
    """Return when a clock was due before the merge rested or replaced it."""
    ledger = ledger_of(clock)
    if ledger[-1].action in (LedgerAction.PAUSE, LedgerAction.STOP):
        ledger = ledger[:-1]
    budget = budget_of(clock.policy, until=clock.fixed_due_at)
    due = due_moment(budget, ledger, calendar_at(clock.calendar_version))
    return _Promise(clock, due or clock.started_at, is_own)


def _rested_by_merge(case: Case) -> dict[Key, list[Clock]]:
    """Return the promises of the cases merged into this one that ran until they were merged."""
    clocks = Clock.objects.filter(
        case__merged_into=case,
        case__stage=Stage.MERGED,
        kind__in=PROMISES,
        state=ClockState.PAUSED,
        pause_depth__isnull=False,
    ).select_related("policy", "case")
    found: dict[Key, list[Clock]] = {}
    for clock in clocks:
        if clock.pause_depth == len(clock.case.origins):
            found.setdefault(_key(clock), []).append(clock)
    return found


def _was_kept(case: Case, key: Key) -> bool:
    clocks = case.clocks.filter(kind=key[0], subject=key[1])
    return clocks.exclude(stop_cause=CARRIED).exists()


def _own(case: Case, key: Key) -> Clock | None:
    """Return the case's own promise: its newest that no merge brought."""
    kind, subject = key
    brought = ClockEntry.objects.filter(action=LedgerAction.START, cause=CARRIED)
    clocks = case.clocks.filter(kind=kind, subject=subject)
    mine = clocks.exclude(pk__in=brought.filter(clock__case=case).values("clock"))
    return mine.select_related("policy").order_by("-pk").first()
