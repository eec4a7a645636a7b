"""The promise to tell the consumer of a finding is kept when the news has really gone out."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, Clock, OutboxMessage
from complaints.permissions import Permission, has_permission
from complaints.services.cases import touch
from complaints.services.event_clocks import follow_event
from complaints.services.events import append_event
from complaints.services.locking import locked_case
from complaints.services.stage_clocks import NEXT_DUE
from complaints.states import ClockKind, ClockState, OutboxStatus

NOTICE = "determine_liability"
AT_ONCE = 100


def record_delivered_findings() -> int:
    """Record that findings reached those whose notice was sent; return how many.

    Safe to run at any time and by several at once: only a promise that still runs is looked at,
    and only a notice sent since it began counts. Nobody's form becomes stale by it.
    """
    delivered = OutboxMessage.objects.filter(
        case=OuterRef("case"),
        kind=NOTICE,
        status=OutboxStatus.SENT,
        created_at__gte=OuterRef("started_at"),
    )
    waiting = _waiting().filter(Exists(delivered)).select_related("case")
    return sum(_record_delivered(clock.case) for clock in waiting[:AT_ONCE])


@transaction.atomic
def _record_delivered(case: Case) -> bool:
    case = locked_case(case)
    if not _waiting().filter(case=case).exists():
        return False
    by = Actor.system()
    append_event(case, "finding_notified", by=by, data={"way": "notice"})
    follow_event(case, "finding_notified", by=by)
    case.save(update_fields=NEXT_DUE)
    return True


@transaction.atomic
def record_finding_told(
    case: Case, *, by: Actor, way: str, note: str, seen: int | None = None
) -> Case:
    """Record that a member of staff told the consumer of the finding by telephone or letter.

    Raises CaseError when nothing waits to be told or the note is empty, StepForbidden for staff
    who do not handle cases.
    """
    if not any(has_permission(by, p) for p in (Permission.HANDLE_CASE, Permission.INVESTIGATE)):
        raise StepForbidden(_("你的角色不能做这件事。"))
    case = locked_case(case, seen=seen)
    if not _waiting().filter(case=case).exists():
        raise CaseError(_("没有等着告知的认定结果，或者已经告知。"))
    if not note.strip():
        raise CaseError(_("请写明告知了谁、在什么时候。"), field="note")
    return touch(case, "finding_notified", by=by, data={"way": way}, text={"note": note})


def _waiting() -> QuerySet[Clock]:
    return Clock.objects.filter(kind=ClockKind.FINDING_NOTICE, state=ClockState.RUNNING)
