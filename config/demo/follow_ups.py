"""After performance in the demonstration: calls in vain and for later, caring calls, a pack."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import User
from agreements.models import CareCall
from agreements.selectors.care_calls import care_calls_waiting
from agreements.services.caring import record_care, record_care_try, save_rule
from agreements.services.following_up import record_unanswered_try
from agreements.services.pursuing import pursue
from agreements.states import CallOutcome, CareState
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.states import Stage
from reviews.services.packing import ask_for_pack, make_packs
from reviews.states import PackFor

CARE_AFTER = 14


def lay_follow_ups(users: dict[str, User]) -> None:
    """Let calls be made: one in vain, one for later, caring calls in every state that there is."""
    agent, manager = Actor.staff(users["agent"]), Actor.staff(users["manager"])
    _call(agent)
    save_rule(
        None,
        by=manager,
        name="结案两周以后",
        cause="any",
        after_days=CARE_AFTER,
    )
    pursue()
    _care(agent)
    _pack(agent)


def _call(agent: Actor) -> None:
    waiting = list(Case.objects.filter(stage=Stage.FOLLOWING_UP).order_by("pk")[:2])
    for case, outcome in zip(
        waiting, (CallOutcome.NO_ANSWER, CallOutcome.CALL_AGAIN), strict=False
    ):
        later = outcome == CallOutcome.CALL_AGAIN
        record_unanswered_try(
            case,
            by=agent,
            outcome=outcome,
            again_at=now() + timedelta(days=1, hours=2) if later else None,
            note="在开会，约明天下午" if later else "响铃无人接听，已留言",
        )


def _care(agent: Actor) -> None:
    due = list(care_calls_waiting(agent)[:5])
    words = (
        (CareState.WELL, "新的壶用着放心，谢谢还记得。"),
        (CareState.NEEDS_HELP, "孩子还是怕响声，想问问有没有心理辅导。"),
    )
    for call, (state, said) in zip(due, words, strict=False):
        record_care(call, by=agent, state=state, words=said)
    for call in due[len(words) : len(words) + 1]:
        record_care_try(call, by=agent, outcome=CallOutcome.NO_ANSWER, note="无人接听")
    for call in due[len(words) + 1 : len(words) + 2]:
        _in_vain(call, agent)


def _in_vain(call: CareCall, agent: Actor) -> None:
    for note in ("号码是别人的", "登记的另一个号码也不对", "短信没有回"):
        record_care_try(call, by=agent, outcome=CallOutcome.WRONG_NUMBER, note=note)


def _pack(agent: Actor) -> None:
    """Make a pack for the authority that asked first."""
    case = Case.objects.filter(stage=Stage.EXTERNAL).order_by("pk").first()
    if case is None:
        return
    ask_for_pack(
        case,
        by=agent,
        kind=PackFor.AUTHORITY,
        recipient="上海市闵行区市场监督管理局",
        purpose="12315-2026-118823，答复投诉处理情况",
        without_others=True,
    )
    make_packs()
