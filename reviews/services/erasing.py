"""Erasing what is past its time: a dry run, asked for by one, released by another, carried out.

Nothing is destroyed by itself: the daily run only proposes. Each case is a transaction of its own
in which everything is checked again, so that who dies in between goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Consumer
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.events import append_event
from complaints.services.locking import locked_case
from reviews.models import ErasureItem, ErasureRun
from reviews.selectors.retention import Standing, cases_due, standing_of, today
from reviews.services.destroying import destroy, found_in
from reviews.services.holding import let_lapse
from reviews.states import OPEN_RUNS, ItemState, RunState, WhyHeld

logger = logging.getLogger(__name__)
MOST_CASES = 500
MOST_ATTEMPTS = 3
WORK_SECONDS = 180.0


@transaction.atomic
def propose_run(*, by: Actor, most: int = MOST_CASES) -> ErasureRun | None:
    """Try out what would be erased now, and keep the list; None when no case is past its time.

    A list that nobody has asked for yet gives way to the new one. Raises CaseError while one waits
    for its release or is carried out.
    """
    if by.user is not None:
        _check(by)
    _only_one_at_a_time()
    open_run = ErasureRun.objects.select_for_update().filter(state__in=OPEN_RUNS).first()
    if open_run is not None and open_run.state != RunState.PROPOSED:
        raise CaseError(_("上一次清除还没有做完，做完再试算。"))
    let_lapse()
    due = cases_due(most=most)
    if open_run is not None:
        open_run.items.all().delete()
        if not due:
            _finish(open_run, RunState.DISCARDED)
    if not due:
        return None
    run = open_run or ErasureRun()
    run.proposed_at, run.proposed_by = now(), by.user
    run.save()
    items = ErasureItem.objects.bulk_create([_planned(run, standing) for standing in due])
    run.digest = _list_digest(items)
    run.save(update_fields=["digest"])
    return run


def _only_one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('erasure', 43))")


def _planned(run: ErasureRun, standing: Standing) -> ErasureItem:
    found = found_in(standing.case)
    return ErasureItem(
        run=run,
        case=standing.case,
        rule=standing.rule,
        on_request=standing.on_request,
        due_on=standing.erasable_from or today(),
        state=ItemState.HELD if standing.why else ItemState.PLANNED,
        why=standing.why,
        counts=found.counts,
        files=found.file_facts,
        kept_files=found.shared,
    )


def _list_digest(items: list[ErasureItem]) -> str:
    facts = [[item.case_id, item.state, item.counts, item.files] for item in items]
    return hashlib.sha256(_canonical(facts)).hexdigest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@transaction.atomic
def ask_for_release(run: ErasureRun, *, by: Actor, reason: str, seen: str) -> ErasureRun:
    """Ask that the cases of a list be erased; `seen` is the digest of the list that was read.

    Raises CaseError without a reason, or when the list is another by now; StepForbidden.
    """
    _check(by)
    if not reason.strip():
        raise CaseError(_("请写明为什么现在清除。"), field="reason")
    run = _locked(run, RunState.PROPOSED, seen=seen)
    if not run.items.filter(state=ItemState.PLANNED).exists():
        raise CaseError(_("这份清单里没有可以清除的案件。"))
    run.state, run.asked_by, run.asked_at = RunState.ASKED, by.person, now()
    run.reason = reason.strip()
    run.save(update_fields=["state", "asked_by", "asked_at", "reason"])
    return run


@transaction.atomic
def release_run(run: ErasureRun, *, by: Actor, seen: str) -> ErasureRun:
    """Release a list for erasure; a worker begins. Never by the person who asked for it.

    Raises CaseError when it is another list by now or was released; StepForbidden.
    """
    _check(by)
    run = _locked(run, RunState.ASKED, seen=seen)
    if run.asked_by_id == by.person.pk:
        raise StepForbidden(_("清除是你申请的，要由另一个人放行。"))
    run.state, run.released_by, run.released_at = RunState.RELEASED, by.person, now()
    run.save(update_fields=["state", "released_by", "released_at"])
    return run


@transaction.atomic
def discard_run(run: ErasureRun, *, by: Actor, reason: str) -> ErasureRun:
    """Stop a run; what is erased already stays erased. Raises CaseError; StepForbidden."""
    _check(by)
    if not reason.strip():
        raise CaseError(_("请写明为什么作废。"), field="reason")
    run = _locked(run, *OPEN_RUNS)
    run.discarded_by, run.discard_reason = by.person, reason.strip()
    return _finish(run, RunState.DISCARDED)


def _check(by: Actor) -> None:
    if not has_permission(by, Permission.MANAGE_RETENTION):
        raise StepForbidden(_("你的角色不能做这件事。"))


def _locked(run: ErasureRun, *states: str, seen: str = "") -> ErasureRun:
    run = ErasureRun.objects.select_for_update().get(pk=run.pk)
    if run.state not in states:
        raise CaseError(
            _("这次清除现在的状态是「%(state)s」。") % {"state": run.get_state_display()}
        )
    if seen and seen != run.digest:
        raise CaseError(_("清单已经更新。看过新的清单，再决定。"))
    return run


def _finish(run: ErasureRun, state: str) -> ErasureRun:
    run.state, run.finished_at = state, now()
    run.save()
    return run


def work_erasures(*, seconds: float = WORK_SECONDS) -> int:
    """Carry out the released run for about so long; return how many cases were erased.

    Safe to run twice and at once: a case is locked, checked and marked in one transaction.
    """
    run = ErasureRun.objects.filter(state=RunState.RELEASED).first()
    if run is None:
        return 0
    end, done = time.monotonic() + seconds, 0
    planned = run.items.filter(state=ItemState.PLANNED).order_by("pk")
    for pk in planned.values_list("pk", flat=True):
        if time.monotonic() > end:
            return done
        done += _carried_out(pk)
    with transaction.atomic():
        left = ErasureRun.objects.select_for_update(skip_locked=True).filter(
            pk=run.pk, state=RunState.RELEASED
        )
        for finished in left:
            if not finished.items.filter(state=ItemState.PLANNED).exists():
                _finish(finished, RunState.DONE)
    return done


def _carried_out(pk: int) -> bool:
    try:
        return _erase(pk)
    except DatabaseError as fault:
        logger.error("case_not_erased", extra={"item": pk, "error": type(fault).__name__})
        _note_failure(pk, fault)
        return False


@transaction.atomic
def _note_failure(pk: int, fault: DatabaseError) -> None:
    """Count a try that the database refused; after some the case is left to people."""
    item = ErasureItem.objects.select_for_update().get(pk=pk)
    if item.state != ItemState.PLANNED:
        return
    cause = fault.__cause__
    diagnosis = getattr(cause, "diag", None)
    named = [getattr(diagnosis, name, None) for name in ("table_name", "constraint_name")]
    item.error = " ".join([type(fault).__name__, *(name for name in named if name)])[:200]
    item.attempts += 1
    if item.attempts >= MOST_ATTEMPTS:
        item.state = ItemState.FAILED
    item.save(update_fields=["error", "attempts", "state"])


@transaction.atomic
def _erase(pk: int) -> bool:
    """Erase one case if everything still stands as it did; else say why it is held back."""
    item = ErasureItem.objects.select_related("run", "case", "rule").get(pk=pk)
    if item.state != ItemState.PLANNED or item.case.erased_at is not None:
        return False
    case = locked_case(item.case)
    item = (
        ErasureItem.objects.select_for_update(of=("self", "run"))
        .select_related("run", "case", "rule")
        .get(pk=pk)
    )
    if item.state != ItemState.PLANNED or item.run.state != RunState.RELEASED:
        return False
    let_lapse(case=case)
    standing = standing_of(case)
    why = standing.why or ("" if standing.is_due else WhyHeld.NOT_DUE)
    if why:
        item.state, item.why = ItemState.HELD, why
        item.save(update_fields=["state", "why"])
        return False
    _destroy(case, item)
    return True


def _destroy(case: Case, item: ErasureItem) -> None:
    moment = now()
    case = locked_case(case)
    append_event(
        case,
        "case_erased",
        by=Actor.system(),
        data={
            "run": item.run_id,
            "asked_by": item.run.asked_by_id,
            "released_by": item.run.released_by_id,
        },
    )
    case.version += 1
    case.save(update_fields=["version"])
    found = found_in(case)
    item.counts, item.files, item.kept_files = found.counts, found.file_facts, found.shared
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('redress.erasing', %s, true)", [str(item.pk)])
    Consumer.objects.select_for_update().filter(pk__in=found.rows[Consumer]).count()
    destroy(case, found, at=moment)
    Case.objects.filter(pk=case.pk).update(erased_at=moment)
    item.head = Case.objects.values_list("last_event_hash", flat=True).get(pk=case.pk)
    item.state, item.erased_at, item.error = ItemState.ERASED, moment, ""
    item.digest = hashlib.sha256(_canonical(item.certificate)).hexdigest()
    item.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('redress.erasing', '', true)")
