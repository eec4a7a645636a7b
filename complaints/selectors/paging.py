"""Pages of a list of cases, found by the last row's key and not by counting rows off.

So the thousandth page costs as much as the first, and rows that come, go or change place never
make another row appear twice or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from complaints.models import Case, CaseTag, Timer
from complaints.states import TimerStatus

Key = datetime | Decimal | None


@dataclass(frozen=True)
class Sort:
    """An order of cases: by a column, those without a value last, then by id; or by id alone."""

    key: str
    label: Any
    column: str = ""
    downwards: bool = False

    def key_of(self, row: dict[str, Any]) -> Key:
        """Return by what a row stands where it stands."""
        key: Key = row[self.column] if self.column else None
        return key


SORTS: dict[str, Sort] = {
    sort.key: sort
    for sort in [
        Sort("due", _("按剩余时限"), "next_due_at"),
        Sort("newest", _("新的在前"), downwards=True),
        Sort("received", _("先收到的在前"), "received_at"),
        Sort("waiting", _("停在本阶段最久的在前"), "stage_since"),
        Sort("wrote", _("消费者最近来信在前"), "consumer_wrote_at", downwards=True),
        Sort("amount", _("诉求金额高的在前"), "wished_amount", downwards=True),
    ]
}
BY_TIME_LEFT, NEWEST_FIRST = SORTS["due"], SORTS["newest"]


@dataclass(frozen=True)
class Place:
    """The key of a row: what it is sorted by (None sorts last) and its id."""

    due: Key
    pk: int


@dataclass(frozen=True)
class Page:
    """Rows of one page, and whether there are more on either side."""

    rows: list[dict[str, Any]]
    has_earlier: bool
    has_later: bool


_FIELDS = (
    "pk",
    "reference",
    "title",
    "stage",
    "urgency",
    "scope",
    "imported_at",
    "external_body",
    "received_at",
    "stage_since",
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
_TAGS = ArraySubquery(
    CaseTag.objects.filter(case=OuterRef("pk")).order_by("tag__name").values("tag__name")
)


def queue_page(
    cases: QuerySet[Case],
    *,
    size: int,
    after: Place | None = None,
    before: Place | None = None,
    newest_first: bool = False,
    sort: Sort | None = None,
) -> Page:
    """Return one page of a list: the rows after or before a place, else the first.

    Sorted by time left unless `sort` says otherwise; `newest_first` sorts by id downwards.
    """
    order = sort or (NEWEST_FIRST if newest_first else BY_TIME_LEFT)
    walk = _back if before is not None else _on
    rows = walk(cases, order, before or after, size + 1)
    more = len(rows) > size
    rows = rows[:size]
    if before is not None:
        return Page(rows[::-1], has_earlier=more, has_later=True)
    return Page(rows, has_earlier=after is not None, has_later=more)


def _rows(
    cases: QuerySet[Case], sort: Sort, limit: int, *, back: bool = False
) -> list[dict[str, Any]]:
    downwards = sort.downwards != back
    order: list[Any] = ["-pk" if downwards else "pk"]
    if sort.column:
        column = F(sort.column)
        nulls = {"nulls_first": True} if back else {"nulls_last": True}
        order = [column.desc(**nulls) if downwards else column.asc(**nulls), *order]
    found = cases.annotate(escalated=_ESCALATED, tags=_TAGS).values(*_FIELDS, "escalated", "tags")
    return list(found.order_by(*order)[:limit])


def _beyond(cases: QuerySet[Case], sort: Sort, place: Place, *, back: bool) -> QuerySet[Case]:
    """Return the rows past a place among those that have a value (or where ids alone count)."""
    downwards = sort.downwards != back
    side = "lt" if downwards else "gt"
    if not sort.column:
        return cases.filter(**{f"pk__{side}": place.pk})
    same = {sort.column: place.due, f"pk__{'gte' if downwards else 'lte'}": place.pk}
    return cases.filter(**{f"{sort.column}__{side}e": place.due}).exclude(**same)


def _on(cases: QuerySet[Case], sort: Sort, place: Place | None, limit: int) -> list[dict[str, Any]]:
    if place is None:
        return _rows(cases, sort, limit)
    if not sort.column:
        return _rows(_beyond(cases, sort, place, back=False), sort, limit)
    valueless = cases.filter(**{sort.column: None})
    if place.due is None:
        side = "lt" if sort.downwards else "gt"
        return _rows(valueless.filter(**{f"pk__{side}": place.pk}), sort, limit)
    rows = _rows(_beyond(cases, sort, place, back=False), sort, limit)
    if len(rows) < limit:
        rows += _rows(valueless, sort, limit - len(rows))
    return rows


def _back(
    cases: QuerySet[Case], sort: Sort, place: Place | None, limit: int
) -> list[dict[str, Any]]:
    if place is None or not sort.column:
        there = cases if place is None else _beyond(cases, sort, place, back=True)
        return _rows(there, sort, limit, back=True)
    valued = cases.filter(**{f"{sort.column}__isnull": False})
    if place.due is not None:
        return _rows(_beyond(valued, sort, place, back=True), sort, limit, back=True)
    side = "gt" if sort.downwards else "lt"
    valueless = cases.filter(**{sort.column: None, f"pk__{side}": place.pk})
    rows = _rows(valueless, sort, limit, back=True)
    if len(rows) < limit:
        rows += _rows(valued, sort, limit - len(rows), back=True)
    return rows
