"""What managers see of the people who own cases."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import Http404

from accounts.models import Absence, Skill, User
from complaints.models import SkillNeed
from complaints.selectors.owners import absences_on, today, with_load
from complaints.selectors.people import possible_owners


@dataclass(frozen=True)
class StaffLine:
    """One person: how much they carry of what they can, and their absence now or next."""

    person: User
    carried: int
    away: Absence | None
    coming: Absence | None

    @property
    def percent(self) -> int:
        """How much of the limit is used, at most 100."""
        return min(100, round(100 * self.carried / max(1, self.person.most_open_cases)))

    @property
    def is_full(self) -> bool:
        """Whether nothing more is given by rule."""
        return self.carried >= self.person.most_open_cases


def staff_lines() -> list[StaffLine]:
    """Return everybody who may own cases, by team and name."""
    people = with_load(possible_owners()).select_related("team").prefetch_related("skills")
    away, day = absences_on(today()), today()
    coming: dict[int, Absence] = {}
    ahead = Absence.objects.filter(cancelled_at=None, starts_on__gt=day)
    for absence in ahead.order_by("-starts_on"):
        coming[absence.user_id] = absence
    lines = [
        StaffLine(person, person.carried, away.get(person.pk), coming.get(person.pk))
        for person in people
    ]
    return sorted(lines, key=lambda line: (str(line.person.team or "~"), str(line.person)))


def one_member(user_id: int) -> User:
    """Return one person who may own cases; 404 for anybody else."""
    found = possible_owners().filter(pk=user_id).select_related("team").first()
    if found is None:
        raise Http404(user_id)
    return found


def absences_of(person: User) -> list[Absence]:
    """Return a person's absences that are not over and not cancelled, the next first."""
    rows = Absence.objects.filter(user=person, cancelled_at=None, ends_on__gte=today())
    return list(rows.select_related("stand_in", "created_by").order_by("starts_on"))


def skills() -> QuerySet[Skill]:
    """Return all skills with `held_by`, how many people have each."""
    return Skill.objects.annotate(held_by=Count("holders")).order_by("name")


def needs() -> QuerySet[SkillNeed]:
    """Return which cases ask for which skills."""
    return SkillNeed.objects.select_related("skill").order_by("skill__name", "pk")
