"""Offers: which one the consumer can answer, and which one was accepted."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from compensation.models import CompensationPlan, Offer, OfferReply, PlanOption
from compensation.selectors.plans import options_in_order
from compensation.states import OfferStatus
from complaints.models import Case, Clock
from complaints.moments import now
from complaints.states import ClockKind, ClockState, Stage


def offers_of(case: Case) -> QuerySet[Offer]:
    """Return a case's offers with all that was offered, the latest first."""
    return (
        Offer.objects.filter(plan__case=case)
        .select_related("plan__finding", "plan__sheet", "chosen_option")
        .prefetch_related(
            Prefetch("plan__options", queryset=options_in_order()),
            Prefetch("replies", queryset=OfferReply.objects.order_by("id")),
        )
        .order_by("-sent_at", "-id")
    )


def shortfall(plan: CompensationPlan, option: PlanOption) -> Decimal:
    """Return what an option's money lacks of what the law asks for; nothing where it lacks none."""
    least = plan.legal_minimum if option.legal_minimum is None else option.legal_minimum
    return max(least - option.totals.statutory, Decimal(0))


def rounds_in_vain(offers: Iterable[Offer]) -> int:
    """Return how many of a case's offers the consumer answered with something else than yes."""
    return sum(offer.status in (OfferStatus.COUNTERED, OfferStatus.DECLINED) for offer in offers)


def last_offer(case: Case) -> Offer | None:
    """Return the latest offer, whatever became of it."""
    return offers_of(case).first()


def open_offer(case: Case) -> Offer | None:
    """Return the offer that the consumer can answer now, or None."""
    offer = last_offer(case)
    return offer if offer is not None and is_answerable(case, offer) else None


def accepted_offer(case: Case) -> Offer | None:
    """Return the offer whose `chosen_option` an agreement is to be made of, or None.

    A choice counts only as long as it is the last word: a later offer, a later finding or a
    change of mind ends it.
    """
    offer = last_offer(case)
    if offer is None or offer.status != OfferStatus.ACCEPTED:
        return None
    return offer if offer.plan.finding.is_current else None


def subject_of(offer: Offer) -> str:
    """Return the subject of the offer's clock."""
    return f"offer:{offer.pk}"


def clock_runs(case: Case, kind: str, *, subject: str = "") -> bool:
    """Say whether a clock of a kind runs in a case."""
    return Clock.objects.filter(
        case=case, kind=kind, subject=subject, state=ClockState.RUNNING
    ).exists()


def is_answerable(case: Case, offer: Offer) -> bool:
    """Say whether an offer is open, within its time, and its clock runs in this stage.

    A step that ended the negotiation (a new investigation, a changed decision) ended the clock.
    """
    return (
        case.stage == Stage.NEGOTIATING
        and offer.status == OfferStatus.OPEN
        and now() < offer.expires_at
        and clock_runs(case, ClockKind.OFFER_REPLY, subject=subject_of(offer))
    )


def may_choose_again(case: Case, offer: Offer) -> bool:
    """Say whether a choice can still be changed: before its agreement is out for signature."""
    return (
        case.stage == Stage.NEGOTIATING
        and offer.status == OfferStatus.ACCEPTED
        and now() < offer.expires_at
        and clock_runs(case, ClockKind.AGREEMENT_DRAFT)
    )
