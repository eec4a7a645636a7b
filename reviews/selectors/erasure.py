"""Runs of erasure as people look at them: the list, the report, and what is left of a case."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from complaints.models import Case
from reviews.models import ErasureItem, ErasureRun, LegalHold
from reviews.states import ItemState, WhyHeld


@dataclass(frozen=True)
class Report:
    """A run in figures: cases by state, rows and bytes of those that go, why others stay."""

    cases: int
    goes: int
    stays: int
    failed: int
    erased: int
    rows: int
    files: int
    bytes: int
    reasons: list[tuple[str, int]]


def runs_listed() -> QuerySet[ErasureRun]:
    """Return all runs, the newest first."""
    runs = ErasureRun.objects.select_related("proposed_by", "asked_by", "released_by")
    return runs.order_by("-pk")


def one_run(run_id: int) -> ErasureRun:
    """Return a run; 404 for none."""
    people = ("proposed_by", "asked_by", "released_by", "discarded_by")
    run = ErasureRun.objects.select_related(*people).filter(pk=run_id).first()
    if run is None:
        raise Http404("no such run")
    return run


def items_of(run: ErasureRun) -> list[ErasureItem]:
    """Return the cases of a run, those held back last."""
    items = run.items.select_related("case", "rule").order_by("due_on", "pk")
    order = [ItemState.FAILED, ItemState.PLANNED, ItemState.ERASED, ItemState.HELD]
    return sorted(items, key=lambda item: order.index(ItemState(item.state)))


def report_of(items: list[ErasureItem]) -> Report:
    """Return a run's figures."""
    by_state = Counter(item.state for item in items)
    going = [item for item in items if item.state != ItemState.HELD]
    why = Counter(item.why for item in items if item.state == ItemState.HELD)
    return Report(
        cases=len(items),
        goes=by_state[ItemState.PLANNED],
        stays=by_state[ItemState.HELD],
        failed=by_state[ItemState.FAILED],
        erased=by_state[ItemState.ERASED],
        rows=sum(item.rows for item in going),
        files=sum(len(item.files) for item in going),
        bytes=sum(item.bytes for item in going),
        reasons=[(str(WhyHeld(code).label), count) for code, count in why.most_common()],
    )


def one_certificate(erasure_id: int) -> ErasureItem:
    """Return the certificate of an erased case; 404 for none."""
    people = ("case", "rule", "run__asked_by", "run__released_by")
    done = ErasureItem.objects.filter(pk=erasure_id, state=ItemState.ERASED)
    item = done.select_related(*people).first()
    if item is None:
        raise Http404("no such certificate")
    return item


def what_is_left(reference: str) -> dict[str, Any]:
    """Return what is kept of an erased case, and its certificate."""
    case = Case.objects.select_related("product", "batch").filter(reference=reference).first()
    done = ErasureItem.objects.filter(case=case, state=ItemState.ERASED)
    return {"case": case, "item": done.select_related("rule").first()}


def holds_listed(*, ended: bool) -> QuerySet[LegalHold]:
    """Return holds with their cases, the oldest first: those that stand, or those that ended."""
    holds = LegalHold.objects.filter(~Q(lifted_at=None) if ended else Q(lifted_at=None))
    people = holds.select_related("case", "placed_by", "lifted_by")
    return people.order_by("-lifted_at" if ended else "placed_at", "pk")


def one_hold(hold_id: int) -> LegalHold:
    """Return a hold with its case; 404 for none."""
    hold = LegalHold.objects.select_related("case", "placed_by").filter(pk=hold_id).first()
    if hold is None:
        raise Http404("no such hold")
    return hold
