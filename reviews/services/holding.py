"""Legal holds: whoever handles a case may keep it from being erased; somebody else ends that."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.services.cases import touch
from complaints.services.locking import locked_case
from reviews.models import LegalHold
from reviews.selectors.retention import today
from reviews.states import HoldGround


@transaction.atomic
def place_hold(
    case: Case,
    *,
    by: Actor,
    ground: str,
    reason: str,
    until: date | None = None,
    seen: int | None = None,
) -> LegalHold:
    """Keep a case from being erased, whatever its stage, until it is lifted or `until` is over.

    Raises CaseError without a ground or reason, or for a day that is over; StepForbidden.
    """
    if not has_permission(by, Permission.PLACE_HOLD):
        raise StepForbidden(_("你的角色不能做这件事。"))
    if ground not in HoldGround.values:
        raise CaseError(_("请选一项。"), field="ground")
    if not reason.strip():
        raise CaseError(_("请写明为什么要保全，例如案号和要求保全的机构。"), field="reason")
    if until is not None and until < today():
        raise CaseError(_("这一天已经过了。不知道到哪天为止的，留空。"), field="until")
    case = locked_case(case, seen=seen)
    hold = LegalHold.objects.create(
        case=case,
        ground=ground,
        reason=reason.strip(),
        until=until,
        placed_by=by.person,
        placed_at=now(),
    )
    touch(case, "hold_placed", by=by, data={"hold": hold.pk, "ground": ground})
    return hold


@transaction.atomic
def lift_hold(hold: LegalHold, *, by: Actor, reason: str) -> LegalHold:
    """End a hold, with a reason; never by the person who placed it.

    Raises CaseError without a reason, or for a hold that has ended; StepForbidden.
    """
    if not has_permission(by, Permission.MANAGE_RETENTION):
        raise StepForbidden(_("解除保全要由主管或者管理员来做。"))
    if not reason.strip():
        raise CaseError(_("请写明为什么可以解除。"), field="reason")
    case = locked_case(hold.case)
    hold = LegalHold.objects.select_for_update().get(pk=hold.pk)
    if hold.lifted_at is not None:
        raise CaseError(_("这项保全已经解除。"))
    if hold.placed_by_id == by.person.pk:
        raise StepForbidden(_("保全是你设置的，要由另一个人解除。"))
    hold.lifted_by, hold.lifted_at, hold.lift_reason = by.person, now(), reason.strip()
    hold.save(update_fields=["lifted_by", "lifted_at", "lift_reason"])
    touch(case, "hold_lifted", by=by, data={"hold": hold.pk})
    return hold


def let_lapse(*, case: Case | None = None) -> int:
    """End the holds whose last day is over, of one case or of all; return how many."""
    over = LegalHold.objects.filter(lifted_at=None, until__lt=today())
    if case is not None:
        over = over.filter(case=case)
    return sum(_lapsed(hold) for hold in over.select_related("case").order_by("pk"))


@transaction.atomic
def _lapsed(hold: LegalHold) -> bool:
    case = locked_case(hold.case)
    ended = LegalHold.objects.filter(pk=hold.pk, lifted_at=None)
    if not ended.update(lifted_at=now(), lapsed=True):
        return False
    touch(case, "hold_lapsed", by=Actor.system(), data={"hold": hold.pk})
    return True
