"""What consumers answered in the follow-up, by group: shares and means with their intervals.

Counted are rounds that began within the period: asked by link or call. Who did not answer is
reported beside those who did; a group is never judged by its answers alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Team
from agreements.models import FollowUp, FollowUpAttempt, SurveyLink
from agreements.states import CallOutcome
from complaints.states import Category, Channel
from insights.intervals import Interval, bootstrap_mean, wilson
from insights.periods import Period

GROUPINGS = {"channel": "case__channel", "category": "case__category", "team": "case__team_id"}
SATISFIED = 4
"""From this rating on an answer counts as satisfied."""
MOST_SUGGESTIONS = 20


def grouping_names() -> dict[str, str]:
    """Return the words for the groupings."""
    return {"channel": _("渠道"), "category": _("类别"), "team": _("小组")}


@dataclass
class Group:
    """The rounds of one group: who was asked, who answered what."""

    name: str
    asked: set[tuple[int, int]] = field(default_factory=set)
    answered: set[tuple[int, int]] = field(default_factory=set)
    ratings: list[int] = field(default_factory=list)
    arrived: int = 0
    resolved: list[bool] = field(default_factory=list)
    unreached: set[tuple[int, int]] = field(default_factory=set)
    wrong: set[tuple[int, int]] = field(default_factory=set)

    @property
    def response(self) -> Interval | None:
        """The share that answered."""
        return wilson(len(self.answered), len(self.asked | self.answered))

    @property
    def satisfied(self) -> Interval | None:
        """The share of ratings of four and five."""
        return wilson(sum(rating >= SATISFIED for rating in self.ratings), len(self.ratings))

    @property
    def mean(self) -> Interval | None:
        """The mean rating."""
        return bootstrap_mean(self.ratings)

    @property
    def settled(self) -> Interval | None:
        """The share that counts the matter as settled."""
        return wilson(sum(self.resolved), len(self.resolved))

    @property
    def silent(self) -> int:
        """How many did not answer."""
        return len(self.asked - self.answered)

    @property
    def unreachable(self) -> int:
        """How many of those were called in vain."""
        return len(self.unreached - self.answered)

    @property
    def wrong_numbers(self) -> int:
        """How many of those had a number that is somebody else's."""
        return len(self.wrong - self.answered)


def whole_of(period: Period) -> Group:
    """Return all rounds of a period as one group."""
    found = _collected(period, field_name="")
    return found.get("", Group(""))


def groups_of(period: Period, *, by: str) -> list[Group]:
    """Return the groups of a period by name of the grouping, the most asked first."""
    groups = _collected(period, field_name=GROUPINGS[by])
    names = _names(by, groups)
    for key, group in groups.items():
        group.name = names.get(key) or _("没有登记")
    return sorted(groups.values(), key=lambda group: (-len(group.asked), group.name))


def _names(by: str, keys: Iterable[Any]) -> dict[Any, str]:
    if by == "team":
        return dict(
            Team.objects.filter(pk__in=[key for key in keys if key]).values_list("pk", "name")
        )
    choices = Channel if by == "channel" else Category
    return {value: str(label) for value, label in choices.choices}


def _collected(period: Period, *, field_name: str) -> dict[Any, Group]:
    groups: dict[Any, Group] = {}

    def group_of(row: dict[str, Any]) -> Group:
        return groups.setdefault(row[field_name] if field_name else "", Group(""))

    grouping = [field_name] if field_name else []
    within = Q(case__imported_at=None)
    sent = Q(sent_at__gte=period.starts, sent_at__lt=period.ends)
    for row in SurveyLink.objects.filter(within, sent).values("case_id", "round", *grouping):
        group_of(row).asked.add((row["case_id"], row["round"]))
    tried = Q(tried_at__gte=period.starts, tried_at__lt=period.ends)
    calls = FollowUpAttempt.objects.filter(within, tried)
    for row in calls.values("case_id", "round", "outcome", *grouping):
        group, key = group_of(row), (row["case_id"], row["round"])
        group.asked.add(key)
        if row["outcome"] == CallOutcome.WRONG_NUMBER:
            group.wrong.add(key)
        elif row["outcome"] == CallOutcome.NO_ANSWER:
            group.unreached.add(key)
    given = Q(answered_at__gte=period.starts, answered_at__lt=period.ends)
    answers = FollowUp.objects.filter(within, given)
    for row in answers.values("case_id", "round", "rating", "arrived", "resolved", *grouping):
        group, key = group_of(row), (row["case_id"], row["round"])
        group.asked.add(key)
        group.answered.add(key)
        group.arrived += row["arrived"]
        if row["rating"] is not None:
            group.ratings.append(row["rating"])
        if row["resolved"] is not None:
            group.resolved.append(row["resolved"])
    return groups


def suggestions(period: Period) -> list[FollowUp]:
    """Return the latest answers that say what about our process should change."""
    given = Q(answered_at__gte=period.starts, answered_at__lt=period.ends)
    rows = FollowUp.objects.filter(given, case__imported_at=None).exclude(change_sealed=b"")
    return list(rows.select_related("case__consumer").order_by("-answered_at")[:MOST_SUGGESTIONS])
