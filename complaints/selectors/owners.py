"""Who may own a case: who is there, how much they carry, what they can, and who must not.

Nobody handles a complaint of their own, one that names them, or one with whose customer somebody
recorded a conflict of interest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Absence, User
from accounts.states import Role
from complaints import sealing
from complaints.actors import Actor
from complaints.choosing import Candidate, Need
from complaints.errors import CaseError
from complaints.models import Case, CaseEvent, Conflict, SkillNeed
from complaints.models.case import NOT_HISTORY
from complaints.moments import now
from complaints.normalising import normalised_email
from complaints.selectors.customers import family_of
from complaints.selectors.policies import working_calendar
from complaints.states import OPEN_STAGES, ConflictGround, Stage, Urgency

OPEN = Q(stage__in=sorted(OPEN_STAGES))
COMPLAINANT, NAME_IN_TEXT = "complainant", "name_in_text"
OWNERSHIP = ("assigned", "auto_assigned", "claimed", "released", "handed_to_manager")
"""The events by which a case changed hands."""
BARRED_BECAUSE = {
    COMPLAINANT: gettext_lazy("就是投诉人本人"),
    NAME_IN_TEXT: gettext_lazy("投诉里提到了这个姓名"),
    **{ground.value: ground.label for ground in ConflictGround},
}
_SHORTEST_NAME = 2


def today() -> date:
    """Return the company's present day."""
    return working_calendar().local_date(now())


def absences_on(day: date) -> dict[int, Absence]:
    """Return who is away on a day, by person."""
    rows = Absence.objects.filter(cancelled_at=None, starts_on__lte=day, ends_on__gte=day)
    return {row.user_id: row for row in rows.select_related("stand_in")}


def bars(case: Case, people: Iterable[User]) -> dict[int, str]:
    """Return those of `people` who must not handle a case, each with the reason's code."""
    people, family = list(people), family_of(case.consumer)
    concerning = Q(case=case) | Q(customer__in=family)
    recorded = Conflict.objects.filter(concerning, lifted_at=None, user__in=people)
    grounds = {row.user_id: row.ground for row in recorded.order_by("-pk")}
    hard = {row.user_id: row.ground for row in recorded if row.ground != ConflictGround.NONE}
    text = _folded(" ".join((case.title, case.description, case.wished_detail, case.respondent)))
    found: dict[int, str] = {}
    for person in people:
        if person.pk in hard:
            found[person.pk] = hard[person.pk]
        elif _is_complainant(case, person):
            found[person.pk] = COMPLAINANT
        elif person.pk not in grounds and _is_named(person.display_name, text):
            found[person.pk] = NAME_IN_TEXT
    return found


def bar_to_deciding(case: Case, person: User) -> str:
    """Return why somebody must take no step in a case, as words, or "".

    That their name stands in the text bars nobody from a step: it may be a namesake.
    """
    because = bars(case, [person]).get(person.pk, "")
    return "" if because in ("", NAME_IN_TEXT) else str(BARRED_BECAUSE[because])


def _is_complainant(case: Case, person: User) -> bool:
    address = normalised_email(person.email)
    index = sealing.blind_index("email", address) if address else ""
    return bool(index) and index == case.consumer.email_index


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _is_named(name: str, text: str) -> bool:
    name = _folded(name).strip()
    if len(name) < _SHORTEST_NAME:
        return False
    if name.isascii():
        return re.search(rf"(?<![0-9a-z]){re.escape(name)}(?![0-9a-z])", text) is not None
    return name in text


def check_may_own(case: Case, owner: User, *, by: Actor) -> None:
    """Raise CaseError unless somebody may be given a case by a person.

    Who is full may be given more, and who is away may take a case themselves.
    """
    if not owner.is_active:
        raise CaseError(_("这位同事的账号已停用。"), field="owner")
    because = bars(case, [owner]).get(owner.pk)
    if because:
        words = {"name": owner.display_name, "reason": BARRED_BECAUSE[because]}
        raise CaseError(
            _("%(name)s不能负责这个案件：%(reason)s。请交给别的同事。") % words, field="owner"
        )
    mine = by.user is not None and by.user.pk == owner.pk
    away = None if mine else absences_on(today()).get(owner.pk)
    if away is not None:
        words = {"name": owner.display_name, "day": away.ends_on.isoformat()}
        raise CaseError(_("%(name)s到 %(day)s 都不在岗。请交给别的同事。") % words, field="owner")


def skills_for(case: Case) -> frozenset[int]:
    """Return the skills that a case asks for."""
    needs = SkillNeed.objects.all()
    return frozenset(need.skill_id for need in needs if need.fits(case))


def need_of(case: Case, *, not_to: Collection[int] = ()) -> Need:
    """Return what a case asks of whoever gets it."""
    return Need(
        team=case.team_id,
        skills=skills_for(case),
        is_emergency=case.urgency == Urgency.EMERGENCY,
        not_to=frozenset(not_to),
    )


def takers(case: Case) -> QuerySet[User]:
    """Return the people among whom a case is given out, with how much they carry.

    A case under investigation that an investigator gives up goes to investigators.
    """
    owner = case.owner
    works = owner is not None and owner.has_role(Role.INVESTIGATOR) and not _at_desk(owner)
    role = Role.INVESTIGATOR if works and case.stage == Stage.INVESTIGATING else Role.AGENT
    people = User.objects.filter(is_active=True, takes_cases=True, roles__contains=[role])
    return with_load(people)


def _at_desk(person: User) -> bool:
    return person.has_role(Role.AGENT, Role.MANAGER)


def with_load(people: QuerySet[User]) -> QuerySet[User]:
    """Return people with `carried`, the number of open cases that they own."""
    open_owned = Q(owned_cases__stage__in=sorted(OPEN_STAGES))
    return people.annotate(carried=Count("owned_cases", filter=open_owned)).order_by("pk")


def candidates(case: Case) -> list[Candidate]:
    """Return who might get a case, with everything that decides it."""
    people = list(takers(case).prefetch_related("skills"))
    barred, away = bars(case, people), absences_on(today())
    known = _who_know(case)
    return [
        Candidate(
            pk=person.pk,
            team=person.team_id,
            skills=frozenset(skill.pk for skill in person.skills.all()),
            open_cases=person.carried,
            limit=person.most_open_cases,
            is_away=person.pk in away,
            is_barred=person.pk in barred,
            is_familiar=person.pk in known,
        )
        for person in people
    ]


def _who_know(case: Case) -> set[int]:
    family = family_of(case.consumer)
    if not family:
        return set()
    others = Case.objects.filter(consumer__customer__in=family, owner__isnull=False)
    return set(others.exclude(pk=case.pk).values_list("owner_id", flat=True)[:50])


def fallback_managers(case: Case) -> list[User]:
    """Return who takes a case that nobody else can take, the likeliest first.

    The team's manager, then managers who are there, then anybody who manages; never one who must
    not handle it.
    """
    managers = list(with_load(User.objects.filter(is_active=True, roles__contains=[Role.MANAGER])))
    lead = case.team.manager_id if case.team else None
    barred, away = bars(case, managers), absences_on(today())
    able = [person for person in managers if person.pk not in barred]
    return sorted(
        able,
        key=lambda person: (person.pk in away, person.pk != lead, person.carried, person.pk),
    )


def unowned_cases() -> QuerySet[Case]:
    """Return open cases that nobody owns, emergencies first, then by time left.

    History taken over from another system waits in its view until somebody takes it up.
    """
    waiting = Case.objects.filter(OPEN, NOT_HISTORY, owner__isnull=True)
    return waiting.order_by("urgency", "next_due_at", "pk")


def orphaned_cases() -> QuerySet[Case]:
    """Return open cases whose owner's account is no longer in use."""
    return Case.objects.filter(OPEN, owner__is_active=False).order_by("next_due_at", "pk")


def urgent_cases_of_absent() -> list[tuple[int, Absence]]:
    """Return the open cases that can't wait for their owner's return, with the absence.

    They are emergencies, late already, or fall due before the owner is back.
    """
    found: list[tuple[int, Absence]] = []
    for user_id, absence in absences_on(today()).items():
        back = working_calendar().end_of(absence.ends_on)
        cases = Case.objects.filter(OPEN, owner=user_id)
        urgent = cases.filter(Q(urgency=Urgency.EMERGENCY) | Q(next_due_at__lt=back))
        found += [
            (pk, absence)
            for pk in urgent.order_by("urgency", "next_due_at").values_list("pk", flat=True)
        ]
    return found


@dataclass(frozen=True)
class Holding:
    """One change of hands of a case: who had it from then on, and why."""

    event: CaseEvent
    owner: User | None
    why: list[str]
    passed: list[dict[str, Any]]


def holdings_of(case: Case) -> list[Holding]:
    """Return how a case changed hands, the newest first."""
    events = list(
        CaseEvent.objects.filter(case=case, kind__in=OWNERSHIP)
        .select_related("actor")
        .order_by("-sequence")[:50]
    )
    wanted: set[int] = set()
    for event in events:
        wanted.update(_people_in(event.data))
    people = User.objects.in_bulk(wanted)
    return [_holding(event, people) for event in events]


def _owner_in(data: dict[str, Any]) -> int | None:
    change = data.get("changes", {}).get("owner")
    return change[1] if change else None


def _people_in(data: dict[str, Any]) -> list[int]:
    passed = [pk for pks in data.get("passed", {}).values() for pk in pks]
    owner = _owner_in(data)
    return [*passed, *([owner] if owner else [])]


def _holding(event: CaseEvent, people: dict[int, User]) -> Holding:
    passed = [
        {"why": code, "people": [people[pk] for pk in pks if pk in people]}
        for code, pks in event.data.get("passed", {}).items()
    ]
    owner = people.get(_owner_in(event.data) or 0)
    return Holding(event, owner, list(event.data.get("why", [])), passed)


def conflicts_of(case: Case) -> list[Conflict]:
    """Return the conflicts recorded with a case or its customer that were not lifted."""
    concerning = Q(case=case) | Q(customer__in=family_of(case.consumer))
    rows = Conflict.objects.filter(concerning, lifted_at=None)
    return list(rows.select_related("user", "recorded_by", "customer").order_by("pk"))
