"""Whom to call: cases that wait for the follow-up, the most pressing first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from agreements.models import FollowUp, FollowUpAttempt
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.states import Stage


@dataclass(frozen=True)
class Call:
    """One case to call about: what was tried in this round, and when to try again."""

    case: Case
    tries: list[FollowUpAttempt]

    @property
    def again_at(self) -> datetime | None:
        """The moment that was agreed for another call, if the last one ended so."""
        return self.tries[-1].call_again_at if self.tries else None

    @property
    def later(self) -> bool:
        """Whether the agreed moment is still to come."""
        return self.again_at is not None and self.again_at > now()


def calls_waiting(actor: Actor, *, own: bool = False) -> QuerySet[Case]:
    """Return the cases whose consumers are to be asked, the next due first."""
    cases = visible_cases(actor).filter(stage=Stage.FOLLOWING_UP)
    if own and actor.user is not None:
        cases = cases.filter(owner=actor.user)
    return cases.select_related("consumer", "owner").order_by("next_due_at", "pk")


def as_calls(cases: list[Case]) -> list[Call]:
    """Return a page of cases with the calls of their present round, in one query."""
    answered = FollowUp.objects.filter(case=OuterRef("case")).order_by("-round").values("round")[:1]
    tries: dict[int, list[FollowUpAttempt]] = {case.pk: [] for case in cases}
    rows = FollowUpAttempt.objects.filter(case__in=cases).annotate(last=Subquery(answered))
    for row in rows.order_by("tried_at"):
        if row.round > (row.last or 0):
            tries[row.case_id].append(row)
    calls = [Call(case, tries[case.pk]) for case in cases]
    return sorted(calls, key=lambda call: call.later)
