"""The queue: named views of the cases that a person may see, and the same narrowed by filters.

How they are sorted and cut into pages stands in `paging`. Totals are exact up to 10,000.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case, Clock
from complaints.models.case import UNANSWERED
from complaints.selectors.filters import Filters, filters_of, narrowed
from complaints.states import (
    FINAL_STAGES,
    NOBODYS_FAULT,
    OPEN_STAGES,
    ClockKind,
    ClockState,
    Stage,
    Urgency,
)

SOON = timedelta(hours=4)
_OPEN = Q(stage__in=sorted(OPEN_STAGES))
_DANGER_LEFT = Q(stage=Stage.WITHDRAWN, urgency=Urgency.EMERGENCY, safety_action_at__isnull=True)
_ENDED = Q(stage__in=sorted(FINAL_STAGES))


@dataclass(frozen=True)
class View:
    """A named list of cases; `condition` may depend on who asks and when."""

    key: str
    label: Any
    icon: str
    condition: Callable[[Actor, datetime], Q]
    group: str = "todo"
    hot: bool = False


def _fixed(condition: Q) -> Callable[[Actor, datetime], Q]:
    return lambda actor, moment: condition


def _mine(actor: Actor, moment: datetime) -> Q:
    return _OPEN & Q(owner=actor.user)


def _ours_due(before: datetime, since: datetime | None = None) -> Q:
    """Cases with a promise of ours that runs and falls due before a moment, and not yet `since`.

    The first due moment of any clock goes first, because it has an index.
    """
    clocks = Clock.objects.filter(
        case=OuterRef("pk"), state=ClockState.RUNNING, due_at__lt=before
    ).exclude(kind__in=NOBODYS_FAULT)
    if since is not None:
        clocks = clocks.filter(due_at__gte=since)
    return _OPEN & Q(next_due_at__lt=before) & Q(Exists(clocks))


def _late(actor: Actor, moment: datetime) -> Q:
    return _ours_due(moment)


def _soon(actor: Actor, moment: datetime) -> Q:
    return _ours_due(moment + SOON, moment)


VIEWS: dict[str, View] = {
    view.key: view
    for view in [
        View(
            "urgent",
            _("紧急（2 小时）"),
            "flame",
            _fixed((_OPEN & Q(urgency=Urgency.EMERGENCY)) | _DANGER_LEFT),
            hot=True,
        ),
        View("mine", _("我的待办"), "user", _mine),
        View("late", _("已超时"), "alarm-clock-off", _late, hot=True),
        View("soon", _("即将超时"), "clock-alert", _soon, hot=True),
        View("replied", _("消费者已回复"), "message-square-reply", _fixed(_OPEN & UNANSWERED)),
        View("unassigned", _("未分配"), "user-plus", _fixed(_OPEN & Q(owner__isnull=True))),
        View(
            "investigating",
            _("调查中"),
            "search",
            _fixed(Q(stage=Stage.INVESTIGATING)),
            group="stage",
        ),
        View(
            "signing",
            _("待消费者签署"),
            "signature",
            _fixed(_OPEN & Q(next_due_kind=ClockKind.SIGNATURE)),
            group="stage",
        ),
        View(
            "paying",
            _("待打款"),
            "badge-japanese-yen",
            _fixed(Q(stage=Stage.FULFILLING)),
            group="stage",
        ),
        View(
            "disputes",
            _("复议、调解中"),
            "scale",
            _fixed(Q(stage__in=[Stage.UNDER_REVIEW, Stage.MEDIATING])),
            group="stage",
        ),
        View("all", _("全部未结"), "inbox", _fixed(_OPEN), group="all"),
        View("ended", _("已结束"), "archive", _fixed(_ENDED), group="all"),
    ]
}
GROUPS = [("todo", _("待处理")), ("stage", _("按阶段")), ("all", _("全部"))]


def listed_cases(
    actor: Actor, *, view: View, moment: datetime, filters: Filters | None = None
) -> QuerySet[Case]:
    """Return the cases of a view that `actor` may see, narrowed by `filters`, unsorted."""
    cases = visible_cases(actor).filter(view.condition(actor, moment))
    return narrowed(cases, filters, actor=actor, moment=moment) if filters else cases


def view_asked(params: QueryDict) -> View:
    """Return the view that an address asks for, else one's own cases."""
    return VIEWS.get(params.get("view", ""), VIEWS["mine"])


def cases_asked(params: QueryDict, *, actor: Actor, moment: datetime) -> QuerySet[Case]:
    """Return the list that an address stands for, for a person at a moment."""
    filters = filters_of(params)
    return listed_cases(actor, view=view_asked(params), moment=moment, filters=filters)


def view_lists(actor: Actor, *, moment: datetime) -> dict[str, QuerySet[Case]]:
    """Return every view's list, for counting."""
    return {key: listed_cases(actor, view=view, moment=moment) for key, view in VIEWS.items()}
