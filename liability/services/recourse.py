"""Recourse: claims open by themselves, debtors are told in time, and money comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_address, tell_staff
from liability.models import (
    InsurancePolicy,
    LiabilityFinding,
    RecourseBasis,
    RecourseClaim,
    RecourseEntry,
    Recovery,
    Supplier,
)
from liability.periods import last_day
from liability.selectors.facts import current_finding
from liability.selectors.recourse import (
    claims_of,
    due_soon,
    notice_due,
    overdue,
    paid_for,
    policies_for,
    recourse_people,
    without_claims,
)
from liability.services.investigating import acting_user
from liability.states import INSURER, OUTSIDE_PARTIES, ClaimStatus, EntryKind, ShareTable

AT_ONCE = 100


@dataclass(frozen=True)
class _Wanted:
    party: str
    name: str
    percent: Decimal | None
    policy: InsurancePolicy | None = None

    @property
    def key(self) -> tuple[str, str]:
        """Who it is: an insurer by its policy, whatever that is called by now."""
        return _key(self.party, self.name, self.policy.pk if self.policy else None)


def _key(party: str, name: str, policy_id: int | None) -> tuple[str, str]:
    return party, f"policy:{policy_id}" if policy_id else name


@transaction.atomic
def open_claims(case: Case, *, by: Actor) -> list[RecourseClaim]:
    """Open the claims that follow from the finding in force; safe to call again at any time.

    A share that changed changes its claim; a debtor no longer named, from whom nothing came, is
    let go. Returns the claims that are new.
    """
    finding = current_finding(case)
    if finding is None:
        return []
    wanted = _wanted(case, finding)
    held = {
        _key(claim.party, claim.name, claim.policy_id): claim
        for claim in RecourseClaim.objects.filter(case=case).select_for_update()
    }
    keys = {each.key for each in wanted}
    for key, claim in held.items():
        if key not in keys and claim.is_open and not claim.recoveries.exists():
            _end(claim, ClaimStatus.WITHDRAWN, _("新的认定里没有这一方"))
    opened = []
    for each in wanted:
        claim_held = held.get(each.key)
        if claim_held is None:
            opened.append(_open(case, finding, each))
        else:
            _bring_up_to_date(claim_held, finding, each)
    for claim in opened:
        touch(case, "recourse_opened", by=by, data={"claim": claim.pk})
    return opened


def _wanted(case: Case, finding: LiabilityFinding) -> list[_Wanted]:
    shares = [
        _Wanted(share.party, share.name, share.share)
        for share in finding.shares.all()
        if share.table == ShareTable.INWARD and share.party in OUTSIDE_PARTIES
    ]
    insured = [
        _Wanted(INSURER, str(policy), None, policy) for policy in policies_for(case, finding)
    ]
    return [*shares, *insured]


def _open(case: Case, finding: LiabilityFinding, wanted: _Wanted) -> RecourseClaim:
    start = working_calendar().local_date(finding.decided_at)
    return RecourseClaim.objects.create(
        case=case,
        finding=finding,
        party=wanted.party,
        name=wanted.name,
        supplier=Supplier.objects.filter(name=wanted.name).first() if wanted.name else None,
        policy=wanted.policy,
        percent=wanted.percent,
        opened_at=now(),
        notice_due_on=_due(wanted, start),
    )


def _due(wanted: _Wanted, start: date) -> date:
    if wanted.policy is None:
        return notice_due(wanted.party, wanted.name, start)
    return last_day(start, wanted.policy.notice_days, working_calendar())


def _bring_up_to_date(claim: RecourseClaim, finding: LiabilityFinding, wanted: _Wanted) -> None:
    let_go = claim.status == ClaimStatus.WITHDRAWN
    if not let_go and claim.finding_id == finding.pk and claim.percent == wanted.percent:
        return
    claim.finding, claim.percent = finding, wanted.percent
    if let_go:
        _take_up_again(claim, wanted)
    claim.save()


def _take_up_again(claim: RecourseClaim, wanted: _Wanted) -> None:
    """Open a claim that was let go; who was never told has the whole time for it from today."""
    claim.status = ClaimStatus.NOTIFIED if claim.notified_at else ClaimStatus.OPEN
    claim.closed_at, claim.close_reason = None, ""
    if claim.notified_at is None:
        claim.notice_due_on = _due(wanted, working_calendar().local_date(now()))
        claim.warned_at = claim.escalated_at = None


def _end(claim: RecourseClaim, status: ClaimStatus, reason: str) -> None:
    claim.status, claim.closed_at, claim.close_reason = status, now(), reason.strip()[:300]
    claim.save(update_fields=["status", "closed_at", "close_reason"])


@transaction.atomic
def record_paid(
    case: Case,
    *,
    by: Actor,
    source: str,
    amount: Decimal,
    currency: str,
    paid_at: datetime,
    in_kind: bool = False,
) -> RecourseBasis:
    """Record that money, or a thing at its worth, went to the consumer: what claims may bring back
    goes by it.

    The same source a second time changes nothing.
    """
    basis, created = RecourseBasis.objects.get_or_create(
        source=source,
        defaults={
            "case": case,
            "amount": amount,
            "currency": currency,
            "paid_at": paid_at,
            "in_kind": in_kind,
        },
    )
    if created:
        open_claims(case, by=by)
    return basis


def withdraw_paid(source: str) -> bool:
    """Record that money came back to us, or a thing never arrived: it covers no claim any more.
    Says whether it was there.
    """
    rows = RecourseBasis.objects.filter(source=source, withdrawn_at=None)
    return bool(rows.update(withdrawn_at=now()))


def _locked(
    claim: RecourseClaim, *, by: Actor, ended: bool = False
) -> tuple[RecourseClaim, Case, User]:
    if not has_permission(by, Permission.MANAGE_RECOURSE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    user = acting_user(by)
    case = locked_case(claim.case)
    claim = RecourseClaim.objects.select_for_update().get(pk=claim.pk)
    if not ended and not claim.is_open:
        raise CaseError(_("这项追偿已经结束。"))
    return claim, case, user


@transaction.atomic
def add_entry(
    claim: RecourseClaim,
    *,
    by: Actor,
    kind: str,
    text: str,
    address: str = "",
    key: UUID | None = None,
) -> RecourseEntry:
    """Record what was said to or by the debtor; a notice stops the time for giving it.

    With an address the notice is mailed. The same key twice is one entry, mailed once. Raises
    CaseError without a text, or for an ended claim.
    """
    if kind not in EntryKind.values:
        raise CaseError(_("请选一项。"), field="kind")
    if not text.strip():
        raise CaseError(_("请写下内容。"), field="text")
    if address.strip() and kind not in (EntryKind.NOTICE, EntryKind.SENT):
        raise CaseError(_("只有发出的通知和信件会寄到邮箱。"), field="address")
    claim, case, user = _locked(claim, by=by)
    earlier = claim.entries.filter(key=key).first() if key else None
    if earlier is not None:
        return earlier
    entry = RecourseEntry.objects.create(
        claim=claim, kind=kind, text=text.strip(), recorded_by=user, recorded_at=now(), key=key
    )
    if kind == EntryKind.NOTICE and claim.notified_at is None:
        claim.notified_at, claim.status = entry.recorded_at, ClaimStatus.NOTIFIED
        claim.save(update_fields=["notified_at", "status"])
    event = "recourse_notified" if kind == EntryKind.NOTICE else "recourse_entry"
    touch(case, event, by=by, data={"claim": claim.pk})
    if address.strip():
        tell_address(
            case,
            "recourse_letter",
            key=f"recourse:{claim.pk}:{entry.pk}",
            address=address.strip(),
            data={"claim": claim.pk},
            secret={"name": claim.name, "text": entry.text},
        )
    return entry


@transaction.atomic
def record_recovery(
    claim: RecourseClaim,
    *,
    by: Actor,
    amount: Decimal,
    received_on: date,
    key: str,
    reference: str = "",
) -> Recovery:
    """Record money that came back; the same `key` gives the first one again.

    Raises CaseError for more than the claim covers of what was paid, for a day to come, and for
    an ended claim.
    """
    if (earlier := _recovered_before(claim, key, amount)) is not None:
        return earlier
    if received_on > working_calendar().local_date(now()):
        raise CaseError(_("到账日期不能晚于今天。"), field="received_on")
    claim, case, user = _locked(claim, by=by)
    if (earlier := _recovered_before(claim, key, amount)) is not None:
        return earlier
    _check_recovery(claim, case, amount)
    recovery = Recovery.objects.create(
        claim=claim,
        amount=amount,
        received_on=received_on,
        reference=reference.strip(),
        recorded_by=user,
        recorded_at=now(),
        key=key,
    )
    touch(case, "recourse_recovered", by=by, data={"claim": claim.pk, "recovery": recovery.pk})
    return recovery


def _recovered_before(claim: RecourseClaim, key: str, amount: Decimal) -> Recovery | None:
    """Return what was recorded under a key; asked before the lock and again once it is held."""
    earlier = Recovery.objects.filter(key=key).first()
    if earlier is not None and (earlier.claim_id, earlier.amount) != (claim.pk, amount):
        raise CaseError(_("这次提交和之前的一笔编号相同、内容不同。请刷新页面再登记。"))
    return earlier


def _check_recovery(claim: RecourseClaim, case: Case, amount: Decimal) -> None:
    if amount <= 0 or amount != amount.quantize(Decimal("0.01")):
        raise CaseError(_("金额要大于 0，最多两位小数。"), field="amount")
    held = claims_of(case)
    line = next(each for each in held if each.claim.pk == claim.pk)
    paid = paid_for(case)
    left = min(line.outstanding, paid - sum((each.recovered for each in held), Decimal(0)))
    if amount > left:
        raise CaseError(
            _("最多还能追回 %(left)s：不能超过已付给消费者的款项里由这一方承担的部分。")
            % {"left": f"{max(left, Decimal(0)):.2f}"},
            field="amount",
        )


@transaction.atomic
def close_claim(claim: RecourseClaim, *, by: Actor, reason: str) -> RecourseClaim:
    """End a claim with a reason: paid in full, settled for less, or given up."""
    if not reason.strip():
        raise CaseError(_("请写明结束的原因。"), field="reason")
    claim, case, _user = _locked(claim, by=by)
    _end(claim, ClaimStatus.CLOSED, reason)
    touch(case, "recourse_closed", by=by, data={"claim": claim.pk})
    return claim


@transaction.atomic
def reopen_claim(claim: RecourseClaim, *, by: Actor, reason: str) -> RecourseClaim:
    """Take up a claim again that was ended, while something of what was paid may still come back:
    a further instalment was paid, or the debtor owed more. The reason stays among the entries.

    Raises CaseError without a reason, and where nothing may come back or the claim isn't closed.
    """
    if not reason.strip():
        raise CaseError(_("请写明为什么重新追偿。"), field="reason")
    claim, case, user = _locked(claim, by=by, ended=True)
    if claim.status != ClaimStatus.CLOSED:
        raise CaseError(_("这项追偿没有结束，不用重新开始。"))
    line = next(each for each in claims_of(case) if each.claim.pk == claim.pk)
    if line.outstanding <= 0:
        raise CaseError(_("这一方承担的部分已经全部追回。"))
    claim.status = ClaimStatus.NOTIFIED if claim.notified_at else ClaimStatus.OPEN
    claim.closed_at, claim.close_reason = None, ""
    claim.save(update_fields=["status", "closed_at", "close_reason"])
    RecourseEntry.objects.create(
        claim=claim,
        kind=EntryKind.NOTE,
        text=reason.strip(),
        recorded_by=user,
        recorded_at=now(),
    )
    touch(case, "recourse_reopened", by=by, data={"claim": claim.pk})
    return claim


def pursue_recourse() -> int:
    """Open claims that are missing, remind of notices due within days, and tell managers of those
    that were not given in time. Safe to run at any time and by several at once; returns how many.
    """
    done = sum(_open_missing(finding.case) for finding in without_claims()[:AT_ONCE])
    done += sum(_remind(claim, "warned_at", "recourse_due") for claim in due_soon()[:AT_ONCE])
    done += sum(_remind(claim, "escalated_at", "recourse_overdue") for claim in overdue()[:AT_ONCE])
    return done


@transaction.atomic
def _open_missing(case: Case) -> bool:
    return bool(open_claims(locked_case(case), by=Actor.system()))


@transaction.atomic
def _remind(claim: RecourseClaim, mark: str, kind: str) -> bool:
    fresh = RecourseClaim.objects.filter(pk=claim.pk, status=ClaimStatus.OPEN, **{mark: None})
    if not fresh.update(**{mark: now()}):
        return False
    case = claim.case
    manager = case.team.manager if case.team else None
    chosen = [case.owner, manager] if mark == "escalated_at" else [case.owner]
    people = {person.pk: person for person in chosen if person is not None}
    if (mark == "escalated_at" and manager is None) or not people:
        people |= {person.pk: person for person in recourse_people()}
    tell_staff(
        case,
        kind,
        users=list(people.values()),
        key=f"recourse:{claim.pk}:{mark}",
        data={"claim": claim.pk, "day": claim.notice_due_on.isoformat()},
    )
    return True
