"""What may be done with a case now: its next step, and everything else on the menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy
from django_fsm import can_proceed

from accounts.states import Role
from complaints.actors import Actor
from complaints.models import Case
from complaints.models.case import emergency_is_answered, is_minor
from complaints.next_action import NextAction
from complaints.permissions import PERMISSION_ROLES, STEP_ROLES, Permission
from complaints.states import OPEN_STAGES, Stage, Urgency

_SAFETY_FIRST = _("这是紧急案件，先登记安全处置")
SAFETY_BEFORE = _("这是紧急案件，先登记安全处置，再做这一步。")
_INSTEAD_OF_WITHDRAWING = {
    Stage.MEDIATING: _("协议已经签好，投诉不能整份撤回。不想继续调解，可以请调解员结束调解。"),
    Stage.UNDER_REVIEW: _("投诉已经处理完，不能整份撤回。不想继续复议，可以只撤回复议申请。"),
    Stage.EXTERNAL: _("协议已经签好，投诉不能整份撤回。外部程序结束后，案件回到原来的阶段。"),
}


@dataclass(frozen=True)
class CaseAction:
    """A page on which something can be done with a case, or why it can't be now."""

    label: Any
    url: str
    icon: str
    disabled_reason: Any = ""


def who_can(roles: frozenset[str]) -> str:
    """Name the roles that may do a thing, for somebody who may not."""
    names = pgettext("list separator", "、").join(str(role.label) for role in Role if role in roles)
    return str(_("需要的角色：%(roles)s")) % {"roles": names}


def step_is_possible(case: Case, verb: str) -> bool:
    """Say whether the machine has the step from the case's stage, conditions aside."""
    return can_proceed(getattr(case, verb), check_conditions=False)


def step_obstacle(case: Case, verb: str, actor: Actor) -> Any:
    """Say in words why a possible step can't be taken now by `actor`; "" when it can."""
    if not actor.has_role(*STEP_ROLES[verb]):
        return who_can(STEP_ROLES[verb])
    withdrawing = verb == "withdraw"
    if withdrawing and not can_proceed(case.withdraw):
        return unmet_condition(case, verb)
    if withdrawing and actor.user is not None and needs_safety_action(case):
        return _SAFETY_FIRST
    return "" if can_proceed(getattr(case, verb)) else _SAFETY_FIRST


def unmet_condition(case: Case, verb: str) -> str:
    """Say in words why the Case itself is not ready for a step of its stage."""
    if verb == "withdraw":
        return str(_INSTEAD_OF_WITHDRAWING[Stage(case.stage)])
    if verb == "settle_directly" and not is_minor(case):
        return str(_("只有轻微的单件问题可以不经调查直接提出方案。"))
    return str(SAFETY_BEFORE)


def _right_obstacle(actor: Actor, permission: str) -> str:
    roles = PERMISSION_ROLES[permission]
    return "" if actor.has_role(*roles) else who_can(roles)


def _page(name: str, case: Case) -> str:
    return reverse(f"complaints:{name}", args=[case.reference])


def needs_safety_action(case: Case) -> bool:
    """Say whether an emergency still waits for a named person's safety action."""
    pending = case.is_open or case.stage == Stage.WITHDRAWN
    return pending and not emergency_is_answered(case)


def next_action(case: Case, actor: Actor) -> NextAction | None:
    """Return the primary action in the stages that this app owns."""
    if case.stage in (Stage.RECEIVED, Stage.WITHDRAWN) and needs_safety_action(case):
        return NextAction(_("登记安全处置"), _page("safety", case))
    verbs = {
        Stage.RECEIVED: ("accept", _("受理")),
        Stage.MERGED: ("unmerge", _("撤销并案")),
        Stage.DECLINED: ("reopen", _("重新处理")),
        Stage.WITHDRAWN: ("reopen", _("重新处理")),
        Stage.CLOSED: ("reopen", _("重新处理")),
    }
    if case.stage not in verbs:
        return None
    verb, label = verbs[Stage(case.stage)]
    return NextAction(label, _page(verb, case), step_obstacle(case, verb, actor))


_STEPS = [
    ("decline", pgettext_lazy("action", "不予受理"), "circle-x"),
    ("merge", _("并入另一案件"), "git-merge"),
    ("unmerge", _("撤销并案"), "git-branch"),
    ("withdraw", _("消费者撤回"), "undo-2"),
    ("reopen", _("重新处理"), "rotate-ccw"),
]


def case_actions(case: Case, actor: Actor) -> list[CaseAction]:
    """Return what else this app lets people do with a case in its stage."""
    actions = list(_fixed_actions(case, actor))
    for verb, label, icon in _STEPS:
        if step_is_possible(case, verb):
            obstacle = step_obstacle(case, verb, actor)
            actions.append(CaseAction(label, _page(verb, case), icon, obstacle))
    return actions


def _fixed_actions(case: Case, actor: Actor) -> list[CaseAction]:
    handle = _right_obstacle(actor, Permission.HANDLE_CASE)
    actions = [
        CaseAction(_("补充材料"), _page("evidence_add", case), "paperclip"),
        CaseAction(_("个人信息请求"), _page("data_requests", case), "shield-user", handle),
        CaseAction(_("登记举报"), _page("report_new", case), "megaphone", handle),
    ]
    if case.stage not in OPEN_STAGES:
        if needs_safety_action(case):
            actions.append(CaseAction(_("登记安全处置"), _page("safety", case), "shield-check"))
        return actions
    actions.append(CaseAction(_("查重、并案和关联"), _page("duplicates", case), "copy", handle))
    if case.owner_id is not None:
        manages = actor.has_role(*PERMISSION_ROLES[Permission.MANAGE_STAFF])
        mine = actor.user is not None and actor.user.pk == case.owner_id
        theirs = "" if mine or manages else _("只有负责人或主管可以退回")
        actions.append(CaseAction(_("退回案件"), _page("release", case), "undo-2", theirs))
    actions.append(CaseAction(_("约回电"), _page("callback_new", case), "phone-forwarded", handle))
    actions.append(CaseAction(_("登记转来的机构"), _page("outside_new", case), "share-2", handle))
    if case.external_body:
        actions.append(CaseAction(_("答复转来的机构"), _page("outside", case), "send", handle))
        deadline = _page("outside_deadline", case)
        actions.append(CaseAction(_("对方要求的期限"), deadline, "calendar-clock", handle))
    actions.append(CaseAction(_("共同投诉"), _page("group", case), "users", handle))
    actions.append(CaseAction(_("利益冲突"), _page("ownership", case), "user-x", handle))
    actions.append(CaseAction(_("分诊"), _page("triage", case), "stethoscope", handle))
    actions.append(CaseAction(_("调整分类"), _page("classify", case), "tag", handle))
    if case.urgency == Urgency.EMERGENCY:
        actions.append(CaseAction(_("登记安全处置"), _page("safety", case), "shield-check"))
    else:
        actions.append(CaseAction(_("升为紧急案件"), _page("emergency", case), "flame", handle))
    return actions
