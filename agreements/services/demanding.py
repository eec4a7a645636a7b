"""The rest of instalments at once: agreed beforehand, asked for after one that is too late."""

from __future__ import annotations

from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from agreements.days import today
from agreements.models import Obligation
from agreements.money import as_text
from agreements.selectors.schedule import rest_to_demand
from agreements.services.rights import require
from complaints.actors import Actor
from complaints.errors import CaseError
from complaints.models import Case
from complaints.permissions import Permission
from complaints.selectors.people import finance_staff, responsible_for
from complaints.services.cases import touch
from complaints.services.clocks import live_clocks, start_clock, stop_clocks
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_consumer, tell_staff
from complaints.services.stage_clocks import save_next_due
from complaints.states import ActorKind, ClockKind, Stage

CAUSE = "rest_demanded"


@transaction.atomic
def demand_rest(case: Case, *, by: Actor, note: str = "", seen: int | None = None) -> Case:
    """Let every later instalment fall due today, as agreed for the case that one is too late.

    The consumer asks on the progress page; staff write down how the consumer asked. Finance and
    both sides are told. Raises CaseError where nothing can be asked for: a second time as well.
    """
    if by.kind == ActorKind.STAFF:
        require(by, Permission.HANDLE_CASE)
        if not note.strip():
            raise CaseError(_("请写明消费者是怎样提出的。"), field="reason")
    case = locked_case(case, seen=seen)
    rest = rest_to_demand(case)
    if not rest:
        raise CaseError(_("现在没有可以要求提前付清的分期。"))
    amount = sum((duty.outstanding for duty in rest), Decimal(0))
    for duty in rest:
        duty.agreed_due_on, duty.due_on = duty.due_on, today()
        duty.save(update_fields=["agreed_due_on", "due_on"])
    _restart(case, rest, by=by)
    data: dict[str, object] = {
        "obligations": [duty.pk for duty in rest],
        "amount": as_text(amount),
        "currency": rest[0].currency,
        "due": today().isoformat(),
    }
    text = {"note": note.strip()} if note.strip() else None
    case = touch(case, CAUSE, by=by, data=data, text=text, for_consumer=True)
    _tell(case, rest, data)
    return case


def _restart(case: Case, rest: list[Obligation], *, by: Actor) -> None:
    """Let the clocks of these duties run to their new day; in a breach none of them runs."""
    if case.stage != Stage.FULFILLING:
        return
    subjects = {duty.subject for duty in rest}
    running = [
        clock
        for clock in live_clocks(case)
        if clock.kind == ClockKind.OBLIGATION and clock.subject in subjects
    ]
    stop_clocks(case, running, by=by, cause=CAUSE)
    for duty in rest:
        start_clock(
            case,
            ClockKind.OBLIGATION,
            by=by,
            cause=CAUSE,
            subject=duty.subject,
            until=duty.due_at,
        )
    save_next_due(case)


def _tell(case: Case, rest: list[Obligation], data: dict[str, object]) -> None:
    key = f"rest:{rest[0].pk}:{case.version}"
    people = {user.pk: user for user in [*responsible_for(case), *finance_staff()]}
    tell_staff(
        case, CAUSE, users=list(people.values()), key=f"{key}:staff", data=data, by_mail=True
    )
    if case.imported_at is None:
        tell_consumer(case, "rest_due", key=key, data=data)
