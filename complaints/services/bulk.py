"""Work on many cases: an order is written down whole, then carried out case by case.

Each case is a transaction of its own, together with what is written about it, so that a worker that
dies leaves nothing half done and another goes on where it stopped; two at once never do the same.
Everything is done by the ordinary services, as the person who asked and with the roles they have
at that moment.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.http import QueryDict
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase, StepForbidden
from complaints.models import BulkItem, BulkJob, Macro, Tag
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.sealing import new_secret
from complaints.selectors.filters import query_of
from complaints.selectors.people import possible_owners
from complaints.selectors.queue import cases_asked
from complaints.services.bulk_done import Done
from complaints.services.bulk_macros import withdraw_replies
from complaints.services.bulk_steps import INVERSES, STEPS
from complaints.services.queueing import bulk_soon
from complaints.states import BulkKind, BulkResult, MergeCause, Severity

logger = logging.getLogger(__name__)
MOST_CASES = 10_000
LONGEST_QUERY = 2_000
AT_ONCE, SECONDS, TURN_SECONDS = 25, 45.0, 3.0


# --- Asking -------------------------------------------------------------------------------------
@transaction.atomic
def ask_bulk(
    kind: str,
    params: dict[str, Any],
    *,
    by: Actor,
    nonce: str,
    ids: Iterable[int] | None = None,
    query: str = "",
) -> BulkJob:
    """Write down an order for the cases of `ids`, or for all that the list of `query` holds now.

    Only cases that the person may see are meant. The same nonce again is the same order. Raises
    CaseError for no cases, too many, or parameters that can't be meant; StepForbidden.
    """
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"bulk:{nonce}"])
    known = BulkJob.objects.filter(nonce=nonce, actor=by.person).first()
    if known is not None:
        return known
    params = _checked(kind, params, by)
    query = query_of(QueryDict(query)) if ids is None else ""
    if len(query) > LONGEST_QUERY:
        raise CaseError(_("筛选条件太长，请少选一些。"))
    if ids is None:
        cases = cases_asked(QueryDict(query), actor=by, moment=now())
    else:
        cases = visible_cases(by).filter(pk__in=list(ids))
    if kind == BulkKind.MERGE:
        cases = cases.exclude(pk=params["into"])
    chosen = list(cases.order_by("pk").values_list("pk", "version")[: MOST_CASES + 1])
    if not chosen:
        raise CaseError(_("先勾选案件。"), field="case")
    if len(chosen) > MOST_CASES:
        words = {"most": f"{MOST_CASES:,}"}
        raise CaseError(_("一次最多处理 %(most)s 件，先把列表筛小一点。") % words, field="case")
    job = _written(kind, params, by, nonce=nonce, total=len(chosen), query=query)
    items = [BulkItem(job=job, case_id=pk, seen=version) for pk, version in chosen]
    BulkItem.objects.bulk_create(items, batch_size=2000)
    return job


def _written(
    kind: str,
    params: dict[str, Any],
    by: Actor,
    *,
    nonce: str,
    total: int,
    query: str = "",
    undo_of: BulkJob | None = None,
) -> BulkJob:
    bulk_soon()
    return BulkJob.objects.create(
        kind=kind,
        params=params,
        actor=by.person,
        nonce=nonce,
        total=total,
        query=query,
        undo_of=undo_of,
        language=get_language() or "zh-hans",
        created_at=now(),
    )


def _checked(kind: str, params: dict[str, Any], by: Actor) -> dict[str, Any]:
    """Return the parameters of an order as they are kept: codes and ids."""
    if kind == BulkKind.ASSIGN:
        owner = possible_owners().filter(pk=params.get("owner", 0)).first()
        if owner is None:
            raise CaseError(_("请选交给谁。"), field="owner")
        return {"owner": owner.pk}
    if kind in (BulkKind.TAG, BulkKind.UNTAG):
        tag = params.get("tag")
        if not isinstance(tag, Tag):
            raise CaseError(_("请写一个标签。"), field="tag")
        return {"tag": tag.pk, "name": tag.name}
    if kind == BulkKind.SEVERITY:
        if params.get("severity") not in Severity.values:
            raise CaseError(_("请选择严重程度。"), field="severity")
        return {"severity": params["severity"]}
    if kind == BulkKind.MERGE:
        return _checked_merge(params, by)
    if kind == BulkKind.MACRO:
        return _checked_macro(params)
    raise CaseError(_("请选一项操作。"))


def _checked_merge(params: dict[str, Any], by: Actor) -> dict[str, Any]:
    reference = str(params.get("into", "")).strip().upper()
    into = visible_cases(by).filter(reference=reference).first()
    if into is None:
        raise CaseError(_("没有找到这个编号的案件。"), field="into")
    if not into.is_open:
        raise CaseError(_("要并入的案件已经结束。"), field="into")
    if params.get("cause") not in MergeCause.values:
        raise CaseError(_("请选一个并案的原因。"), field="cause")
    return {"into": into.pk, "reference": into.reference, "cause": params["cause"]}


def _checked_macro(params: dict[str, Any]) -> dict[str, Any]:
    macro = params.get("macro")
    if not isinstance(macro, Macro) or macro.retired_at is not None:
        raise CaseError(_("请选一个快捷操作。"), field="macro")
    # One mark for the whole order: each case's reply and note carry it, and are known by it again.
    mark = f"bulk:{new_secret()[:32]}"
    return {"macro": macro.pk, "version": macro.version, "name": macro.name, "mark": mark}


def ask_undo(job: BulkJob, *, by: Actor) -> BulkJob:
    """Write down that what an order did is to be taken back; asked twice it is one.

    A macro at work is stopped first; of what it did, `take_back` tells what stays. Raises CaseError
    while another order is at work, for an undoing itself, and where nothing was done; StepForbidden
    for anybody but who gave the order and managers.
    """
    own = job.actor_id == by.person.pk
    if not has_permission(by, Permission.HANDLE_CASE) or not (
        own or has_permission(by, Permission.MANAGE_STAFF)
    ):
        raise StepForbidden(_("只有发起的同事或主管可以撤销。"))
    if job.kind == BulkKind.UNDO:
        raise CaseError(_("撤销本身不能再撤销。"))
    _stop(job)
    return _undoing(job, by)


@transaction.atomic
def _undoing(job: BulkJob, by: Actor) -> BulkJob:
    job = BulkJob.objects.select_for_update().get(pk=job.pk)
    known = BulkJob.objects.filter(undo_of=job).first()
    if known is not None:
        return known
    if job.kind == BulkKind.MACRO:
        withdraw_replies(job.params, job.actor)
    done = list(job.items.filter(result=BulkResult.DONE).order_by("-pk"))
    if not done:
        raise CaseError(_("没有可以撤销的案件。"))
    undo = _written(BulkKind.UNDO, {}, by, nonce=f"undo:{job.pk}", total=len(done), undo_of=job)
    items = [
        BulkItem(job=undo, case_id=item.case_id, seen=item.after or 0, before=item.before)
        for item in done
    ]
    BulkItem.objects.bulk_create(items, batch_size=2000)
    return undo


@transaction.atomic
def _stop(job: BulkJob) -> None:
    """End a macro's order where it stands: its replies go out soon, so undoing can't wait."""
    job = BulkJob.objects.select_for_update().get(pk=job.pk)
    if job.finished_at is not None:
        return
    if job.kind != BulkKind.MACRO:
        raise CaseError(_("还在处理，完成以后才能撤销。"))
    words = str(_("撤销得早，这件没有做"))
    pending = BulkItem.objects.filter(job=job, result=BulkResult.PENDING)
    pending.update(result=BulkResult.REFUSED, reason=words, done_at=now())
    job.finished_at = now()
    job.save(update_fields=["finished_at"])


# --- Working ------------------------------------------------------------------------------------
def work_bulk(*, seconds: float = SECONDS) -> bool:
    """Carry out what was ordered, for some time; say whether anything is left to do.

    Orders take turns, so that a small one never waits for the end of a large one.
    """
    until = time.monotonic() + seconds
    unfinished = BulkJob.objects.filter(finished_at=None)
    while True:
        done = 0
        for job in unfinished.select_related("undo_of").order_by("pk"):
            turn = min(until, time.monotonic() + TURN_SECONDS)
            with translation.override(job.language):
                done += _work_on(job, turn)
        if not done or time.monotonic() > until:
            return unfinished.exists()


def _work_on(job: BulkJob, until: float) -> int:
    """Do one case after the other until a moment; return how many were done here."""
    pending = BulkItem.objects.filter(job=job, result=BulkResult.PENDING).order_by("pk")
    done = 0
    while ids := list(pending.values_list("pk", flat=True)[:AT_ONCE]):
        now_done = sum(_do(job, pk) for pk in ids)
        done += now_done
        if not now_done or time.monotonic() > until:
            return done
    BulkJob.objects.filter(pk=job.pk, finished_at=None).update(finished_at=now())
    return done


@transaction.atomic
def _do(job: BulkJob, item_id: int) -> bool:
    """Do one case, unless somebody else does it; say whether it was done here."""
    free = BulkItem.objects.select_for_update(skip_locked=True, of=("self",))
    item = free.filter(pk=item_id, result=BulkResult.PENDING).first()
    if item is None:
        return False
    try:
        with transaction.atomic():
            done = _step(job, item)
        item.result = BulkResult.DONE if done.changed else BulkResult.UNCHANGED
        item.before, item.after = done.before, done.version
        item.reason = done.told[:400]
    except StaleCase:
        item.result = BulkResult.CHANGED
    except CaseError as refusal:
        item.result, item.reason = BulkResult.REFUSED, str(refusal.message)[:400]
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # What one case trips over must not keep the others waiting; it is told and logged.
        logger.exception("bulk_item_failed", extra={"job": job.pk, "case": item.case_id})
        item.result = BulkResult.FAILED
    item.done_at = now()
    item.save(update_fields=["result", "reason", "before", "after", "done_at"])
    return True


def _step(job: BulkJob, item: BulkItem) -> Done:
    by = Actor.staff(User.objects.get(pk=job.actor_id))
    case = visible_cases(by).filter(pk=item.case_id).first()
    if case is None:
        raise CaseError(_("你现在看不到这个案件了。"))
    undone = job.undo_of
    # A macro's own reply that went out meanwhile is no change; its inverse looks for itself.
    if case.version != item.seen and (undone is None or undone.kind != BulkKind.MACRO):
        raise StaleCase(_("期间有变化，没有动"), seen=item.seen, current=case.version)
    if undone is not None:
        back = INVERSES[undone.kind](case, undone.params, item.before, by, item.seen)
        return back if isinstance(back, Done) else Done(back.version, {})
    return STEPS[job.kind](case, job.params, by, item.seen)
