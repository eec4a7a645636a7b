"""Deciding: the finding with its shares, what follows from it, and the letter."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import check_step
from complaints.selectors.policies import working_calendar
from complaints.services.cases import move, touch
from complaints.services.locking import locked_case
from liability.decisions import Approval, FindingData, ShareData
from liability.models import LiabilityFinding, LiabilityShare
from liability.periods import REVIEW_WINDOW_DAYS, last_day
from liability.selectors import (
    current_finding,
    current_investigation,
    notice_ends_on,
)
from liability.selectors.approval import over_limits, reason_words
from liability.services.finding_rules import check_evidence, check_finding
from liability.services.hearing import check_bearers_heard, check_heard
from liability.services.investigating import acting_user
from liability.services.letters import request_letter
from liability.services.recourse import open_claims
from liability.services.result_notices import tell_result
from liability.states import GroundKind, LiabilityKind, Outcome, Party, ShareTable


@transaction.atomic
def determine_liability(
    case: Case, *, by: Actor, finding: FindingData, seen: int | None = None
) -> Case:
    """Decide who bears what, within the limits of deciding alone. The consumer was heard by
    complaining; the respondent, and each supplier named with a share, must have been heard too, or
    asked with the time to answer passed.
    Raises CaseError for what is missing, or when another person has to approve it.
    """
    check_step(by, "determine_liability")
    case = locked_case(case, seen=seen)
    check_finding(finding)
    check_heard(case, finding.shares)
    reasons = over_limits(case, finding)
    if reasons:
        raise CaseError(
            _("这份认定要由另一位同事批准：%(reasons)s。请提交审批。")
            % {"reasons": "；".join(reason_words(reason) for reason in reasons)}
        )
    return decide(case, by=by, finding=finding)


def decide(
    case: Case, *, by: Actor, finding: FindingData, approval: Approval | None = None
) -> Case:
    """Issue a finding of a locked case, tell both sides and take the step."""
    issued = issue_finding(case, by=by, finding=finding, approval=approval)
    case = move(case, "determine_liability", by=by, data=_facts(issued))
    tell_result(case, issued, by=by, address=finding.respondent_email)
    return case


@transaction.atomic
def settle_directly(
    case: Case, *, by: Actor, reasons: str, reasons_internal: str = "", seen: int | None = None
) -> Case:
    """Admit a minor case without an investigation: the seller bears all of it.

    Raises CaseError without reasons, StepNotAllowed when the case is not minor.
    """
    check_step(by, "settle_directly")
    case = locked_case(case, seen=seen)
    issued = issue_finding(
        case,
        by=by,
        finding=FindingData(
            outcome=Outcome.LIABLE,
            reasons_consumer=reasons,
            reasons_internal=reasons_internal,
            admitted=True,
            shares=[
                ShareData(
                    table=ShareTable.OUTWARD,
                    party=Party.SELLER,
                    share=Decimal(100),
                    kind=LiabilityKind.SEVERAL,
                    ground_kind=GroundKind.ADMISSION,
                    ground=_("我们承认责任"),
                )
            ],
        ),
    )
    return move(case, "settle_directly", by=by, data=_facts(issued))


@transaction.atomic
def issue_finding(
    case: Case, *, by: Actor, finding: FindingData, approval: Approval | None = None
) -> LiabilityFinding:
    """Write a finding that supersedes the last one, ask for its letter and open the time in which
    a review can be asked for. Takes no step: the caller does, in the same transaction.

    Raises CaseError for missing reasons, shares that do not fit the outcome, or an outside party
    that is to bear a share unheard.
    """
    user = acting_user(by)
    check_finding(finding)
    case = locked_case(case)
    check_evidence(case, finding)
    if not finding.admitted:
        check_bearers_heard(case, finding.shares)
    last = current_finding(case)
    moment, version = now(), last.version + 1 if last else 1
    calendar = working_calendar()
    review_until = last_day(calendar.local_date(moment), REVIEW_WINDOW_DAYS, calendar)
    issued = LiabilityFinding.objects.create(
        case=case,
        investigation=None if finding.admitted else current_investigation(case),
        version=version,
        outcome=finding.outcome,
        admitted=finding.admitted,
        standard_of_proof=finding.standard_of_proof,
        expected_amount=finding.expected_amount,
        dissenter=finding.dissenter.strip(),
        dissent=finding.dissent.strip(),
        approved_by=approval.user if approval else None,
        approved_for=approval.on_behalf_of if approval else None,
        approved_at=approval.at if approval else None,
        reasons_consumer=finding.reasons_consumer.strip(),
        reasons_internal=finding.reasons_internal.strip(),
        decided_by=user,
        decided_at=moment,
        letter=request_letter(
            case, finding=finding, version=version, user=user, review_until=review_until
        ),
    )
    _write_shares(issued, finding.shares)
    if last is not None:
        LiabilityFinding.objects.filter(pk=last.pk).update(superseded_by=issued)
    touch(
        case,
        "finding_issued",
        by=by,
        changes={"review_until": review_until},
        data=_facts(issued),
    )
    open_claims(case, by=by)
    return issued


def _facts(finding: LiabilityFinding) -> dict[str, object]:
    return {"finding": finding.pk, "version": finding.version, "outcome": finding.outcome}


def _write_shares(finding: LiabilityFinding, shares: Sequence[ShareData]) -> None:
    for position, data in enumerate(shares, start=1):
        share = LiabilityShare.objects.create(
            finding=finding,
            table=data.table,
            position=position,
            party=data.party,
            name=" ".join(data.name.split()),
            share=data.share,
            kind=data.kind,
            ground_kind=data.ground_kind,
            ground=data.ground.strip(),
        )
        share.evidence.set(data.evidence)


@transaction.atomic
def close_without_liability(case: Case, *, by: Actor, seen: int | None = None) -> Case:
    """End a case in which we are not liable, once the notice period has passed.

    Raises CaseError for another outcome, or before the period's end.
    """
    check_step(by, "close_without_liability")
    case = locked_case(case, seen=seen)
    finding = current_finding(case)
    if finding is None or finding.outcome != Outcome.NOT_LIABLE:
        raise CaseError(_("只有认定我们不承担责任的案件可以这样结案。"))
    ends = notice_ends_on(finding)
    if working_calendar().local_date(now()) <= ends:
        raise CaseError(
            _("通知期到 %(date)s 为止，过了这天才能结案。") % {"date": ends.isoformat()}
        )
    return move(case, "close_without_liability", by=by, data=_facts(finding))
