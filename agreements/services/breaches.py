"""Breach: an obligation whose day is over, what is done about it, and going on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.days import today
from agreements.models import Breach, Obligation
from agreements.periods import MOST_REMEDY_DAYS
from agreements.selectors.lateness import late_terms_of
from agreements.selectors.performance import open_breaches, overdue_obligations
from agreements.services.concluding import obligation_clocks
from agreements.services.performing import still_owed
from agreements.services.rights import require
from agreements.services.surveying import begin_follow_up
from agreements.states import ObligationKind
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission
from complaints.selectors.people import managers_of, responsible_for
from complaints.services.cases import move
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_consumer, tell_staff
from complaints.states import ActorKind, Stage


@transaction.atomic
def declare_breach(case: Case, *, by: Actor, reason: str = "", seen: int | None = None) -> Case:
    """Declare the breach of every obligation of ours that is overdue.

    No grace is given: the day was agreed, and the periodic task declares what nobody declared.
    Raises CaseError when nothing is overdue, StepNotAllowed when the case is not being fulfilled.
    """
    if by.kind == ActorKind.STAFF:
        require(by, Permission.HANDLE_CASE)
    case = locked_case(case, seen=seen)
    overdue = list(overdue_obligations(case))
    if case.stage == Stage.FULFILLING and not overdue:
        raise CaseError(_("没有过期未履行的事项。"))
    data = {"obligations": [duty.pk for duty in overdue]}
    text = {"reason": reason} if reason else None
    case = move(case, "declare_breach", by=by, data=data, text=text, tell=False)
    _write_down(overdue, by=by, reason=reason)
    _tell_both(case, overdue, by=by)
    return case


def _write_down(overdue: list[Obligation], *, by: Actor, reason: str = "") -> None:
    """Keep the day that each obligation missed; what was written down for it already stays."""
    known = Breach.objects.filter(obligation__in=overdue, remedied_at=None, new_due=None)
    written = set(known.values_list("obligation_id", flat=True))
    Breach.objects.bulk_create(
        Breach(
            obligation=duty,
            declared_at=now(),
            declared_by=by.user,
            due_was=duty.due_on,
            reason=reason.strip(),
        )
        for duty in overdue
        if duty.pk not in written
    )


def _tell_both(case: Case, overdue: list[Obligation], *, by: Actor) -> None:
    """Tell the consumer what lateness costs us, and our people that a remedy is due."""
    key = f"breach:{case.pk}:{case.version}"
    agreed = late_terms_of(overdue[0].agreement) if overdue else None
    owes_money = any(duty.kind == ObligationKind.PAYMENT for duty in overdue)
    data: dict[str, object] = {"obligations": [duty.pk for duty in overdue]}
    if agreed is not None and owes_money:
        basis, terms = agreed
        percent = f"{terms.daily_percent.normalize():f}%"
        data |= {"basis": basis, "percent": percent, "grace": terms.grace_days}
    if case.imported_at is None:
        tell_consumer(case, "declare_breach", key=key, data=data)
    told = {user.pk: user for user in [*responsible_for(case), *managers_of(case)]}
    if by.user is not None:
        told.pop(by.user.pk, None)
    people = list(told.values())
    tell_staff(case, "breach_opened", users=people, key=f"{key}:staff", data=data, by_mail=True)


@transaction.atomic
def plan_remedy(
    case: Case,
    *,
    by: Actor,
    remedy: str,
    new_dates: Mapping[int, date],
    seen: int | None = None,
) -> Case:
    """Say how a breach is mended and by when, and go on fulfilling.

    `new_dates` gives a day for each obligation that is still owed and overdue, also for one whose
    day passed after the breach was declared: the day that it missed is kept, lateness counts from
    there. Where all was done meanwhile, the case goes straight on to the follow-up. Raises
    CaseError for a missing day, one in the past, or one later than a remedy may take.
    """
    require(by, Permission.HANDLE_CASE)
    case = locked_case(case, seen=seen)
    if not remedy.strip():
        raise CaseError(_("请写明怎样补救。"), field="remedy")
    if case.stage == Stage.BREACHED:
        overdue = list(overdue_obligations(case))
        _check_new_days(overdue, new_dates)
        _write_down(overdue, by=by)
        _set_new_days(overdue, new_dates)
    breaches = [breach for breach in open_breaches(case) if breach.new_due is None]
    for breach in breaches:
        breach.remedy, breach.new_due = remedy.strip(), new_dates.get(breach.obligation_id)
        breach.save(update_fields=["remedy", "new_due"])
    return _go_on(case, by=by, breaches=[breach.pk for breach in breaches])


def _check_new_days(overdue: list[Obligation], new_dates: Mapping[int, date]) -> None:
    latest = today() + timedelta(days=MOST_REMEDY_DAYS)
    for duty in overdue:
        day = new_dates.get(duty.pk)
        if day is None:
            raise CaseError(_("请给每一项逾期的事项定一个新的日期。"), field=f"due_{duty.pk}")
        if day < today():
            raise CaseError(_("新的日期不能早于今天。"), field=f"due_{duty.pk}")
        if day > latest:
            words = _("新的日期最晚到 %(day)s；还要更久，请和消费者重新约定。")
            raise CaseError(words % {"day": latest.isoformat()}, field=f"due_{duty.pk}")


def _set_new_days(overdue: list[Obligation], new_dates: Mapping[int, date]) -> None:
    for duty in overdue:
        duty.due_on = new_dates[duty.pk]
        duty.save(update_fields=["due_on"])


def _go_on(case: Case, *, by: Actor, breaches: list[int]) -> Case:
    done = not still_owed(case)
    clocks = [] if done else obligation_clocks(case)
    case = move(case, "resume_fulfilment", by=by, data={"breaches": breaches}, clocks=clocks)
    if done:
        case = begin_follow_up(case, by=by, data={"breaches": breaches})
    return case


def needs_new_days(case: Case) -> list[Obligation]:
    """Return the obligations that a remedy must give a new day."""
    return list(overdue_obligations(case)) if case.stage == Stage.BREACHED else []
