"""The seven steps that a consumer sees, for each of the sixteen stages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models import Case, CaseEvent
from complaints.states import ClockKind, Stage

SUBMIT, ACCEPT, INVESTIGATE, FIND, CHOOSE, SIGN, RECEIVE = range(1, 8)
ALL_DONE = RECEIVE + 1
LABELS = {
    SUBMIT: pgettext_lazy("stage", "提交"),
    ACCEPT: pgettext_lazy("stage", "受理"),
    INVESTIGATE: _("调查"),
    FIND: _("责任认定"),
    CHOOSE: _("选择方案"),
    SIGN: _("签署协议"),
    RECEIVE: _("补偿到账"),
}
_STEP_OF_STAGE = {
    Stage.RECEIVED: ACCEPT,
    Stage.ACCEPTED: INVESTIGATE,
    Stage.INVESTIGATING: INVESTIGATE,
    Stage.LIABILITY_DETERMINED: CHOOSE,
    Stage.NEGOTIATING: CHOOSE,
    Stage.MEDIATING: CHOOSE,
    Stage.AGREED: RECEIVE,
    Stage.FULFILLING: RECEIVE,
    Stage.BREACHED: RECEIVE,
    Stage.FOLLOWING_UP: RECEIVE,
    Stage.DECLINED: ACCEPT,
}
_NOTES = {
    Stage.RECEIVED: _("等待受理"),
    Stage.ACCEPTED: _("准备中"),
    Stage.INVESTIGATING: _("进行中"),
    Stage.LIABILITY_DETERMINED: _("准备方案"),
    Stage.NEGOTIATING: _("准备方案"),
    Stage.MEDIATING: _("调解中"),
    Stage.AGREED: _("等待生效"),
    Stage.FULFILLING: _("履行中"),
    Stage.BREACHED: _("补救中"),
    Stage.FOLLOWING_UP: _("等你确认"),
    Stage.UNDER_REVIEW: _("复议中"),
    Stage.EXTERNAL: _("外部程序"),
    Stage.DECLINED: _("不予受理"),
    Stage.WITHDRAWN: _("已撤回"),
    Stage.MERGED: _("已并案"),
    Stage.CLOSED: _("已结案"),
}
_TURN_NOTES = {
    ClockKind.OFFER_REPLY: _("等你选择"),
    ClockKind.AGREEMENT_DRAFT: _("准备协议"),
    ClockKind.SIGNATURE: _("等待签署"),
}
_SIGNING = frozenset({ClockKind.AGREEMENT_DRAFT, ClockKind.SIGNATURE})
_STEP_OF_VERB = {
    "received": SUBMIT,
    "imported": SUBMIT,
    "accept": ACCEPT,
    "determine_liability": FIND,
    "substitute": FIND,
    "sign": SIGN,
    "complete_fulfilment": RECEIVE,
}
_ENDS_OF_STEP = {**_STEP_OF_VERB, "open_negotiation": FIND, "settle_directly": FIND}


def progress_of(case: Case, events: Iterable[CaseEvent], running: Iterable[str]) -> dict[str, Any]:
    """Return the steps with their state and note, the current one and its label.

    `running` holds the kinds of the case's running clocks; they tell choosing from signing.
    """
    kinds, events = frozenset(running), list(events)
    current = _current(case.stage, list(case.origins), kinds, [event.kind for event in events])
    dates = {_STEP_OF_VERB[e.kind]: e.at for e in events if e.kind in _STEP_OF_VERB}
    dates.setdefault(SUBMIT, case.received_at)
    if FIND in dates:
        dates[INVESTIGATE] = dates[FIND]
    steps = [_step(number, current, dates, _note(case.stage, kinds)) for number in LABELS]
    shown = min(current, RECEIVE)
    return {"steps": steps, "current": shown, "current_label": LABELS[shown]}


def _current(stage: str, origins: list[str], kinds: frozenset[str], past: list[str]) -> int:
    if stage == Stage.NEGOTIATING and kinds & _SIGNING:
        return SIGN
    if stage == Stage.MEDIATING and origins[-1:] == [Stage.BREACHED]:
        return RECEIVE
    if stage in _STEP_OF_STAGE:
        return _STEP_OF_STAGE[Stage(stage)]
    if origins:
        return _current(origins[-1], origins[:-1], kinds, past)
    return 1 + max((_ENDS_OF_STEP[kind] for kind in past if kind in _ENDS_OF_STEP), default=SUBMIT)


def _note(stage: str, kinds: frozenset[str]) -> Any:
    turn = next((note for kind, note in _TURN_NOTES.items() if kind in kinds), None)
    return turn if turn and stage == Stage.NEGOTIATING else _NOTES[Stage(stage)]


def _step(number: int, current: int, dates: dict[int, datetime], note: Any) -> dict[str, Any]:
    if number == current:
        return {"label": LABELS[number], "state": "now", "note": note}
    if number > current:
        return {"label": LABELS[number], "state": "todo", "note": ""}
    at = dates.get(number)
    day = f"{timezone.localtime(at):%m-%d}" if at else ""
    return {"label": LABELS[number], "state": "done", "note": day}
