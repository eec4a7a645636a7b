"""The queue: named views of the cases that a person may see, sorted by time left, page by key.

Pages are found by the last row's key, not by counting rows off, so that the thousandth page costs
as much as the first. Totals are exact up to 10,000.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case, Clock, Timer
from complaints.models.case import UNANSWERED
from complaints.search_terms import query_terms
from complaints.states import (
    FINAL_STAGES,
    NOBODYS_FAULT,
    OPEN_STAGES,
    ClockKind,
    ClockState,
    Stage,
    TimerStatus,
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


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; everything stands in the address of the page."""

    text: str = ""
    equal: dict[str, Any] = field(default_factory=dict)
    received_from: datetime | None = None
    received_before: datetime | None = None
    late: bool = False

    @property
    def any(self) -> bool:
        """Whether the list is narrowed at all."""
        return self != Filters()


@dataclass(frozen=True)
class Place:
    """The key of a row: its due moment (None sorts last) and its id."""

    due: datetime | None
    pk: int


@dataclass(frozen=True)
class Page:
    """Rows of one page, and whether there are more on either side."""

    rows: list[dict[str, Any]]
    has_earlier: bool
    has_later: bool


def listed_cases(
    actor: Actor, *, view: View, moment: datetime, filters: Filters | None = None
) -> QuerySet[Case]:
    """Return the cases of a view that `actor` may see, narrowed by `filters`, unsorted."""
    cases = visible_cases(actor).filter(view.condition(actor, moment))
    return narrowed(cases, filters) if filters else cases


def narrowed(cases: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    """Narrow a list of cases."""
    cases = cases.filter(**filters.equal)
    if filters.received_from:
        cases = cases.filter(received_at__gte=filters.received_from)
    if filters.received_before:
        cases = cases.filter(received_at__lt=filters.received_before)
    if filters.late:
        cases = cases.filter(is_late=True)
    return matching(cases, filters.text) if filters.text else cases


def matching(cases: QuerySet[Case], text: str) -> QuerySet[Case]:
    """Return the cases whose words hold all of `text`; a reference finds its case."""
    words = query_terms(text)
    if not words:
        return cases.none()
    quoted = " & ".join(f"'{word}'" for word in words)
    query = SearchQuery(quoted, config="simple", search_type="raw")
    return cases.filter(Q(search=query) | Q(reference=text.strip().upper()))


_FIELDS = (
    "pk",
    "reference",
    "title",
    "stage",
    "urgency",
    "scope",
    "imported_at",
    "external_body",
    "next_due_at",
    "next_due_kind",
    "consumer_wrote_at",
    "staff_wrote_at",
    "amount_agreed",
    "wished_amount",
    "amount_paid",
    "currency",
    "version",
)
_ESCALATED = Exists(
    Timer.objects.filter(
        case=OuterRef("pk"),
        status=TimerStatus.FIRED,
        rung__startswith="escalation_",
    )
)


def queue_page(
    cases: QuerySet[Case],
    *,
    size: int,
    after: Place | None = None,
    before: Place | None = None,
    newest_first: bool = False,
) -> Page:
    """Return one page of a list: the rows after or before a place, else the first.

    Sorted by time left, cases without a deadline last; `newest_first` sorts by id downwards.
    """
    if newest_first:
        rows = _by_id(cases, size=size + 1, after=after, before=before)
    elif before is not None:
        rows = _up(cases, before, size + 1)
    else:
        rows = _down(cases, after, size + 1)
    more = len(rows) > size
    rows = rows[:size]
    if before is not None:
        return Page(rows[::-1], has_earlier=more, has_later=True)
    return Page(rows, has_earlier=after is not None, has_later=more)


def _values(cases: QuerySet[Case]) -> QuerySet[Case, dict[str, Any]]:
    return cases.annotate(escalated=_ESCALATED).values(*_FIELDS, "escalated")


def _by_id(
    cases: QuerySet[Case], *, size: int, after: Place | None, before: Place | None
) -> list[dict[str, Any]]:
    if before is not None:
        return list(_values(cases.filter(pk__gt=before.pk)).order_by("pk")[:size])
    if after is not None:
        cases = cases.filter(pk__lt=after.pk)
    return list(_values(cases).order_by("-pk")[:size])


def _down(cases: QuerySet[Case], after: Place | None, size: int) -> list[dict[str, Any]]:
    order = (F("next_due_at").asc(nulls_last=True), "pk")
    if after is None:
        return list(_values(cases).order_by(*order)[:size])
    undated = cases.filter(next_due_at=None)
    if after.due is None:
        return list(_values(undated.filter(pk__gt=after.pk)).order_by(*order)[:size])
    dated = cases.filter(next_due_at__gte=after.due).exclude(
        next_due_at=after.due, pk__lte=after.pk
    )
    rows = list(_values(dated).order_by(*order)[:size])
    if len(rows) < size:
        rows += _values(undated).order_by(*order)[: size - len(rows)]
    return rows


def _up(cases: QuerySet[Case], before: Place, size: int) -> list[dict[str, Any]]:
    order = (F("next_due_at").desc(nulls_first=True), "-pk")
    dated = cases.filter(next_due_at__isnull=False)
    rows: list[dict[str, Any]] = []
    if before.due is None:
        undated = cases.filter(next_due_at=None, pk__lt=before.pk)
        rows = list(_values(undated).order_by(*order)[:size])
    else:
        dated = dated.filter(next_due_at__lte=before.due).exclude(
            next_due_at=before.due, pk__gte=before.pk
        )
    if len(rows) < size:
        rows += _values(dated).order_by(*order)[: size - len(rows)]
    return rows


def view_lists(actor: Actor, *, moment: datetime) -> dict[str, QuerySet[Case]]:
    """Return every view's list, for counting."""
    return {key: listed_cases(actor, view=view, moment=moment) for key, view in VIEWS.items()}


def cases_by_id(actor: Actor, ids: Iterable[int]) -> list[Case]:
    """Return those of `ids` that `actor` may see and that are open, by id."""
    return list(visible_cases(actor).filter(_OPEN, pk__in=list(ids)).order_by("pk"))
