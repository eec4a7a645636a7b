"""A small world: one case in each situation worth looking at, made by the services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from accounts.states import Role
from agreements.services.following_up import record_follow_up
from agreements.tasks import pursue_agreements
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now, shifted_to
from complaints.services.conversation import mark_read, write_message
from complaints.services.data_requests import answer_data_request, ask_about_data
from complaints.services.evidence import add_evidence
from complaints.services.pausing import pause_clock
from complaints.services.sweeping import sweep
from complaints.services.triage import merge, withdraw
from complaints.services.vault import prepare_waiting
from complaints.states import ClockKind
from tests.agreements.makers import (
    consumer_signs,
    following_case,
    fulfilling_case,
    offered,
    only_obligation,
    paid,
    signed,
)
from tests.agreements.makers import drafted as agreement_drafted
from tests.compensation.makers import approved_plan, chosen_case, dear_plan, offered_case
from tests.compensation.makers import drafted as plan_drafted
from tests.complaints.intake_steps import picture
from tests.factories import make_case, staff
from tests.liability.makers import determined_case, hear_respondent, investigating_case
from tests.reviews.makers import (
    accepted_case,
    assigned,
    declined_case,
    guided,
    mediation,
    requested,
    suspended,
    unliable_case,
)


def late_case() -> Case:
    """A complaint that nobody answered in time."""
    case = make_case()
    with shifted_to(now() + timedelta(hours=25)):
        sweep()
    return Case.objects.get(pk=case.pk)


def paused_case() -> Case:
    """An investigation that waits for what the consumer was asked for."""
    case, until = investigating_case(), now() + timedelta(days=3)
    clock = case.clocks.get(kind=ClockKind.INVESTIGATION)
    said = {"cause": "consumers_evidence", "reason": "等你寄回发票", "until": until}
    case = write_message(case, by=staff(Role.AGENT), body="请寄回发票")
    return pause_clock(case, clock.pk, by=staff(Role.AGENT), **said)


def asking_case() -> Case:
    """An ended case whose consumer had a copy of their data, and asks for erasure now."""
    case = closed_case()
    copy = ask_about_data(case, by=Actor.consumer(), kind="copy")
    answer_data_request(copy, by=staff(Role.AGENT), outcome="granted", answer="可以下载")
    ask_about_data(case, by=Actor.consumer(), kind="erasure", text="请删掉照片")
    return Case.objects.get(pk=case.pk)


def withdrawn_case() -> Case:
    """A complaint that was taken back."""
    return withdraw(make_case(), by=Actor.consumer(), reason="解决了")


def merged_case() -> Case:
    """A complaint that another one carries on."""
    return merge(make_case(), into=make_case(), cause="same_event", by=staff(Role.AGENT))


def heard_case() -> Case:
    """A case whose finding can be made."""
    case = investigating_case()
    hear_respondent(case)
    return case


def planned_case() -> Case:
    """A case whose plan is being written."""
    case = determined_case()
    plan_drafted(case)
    return case


def approved_case() -> Case:
    """A case whose plan can be sent."""
    case = determined_case()
    approved_plan(case, plan=dear_plan())
    return case


def waiting_case() -> Case:
    """A case whose signed agreement begins later."""
    start = (now() + timedelta(days=5)).date()
    return signed(chosen_case(), effective_on=start).case


def overdue_case() -> Case:
    """A case whose agreement was not kept in time."""
    case = fulfilling_case()
    due = only_obligation(case).due_on
    with shifted_to(now() + timedelta(days=(due - now().date()).days + 2)):
        sweep()
        pursue_agreements()
    return Case.objects.get(pk=case.pk)


def paid_case() -> Case:
    """A case of which one of two things is done."""
    case = signed(chosen_case(position=2)).case
    duties = case.agreements.get().obligations.select_related("agreement__case__consumer")
    paid(duties.get(kind="payment"), "38.00")
    return Case.objects.get(pk=case.pk)


def closed_case() -> Case:
    """A case that came to its end."""
    return record_follow_up(following_case(), by=Actor.consumer(), arrived=True, rating=4)


SITUATIONS: dict[str, Callable[[], Case]] = {
    "received": make_case,
    "late": late_case,
    "emergency": lambda: make_case(danger=True),
    "accepted": accepted_case,
    "investigating": heard_case,
    "paused": paused_case,
    "liability_determined": determined_case,
    "planned": planned_case,
    "approved": approved_case,
    "offered": offered_case,
    "chosen": chosen_case,
    "drafted": lambda: agreement_drafted().case,
    "to_sign": lambda: offered().case,
    "half_signed": lambda: consumer_signs(offered()).case,
    "agreed": waiting_case,
    "fulfilling": fulfilling_case,
    "half_done": paid_case,
    "breached": overdue_case,
    "following_up": following_case,
    "closed": closed_case,
    "asking": asking_case,
    "mediating": lambda: mediation().case,
    "guided": lambda: guided()[0].case,
    "asked_for_review": lambda: requested().case,
    "under_review": lambda: assigned()[0].case,
    "external": lambda: suspended().case,
    "declined": declined_case,
    "withdrawn": withdrawn_case,
    "merged": merged_case,
    "not_liable": unliable_case,
}


class Cases(dict[str, Case]):
    """A case for each situation, made when first asked for.

    Each has a picture that its consumer may see, and who looked at the messages before.
    """

    def __missing__(self, situation: str) -> Case:
        case = SITUATIONS[situation]()
        add_evidence(case, by=Actor.consumer(), upload=picture(), name="底座.png")
        while prepare_waiting():
            pass
        mark_read(case, case.messages.all())
        self[situation] = Case.objects.get(pk=case.pk)
        return self[situation]
