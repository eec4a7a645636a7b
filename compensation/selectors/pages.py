"""What this app shows on a case's pages: the next step, the desk's tab, the consumer's part."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from compensation.changes import changes_between
from compensation.models import CompensationPlan, Offer, OfferReply
from compensation.periods import ROUNDS_BEFORE_MEDIATION, WAIT_AFTER_SECOND_NOTICE
from compensation.selectors.cards import OptionShown, shown_option, with_fastest
from compensation.selectors.checks import shown_checks
from compensation.selectors.offers import (
    clock_runs,
    is_answerable,
    may_choose_again,
    offers_of,
    rounds_in_vain,
)
from compensation.selectors.plans import PLAN_STAGES, makers_of, plans_of
from compensation.selectors.rules import current_sheet
from compensation.selectors.sheet_cards import shown_sheet
from compensation.states import OfferStatus, PlanStatus, ReplyKind
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.next_action import NextAction
from complaints.permissions import PERMISSION_ROLES, STEP_ROLES, Permission
from complaints.selectors.steps import CaseAction, who_can
from complaints.states import ClockKind, Stage
from liability.selectors import current_finding, finding_in_force, in_review_window
from liability.states import Outcome


def page_of(name: str, case: Case) -> str:
    """Return the address of one of this app's pages of a case."""
    return reverse(f"compensation:{name}", args=[case.reference])


def _plan_obstacle(actor: Actor) -> str:
    roles = PERMISSION_ROLES[Permission.PLAN_COMPENSATION]
    return "" if actor.has_role(*roles) else who_can(roles)


def _step_obstacle(actor: Actor, verb: str) -> str:
    roles = STEP_ROLES[verb]
    return "" if actor.has_role(*roles) else who_can(roles)


def _send_obstacle(actor: Actor) -> str:
    return _step_obstacle(actor, "open_negotiation")


def _last(case: Case) -> CompensationPlan | None:
    return (
        CompensationPlan.objects.filter(case=case)
        .select_related("finding", "offer")
        .order_by("-version")
        .first()
    )


def next_action(case: Case, actor: Actor) -> NextAction | None:
    """Return the primary action while it is our turn to offer, or the consumer's to choose.

    None where a choice was made (the agreement is next, unless one was refused) and where
    nothing is owed.
    """
    if case.stage not in PLAN_STAGES:
        return None
    plan = _last(case)
    answered = plan is not None and plan.finding.is_current
    if not answered and case.stage == Stage.LIABILITY_DETERMINED:
        finding = finding_in_force(case)
        if finding is not None and finding.outcome == Outcome.NOT_LIABLE:
            return None
    offer = getattr(plan, "offer", None)
    if plan is not None and offer is not None and plan.finding.is_current:
        return _after_sending(case, offer, actor)
    return _before_sending(case, plan, actor)


def _before_sending(case: Case, plan: CompensationPlan | None, actor: Actor) -> NextAction:
    edit, obstacle = page_of("plan_edit", case), _plan_obstacle(actor)
    if plan is None or plan.status == PlanStatus.SUPERSEDED or not plan.finding.is_current:
        return NextAction(_("拟定补偿方案"), edit, obstacle)
    if plan.status == PlanStatus.PENDING_APPROVAL:
        roles = PERMISSION_ROLES[Permission.APPROVE_PLAN]
        own = getattr(actor.user, "pk", None) in makers_of(plan)
        may = actor.has_role(*roles) and not own
        waiting = "" if may else _("等另一位同事审批")
        return NextAction(_("审批补偿方案"), reverse("approvals") + f"#plan-{plan.pk}", waiting)
    if plan.status == PlanStatus.APPROVED and not hasattr(plan, "offer"):
        return NextAction(_("发给消费者"), page_of("offer_send", case), _send_obstacle(actor))
    if plan.status in (PlanStatus.DRAFT, PlanStatus.RETURNED):
        return NextAction(_("提交补偿方案"), edit, obstacle)
    return NextAction(_("拟定新方案"), edit, obstacle)


def _after_sending(case: Case, offer: Offer, actor: Actor) -> NextAction | None:
    if offer.status == OfferStatus.ACCEPTED and not clock_runs(case, ClockKind.OFFER):
        return None
    if offer.status == OfferStatus.OPEN and now() < offer.expires_at:
        return NextAction(
            _("等消费者选择方案"),
            page_of("plan_edit", case),
            _("方案已发出，等消费者选择；需要时可以在「补偿方案」里收回"),
        )
    notice = offer.second_notice_at
    if offer.status == OfferStatus.EXPIRED and notice is not None:
        silent = case.consumer_wrote_at is None or case.consumer_wrote_at < notice
        if silent and now() >= notice + WAIT_AFTER_SECOND_NOTICE:
            obstacle = _step_obstacle(actor, "close_unanswered")
            return NextAction(_("按未答复结案"), page_of("close_unanswered", case), obstacle)
    return NextAction(_("拟定新方案"), page_of("plan_edit", case), _plan_obstacle(actor))


def case_actions(case: Case, actor: Actor) -> list[CaseAction]:
    """Return what else may be done about compensation; asks the database nothing."""
    if case.stage not in PLAN_STAGES:
        return []
    obstacle = _plan_obstacle(actor)
    return [
        CaseAction(_("拟定补偿方案"), page_of("plan_edit", case), "gift", obstacle),
        CaseAction(_("登记损失"), page_of("losses", case), "list-plus", obstacle),
        CaseAction(_("核算法定金额"), page_of("sheet_edit", case), "scale", obstacle),
    ]


def cards_of(plan: CompensationPlan) -> list[OptionShown]:
    """Return the cards of a plan whose options and lines were fetched."""
    options = list(plan.options.all())
    return with_fastest(
        [
            shown_option(option, option.lines.all(), value=option.pk, minimum=plan.legal_minimum)
            for option in options
        ]
    )


def case_panel(case: Case, actor: Actor) -> dict[str, Any]:
    """Return what the desk's tab on compensation shows, with links to what can be done now."""
    offers = {offer.plan_id: offer for offer in offers_of(case)}
    vain = rounds_in_vain(offers.values())
    plans: list[dict[str, Any]] = [
        {
            "row": plan,
            "cards": cards_of(plan),
            "offer": offers.get(plan.pk),
            "checks": shown_checks(plan),
        }
        for plan in plans_of(case)
    ]
    _add_changes(plans)
    return {
        "heading": _("补偿方案"),
        "mediation": vain if vain >= ROUNDS_BEFORE_MEDIATION else 0,
        "plans": plans,
        "links": _links(case, actor, plans),
        "finding": current_finding(case),
        "sheet": shown_sheet(current_sheet(case)),
    }


def _add_changes(plans: list[dict[str, Any]]) -> None:
    """Write to each plan that was offered what it changed against the offer before."""
    sent = [shown for shown in plans if shown["offer"] is not None]
    for later, earlier in pairwise(sent):
        later["changes"] = changes_between(earlier["cards"], later["cards"])


def _links(case: Case, actor: Actor, plans: list[dict[str, Any]]) -> list[CaseAction]:
    links = case_actions(case, actor)
    last = plans[0] if plans else None
    if last is None or not links:
        return links
    obstacle = _send_obstacle(actor)
    if last["row"].status == PlanStatus.APPROVED and last["offer"] is None:
        links.append(CaseAction(_("发给消费者"), page_of("offer_send", case), "send", obstacle))
    if last["offer"] is not None and last["offer"].status == OfferStatus.OPEN:
        links.append(CaseAction(_("收回方案"), page_of("offer_withdraw", case), "undo-2", obstacle))
    if last["offer"] is not None and last["offer"].status == OfferStatus.EXPIRED:
        page = page_of("close_unanswered", case)
        obstacle = _step_obstacle(actor, "close_unanswered")
        links.append(CaseAction(_("按未答复结案"), page, "archive", obstacle))
    return links


def _idea(case: Case, offer: Offer) -> list[dict[str, Any] | None]:
    if offer.status in (OfferStatus.COUNTERED, OfferStatus.DECLINED):
        return []
    chosen = offer.status == OfferStatus.ACCEPTED
    label = _("改主意了，说说我的想法") if chosen else _("都不合适，说说我的想法")
    ways = [_way(label, "compensation:counter", case, "message-square")]
    if offer.status in (OfferStatus.OPEN, OfferStatus.ACCEPTED):
        ways.append(_way(_("都不接受"), "compensation:decline", case, "circle-x"))
    return ways


def ways_out(case: Case, offer: Offer) -> list[dict[str, Any]]:
    """Return the other ways that stay open beside an offer."""
    ways = _idea(case, offer)
    if in_review_window(case):
        ways.append(_way(_("不同意责任认定，申请复议"), "reviews:request", case, "scale"))
    ways += [
        _way(_("请第三方调解"), "reviews:mediation", case, "users"),
        {"label": _("拨打 12315"), "href": "tel:12315", "icon": "phone"},
    ]
    return [way for way in ways if way is not None]


def _way(label: Any, name: str, case: Case, icon: str) -> dict[str, Any] | None:
    try:
        href = reverse(name, args=[case.reference])
    except NoReverseMatch:
        return None
    return {"label": label, "href": href, "icon": icon}


def _wished(offers: Sequence[Offer]) -> OfferReply | None:
    """Return what the consumer last asked for, where an offer came after it."""
    replies = [reply for offer in offers[1:] for reply in reversed(list(offer.replies.all()))]
    return next((reply for reply in replies if reply.kind == ReplyKind.COUNTER), None)


def _mediation(case: Case, vain: int) -> dict[str, Any] | None:
    """Return the way to a third party once so many rounds led nowhere."""
    if vain < ROUNDS_BEFORE_MEDIATION:
        return None
    way = _way(_("请第三方调解"), "reviews:mediation", case, "users")
    return None if way is None else {**way, "rounds": vain}


def consumer_panel(case: Case) -> dict[str, Any] | None:
    """Return the last offer as the consumer may answer or read it; None outside a negotiation."""
    if case.stage != Stage.NEGOTIATING:
        return None
    offers = list(offers_of(case))
    if not offers:
        return None
    offer, vain = offers[0], rounds_in_vain(offers)
    answerable, again = is_answerable(case, offer), may_choose_again(case, offer)
    cards = cards_of(offer.plan)
    return {
        "offer": offer,
        "cards": cards,
        "changes": changes_between(cards_of(offers[1].plan), cards) if offers[1:] else [],
        "wished": _wished(offers),
        "short": any(card.shortfall > 0 for card in cards),
        "mediation": _mediation(case, vain),
        "currency": offer.plan.currency,
        "sheet": shown_sheet(offer.plan.sheet),
        "answerable": answerable,
        "choose_again": again,
        "idea": _idea(case, offer),
        "ways_out": ways_out(case, offer),
        "choose_href": page_of("choose", case),
        "counter_href": page_of("counter", case),
    }
