"""Giving cases to people: by rule, by claim, and back; no open case stays without an owner.

`tend_owners` is called at intake, every few seconds by the beat, and by the sweep loop, so that it
works without a broker too. Several at once are safe: choosing goes one at a time (or two would see
the same free hands), and each case is given in a transaction of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Absence, User
from complaints.actors import Actor
from complaints.choosing import Choice, choose
from complaints.errors import AlreadyTaken, CaseError, StepForbidden
from complaints.models import Case, Conflict, Notification
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.owners import (
    absences_on,
    bars,
    candidates,
    fallback_managers,
    need_of,
    orphaned_cases,
    today,
    unowned_cases,
    urgent_cases_of_absent,
)
from complaints.selectors.people import all_managers
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_staff
from complaints.services.triage import assign
from complaints.states import ConflictGround

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 200
INTAKE, OWNER_LEFT, ABSENCE = "intake", "owner_left", "absence"
TOLD_AGAIN = timedelta(days=1)
RELEASED, CONFLICT = "released", "conflict"


def tend_owners(*, limit: int = MOST_AT_ONCE) -> int:
    """Give out what nobody owns, and what its owner can't see to; return how many changed hands.

    Emergencies go first. A case that raises is logged and holds up no other. Run again, or by
    several at once, it gives nothing twice.
    """
    given = 0
    for case_id in list(unowned_cases().values_list("pk", flat=True)[:limit]):
        given += _safely(case_id, _give_unowned)
    for case_id in list(orphaned_cases().values_list("pk", flat=True)[:limit]):
        given += _safely(case_id, _give_orphaned)
    for case_id, absence in urgent_cases_of_absent()[:limit]:
        given += _safely(case_id, partial(_hand_over, absence=absence))
    return given


def _safely(case_id: int, give: Callable[[int], bool]) -> int:
    try:
        return int(give(case_id))
    except Exception as error:
        # What one case trips over must not leave the others without an owner.
        if isinstance(error, DatabaseError | InterfaceError) and not connection.is_usable():
            raise
        logger.exception("assignment_failed", extra={"case": case_id})
        return 0


def _claimed_row(case_id: int) -> Case | None:
    """Lock a case that nobody else is working on, after the others who choose; None if one is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('complaints.assigning'))")
    free = Case.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    related = free.select_related("consumer", "product", "batch", "owner", "team")
    return related.filter(pk=case_id).first()


@transaction.atomic
def _give_unowned(case_id: int) -> bool:
    case = _claimed_row(case_id)
    if case is None or not case.is_open or case.owner_id is not None:
        return False
    return give(case, cause=INTAKE) is not None


@transaction.atomic
def _give_orphaned(case_id: int) -> bool:
    case = _claimed_row(case_id)
    if case is None or not case.is_open or case.owner is None or case.owner.is_active:
        return False
    return give(case, cause=OWNER_LEFT, not_to={case.owner.pk}) is not None


@transaction.atomic
def _hand_over(case_id: int, *, absence: Absence) -> bool:
    case = _claimed_row(case_id)
    if case is None or not case.is_open or case.owner_id != absence.user_id:
        return False
    away = absences_on(today())
    stand_in = absence.stand_in
    if stand_in is not None and _is_there(stand_in, away) and not bars(case, [stand_in]):
        data = {"cause": ABSENCE, "why": ["stand_in"]}
        assign(case, owner=stand_in, by=Actor.system(), kind="auto_assigned", data=data)
        return True
    # One who is away would only pass it on again: without anybody there, its owner keeps it.
    return _give_if_any(case, not_to=set(away), absence=absence)


def _is_there(person: User, away: Collection[int]) -> bool:
    return person.is_active and person.pk not in away


def _give_if_any(case: Case, *, not_to: set[int], absence: Absence) -> bool:
    choice = choose(candidates(case), need_of(case, not_to=not_to))
    owner, _data = _owner(case, choice, not_to)
    if owner is not None:
        return give(case, cause=ABSENCE, not_to=not_to) is not None
    told = Notification.objects.filter(case=case, kind="nobody_there", at__gt=now() - TOLD_AGAIN)
    if not told.exists():
        users = list(dict.fromkeys([*filter(None, [case.owner]), *all_managers()]))
        key = f"nobody_there:{case.pk}:{now():%Y%m%d%H%M%S}"
        tell_staff(case, "nobody_there", users=users, key=key, by_mail=True)
    return False


def give(case: Case, *, cause: str, not_to: Collection[int] = ()) -> Case | None:
    """Give a locked case to whom the rule chooses, else to a manager; None when nobody is there.

    The reasons stand in the event: why this person, and who was left out for what.
    """
    choice = choose(candidates(case), need_of(case, not_to=not_to))
    owner, data = _owner(case, choice, not_to)
    if owner is None:
        logger.error("nobody_to_assign", extra={"case": case.pk})
        return None
    data |= {"cause": cause, "passed": choice.passed}
    return assign(case, owner=owner, by=Actor.system(), kind="auto_assigned", data=data)


def _owner(
    case: Case, choice: Choice, not_to: Collection[int]
) -> tuple[User | None, dict[str, Any]]:
    if choice.chosen is not None:
        person = choice.chosen
        data = {"why": list(choice.why), "load": person.open_cases, "limit": person.limit}
        return User.objects.get(pk=person.pk), data
    managers = [each for each in fallback_managers(case) if each.pk not in not_to]
    return (managers[0] if managers else None), {"why": ["nobody_free"]}


@transaction.atomic
def claim(case: Case, *, by: Actor, held_by: int | None) -> Case:
    """Take a case: "I take it". `held_by` is who had it on the page that one saw.

    Of two who claim at once one gets it; the other's AlreadyTaken says who. Raises CaseError for a
    case that has ended or that one must not handle, StepForbidden for who handles no cases.
    """
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    case = locked_case(case)
    me = by.person
    if case.owner_id == me.pk:
        return case
    if not case.is_open:
        raise CaseError(_("案件已经结束，不用再接手。"))
    former = case.owner
    if case.owner_id != held_by:
        raise AlreadyTaken(_taken_words(former))
    case = assign(case, owner=me, by=by, kind="claimed")
    if former is not None and former.is_active:
        key = f"taken:{case.pk}:{case.version}"
        tell_staff(case, "taken_over", users=[former], key=key, data={"by": me.display_name})
    return case


def _taken_words(owner: User | None) -> str:
    if owner is None:
        return _("这个案件刚刚被退回，还没有负责人。再按一次就由你负责。")
    words = {"name": owner.display_name}
    return _("%(name)s刚刚接了这个案件。需要的话，先和对方商量再接手。") % words


@transaction.atomic
def release(case: Case, *, by: Actor, reason: str, seen: int | None = None) -> Case:
    """Give a case back, with the reason; it goes to somebody else in the same moment.

    Only the owner or a manager may. Raises CaseError without a reason, or when there is nobody
    else; StepForbidden.
    """
    case = locked_case(case, seen=seen)
    mine = case.owner_id is not None and case.owner_id == by.person.pk
    if not mine and not has_permission(by, Permission.MANAGE_STAFF):
        raise StepForbidden(_("只有负责人或主管可以退回案件。"))
    if case.owner_id is None or not case.is_open:
        raise CaseError(_("这个案件现在没有可以退回的负责人。"))
    if not reason.strip():
        raise CaseError(_("请写明为什么退回。"), field="reason")
    former = case.owner_id
    case = touch(case, "released", by=by, data={"owner": former}, text={"reason": reason})
    given = give(case, cause=RELEASED, not_to={former})
    if given is None:
        raise CaseError(_("现在没有别的同事能接手，先和主管商量。"))
    return given


@transaction.atomic
def record_conflict(
    case: Case, *, user: User, ground: str, by: Actor, with_customer: bool = False
) -> Conflict:
    """Write down that somebody must not handle a case, or anything of its customer.

    What of it they own goes to others at once. The ground NONE says that somebody only bears a
    name that the complaint mentions; only a manager says so. Raises CaseError, StepForbidden.
    """
    if not has_permission(by, Permission.HANDLE_CASE) and by.person.pk != user.pk:
        raise StepForbidden(_("你的角色不能做这件事。"))
    if ground not in ConflictGround.values:
        raise CaseError(_("请选一个原因。"), field="ground")
    clears = ground == ConflictGround.NONE
    if clears and not has_permission(by, Permission.MANAGE_STAFF):
        raise StepForbidden(_("只有主管可以认定没有冲突。"))
    case = locked_case(case)
    customer = case.consumer.customer if with_customer and not clears else None
    about: dict[str, Any] = {"customer": customer} if customer else {"case": case}
    if Conflict.objects.filter(user=user, lifted_at=None, **about).exists():
        raise CaseError(_("已经登记过这位同事。"), field="user")
    conflict = Conflict.objects.create(
        user=user, ground=ground, recorded_by=by.person, recorded_at=now(), **about
    )
    data = {"user": user.pk, "ground": ground, "with_customer": customer is not None}
    case = touch(case, "conflict_recorded", by=by, data=data)
    if not clears:
        _take_away(case, user, whole_file=customer is not None)
    return conflict


def _take_away(case: Case, user: User, *, whole_file: bool) -> None:
    owned = Case.objects.filter(owner=user)
    if whole_file:
        owned = owned.filter(consumer__customer=case.consumer.customer)
    else:
        owned = owned.filter(pk=case.pk)
    for each in _in_order(owned):
        given = give(locked_case(each), cause=CONFLICT, not_to={user.pk})
        if given is None:
            raise CaseError(_("现在没有别的同事能接手，先和主管商量。"))


def _in_order(cases: Iterable[Case]) -> list[Case]:
    return sorted((case for case in cases if case.is_open), key=lambda case: case.pk)


@transaction.atomic
def lift_conflict(conflict: Conflict, *, case: Case, by: Actor) -> Case:
    """Take back that somebody must not handle a case; a manager decides."""
    if not has_permission(by, Permission.MANAGE_STAFF):
        raise StepForbidden(_("只有主管可以撤销利益冲突。"))
    case = locked_case(case)
    lifted = Conflict.objects.filter(pk=conflict.pk, lifted_at=None).update(
        lifted_at=now(), lifted_by=by.person
    )
    if not lifted:
        return case
    return touch(case, "conflict_lifted", by=by, data={"user": conflict.user_id})
