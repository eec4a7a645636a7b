"""What this app shows on a case's pages: the next step, the desk's tab, the consumer's part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case
from complaints.next_action import NextAction
from complaints.permissions import PERMISSION_ROLES, STEP_ROLES, Permission
from complaints.selectors.steps import CaseAction, step_is_possible, who_can
from complaints.states import Stage
from reviews.models import Mediation, Proceeding, Review
from reviews.selectors.mediations import (
    leads,
    mediations_of,
    proceedings_of,
    suspending_proceeding,
)
from reviews.selectors.reviews import can_request_review, review_window, reviews_of
from reviews.states import DECIDING_KINDS, MediationOutcome, ReviewDecision


def page_of(name: str, case: Case, *more: Any) -> str:
    """Return the address of one of this app's pages of a case."""
    return reverse(f"reviews:{name}", args=[case.reference, *more])


def desk_obstacle(actor: Actor, permission: str = Permission.HANDLE_CASE) -> str:
    """Say which roles have a right, for somebody who has not; "" for one who has."""
    roles = PERMISSION_ROLES[permission]
    return "" if actor.has_role(*roles) else who_can(roles)


def _step_obstacle(actor: Actor, verb: str) -> str:
    roles = STEP_ROLES[verb]
    return "" if actor.has_role(*roles) else who_can(roles)


def panel_obstacle(actor: Actor) -> str:
    """Say who names a panel, for somebody who may not; "" for one who may."""
    roles = PERMISSION_ROLES[Permission.DECIDE_REVIEW] | {Role.MANAGER}
    return "" if actor.has_role(*roles) else who_can(frozenset(roles))


def decide_obstacle(panel: Mapping[int, str], actor: Actor) -> Any:
    """Say why somebody can't decide a review; "" for a member of its panel (names by id)."""
    if not panel:
        return _("先组成复议小组")
    if actor.user is not None and actor.user.pk in panel:
        return _step_obstacle(actor, "uphold")
    return _("由复议小组决定：%(names)s") % {
        "names": pgettext("list separator", "、").join(panel.values())
    }


def panel_names(review: Review) -> dict[int, str]:
    """Return the panel of a review by id."""
    return {person.pk: str(person) for person in review.panel.all()}


def next_action(case: Case, actor: Actor) -> NextAction | None:
    """Return the primary action in the stages that this app owns."""
    if case.stage == Stage.UNDER_REVIEW:
        return _next_of_review(case, actor)
    if case.stage == Stage.MEDIATING:
        obstacle = desk_obstacle(actor, Permission.MEDIATE)
        return NextAction(_("主持调解"), page_of("talk", case), obstacle)
    if case.stage == Stage.EXTERNAL:
        proceeding = suspending_proceeding(case)
        if proceeding is None:
            return None
        obstacle = desk_obstacle(actor)
        return NextAction(_("登记结果"), page_of("proceeding_end", case, proceeding.pk), obstacle)
    return None


def _next_of_review(case: Case, actor: Actor) -> NextAction:
    panel = dict(
        Review.objects.filter(case=case, decision="", panel__isnull=False).values_list(
            "panel", "panel__display_name"
        )
    )
    if not panel:
        return NextAction(_("组成复议小组"), page_of("panel", case), panel_obstacle(actor))
    return NextAction(_("作出复议决定"), page_of("decide", case), decide_obstacle(panel, actor))


def case_actions(case: Case, actor: Actor) -> list[CaseAction]:
    """Return what this app lets people do beside the next step; asks the database nothing."""
    handle = desk_obstacle(actor)
    actions = []
    if step_is_possible(case, "request_review"):
        page, obstacle = page_of("request_for", case), _step_obstacle(actor, "request_review")
        actions.append(CaseAction(_("登记复议申请"), page, "scale", obstacle))
    if case.stage == Stage.UNDER_REVIEW:
        page, obstacle = page_of("withdraw_for", case), _step_obstacle(actor, "withdraw_review")
        actions.append(CaseAction(_("撤回复议申请"), page, "undo-2", obstacle))
    if step_is_possible(case, "refer_to_mediation"):
        page, obstacle = page_of("refer", case), _step_obstacle(actor, "refer_to_mediation")
        actions.append(CaseAction(_("提请调解"), page, "handshake", obstacle))
    page = page_of("proceeding_new", case)
    return [*actions, CaseAction(_("登记外部程序"), page, "landmark", handle)]


def case_panel(case: Case, actor: Actor) -> dict[str, Any]:
    """Return what the desk's tab shows; private notes of a mediator are never among it."""
    return {
        "heading": _("复议和调解"),
        "links": case_actions(case, actor),
        "reviews": [_review_shown(case, row, actor) for row in reviews_of(case)],
        "mediations": [_mediation_shown(case, row, actor) for row in mediations_of(case)],
        "proceedings": [_proceeding_shown(case, row, actor) for row in proceedings_of(case)],
    }


def _review_shown(case: Case, review: Review, actor: Actor) -> dict[str, Any]:
    links = []
    if review.is_open:
        panel = panel_names(review)
        label = _("更换复议小组") if panel else _("组成复议小组")
        links = [
            CaseAction(label, page_of("panel", case), "users", panel_obstacle(actor)),
            CaseAction(
                _("作出复议决定"), page_of("decide", case), "gavel", decide_obstacle(panel, actor)
            ),
        ]
    return {"row": review, "links": links, **_letter_of(review)}


def _letter_of(review: Review) -> dict[str, bool]:
    letter = review.document
    return {"letter": letter is not None, "letter_ready": letter is not None and letter.is_ready}


def _mediation_shown(case: Case, mediation: Mediation, actor: Actor) -> dict[str, Any]:
    links = []
    if mediation.is_open and case.stage == Stage.MEDIATING:
        page = page_of("talk", case)
        obstacle = desk_obstacle(actor, Permission.MEDIATE)
        links = [CaseAction(_("打开调解"), page, "handshake", obstacle)]
    return {"row": mediation, "links": links, "leading": leads(mediation, actor)}


def _proceeding_shown(case: Case, proceeding: Proceeding, actor: Actor) -> dict[str, Any]:
    handle, links = desk_obstacle(actor), []
    if proceeding.is_open:
        step = page_of("proceeding_step", case, proceeding.pk)
        end = page_of("proceeding_end", case, proceeding.pk)
        links = [
            CaseAction(_("登记进展"), step, "plus", handle),
            CaseAction(_("登记结果"), end, "flag", handle),
        ]
    if may_be_awarded(case, proceeding):
        page = page_of("award", case, proceeding.pk)
        links.append(CaseAction(_("登记裁决或判决"), page, "landmark", handle))
    return {"row": proceeding, "links": links, "steps": list(proceeding.steps.all())}


def may_be_awarded(case: Case, proceeding: Proceeding) -> bool:
    """Say whether an award or judgment can be recorded for a proceeding."""
    return (
        proceeding.is_open
        and proceeding.suspends
        and proceeding.kind in DECIDING_KINDS
        and case.stage == Stage.EXTERNAL
    )


def consumer_panel(case: Case) -> dict[str, Any] | None:
    """Return what the consumer can read and do about review, mediation and the rest."""
    review = reviews_of(case).first()
    mediation = mediations_of(case).first()
    ways = _ways(case)
    panel = {
        "review": _consumers_review(case, review) if review is not None else None,
        "mediation": _consumers_mediation(case, mediation) if mediation is not None else None,
        "proceeding": suspending_proceeding(case) if case.stage == Stage.EXTERNAL else None,
        "ways_out": ways,
    }
    return panel if any(panel.values()) else None


def _ways(case: Case) -> list[dict[str, Any]]:
    ways = []
    if can_request_review(case):
        ways.append(
            {
                "label": _("申请复议，由没有经手过的人重新看"),
                "href": page_of("request", case),
                "until": review_window(case),
                "icon": "scale",
            }
        )
    if step_is_possible(case, "refer_to_mediation"):
        page = page_of("mediation", case)
        ways.append({"label": _("请第三方调解"), "href": page, "until": None, "icon": "handshake"})
    return ways


def _consumers_review(case: Case, review: Review) -> dict[str, Any] | None:
    if review.decision == ReviewDecision.WITHDRAWN:
        return None
    waiting = review.is_open and case.stage == Stage.UNDER_REVIEW
    return {
        "row": review,
        "waiting": waiting,
        "withdraw_href": page_of("withdraw", case) if waiting else "",
        "letter_href": page_of("letter_mine", case, review.pk),
        **_letter_of(review),
    }


def _consumers_mediation(case: Case, mediation: Mediation) -> dict[str, Any] | None:
    going_on = mediation.is_open and case.stage == Stage.MEDIATING
    failed = mediation.outcome in (MediationOutcome.FAILED, MediationOutcome.NO_SHOW)
    if not going_on and not (failed and case.is_open):
        return None
    return {"row": mediation, "going_on": going_on, "href": page_of("mediation", case)}
