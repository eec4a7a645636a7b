"""Deciding: the finding with its shares, what follows from it, and the letter."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case, Evidence
from complaints.moments import now
from complaints.permissions import check_step
from complaints.selectors.policies import working_calendar
from complaints.services.cases import move, touch
from complaints.services.locking import locked_case
from liability.decisions import FindingData, ShareData
from liability.models import LiabilityFinding, LiabilityShare
from liability.periods import REVIEW_WINDOW_DAYS, last_day
from liability.selectors import (
    current_finding,
    current_investigation,
    notice_ends_on,
)
from liability.services.hearing import check_heard
from liability.services.investigating import acting_user
from liability.services.letters import request_letter
from liability.shares import check_shares
from liability.states import LiabilityKind, Outcome, Party, ShareTable


@transaction.atomic
def determine_liability(
    case: Case, *, by: Actor, finding: FindingData, seen: int | None = None
) -> Case:
    """Decide who bears what. The consumer was heard by complaining; the respondent, and each
    supplier named with a share, too, or was asked and let its time pass. Raises CaseError for what
    is missing.
    """
    check_step(by, "determine_liability")
    case = locked_case(case, seen=seen)
    check_heard(case, finding.shares)
    issued = issue_finding(case, by=by, finding=finding)
    return move(case, "determine_liability", by=by, data=_facts(issued))


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
                    ground=_("我们承认责任"),
                )
            ],
        ),
    )
    return move(case, "settle_directly", by=by, data=_facts(issued))


@transaction.atomic
def issue_finding(case: Case, *, by: Actor, finding: FindingData) -> LiabilityFinding:
    """Write a finding that supersedes the last one, ask for its letter and open the time in which
    a review can be asked for. Takes no step: the caller does, in the same transaction.

    Raises CaseError for missing reasons or shares that do not fit the outcome.
    """
    user = acting_user(by)
    check_finding(finding)
    case = locked_case(case)
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
        reasons_consumer=finding.reasons_consumer.strip(),
        reasons_internal=finding.reasons_internal.strip(),
        decided_by=user,
        decided_at=moment,
        letter=request_letter(
            case, finding=finding, version=version, user=user, review_until=review_until
        ),
    )
    _write_shares(case, issued, finding.shares)
    if last is not None:
        LiabilityFinding.objects.filter(pk=last.pk).update(superseded_by=issued)
    touch(
        case,
        "finding_issued",
        by=by,
        changes={"review_until": review_until},
        data=_facts(issued),
    )
    return issued


def _facts(finding: LiabilityFinding) -> dict[str, object]:
    return {"finding": finding.pk, "version": finding.version, "outcome": finding.outcome}


def _write_shares(case: Case, finding: LiabilityFinding, shares: Sequence[ShareData]) -> None:
    own = set(Evidence.objects.filter(case=case).values_list("pk", flat=True))
    for position, data in enumerate(shares, start=1):
        if not own.issuperset(data.evidence):
            raise CaseError(_("证据只能从本案的材料里选。"), field="shares")
        share = LiabilityShare.objects.create(
            finding=finding,
            table=data.table,
            position=position,
            party=data.party,
            name=data.name.strip(),
            share=data.share,
            kind=data.kind,
            ground=data.ground.strip(),
        )
        share.evidence.set(data.evidence)


def check_finding(finding: FindingData) -> None:
    """Raise CaseError, naming the field, for a finding that can't be issued as it is."""
    if finding.outcome not in Outcome.values:
        raise CaseError(_("请选择结论。"), field="outcome")
    if not finding.reasons_consumer.strip():
        raise CaseError(_("请用平实的话写明理由，消费者会看到。"), field="reasons_consumer")
    for share in finding.shares:
        _check_share(share)
    for table in ShareTable:
        shares = [share.share for share in finding.shares if share.table == table]
        if shares:
            _check_sum(table, shares)
    _check_outcome(finding)


def _check_share(share: ShareData) -> None:
    if share.table not in ShareTable.values or share.party not in Party.values:
        raise CaseError(_("请选择责任方。"), field="shares")
    if not share.ground.strip():
        raise CaseError(_("每一份责任都要写明依据。"), field="shares")
    outward = share.table == ShareTable.OUTWARD
    if outward and share.kind not in LiabilityKind.values:
        raise CaseError(_("对消费者的责任要选责任形式。"), field="shares")
    if not outward and share.kind:
        raise CaseError(_("内部分担不填责任形式。"), field="shares")


def _check_sum(table: ShareTable, shares: Sequence[Decimal]) -> None:
    try:
        missing = check_shares(shares)
    except ValueError as refusal:
        raise CaseError(_("比例要大于 0、不超过 100，最多两位小数。"), field="shares") from refusal
    if missing > 0:
        raise CaseError(
            _("「%(table)s」的比例合计要是 100，还差 %(missing)s。")
            % {"table": table.label, "missing": missing},
            field="shares",
        )
    if missing < 0:
        raise CaseError(
            _("「%(table)s」的比例合计要是 100，多了 %(over)s。")
            % {"table": table.label, "over": -missing},
            field="shares",
        )


def _check_outcome(finding: FindingData) -> None:
    outward = [share for share in finding.shares if share.table == ShareTable.OUTWARD]
    parties = {share.party for share in outward}
    if finding.outcome in (Outcome.LIABLE, Outcome.PARTLY) and not outward:
        raise CaseError(_("请填写对消费者的责任比例。"), field="shares")
    if finding.outcome == Outcome.LIABLE and Party.CONSUMER in parties:
        raise CaseError(
            _("消费者也承担一部分的，结论要选「%(outcome)s」。")
            % {"outcome": Outcome.PARTLY.label},
            field="outcome",
        )
    if finding.outcome == Outcome.PARTLY and len(outward) < 2:
        raise CaseError(_("部分责任要写明其余部分由谁承担。"), field="shares")
    if finding.outcome == Outcome.NOT_LIABLE and Party.SELLER in parties:
        raise CaseError(_("我们不承担责任的，比例里不能有销售者。"), field="shares")


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
