"""Instant offers: shown right after the form, taken or not, and looked at by a person afterwards.

The system makes the plan (an account of its own), the person who approved the limits beforehand is
its checker. Until an option is taken nothing about the case changes: its clocks run, its handler
goes on, and whoever goes the ordinary way has given nothing up.
"""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from compensation.drafts import PlanData, options_from
from compensation.models import CompensationPlan, InstantOffer, StandingApproval
from compensation.selectors.checks import BEFOREHAND
from compensation.selectors.hurdles import what_came_up
from compensation.selectors.instant import (
    BEFORE_ANYTHING,
    approval_for,
    instant_of,
    is_open,
    used_of,
    why_not,
)
from compensation.selectors.offers import last_offer
from compensation.services.answering import accept_option
from compensation.services.approving import approve_plan, submit_plan
from compensation.services.funds import FundShort, reserve_for_offers
from compensation.services.instant_options import (
    GOODS_DAYS,
    Proposal,
    instant_digest,
    propose_at_once,
)
from compensation.services.offering import send_offer
from compensation.services.planning import save_plan
from compensation.services.screening import screen_case
from compensation.services.sheets import record_sheet
from compensation.services.standing import system_desk
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.policies import working_calendar
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.services.triage import accept, assign, classify
from complaints.states import ActorKind, Severity, Stage
from liability.services.findings import settle_directly

OPEN_FOR = timedelta(hours=72)
Status = InstantOffer.Status


def offer_instantly(case: Case) -> InstantOffer | None:
    """Make a case its instant offer, or return the one it has; None where a person has to plan.

    Screens the claim first. The money of the dearest option is reserved with the offer.
    """
    held = instant_of(case)
    if held is not None or why_not(case):
        return held
    screen_case(case.pk)
    try:
        return _show(case)
    except FundShort:
        return None


@transaction.atomic
def _show(case: Case) -> InstantOffer | None:
    case = locked_case(case)
    held = instant_of(case)
    covering = approval_for(case) if held is None and not why_not(case) else None
    if covering is None:
        return held
    approval = StandingApproval.objects.select_for_update().get(pk=covering.pk)
    proposal = propose_at_once(case, approval)
    if proposal is None or not _within(approval, proposal):
        return None
    shown = _write(case, approval, proposal)
    reserve_for_offers(case, by=Actor.system(), in_full=True)
    touch(
        case,
        "instant_shown",
        by=Actor.system(),
        data={"instant": shown.pk, "approval": approval.pk},
        for_consumer=True,
    )
    return shown


def _within(approval: StandingApproval, proposal: Proposal) -> bool:
    """Say whether an offer stays within the limits of an approval that is locked."""
    each = proposal.cost <= approval.most_each
    return each and used_of(approval) + proposal.cost <= approval.most_together


def _write(case: Case, approval: StandingApproval, proposal: Proposal) -> InstantOffer:
    moment, content = now(), proposal.as_json()
    until = moment + OPEN_FOR
    return InstantOffer.objects.create(
        case=case,
        approval=approval,
        approved_by_id=approval.approved_by_id or 0,
        content=content,
        digest=instant_digest(case, content, expires_at=until),
        floor=proposal.floor,
        most=proposal.most,
        cost=proposal.cost,
        currency=case.currency,
        shown_at=moment,
        expires_at=until,
    )


@transaction.atomic
def take_instant(
    case: Case, *, by: Actor, position: int, seen_digest: str
) -> tuple[Case, InstantOffer]:
    """Take an option of the instant offer: it becomes a finding, a sheet, a plan and an offer, and
    is accepted, all at once. The same option again changes nothing. Nothing is mailed of the steps
    between: whoever makes the agreement tells of all of it.

    Raises CaseError when it is over, is not what was seen, a person has taken the case on, or
    something has come up since that a person has to see.
    """
    if by.kind != ActorKind.CONSUMER:
        raise StepForbidden(_("方案由消费者自己选择。"))
    case = locked_case(case)
    instant = _fresh(case)
    if instant.status == Status.TAKEN and instant.offer is not None:
        chosen = instant.offer.chosen_option
        if chosen is not None and chosen.position == position:
            return case, instant
    if instant.digest != seen_digest:
        raise CaseError(_("方案有变化。看看现在的方案，再选一次。"), field="option")
    if not is_open(instant, case):
        raise CaseError(
            _("这份即时方案已经结束。投诉在按普通流程办理，你的权利没有减少。"), field="option"
        )
    if what_came_up(case):
        raise CaseError(
            _("投诉有了新的情况，要由专人来看。按普通流程办理，你的权利没有减少。"), field="option"
        )
    if not 1 <= position <= len(instant.content["options"]):
        raise CaseError(_("请从列出的方案里选一个。"), field="option")
    with translation.override(case.language):
        case = _settle(case, instant)
    return _accept(case, instant, by=by, position=position)


def _fresh(case: Case) -> InstantOffer:
    found = (
        InstantOffer.objects.select_for_update(of=("self",))
        .select_related("approval__caretaker", "approved_by", "offer__chosen_option")
        .filter(case=case)
        .first()
    )
    if found is None:
        raise CaseError(_("这起投诉没有即时方案。"), field="option")
    return found


def _settle(case: Case, instant: InstantOffer) -> Case:
    """Accept the case and admit what happened, within the approval, by the system's desk."""
    desk = system_desk()
    case = _in_hands(case, instant, by=desk)
    if not case.severity:
        case = classify(case, by=desk, severity=Severity.MINOR)
    if case.stage == Stage.RECEIVED:
        today = working_calendar().local_date(now())
        case = accept(
            case,
            by=desk,
            next_steps=_("你选了即时方案，我们马上准备协议，你看过全文、签字以后就办。"),
            expected_on=today + timedelta(days=GOODS_DAYS),
            tell=False,
        )
    return settle_directly(
        case,
        by=desk,
        reasons=_("按你填写的情况和提供的材料，我们承认责任，直接提出解决方案。"),
        reasons_internal=_("即时方案，按预先批准 %(number)s 作出。")
        % {"number": instant.approval.number},
    )


def _in_hands(case: Case, instant: InstantOffer, *, by: Actor) -> Case:
    """See that somebody by name is responsible: the owner, the caretaker, else the approver."""
    if case.owner_id is not None:
        return case
    try:
        with transaction.atomic():
            return assign(case, owner=instant.approval.caretaker, by=by)
    except CaseError:
        return assign(case, owner=instant.approved_by, by=by)


def _accept(
    case: Case, instant: InstantOffer, *, by: Actor, position: int
) -> tuple[Case, InstantOffer]:
    plan = _approved_plan(case, instant)
    case = send_offer(case, by=system_desk(), plan=plan, tell=False)
    offer = last_offer(case)
    if offer is None:
        raise CaseError(_("这份即时方案已经结束。投诉在按普通流程办理，你的权利没有减少。"))
    option = next(one for one in offer.plan.options.all() if one.position == position)
    case = accept_option(case, by=by, offer=offer, option=option, seen_digest=offer.content_digest)
    instant.status, instant.answered_at, instant.offer = Status.TAKEN, now(), last_offer(case)
    instant.save(update_fields=["status", "answered_at", "offer"])
    case = touch(case, "instant_taken", by=by, data={"instant": instant.pk, "offer": offer.pk})
    return case, instant


def _approved_plan(case: Case, instant: InstantOffer) -> CompensationPlan:
    """Write sheet and plan as they were shown, approved in the name of who approved beforehand."""
    desk = system_desk()
    sheet = record_sheet(case, by=desk, facts=instant.content["facts"])
    if sheet.total != instant.floor:
        raise CaseError(
            _("法定金额有变化，这份方案要由专人重新核算。投诉在按普通流程办理。"), field="option"
        )
    plan = save_plan(case, by=desk, plan=PlanData(options_from(instant.content["options"])))
    return _approve_beforehand(case, plan, instant, by=desk)


def _approve_beforehand(
    case: Case, plan: CompensationPlan, instant: InstantOffer, *, by: Actor
) -> CompensationPlan:
    """Submit the system's plan as any other, and approve it by a person's standing approval.

    It goes through the same checks, which are kept with it; the maker is never the checker.
    Raises StepForbidden when that person may not approve such a plan any more.
    """
    number = {"number": instant.approval.number}
    plan = submit_plan(
        case,
        by=by,
        plan=plan,
        tell=False,
        checks=[{"code": BEFOREHAND, "number": str(instant.approval.number)}],
        deviation_reason=_("即时方案，另外补偿的金额由预先批准 %(number)s 定下。") % number,
    )
    try:
        return approve_plan(
            case,
            by=Actor.staff(instant.approved_by),
            plan=plan,
            note=_("即时方案，按预先批准 %(number)s 批准。") % number,
            tell=False,
            beforehand=by,
        )
    except StepForbidden as error:
        words = _("预先批准的人不再有这个权限，投诉改由专人办理。")
        raise StepForbidden(words) from error


@transaction.atomic
def go_ordinary(case: Case, *, by: Actor) -> Case:
    """Say no to the instant offer: the case goes on as if there had been none.

    A second time, or after its end, changes nothing. Raises CaseError after one was taken.
    """
    if by.kind != ActorKind.CONSUMER:
        raise StepForbidden(_("方案由消费者自己选择。"))
    case = locked_case(case)
    instant = _fresh(case)
    if instant.status == Status.TAKEN:
        raise CaseError(_("你已经选好方案。签署以前改主意，请在协议那一页告诉我们。"))
    if instant.status != Status.OPEN:
        return case
    _end(instant, Status.ORDINARY)
    reserve_for_offers(case, by=by)
    return touch(case, "instant_declined", by=by, data={"instant": instant.pk}, for_consumer=True)


def _end(instant: InstantOffer, status: str) -> None:
    instant.status, instant.answered_at = status, now()
    instant.save(update_fields=["status", "answered_at"])


def end_instants(*, limit: int = 200) -> int:
    """End open offers whose time is over or whose case a person has taken on; returns how many.

    The money is free again. Safe to run twice and at once.
    """
    over = Q(expires_at__lte=now()) | ~Q(case__stage__in=sorted(BEFORE_ANYTHING))
    rows = InstantOffer.objects.filter(over, status=Status.OPEN).select_related("case")
    return sum(_end_one(row) for row in rows.order_by("expires_at")[:limit])


@transaction.atomic
def end_if_hindered(case: Case) -> bool:
    """End the open offer of a case of which something came up that a person has to see.

    The money is free again, and nobody is asked to choose what can't be had. Says whether it ended.
    """
    case = locked_case(case)
    instant = InstantOffer.objects.filter(case=case, status=Status.OPEN).first()
    if instant is None or not what_came_up(case):
        return False
    _end(instant, Status.ENDED)
    reserve_for_offers(case, by=Actor.system())
    touch(case, "instant_ended", by=Actor.system(), data={"instant": instant.pk})
    return True


@transaction.atomic
def _end_one(row: InstantOffer) -> bool:
    case = locked_case(row.case)
    instant = _fresh(case)
    late = now() >= instant.expires_at
    if instant.status != Status.OPEN or not (late or case.stage not in BEFORE_ANYTHING):
        return False
    _end(instant, Status.EXPIRED if late else Status.ENDED)
    reserve_for_offers(case, by=Actor.system())
    touch(case, "instant_ended", by=Actor.system(), data={"instant": instant.pk})
    return True


@transaction.atomic
def review_instant(
    instant: InstantOffer, *, by: Actor, verdict: str, note: str = ""
) -> InstantOffer:
    """Say what a person thinks of an instant offer. Whoever approved it beforehand may not.

    Unless it was right, who looks after the case and who approved are told: what was given too
    little is made up for, and limits that let it happen are ended.

    Raises CaseError without a verdict, without words for a bad one, or when somebody has said.
    """
    if by.user is None or not has_permission(by, Permission.APPROVE_PLAN):
        raise StepForbidden(_("你的角色不能抽查即时方案。"))
    if verdict not in InstantOffer.Verdict.values:
        raise CaseError(_("请选一项"), field="verdict")
    if verdict != InstantOffer.Verdict.RIGHT and not note.strip():
        raise CaseError(_("请写明理由。"), field="note")
    case = locked_case(instant.case)
    instant = _fresh(case)
    if instant.approved_by_id == by.user.pk:
        raise StepForbidden(_("预先批准的人不能抽查自己批准的方案。"))
    if instant.verdict:
        raise CaseError(_("这一份已经有人看过了。"))
    instant.verdict, instant.verdict_note = verdict, note.strip()
    instant.reviewed_by, instant.reviewed_at = by.user, now()
    instant.save(update_fields=["verdict", "verdict_note", "reviewed_by", "reviewed_at"])
    data = {"instant": instant.pk, "verdict": verdict}
    case = touch(case, "instant_reviewed", by=by, data=data)
    if verdict != InstantOffer.Verdict.RIGHT:
        caretaker = case.owner or instant.approval.caretaker
        people = {user.pk: user for user in (caretaker, instant.approved_by)}
        key = f"doubted:{instant.pk}"
        tell_staff(case, "instant_doubted", users=list(people.values()), key=key, data=data)
    return instant
