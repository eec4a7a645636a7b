"""Instant offers: which cases may have one, what is open, and the samples that people look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet, Sum

from compensation.drafts import options_from
from compensation.models import InstantOffer, ScreeningBand, ScreeningResult, StandingApproval
from compensation.selectors.cards import drafted_cards
from compensation.selectors.funds import fund_for
from compensation.selectors.hurdles import is_long_ago, what_came_up
from compensation.states import LineKind
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from complaints.states import Channel, Scope, Severity, Stage, Urgency

BEFORE_ANYTHING = frozenset({Stage.RECEIVED, Stage.ACCEPTED})
"""Stages in which nobody has begun to look into the case: taking an option loses nothing."""
_STRICTNESS = {
    ScreeningBand.NORMAL: 0,
    ScreeningBand.SECOND_REVIEW: 1,
    ScreeningBand.LEAD_LEGAL_REVIEW: 2,
}
Status = InstantOffer.Status


def approvals_in_force() -> QuerySet[StandingApproval]:
    """Return the approvals under which offers are made now, the most generous limit first."""
    today = working_calendar().local_date(now())
    return (
        StandingApproval.objects.filter(
            approved_by__isnull=False,
            approved_by__is_active=True,
            ended_at=None,
            until__gte=today,
            fund__is_open=True,
        )
        .select_related("fund", "caretaker", "approved_by")
        .order_by("-most_each", "pk")
    )


def may_ask(case: Case) -> bool:
    """Say whether the consumer is asked if they want an offer at once; one statement at most."""
    if case.stage != Stage.RECEIVED or not _is_plain(case):
        return False
    return (
        approvals_in_force()
        .filter(categories__contains=[case.category], currency=case.currency)
        .exists()
    )


def _is_plain(case: Case) -> bool:
    return (
        case.channel == Channel.WEB_FORM
        and case.imported_at is None
        and case.urgency == Urgency.NORMAL
        and not case.danger_reported
        and case.scope == Scope.SINGLE
        and case.severity in ("", Severity.MINOR)
        and bool(case.amount_paid)
        and case.purchased_on is not None
        and bool(case.order_number)
    )


def why_not(case: Case) -> str:
    """Return the code of what keeps a case from an instant offer; "" for nothing.

    Asks no more than is needed; an approval's limits are checked when the offer is reckoned.
    """
    if case.stage not in BEFORE_ANYTHING:
        return "stage"
    if not _is_plain(case):
        return "not_plain"
    if is_long_ago(case):
        return "long_ago"
    contact = case.consumer.contact
    if not contact.get("name") or not (contact.get("phone") or contact.get("email")):
        return "nobody_to_sign"
    return what_came_up(case)


def band_allows(case: Case, approval: StandingApproval) -> bool:
    """Say whether a screened case is in a band for which the approval was given."""
    result = ScreeningResult.objects.filter(case=case, is_current=True).first()
    if result is None:
        return False
    return _STRICTNESS[ScreeningBand(result.band)] <= _STRICTNESS[ScreeningBand(approval.band)]


def approval_for(case: Case) -> StandingApproval | None:
    """Return the approval that covers a case by category, currency, screening band and fund."""
    covering = approvals_in_force().filter(
        categories__contains=[case.category], currency=case.currency
    )
    fund = fund_for(case)
    return next(
        (one for one in covering if fund and one.fund_id == fund.pk and band_allows(case, one)),
        None,
    )


def used_of(approval: StandingApproval) -> Decimal:
    """Return what offers under an approval cost at most: those taken and those still open."""
    counted = approval.instant_offers.filter(status__in=[Status.OPEN, Status.TAKEN])
    return counted.aggregate(sum=Sum("cost"))["sum"] or Decimal(0)


def instant_of(case: Case) -> InstantOffer | None:
    """Return the case's instant offer, whatever became of it."""
    return InstantOffer.objects.filter(case=case).select_related("approval").first()


def is_open(instant: InstantOffer, case: Case) -> bool:
    """Say whether the consumer can take it now."""
    return (
        instant.status == Status.OPEN
        and now() < instant.expires_at
        and case.stage in BEFORE_ANYTHING
        and _is_plain(case)
    )


def standing_approvals() -> QuerySet[StandingApproval]:
    """Return every approval with how its offers went, the newest first."""
    return (
        StandingApproval.objects.select_related(
            "fund", "caretaker", "made_by", "approved_by", "ended_by"
        )
        .annotate(
            shown=Count("instant_offers"),
            taken=Count("instant_offers", filter=Q(instant_offers__status=Status.TAKEN)),
            spent=Sum("instant_offers__cost", filter=Q(instant_offers__status=Status.TAKEN)),
        )
        .order_by("-pk")
    )


def instant_offers(actor: Actor) -> QuerySet[InstantOffer]:
    """Return the instant offers that somebody may see."""
    return InstantOffer.objects.filter(case__in=visible_cases(actor)).select_related(
        "case", "approval", "approved_by", "reviewed_by", "offer__chosen_option"
    )


def samples(actor: Actor, *, seen: bool = False) -> QuerySet[InstantOffer]:
    """Return the instant offers that nobody has looked at yet, or those that somebody has."""
    rows = instant_offers(actor)
    if seen:
        return rows.exclude(verdict="").order_by("-reviewed_at", "-pk")
    return rows.filter(verdict="").order_by("shown_at", "pk")


@dataclass(frozen=True)
class SampleFigures:
    """How instant offers went: shown, taken, looked at, found right; how long an answer took."""

    shown: int
    taken: int
    seen: int
    right: int
    waited: Any

    @property
    def percent(self) -> int | None:
        """The share found right of those looked at; None before the first."""
        return round(100 * self.right / self.seen) if self.seen else None


def sample_figures() -> SampleFigures:
    """Return the figures over all instant offers; one statement."""
    length = ExpressionWrapper(F("answered_at") - F("shown_at"), output_field=DurationField())
    return SampleFigures(
        **InstantOffer.objects.aggregate(
            shown=Count("pk"),
            taken=Count("pk", filter=Q(status=Status.TAKEN)),
            seen=Count("pk", filter=~Q(verdict="")),
            right=Count("pk", filter=Q(verdict=InstantOffer.Verdict.RIGHT)),
            waited=Avg(length, filter=Q(status=Status.TAKEN)),
        )
    )


def instant_panel(case: Case) -> dict[str, Any] | None:
    """Return the open instant offer as the consumer reads it, or None; no statement later on."""
    if case.stage not in BEFORE_ANYTHING or not _is_plain(case):
        return None
    instant = instant_of(case)
    return None if instant is None or not is_open(instant, case) else shown_instant(instant)


def shown_instant(instant: InstantOffer) -> dict[str, Any]:
    """Return an instant offer with its cards and the law's lines, as it was shown."""
    cards = drafted_cards(options_from(instant.content["options"]))
    return {
        "instant": instant,
        "cards": [replace(card, value=place) for place, card in enumerate(cards, start=1)],
        "lines": _sheet_lines(instant.content),
        "currency": instant.currency,
    }


def _sheet_lines(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**line, "amount": Decimal(line["amount"]), "label": LineKind(line["kind"]).label}
        for line in content["sheet"]["lines"]
        if line["chosen"]
    ]
