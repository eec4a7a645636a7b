"""Outside proceedings, recorded beside the case; handling rests only where one suspends it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from agreements.days import today
from agreements.services.awards import write_award
from agreements.services.concluding import obligation_clocks
from agreements.services.consumers_clock import start_consumers_clocks
from agreements.states import AgreementKind
from agreements.terms import AgreementTerms
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden, StepNotAllowed
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, check_step, has_permission
from complaints.services.cases import move, touch
from complaints.services.locking import locked_case
from complaints.states import Stage
from documents.models import StoredFile
from documents.services.files import discard_file, store_file
from reviews.models import Proceeding, ProceedingStep
from reviews.selectors.mediations import suspending_proceeding
from reviews.states import (
    DECIDING_KINDS,
    ProceedingKind,
    ProceedingOutcome,
    ProceedingStatus,
)


@dataclass(frozen=True)
class ProceedingData:
    """What is known of a proceeding when it is recorded."""

    kind: str
    body: str
    filed_on: date
    reference: str = ""
    suspends: bool = False


def _recorder(by: Actor) -> User:
    if by.user is None or not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("只有客服或主管可以登记外部程序。"))
    return by.user


@transaction.atomic
def record_proceeding(
    case: Case, *, by: Actor, proceeding: ProceedingData, seen: int | None = None
) -> Proceeding:
    """Record a proceeding elsewhere, beside any stage; suspends the handling where asked for.

    Raises CaseError for missing or impossible facts, StepNotAllowed where handling can't rest.
    """
    user = _recorder(by)
    if proceeding.kind not in ProceedingKind.values:
        raise CaseError(_("请选择种类。"), field="kind")
    if not proceeding.body.strip():
        raise CaseError(_("请填写受理机构。"), field="body")
    if proceeding.filed_on > today():
        raise CaseError(_("提出日期不能晚于今天。"), field="filed_on")
    case = locked_case(case, seen=seen)
    if proceeding.suspends and suspending_proceeding(case) is not None:
        raise CaseError(_("处理已经因为另一个程序暂停。"), field="suspends")
    recorded = Proceeding.objects.create(
        case=case,
        kind=proceeding.kind,
        body=proceeding.body.strip(),
        reference=proceeding.reference.strip(),
        filed_on=proceeding.filed_on,
        suspends=proceeding.suspends,
        recorded_by=user,
        recorded_at=now(),
    )
    data = {"proceeding": recorded.pk, "kind": recorded.kind}
    if proceeding.suspends:
        recorded.case = move(case, "suspend_for_external", by=by, data=data)
    else:
        recorded.case = touch(case, "proceeding_recorded", by=by, data=data)
    return recorded


@transaction.atomic
def add_step(proceeding: Proceeding, *, by: Actor, happened_on: date, text: str) -> ProceedingStep:
    """Record something that happened in a proceeding. Raises CaseError for an empty text."""
    user = _recorder(by)
    if not text.strip():
        raise CaseError(_("请写明进展。"), field="text")
    if happened_on > today():
        raise CaseError(_("日期不能晚于今天。"), field="happened_on")
    proceeding = _open_proceeding(proceeding)
    step = ProceedingStep.objects.create(
        proceeding=proceeding,
        happened_on=happened_on,
        text=text.strip(),
        recorded_by=user,
        recorded_at=now(),
    )
    touch(proceeding.case, "proceeding_step", by=by, data={"proceeding": proceeding.pk})
    return step


def _open_proceeding(proceeding: Proceeding, *, seen: int | None = None) -> Proceeding:
    case = locked_case(proceeding.case, seen=seen)
    fresh = Proceeding.objects.get(pk=proceeding.pk)
    if not fresh.is_open:
        raise CaseError(_("这个外部程序已经结束。"))
    fresh.case = case
    return fresh


@transaction.atomic
def end_proceeding(
    proceeding: Proceeding,
    *,
    by: Actor,
    outcome: str,
    text: str,
    close_case: bool = False,
    seen: int | None = None,
) -> Case:
    """End a proceeding without an award. A suspended case goes on, or closes with `close_case`.

    Raises CaseError for an unknown outcome or a missing explanation, StepNotAllowed for one that
    suspends a case which was withdrawn meanwhile.
    """
    _recorder(by)
    if outcome not in ProceedingOutcome.values or outcome == ProceedingOutcome.AWARD:
        raise CaseError(_("请选择结果。"), field="outcome")
    if not text.strip():
        raise CaseError(_("请写明结果。"), field="outcome_text")
    proceeding = _open_proceeding(proceeding, seen=seen)
    case = proceeding.case
    if proceeding.suspends and case.stage == Stage.WITHDRAWN:
        # Taken up again, the case would wait for a proceeding that is over.
        raise StepNotAllowed(
            _("案件现在的阶段是「%(stage)s」，不能做这一步。") % {"stage": case.get_stage_display()}
        )
    finish(proceeding, outcome=outcome, text=text)
    data = {"proceeding": proceeding.pk, "outcome": outcome}
    if not proceeding.suspends or case.stage != Stage.EXTERNAL:
        return touch(case, "proceeding_ended", by=by, data=data)
    verb = "close" if close_case else "return_from_external"
    check_step(by, verb)
    return move(case, verb, by=by, data=data)


def finish(proceeding: Proceeding, *, outcome: str, text: str) -> None:
    """Write down how a locked proceeding ended."""
    proceeding.status, proceeding.outcome = ProceedingStatus.ENDED, outcome
    proceeding.outcome_text, proceeding.ended_on = text.strip(), today()
    proceeding.save(update_fields=["status", "outcome", "outcome_text", "ended_on", "agreement"])


AWARD_KIND = {
    ProceedingKind.ARBITRATION: AgreementKind.AWARD,
    ProceedingKind.COURT: AgreementKind.JUDGMENT,
}


def record_award(
    proceeding: Proceeding,
    *,
    by: Actor,
    terms: AgreementTerms,
    text: str,
    decided_on: date,
    file: IO[bytes] | None = None,
    file_name: str = "",
    seen: int | None = None,
) -> Case:
    """Record what an award or judgment orders; what we owe by it has clocks from now on.

    Raises CaseError for a proceeding that decides nothing or for which handling does not rest, and
    as `write_award` does; FileRefused for a paper that is no picture or PDF.
    """
    _recorder(by)
    if proceeding.kind not in DECIDING_KINDS:
        raise CaseError(_("只有仲裁和诉讼会作出裁决或判决。"))
    stored = store_file(file, name=file_name) if file is not None else None
    try:
        return _record_award(
            proceeding,
            by=by,
            terms=terms,
            text=text,
            decided_on=decided_on,
            paper=stored,
            seen=seen,
        )
    except CaseError:
        if stored is not None:
            discard_file(stored)
        raise


@transaction.atomic
def _record_award(
    proceeding: Proceeding,
    *,
    by: Actor,
    terms: AgreementTerms,
    text: str,
    decided_on: date,
    paper: StoredFile | None,
    seen: int | None,
) -> Case:
    proceeding = _open_proceeding(proceeding, seen=seen)
    if not proceeding.suspends or proceeding.case.stage != Stage.EXTERNAL:
        raise CaseError(_("处理没有因它暂停，不能登记裁决。"))
    agreement = write_award(
        proceeding.case,
        by=by,
        kind=AWARD_KIND[ProceedingKind(proceeding.kind)],
        terms=terms,
        decided_on=decided_on,
        source_file=paper,
    )
    proceeding.agreement = agreement
    finish(proceeding, outcome=ProceedingOutcome.AWARD, text=text)
    case = move(
        agreement.case,
        "record_award",
        by=by,
        data={"agreement": agreement.pk, "proceeding": proceeding.pk},
        clocks=obligation_clocks(agreement.case),
    )
    return start_consumers_clocks(case, by=by, cause="record_award")
