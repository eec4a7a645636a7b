"""What a list of cases is narrowed to, read from the address of the page and nothing else.

Several values of one name mean any of them, several names all of them. What can't be read is left
out rather than refused: an address is typed, kept and sent around.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from complaints.actors import Actor
from complaints.models import Case, CaseTag
from complaints.models.case import UNANSWERED
from complaints.selectors.matching import matching
from complaints.states import OPEN_STAGES, Channel, CustomerTier, Severity, Stage, Urgency

ME, NOBODY, VULNERABLE, NONE = "me", "none", "vulnerable", "none"
LEFT_HOURS = (1, 4, 24, 72, 168)
MOST_VALUES, LONGEST = 50, 100
_COLUMNS = {
    "stage": "stage",
    "urgency": "urgency",
    "severity": "severity",
    "category": "category",
    "issue": "issue",
    "line": "product__category",
    "channel": "channel",
    "market": "market",
    "language": "language",
    "source": "source_system",
}
_KNOWN: dict[str, frozenset[str]] = {
    "stage": frozenset(Stage.values),
    "urgency": frozenset(Urgency.values),
    "severity": frozenset(Severity.values),
    "channel": frozenset(Channel.values),
    "tier": frozenset({*CustomerTier.values, VULNERABLE}),
}
CHOSEN = (*_COLUMNS, "owner", "team", "tag", "tier")
WORDS = ("q", "product", "batch")
SWITCHES = ("late", "unread")
DATES = ("received_from", "received_to")
NAMES = ("view", "sort", *CHOSEN, *WORDS, *SWITCHES, *DATES, "left")


@dataclass(frozen=True)
class Filters:
    """What a list is narrowed to; `equal` holds look-ups, `chosen` any of several values a name."""

    text: str = ""
    equal: dict[str, Any] = field(default_factory=dict)
    chosen: dict[str, tuple[str, ...]] = field(default_factory=dict)
    received_from: datetime | None = None
    received_before: datetime | None = None
    left: timedelta | None = None
    late: bool = False
    unread: bool = False
    product: str = ""
    batch: str = ""

    @property
    def any(self) -> bool:
        """Whether the list is narrowed at all."""
        return self != Filters()


def filters_of(params: QueryDict) -> Filters:
    """Read what an address narrows its list to."""
    until = _day(params.get("received_to", ""))
    left = params.get("left", "")
    return Filters(
        text=_word(params, "q"),
        chosen={name: values for name in CHOSEN if (values := _values(params, name))},
        received_from=_midnight(_day(params.get("received_from", ""))),
        received_before=_midnight(until + timedelta(days=1)) if until else None,
        left=timedelta(hours=int(left)) if left.isdecimal() and len(left) < 5 else None,
        late=bool(params.get("late")),
        unread=bool(params.get("unread")),
        product=_word(params, "product"),
        batch=_word(params, "batch"),
    )


def query_of(params: QueryDict) -> str:
    """Return the part of an address that says which list it is, always in the same order."""
    kept = QueryDict(mutable=True)
    for name in NAMES:
        values = [value for value in dict.fromkeys(params.getlist(name)) if value.strip()]
        if values:
            kept.setlist(name, values)
    return kept.urlencode()


def _word(params: QueryDict, name: str) -> str:
    return params.get(name, "").replace("\x00", "").strip()[:LONGEST]


def _values(params: QueryDict, name: str) -> tuple[str, ...]:
    given = dict.fromkeys(value for value in params.getlist(name) if value and "\x00" not in value)
    known = _KNOWN.get(name)
    return tuple(value for value in given if known is None or value in known)[:MOST_VALUES]


def _day(words: str) -> date | None:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 9000 else None


def _midnight(day: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def narrowed(
    cases: QuerySet[Case], filters: Filters, *, actor: Actor, moment: datetime
) -> QuerySet[Case]:
    """Narrow a list of cases, for a person at a moment."""
    cases = cases.filter(**filters.equal)
    for name, values in filters.chosen.items():
        cases = cases.filter(_any_of(name, values, actor))
    if filters.received_from:
        cases = cases.filter(received_at__gte=filters.received_from)
    if filters.received_before:
        cases = cases.filter(received_at__lt=filters.received_before)
    if filters.left is not None:
        due = Q(stage__in=sorted(OPEN_STAGES), next_due_at__lt=moment + filters.left)
        cases = cases.filter(due)
    if filters.late:
        cases = cases.filter(is_late=True)
    if filters.unread:
        cases = cases.filter(UNANSWERED)
    if filters.product:
        cases = cases.filter(_product(filters.product))
    if filters.batch:
        cases = cases.filter(batch__code__iexact=filters.batch)
    return matching(cases, filters.text, actor=actor) if filters.text else cases


def _any_of(name: str, values: tuple[str, ...], actor: Actor) -> Q:
    special: dict[str, Callable[[tuple[str, ...], Actor], Q]] = {
        "owner": _owned,
        "team": _of_team,
        "tag": _tagged,
        "tier": _of_tier,
    }
    if name in special:
        return special[name](values, actor)
    return Q(**{f"{_COLUMNS[name]}__in": values})


def _ids(values: tuple[str, ...]) -> list[int]:
    return [int(value) for value in values if value.isdecimal() and len(value) < 19]


def _owned(values: tuple[str, ...], actor: Actor) -> Q:
    owners = _ids(values)
    if ME in values and actor.user is not None:
        owners.append(actor.user.pk)
    found = Q(owner__in=owners)
    return found | Q(owner__isnull=True) if NOBODY in values else found


def _of_team(values: tuple[str, ...], _actor: Actor) -> Q:
    found = Q(team__in=_ids(values))
    return found | Q(team__isnull=True) if NONE in values else found


def _tagged(values: tuple[str, ...], _actor: Actor) -> Q:
    tags = CaseTag.objects.filter(case=OuterRef("pk"))
    found = Q(Exists(tags.filter(tag__in=_ids(values))))
    return found | ~Q(Exists(tags)) if NONE in values else found


def _of_tier(values: tuple[str, ...], _actor: Actor) -> Q:
    found = Q(consumer__tier__in=[value for value in values if value != VULNERABLE])
    return found | Q(consumer__needs_care=True) if VULNERABLE in values else found


def _product(words: str) -> Q:
    ours = Q(product__name__icontains=words) | Q(product__model__icontains=words)
    return ours | Q(product_text__icontains=words)
