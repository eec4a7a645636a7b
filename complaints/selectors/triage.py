"""What was proposed for a Case and why, and below what it may not be lowered by one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language

from complaints.models import Batch, Case, LoweringRequest, TriageProposal
from complaints.moments import now
from complaints.states import Category, Severity, Urgency
from complaints.triage_rules import REASONS

BATCH_DAYS = timedelta(days=7)
_ABOUT_GOODS = ("", Category.QUALITY)
_RANKS: dict[str, int] = {
    str(value): rank
    for ranks in ((Urgency.NORMAL, Urgency.EMERGENCY), tuple(Severity))
    for rank, value in enumerate(ranks)
}


@dataclass(frozen=True)
class Floor:
    """The least urgency and severity that one person alone may set."""

    urgency: str = Urgency.NORMAL
    severity: str = Severity.MINOR

    def holds(self, *, urgency: str = "", severity: str = "") -> bool:
        """Say whether neither value lies below the floor; "" is none."""
        return (not urgency or _RANKS[urgency] >= _RANKS[self.urgency]) and (
            not severity or _RANKS[severity] >= _RANKS[self.severity]
        )


def triage_text(case: Case) -> str:
    """Return the text of a Case that the rules read; their findings are places in it."""
    return "\n".join(part for part in (case.description, case.wished_detail) if part)


def proposal_of(case: Case) -> TriageProposal | None:
    """Return what was proposed for a Case."""
    return TriageProposal.objects.select_related("decided_by").filter(case=case).first()


def floor_of(case: Case) -> Floor:
    """Return below what one person alone may not put a Case.

    A safety case stands where its proposal, and whoever raised it, put it, until two people have
    agreed to lower it; who raises it once more sets it there again.
    """
    urgency = Urgency(case.urgency)
    agreed = (
        LoweringRequest.objects.filter(case=case, approved=True).order_by("-decided_at").first()
    )
    if agreed is not None:
        raised = _RANKS[case.severity] > _RANKS[agreed.severity] if case.severity else False
        return Floor(urgency, case.severity if raised else agreed.severity)
    proposal = proposal_of(case)
    if proposal is None or not proposal.safety:
        return Floor(urgency)
    return Floor(urgency, proposal.severity)


def open_lowering(case: Case) -> LoweringRequest | None:
    """Return the request to lower a Case that nobody has decided yet."""
    return (
        LoweringRequest.objects.select_related("requested_by")
        .filter(case=case, approved=None)
        .first()
    )


def lowerings(case: Case) -> list[LoweringRequest]:
    """Return every request to lower a Case, the latest first."""
    requests = LoweringRequest.objects.filter(case=case).order_by("-requested_at", "-pk")
    return list(requests.select_related("requested_by", "decided_by"))


def named_batch(product_id: int | None, code: str, *, category: str, issue: str) -> Batch | None:
    """Return a product's batch, with the cases alike on it counted in the same statement."""
    if not (product_id and code):
        return None
    alike = _alike(category, issue).filter(batch_id=OuterRef("pk")).order_by()
    counted = alike.values("batch_id").annotate(number=Count("pk")).values("number")
    named = Batch.objects.filter(product_id=product_id, code=code)
    return named.annotate(cases_alike=Coalesce(Subquery(counted), 0)).first()


def similar_on_batch(case: Case) -> int:
    """Return how many cases of the last week tell of the same on one batch, this one included.

    Alike are cases about the goods that name the same issue, and every case in which somebody was
    in danger. What is about something else (personal data, a price) says nothing of a batch.
    """
    if case.batch is None or case.category not in _ABOUT_GOODS:
        return 0
    if case.pk is None and hasattr(case.batch, "cases_alike"):
        return int(case.batch.cases_alike) + 1
    others = _alike(case.category, case.issue).filter(batch_id=case.batch_id)
    return others.exclude(pk=case.pk).count() + 1


def _alike(category: str, issue: str) -> QuerySet[Case]:
    alike = Q(category=category, issue=issue)
    alike |= Q(danger_reported=True) | Q(triage_proposal__safety=True)
    return Case.objects.filter(alike, received_at__gte=now() - BATCH_DAYS)


def reason_rows(case: Case, proposal: TriageProposal) -> list[dict[str, Any]]:
    """Return each reason once, in the reader's language, with the words that led to it.

    Words are shown only while the text is as it was read.
    """
    chinese = (get_language() or "zh-hans").startswith("zh")
    text = triage_text(case)
    readable = len(text) == proposal.text_length
    rows: dict[str, dict[str, Any]] = {}
    for finding in proposal.findings:
        reason = REASONS.get(finding["reason"])
        if reason is None:
            continue
        name = reason.zh if chinese else reason.en
        row = rows.setdefault(
            reason.code,
            {"code": reason.code, "name": name, "kind": str(reason.kind), "words": []},
        )
        words = text[finding["start"] : finding["end"]] if readable else ""
        if words and words not in row["words"]:
            row["words"].append(words)
    return list(rows.values())


def marked_text(case: Case, proposal: TriageProposal) -> list[tuple[str, bool]]:
    """Return the text in pieces, each with whether the rules found it telling."""
    text = triage_text(case)
    if len(text) != proposal.text_length:
        return [(text, False)]
    pieces: list[tuple[str, bool]] = []
    place = 0
    for finding in sorted(proposal.findings, key=lambda found: (found["start"], found["end"])):
        start, end = max(place, finding["start"]), finding["end"]
        if end <= start:
            continue
        pieces += [(text[place:start], False), (text[start:end], True)]
        place = end
    return [piece for piece in (*pieces, (text[place:], False)) if piece[0]]
