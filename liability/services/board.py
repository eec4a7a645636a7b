"""Working on the evidence board: claims, weighing evidence, and noting what is kept back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StaleCase, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from liability.models import Claim, ClaimEvidence, EvidenceWeight, WithheldEvidence
from liability.selectors.board import burden_of, sources_of, weight_rows, weight_table
from liability.services.investigating import may_investigate, round_in_work
from liability.states import (
    Bearer,
    EvidenceKind,
    Party,
    Stance,
    WeightFactor,
    WithheldEffect,
)
from liability.weights import STEP, Look, weight_of

MOST_CLAIMS = 30


@dataclass(frozen=True)
class Judgement:
    """What somebody makes of one file, statement or answer for one claim."""

    source: str
    stance: str
    kind: str
    is_copy: bool = False
    is_tampered: bool = False
    creation_doubted: bool = False
    integrity_doubted: bool = False
    sender_doubted: bool = False
    note: str = ""

    @property
    def look(self) -> Look:
        """What the weight is worked out from."""
        doubts = (self.creation_doubted, self.integrity_doubted, self.sender_doubted)
        return Look(self.kind, self.is_copy, self.is_tampered, sum(doubts))


@transaction.atomic
def add_claim(case: Case, *, by: Actor, text: str, bearer: str = "") -> Claim:
    """Write down what is to be proved; who proves it follows the first rule that counts.

    Raises CaseError for an empty claim or a bearer that is none.
    """
    user = may_investigate(by)
    if not text.strip():
        raise CaseError(_("请写明要证明什么。"), field="text")
    if bearer and bearer not in Bearer.values:
        raise CaseError(_("请选由谁举证。"), field="bearer")
    case = locked_case(case)
    round_in_work(case)
    count = Claim.objects.filter(case=case).count()
    if count >= MOST_CLAIMS:
        raise CaseError(_("一个案件最多 %(most)d 个待证事项。") % {"most": MOST_CLAIMS})
    same = Claim.objects.filter(case=case, text=text.strip()).first()
    if same is not None:
        return same
    claim = Claim.objects.create(
        case=case,
        position=count + 1,
        text=text.strip(),
        bearer=bearer or burden_of(case)[0].bearer,
        made_by=user,
        made_at=now(),
    )
    touch(case, "claim_added", by=by, data={"claim": claim.pk, "bearer": claim.bearer})
    return claim


@transaction.atomic
def weigh(claim: Claim, *, by: Actor, judgement: Judgement) -> ClaimEvidence:
    """Say what a file, statement or answer does to a claim; a later judgement takes its place.

    The weight is worked out from the table as it now is, and kept. Raises CaseError for a thing of
    another case.
    """
    user = may_investigate(by)
    if judgement.stance not in Stance.values:
        raise CaseError(_("请选支持还是反对。"), field="stance")
    if judgement.kind not in EvidenceKind.values:
        raise CaseError(_("请选证据的种类。"), field="kind")
    case = locked_case(claim.case)
    round_in_work(case)
    if judgement.source not in dict(sources_of(case)):
        raise CaseError(_("证据只能从本案的材料里选。"), field="source")
    name, _colon, pk = judgement.source.partition(":")
    thing: dict[str, Any] = {f"{name}_id": int(pk)}
    row, _made = ClaimEvidence.objects.update_or_create(
        claim=claim,
        **thing,
        defaults={
            "stance": judgement.stance,
            "kind": judgement.kind,
            "is_copy": judgement.is_copy,
            "is_tampered": judgement.is_tampered,
            "creation_doubted": judgement.creation_doubted,
            "integrity_doubted": judgement.integrity_doubted,
            "sender_doubted": judgement.sender_doubted,
            "weight": weight_of(judgement.look, weight_table()),
            "note": judgement.note.strip()[:300],
            "weighed_by": user,
            "weighed_at": now(),
        },
    )
    data = {"claim": claim.pk, "source": judgement.source, "stance": judgement.stance}
    touch(case, "evidence_weighed", by=by, data={**data, "weight": str(row.weight)})
    return row


@transaction.atomic
def note_withheld(
    case: Case,
    *,
    by: Actor,
    holder: str,
    what: str,
    asked_on: date,
    reason_given: str = "",
    claim: Claim | None = None,
) -> WithheldEvidence:
    """Note evidence that its holder keeps back; without a reason it may be read against them.

    Raises CaseError for a day in the future or a claim of another case.
    """
    user = may_investigate(by)
    if holder not in Party.values:
        raise CaseError(_("请选谁持有。"), field="holder")
    if not what.strip():
        raise CaseError(_("请写明是什么证据。"), field="what")
    if asked_on > working_calendar().local_date(now()):
        raise CaseError(_("要求提供的日期不能晚于今天。"), field="asked_on")
    case = locked_case(case)
    round_in_work(case)
    if claim is not None and claim.case_id != case.pk:
        raise CaseError(_("这个待证事项不在本案里。"), field="claim")
    explained = bool(reason_given.strip())
    effect = WithheldEffect.EXPLAINED if explained else WithheldEffect.AGAINST_HOLDER
    fields = {
        "claim": claim,
        "holder": holder,
        "what": what.strip(),
        "asked_on": asked_on,
        "reason_given": reason_given.strip(),
        "effect": effect,
    }
    same = WithheldEvidence.objects.filter(case=case, **fields).first()
    if same is not None:
        return same
    row = WithheldEvidence.objects.create(case=case, noted_by=user, noted_at=now(), **fields)
    touch(case, "evidence_withheld", by=by, data={"withheld": row.pk, "effect": row.effect})
    return row


@transaction.atomic
def set_weights(
    weights: Mapping[str, Decimal], *, by: Actor, seen: Mapping[str, int]
) -> list[EvidenceWeight]:
    """Publish new versions of the weights that changed; judgements that were made stay.

    `seen` are the versions that the author began with: StaleCase when somebody was faster.
    """
    if not has_permission(by, Permission.MANAGE_POLICIES):
        raise StepForbidden(_("你的角色不能改证据权重。"))
    user = by.person
    rows = {row.key: row for row in weight_rows()}
    list(EvidenceWeight.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    changed = []
    for key, weight in weights.items():
        if key not in {*EvidenceKind.values, *WeightFactor.values}:
            raise CaseError(_("没有这个种类。"))
        if not 0 <= weight <= 1 or weight != weight.quantize(STEP):
            raise CaseError(_("权重写 0 到 1，最多两位小数。"), field=key)
        last = rows.get(key)
        current = last.version if last else 0
        if seen.get(key, 0) != current:
            raise StaleCase(_("有人刚改过权重。"), seen=seen.get(key, 0), current=current)
        if last is None or last.weight != weight:
            changed.append(
                EvidenceWeight(
                    key=key, version=current + 1, weight=weight, set_by=user, set_at=now()
                )
            )
    return EvidenceWeight.objects.bulk_create(changed)
