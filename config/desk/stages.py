"""A case's stages as the strip and the checklist of the desk."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Case
from complaints.states import ClockKind, Stage, Urgency

STRIP = [
    pgettext_lazy("strip", "登记"),
    pgettext_lazy("strip", "受理"),
    pgettext_lazy("strip", "调查"),
    pgettext_lazy("strip", "责任认定"),
    pgettext_lazy("strip", "补偿方案"),
    pgettext_lazy("strip", "签署"),
    pgettext_lazy("strip", "执行"),
    pgettext_lazy("strip", "回访"),
]
_PLACE = {
    Stage.RECEIVED: 0,
    Stage.ACCEPTED: 1,
    Stage.INVESTIGATING: 2,
    Stage.LIABILITY_DETERMINED: 3,
    Stage.NEGOTIATING: 4,
    Stage.AGREED: 5,
    Stage.FULFILLING: 6,
    Stage.BREACHED: 6,
    Stage.FOLLOWING_UP: 7,
}
_SIGNING = {ClockKind.SIGNATURE, ClockKind.AGREEMENT_DRAFT}
_ASIDE = {Stage.MEDIATING, Stage.UNDER_REVIEW, Stage.EXTERNAL, Stage.BREACHED}
_ENDED_EARLY = {Stage.DECLINED, Stage.WITHDRAWN, Stage.MERGED}


def main_place(case: Case) -> int:
    """Return how far a case has come, 0 to 7; a step aside counts as where it came from."""
    stages = [case.stage, *reversed(case.origins)]
    if case.stage == Stage.CLOSED:
        return len(STRIP)
    for stage in stages:
        if stage == Stage.NEGOTIATING and case.next_due_kind in _SIGNING:
            return 5
        if stage in _PLACE:
            return _PLACE[Stage(stage)]
    return 0


def stage_strip(case: Case) -> list[dict[str, Any]]:
    """Return what is done, where the case is and what comes; a step aside in its own word."""
    place, aside = main_place(case), case.stage in _ASIDE or case.stage in _ENDED_EARLY
    strip = []
    for number, label in enumerate(STRIP):
        state = "done" if number < place else "now" if number == place else "todo"
        if number == place and aside:
            strip.append({"label": case.get_stage_display(), "state": "aside"})
        else:
            strip.append({"label": label, "state": state})
    return strip


def checklist(case: Case) -> list[dict[str, Any]]:
    """Return what is done and what comes next, in few lines."""
    place = main_place(case)
    items: list[dict[str, Any]] = []
    if case.urgency == Urgency.EMERGENCY:
        items.append({"label": _("登记安全处置"), "done": case.safety_action_at is not None})
    items += [
        {"label": _("有负责人"), "done": case.owner_id is not None},
        {"label": _("确定分类和严重程度"), "done": bool(case.category and case.severity)},
        {"label": _("答复消费者，写明下一步"), "done": case.acknowledged_at is not None},
        {"label": _("认定责任"), "done": place > 3},
        {"label": _("消费者选定方案"), "done": place > 4},
        {"label": _("双方签署协议"), "done": place > 5},
        {"label": _("履行并核实到账"), "done": place > 6},
        {"label": _("回访"), "done": place > 7},
    ]
    done = [item for item in items if item["done"]]
    return [*done[-2:], *[item for item in items if not item["done"]][:3]]
