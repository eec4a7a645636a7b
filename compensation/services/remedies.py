"""One plan over many cases: written, approved by another, offered to each consumer who may say no.

Every case gets a plan and an offer of its own by the usual services, with the usual checks: the
law's floor of that case, its fund, the limits of whoever approves. Nothing happens to a case
whose consumer declined, that has a plan of its own, or that isn't ready.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from compensation.models import CommonRemedy, RemedyOffer
from compensation.periods import OFFER_DAYS
from compensation.remedies import (
    PriceTooHigh,
    PriceUnknown,
    RemedyTerms,
    as_json,
    from_json,
    plan_for,
)
from compensation.selectors.plans import approvers, authority_of
from compensation.selectors.remedies import READY, last_remedy, may_be_offered, progress_of
from compensation.services.approving import FEWEST_OPTIONS, approve_plan, submit_plan
from compensation.services.offering import send_offer
from compensation.services.planning import check_plan, planner, save_plan
from compensation.states import PlanStatus, RemedyStatus
from compensation.totals import option_totals
from complaints.actors import Actor
from complaints.errors import CaseError, DraftChanged, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, check_step, has_permission
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from liability.models import Incident
from liability.states import IncidentState

MOST_AT_ONCE = 50


@dataclass
class Sent:
    """What became of sending: the cases that got an offer, and those that didn't, with why."""

    cases: list[Case] = field(default_factory=list)
    refused: list[tuple[Case, str]] = field(default_factory=list)
    left: int = 0


def _confirmed(incident: Incident) -> Incident:
    fresh = Incident.objects.select_for_update().get(pk=incident.pk)
    if fresh.state != IncidentState.CONFIRMED:
        raise CaseError(_("事件确认之后、了结之前才能有统一方案。"))
    return fresh


@transaction.atomic
def write_remedy(
    incident: Incident, terms: RemedyTerms, *, by: Actor, seen: int = 0, currency: str = "CNY"
) -> CommonRemedy:
    """Write a new version, which waits for another person's approval; the version in force counts
    until then. `seen` is the newest version that somebody began with, 0 for none.

    Raises CaseError for terms that can't be right, DraftChanged, StepForbidden.
    """
    user = planner(by)
    check_plan(terms.plan)
    if len(terms.plan.options) < FEWEST_OPTIONS:
        raise CaseError(_("至少要有两个选项，让消费者有得选。"), field="options")
    if terms.plan.informed_choice:
        raise CaseError(_("统一方案不能低于法定金额。"), field="options")
    if terms.floor_of_price and not terms.plan.legal_basis.strip():
        raise CaseError(_("请写明法定最低金额的法律依据。"), field="legal_basis")
    fresh = _confirmed(incident)
    last = last_remedy(fresh)
    if (last.version if last else 0) != seen:
        raise DraftChanged(_("有人刚刚写了新的一版。看看最新的内容，再决定怎么改。"))
    if last and last.status in (RemedyStatus.PENDING, RemedyStatus.RETURNED):
        CommonRemedy.objects.filter(pk=last.pk).update(status=RemedyStatus.SUPERSEDED)
    remedy = CommonRemedy.objects.create(
        incident=fresh,
        version=seen + 1,
        currency=currency,
        terms=as_json(terms),
        made_by=user,
        made_at=now(),
    )
    _tell(remedy, "remedy_to_approve", [each for each in approvers() if each != user])
    return remedy


def highest_cost_of(terms: RemedyTerms) -> Decimal:
    """Return what the dearest option may cost us in one case."""
    return max(option_totals(option.lines).cost for option in terms.plan.options)


@transaction.atomic
def decide_remedy(remedy: CommonRemedy, *, approve: bool, note: str, by: Actor) -> CommonRemedy:
    """Approve a version, which is in force from now on, or give it back with the reason.

    Raises StepForbidden for one's own work, a missing right or too small an authority; CaseError.
    """
    if by.user is None or not has_permission(by, Permission.APPROVE_PLAN):
        raise StepForbidden(_("你的角色不能审批方案。"))
    _confirmed(remedy.incident)
    fresh = CommonRemedy.objects.select_for_update().get(pk=remedy.pk)
    if fresh.status != RemedyStatus.PENDING:
        raise CaseError(_("这个方案不在等待审批。"))
    if fresh.made_by_id == by.user.pk:
        raise StepForbidden(_("不能审批自己拟定的方案。"))
    cost = highest_cost_of(from_json(fresh.terms))
    if approve and not authority_of(by, currency=fresh.currency).covers(cost):
        raise StepForbidden(_("金额超过你的审批额度。"))
    if not approve and not note.strip():
        raise CaseError(_("请写明退回的理由。"), field="reason")
    if approve:
        in_force = CommonRemedy.objects.filter(
            incident=fresh.incident_id, status=RemedyStatus.APPROVED
        )
        in_force.update(status=RemedyStatus.SUPERSEDED)
    fresh.status = RemedyStatus.APPROVED if approve else RemedyStatus.RETURNED
    fresh.decided_by, fresh.decided_at = by.user, now()
    fresh.decision_note = note.strip()[:500]
    fresh.save(update_fields=["status", "decided_by", "decided_at", "decision_note"])
    _tell(fresh, "remedy_approved" if approve else "remedy_returned", [fresh.made_by])
    return fresh


def _tell(remedy: CommonRemedy, kind: str, users: list[User]) -> None:
    case = Case.objects.filter(incidents=remedy.incident_id).order_by("-pk").first()
    data = {"incident": remedy.incident_id}
    key = f"{kind}:{remedy.pk}"
    tell_staff(case, kind, users=[each for each in users if each.is_active], key=key, data=data)


def send_remedy(remedy: CommonRemedy, *, by: Actor, valid_days: int = OFFER_DAYS) -> Sent:
    """Offer the remedy in force to every case that is ready, each in a transaction of its own.

    A case that can't have it as it is (its floor is higher, its price unknown, its fund short)
    is left as it was and told of with the reason. At most fifty at once; pressed again, the
    rest follow, and no case gets it twice. Raises CaseError, StepForbidden.
    """
    planner(by)
    check_step(by, "open_negotiation")
    approver = _approver_of(remedy, by)
    ready = [row.member.case for row in progress_of(remedy.incident, by) if row.state == READY]
    sent = Sent(left=max(0, len(ready) - MOST_AT_ONCE))
    for case in ready[:MOST_AT_ONCE]:
        try:
            with transaction.atomic():
                done = _offer(remedy, case, by=by, approver=approver, valid_days=valid_days)
        except CaseError as error:
            sent.refused.append((case, str(error)))
        else:
            if done is not None:
                sent.cases.append(done)
    return sent


def _approver_of(remedy: CommonRemedy, by: Actor) -> Actor:
    fresh = CommonRemedy.objects.select_related("decided_by", "incident").get(pk=remedy.pk)
    if fresh.status != RemedyStatus.APPROVED or fresh.incident.state != IncidentState.CONFIRMED:
        raise CaseError(_("方案批准之后才能发给消费者。"))
    person = fresh.decided_by
    if person is None or not person.is_active:
        raise CaseError(_("批准人已经离开，请另写一版，由现在的同事批准。"))
    if person == by.user:
        raise StepForbidden(_("方案由你批准，要由另一位同事发出。"))
    return Actor.staff(person)


def _offer(
    remedy: CommonRemedy, case: Case, *, by: Actor, approver: Actor, valid_days: int
) -> Case | None:
    """Plan, approve and send in one case; None when it got a plan of its own meanwhile."""
    case = locked_case(case)
    if not may_be_offered(case, remedy.incident):
        return None
    if case.currency != remedy.currency:
        raise CaseError(_("案件的币种和统一方案不同，请单独协商。"))
    try:
        terms = plan_for(from_json(remedy.terms), case.amount_paid)
    except PriceUnknown as error:
        raise CaseError(_("案件没有写实付金额，请补上，或者单独协商。")) from error
    except PriceTooHigh as error:
        raise CaseError(_("实付金额超过统一方案的上限，请单独协商。")) from error
    note = _("按已批准的统一方案第 %(version)d 版") % {"version": remedy.version}
    plan = save_plan(case, by=by, plan=replace(terms, deviation_reason=note))
    plan = submit_plan(case, by=by, plan=plan, tell=False)
    if plan.status == PlanStatus.PENDING_APPROVAL:
        plan = approve_plan(case, by=approver, plan=plan, note=note, tell=False)
    RemedyOffer.objects.create(
        remedy=remedy, case=case, plan=plan, sent_by=planner(by), sent_at=now()
    )
    data = {"incident": remedy.incident_id, "version": remedy.version}
    case = touch(locked_case(case), "remedy_offered", by=by, data=data)
    return send_offer(case, by=by, plan=plan, valid_days=valid_days)
