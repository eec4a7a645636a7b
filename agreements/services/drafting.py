"""Drafting an agreement from the accepted offer, or from what a mediation came to."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from agreements.capitals import NotCapitals, to_capitals
from agreements.errors import AgreementBlocked
from agreements.models import Agreement, Signer
from agreements.selectors import proposed_party, proposed_terms
from agreements.selectors.agreements import waiting_paper
from agreements.selectors.proposals import chosen_offer, least_by_review
from agreements.selectors.wording import current_wording, usual_wording
from agreements.services.blocks import Proposed, check_issuable
from agreements.services.printing import check_printable
from agreements.services.rights import check_stage, locked_agreement, require_drafter
from agreements.services.turns import our_turn
from agreements.states import (
    OPEN_STATUSES,
    AgreementKind,
    AgreementStatus,
    CheckStatus,
    SignerRole,
)
from agreements.terms import AgreementTerms, PartyData, as_json
from compensation.models import CompensationPlan, Offer
from compensation.selectors.offers import clock_runs
from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.moments import now
from complaints.services.cases import touch
from complaints.services.joint import ask_group_anew
from complaints.services.locking import locked_case
from complaints.services.outbox import has_address, tell_consumer, tell_staff
from complaints.states import ClockKind, Stage


@transaction.atomic
def draft_agreement(
    case: Case,
    *,
    by: Actor,
    kind: str = AgreementKind.SETTLEMENT,
    terms: AgreementTerms | None = None,
    party: PartyData | None = None,
    effective_on: date | None = None,
    minimum_waiver: str = "",
    change_reason: str = "",
    wording_kind: str = "",
    seen: int | None = None,
) -> Agreement:
    """Write a new version of the agreement; an earlier open one is superseded.

    Signatures under the earlier one are void with it, which takes a reason and is told to all.
    It is written on the company's text in use (`wording_kind`, else the one that fits).
    A settlement follows the accepted offer (`terms` may change its texts and days, not its money);
    a mediation's terms are given. Raises CaseError in the wrong stage or without an accepted offer,
    AgreementBlocked with all reasons when the text may not be issued.
    """
    require_drafter(by, kind)
    case = locked_case(case, seen=seen)
    check_stage(case, kind)
    offer = _ground(case, kind)
    text = terms or proposed_terms(case)
    if text is None:
        raise CaseError(_("请写明双方约定的内容。"))
    chosen = wording_kind or usual_wording(case, kind, text)
    proposed = Proposed(
        kind=kind,
        terms=text,
        wording=current_wording(chosen, _language(case)),
        party=party or proposed_party(case),
        currency=offer.plan.currency if offer else case.currency,
        total_capitals=_capitals(text),
        plan=offer.plan if offer else _latest_plan(case),
        option=offer.chosen_option if offer else None,
        minimum_waiver=minimum_waiver,
        effective_on=effective_on,
        least=least_by_review(case),
    )
    check_issuable(proposed)
    earlier = _put_aside_earlier(case, by=by, reason=change_reason)
    agreement = _write(case, proposed, offer=offer, by=by, change_reason=change_reason)
    _name_signers(agreement, proposed)
    check_printable(agreement)
    agreement.case = _recorded(agreement, case, earlier=earlier, by=by)
    return agreement


def _recorded(agreement: Agreement, case: Case, *, earlier: Agreement | None, by: Actor) -> Case:
    """Put a new version into the log, ask a group about it anew, and make it our turn."""
    data = {"agreement": agreement.pk, "version": agreement.version}
    drafted = touch(case, "agreement_drafted", by=by, data=data)
    if agreement.version > 1:
        drafted = ask_group_anew(drafted, by=by)
    was_offered = earlier is not None and earlier.offered_at is not None
    if was_offered or (case.stage == Stage.NEGOTIATING and clock_runs(case, ClockKind.OFFER)):
        drafted = our_turn(drafted, by=by, cause="agreement_drafted")
    return _told_void(drafted, earlier, agreement, by=by) if earlier and was_offered else drafted


def _told_void(case: Case, earlier: Agreement, agreement: Agreement, *, by: Actor) -> Case:
    """Tell both sides that what they were signing, or had signed, has another text now."""
    signed = earlier.signers.filter(signed_at__isnull=False)
    data = {
        "agreement": earlier.pk,
        "number": earlier.number,
        "roles": sorted(signed.values_list("role", flat=True)),
    }
    reason = agreement.change_reason.strip()
    text = {"reason": reason} if reason else None
    case = touch(case, "signatures_void", by=by, data=data, text=text, for_consumer=True)
    key = f"agreement:{earlier.pk}:void"
    if has_address(case) and case.imported_at is None:
        secret = {"reason": reason}
        tell_consumer(
            case, "signatures_void", key=key, data={"number": earlier.number}, secret=secret
        )
    ours = [signer.user for signer in signed.exclude(user=None).select_related("user")]
    others = [user for user in ours if user is not None and user != by.user]
    tell_staff(case, "signatures_void", users=others, key=key, data={"agreement": earlier.pk})
    return case


def _language(case: Case) -> str:
    return "en" if case.language == "en" else "zh-hans"


def _ground(case: Case, kind: str) -> Offer | None:
    if kind != AgreementKind.SETTLEMENT:
        return None
    offer = chosen_offer(case)
    if offer is None:
        raise CaseError(_("消费者还没有选定方案，不能起草协议。"))
    return offer


def _latest_plan(case: Case) -> CompensationPlan | None:
    return CompensationPlan.objects.filter(case=case).order_by("-version").first()


def _capitals(terms: AgreementTerms) -> str:
    try:
        return to_capitals(terms.total)
    except NotCapitals as error:
        raise AgreementBlocked([("lines", _("合计金额不能写成大写，请核对。"))]) from error


def _put_aside_earlier(case: Case, *, by: Actor, reason: str) -> Agreement | None:
    """Let an open version end; its signatures, if there are any, count no more."""
    earlier = Agreement.objects.filter(case=case, status__in=OPEN_STATUSES).first()
    if earlier is None:
        return None
    given = earlier.signers.filter(signed_at__isnull=False).exists()
    if (given or waiting_paper(earlier) is not None) and not reason.strip():
        raise CaseError(
            _("已经有一方签了上一版。改了文本，已有的签名全部作废，请写明为什么改。"),
            field="change_reason",
        )
    earlier.status = AgreementStatus.SUPERSEDED
    earlier.save(update_fields=["status"])
    _end_papers(earlier, by=by)
    return earlier


def _end_papers(agreement: Agreement, *, by: Actor) -> None:
    """Let signed papers of a text that ended wait no longer: nobody compares them any more."""
    agreement.paper_copies.filter(status=CheckStatus.WAITING).update(
        status=CheckStatus.REJECTED,
        checked_at=now(),
        checked_by=by.user,
        reason=_("这份协议已经不再签署，签名页不用再核对。"),
    )


def _write(
    case: Case, proposed: Proposed, *, offer: Offer | None, by: Actor, change_reason: str
) -> Agreement:
    last = Agreement.objects.filter(case=case).aggregate(last=Max("version"))["last"] or 0
    previous = Agreement.objects.filter(case=case, version=last).first()
    days = [duty.due_on for duty in proposed.terms.undertakings if duty.due_on]
    agreement = Agreement.objects.create(
        case=case,
        plan=offer.plan if offer else None,
        option=offer.chosen_option if offer else None,
        kind=proposed.kind,
        version=last + 1,
        supersedes=previous,
        language=_language(case),
        wording=proposed.wording,
        terms=as_json(proposed.terms),
        party_sealed=sealing.seal(case.consumer.key_sealed, asdict(proposed.party)),
        total=proposed.terms.total,
        currency=proposed.currency,
        total_capitals=proposed.total_capitals,
        performance_due_on=max(days),
        effective_on=proposed.effective_on,
        minimum_waiver=proposed.minimum_waiver,
        change_reason=change_reason.strip(),
        created_by=by.user,
        created_at=now(),
    )
    agreement.refresh_from_db(fields=["number"])
    return agreement


def _name_signers(agreement: Agreement, proposed: Proposed) -> None:
    roles = [(SignerRole.CONSUMER, ""), (SignerRole.COMPANY, "")]
    if proposed.kind == AgreementKind.MEDIATION:
        roles.append((SignerRole.MEDIATOR, proposed.terms.mediator))
    Signer.objects.bulk_create(
        Signer(agreement=agreement, role=role, name=name) for role, name in roles
    )


def as_proposed(agreement: Agreement, *, sign_by_day: date | None = None) -> Proposed:
    """Return a stored agreement for another check before it is offered."""
    return Proposed(
        kind=agreement.kind,
        terms=agreement.text,
        wording=agreement.wording,
        party=agreement.party,
        currency=agreement.currency,
        total_capitals=agreement.total_capitals,
        plan=agreement.plan,
        option=agreement.option,
        minimum_waiver=agreement.minimum_waiver,
        effective_on=agreement.effective_on,
        sign_by_day=sign_by_day,
        least=least_by_review(agreement.case),
    )


def check_still_chosen(agreement: Agreement) -> None:
    """Raise CaseError when the consumer's choice is no longer what this agreement rests on."""
    if agreement.kind != AgreementKind.SETTLEMENT:
        return
    offer = chosen_offer(agreement.case)
    if offer is None or offer.chosen_option_id != agreement.option_id:
        raise CaseError(_("选定的方案已经变了，这份协议不再适用。请按新的方案重新起草。"))


@transaction.atomic
def void_agreement(agreement: Agreement, *, by: Actor, reason: str) -> Agreement:
    """Take back a draft or an offered agreement that the consumer has not signed.

    Raises CaseError without a reason, for a finished agreement, or after the consumer has signed.
    """
    require_drafter(by, agreement.kind)
    if not reason.strip():
        raise CaseError(_("请写明作废的原因。"), field="reason")
    agreement = locked_agreement(agreement)
    if agreement.status not in OPEN_STATUSES:
        raise CaseError(_("这份协议已经不在起草或签署中。"))
    signed = agreement.signers.filter(role=SignerRole.CONSUMER, signed_at__isnull=False)
    if signed.exists():
        raise CaseError(_("消费者已经签了，不能单方面作废。"))
    if waiting_paper(agreement) is not None:
        raise CaseError(_("消费者交来了签好的纸质协议，请先核对，不能单方面作废。"))
    return put_away(agreement, AgreementStatus.VOID, by=by, text={"reason": reason})


def put_away(
    agreement: Agreement, status: str, *, by: Actor, text: dict[str, str] | None = None
) -> Agreement:
    """End a locked open agreement with `status`, and make it our turn where it was being signed."""
    from_offer = agreement.status == AgreementStatus.OFFERED
    agreement.status = status
    agreement.save(update_fields=["status"])
    _end_papers(agreement, by=by)
    event = "agreement_refused" if status == AgreementStatus.REFUSED else "agreement_void"
    agreement.case = touch(
        agreement.case,
        event,
        by=by,
        data={"agreement": agreement.pk},
        text=text,
        for_consumer=from_offer,
    )
    if from_offer:
        refused = status == AgreementStatus.REFUSED
        kind = ClockKind.OFFER if refused else ClockKind.AGREEMENT_DRAFT
        agreement.case = our_turn(agreement.case, by=by, cause=event, kind=kind)
    return agreement
