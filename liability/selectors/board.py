"""The evidence board: claims, what speaks for and against them, and the burden of proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Prefetch, QuerySet

from complaints.models import Case, Evidence
from complaints.selectors.policies import working_calendar
from complaints.states import Urgency
from documents.models import StoredFile
from liability.burden import Burden, BurdenFacts, burdens
from liability.models import (
    Claim,
    ClaimEvidence,
    ConsultTask,
    EvidenceWeight,
    Statement,
    WithheldEvidence,
)
from liability.states import ConsultStatus, EvidenceKind, Stance, WithheldEffect
from liability.weights import leaning, side_weight


@dataclass(frozen=True)
class Weighed:
    """One claim with both sides' weight; `leaning` is 1 for it, -1 against, 0 about even."""

    claim: Claim
    speaks_for: list[ClaimEvidence]
    speaks_against: list[ClaimEvidence]
    weight_for: Decimal
    weight_against: Decimal
    leaning: int
    withheld: list[WithheldEvidence]


def burden_of(case: Case) -> list[Burden]:
    """Return who has to prove what in a case, by its dates and category; special rules first."""
    calendar = working_calendar()
    flaw_on = case.occurred_on or calendar.local_date(case.received_at)
    named = case.product.category or case.product.name if case.product else case.product_name
    return burdens(
        BurdenFacts(
            category=case.category,
            issue=case.issue,
            product_kind=named,
            channel=case.channel,
            received_on=case.purchased_on,
            flaw_on=flaw_on,
            endangers=case.urgency == Urgency.EMERGENCY,
        )
    )


def weight_table() -> dict[str, Decimal]:
    """Return the weight of each kind and factor, by its newest version."""
    rows = EvidenceWeight.objects.order_by("version").values_list("key", "weight")
    return dict(rows)


def usual_weight(file: StoredFile, table: Mapping[str, Decimal]) -> Decimal | None:
    """Return what evidence of a file's form usually weighs; None where the form says nothing."""
    if file.is_photo:
        return table.get(EvidenceKind.PHOTO)
    return table.get(EvidenceKind.VIDEO) if file.is_video else None


def judged_weights(case: Case) -> dict[int, Decimal]:
    """Return what each file of a case was judged to weigh, by its evidence; the most of several."""
    judged = ClaimEvidence.objects.filter(claim__case=case, evidence__isnull=False).order_by()
    rows = judged.values_list("evidence").annotate(most=Max("weight"))
    return {evidence: most for evidence, most in rows if evidence is not None}


def to_weigh(case: Case) -> list[tuple[Evidence, Decimal | None]]:
    """Return the files of a case that are on no claim yet, with what such files usually weigh."""
    on_board = ClaimEvidence.objects.filter(evidence=OuterRef("pk"))
    rows = list(
        Evidence.objects.filter(~Exists(on_board), case=case).select_related("file").order_by("id")
    )
    table = weight_table() if rows else {}
    return [(row, usual_weight(row.file, table)) for row in rows]


def weight_rows() -> list[EvidenceWeight]:
    """Return the newest version of each weight, with who set it."""
    rows = EvidenceWeight.objects.select_related("set_by").order_by("key", "-version")
    return list(rows.distinct("key"))


def board_of(case: Case) -> list[Weighed]:
    """Return the claims of a case, each with its evidence and what both sides weigh."""
    evidence = (
        ClaimEvidence.objects.select_related(
            "evidence__file", "statement", "consult__department", "consult__case", "weighed_by"
        )
        .annotate(custody_entries=Count("evidence__custody"))
        .order_by("-weight", "id")
    )
    claims = (
        Claim.objects.filter(case=case)
        .prefetch_related(Prefetch("evidence", queryset=evidence), "withheld")
        .order_by("position")
    )
    return [_weighed(claim) for claim in claims]


def _weighed(claim: Claim) -> Weighed:
    rows = list(claim.evidence.all())
    speaks_for = [row for row in rows if row.stance == Stance.FOR]
    against = [row for row in rows if row.stance == Stance.AGAINST]
    both = [side_weight([row.weight for row in side]) for side in (speaks_for, against)]
    return Weighed(
        claim=claim,
        speaks_for=speaks_for,
        speaks_against=against,
        weight_for=both[0],
        weight_against=both[1],
        leaning=leaning(both[0], both[1]),
        withheld=list(claim.withheld.all()),
    )


def withheld_of(case: Case) -> QuerySet[WithheldEvidence]:
    """Return what was kept back in a case, the earliest first."""
    return WithheldEvidence.objects.filter(case=case).select_related("claim").order_by("id")


def adverse_holders(case: Case) -> list[str]:
    """Return the parties against whom withheld evidence may be read."""
    adverse = withheld_of(case).filter(effect=WithheldEffect.AGAINST_HOLDER)
    return sorted(set(adverse.values_list("holder", flat=True)))


def claim_of(case: Case, claim_id: int) -> Claim | None:
    """Return one claim of a case, or None for another case's."""
    return Claim.objects.filter(case=case, pk=claim_id).first()


def sources_of(case: Case) -> list[tuple[str, Any]]:
    """Return what can be put on the board: files, statements and answers, each with its key."""
    files = Evidence.objects.filter(case=case).select_related("file").order_by("id")
    said = Statement.objects.filter(case=case, heard_at__isnull=False).order_by("id")
    answers = ConsultTask.objects.filter(case=case, status=ConsultStatus.ANSWERED)
    return [
        *((f"evidence:{row.pk}", row) for row in files),
        *((f"statement:{row.pk}", row) for row in said),
        *((f"consult:{row.pk}", row) for row in answers.select_related("department")),
    ]
