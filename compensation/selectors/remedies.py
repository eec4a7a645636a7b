"""Common remedies, and how far they are: who was offered what, and what each consumer said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from compensation.models import CommonRemedy, CompensationPlan, Offer, RemedyOffer
from compensation.selectors.plans import PLAN_STAGES
from compensation.states import OfferStatus, PlanStatus, RemedyStatus
from complaints.actors import Actor
from complaints.models import Case
from liability.models import Incident, IncidentCase, LiabilityFinding
from liability.selectors.incidents import members_of
from liability.states import Outcome

READY, OFFERED, ACCEPTED, OTHER_IDEA = "ready", "offered", "accepted", "other_idea"
UNANSWERED, OWN, DECLINED, EARLY, OVER = "unanswered", "own", "declined", "early", "over"
LABELS = {
    READY: _("可以发出"),
    OFFERED: _("等消费者选择"),
    ACCEPTED: _("消费者接受了"),
    OTHER_IDEA: _("消费者有别的想法"),
    UNANSWERED: _("到期没有答复"),
    OWN: _("单独协商"),
    DECLINED: _("消费者不同意，单独处理"),
    EARLY: _("还没有责任认定"),
    OVER: _("不需要方案"),
}
TONES = {ACCEPTED: "ok", OTHER_IDEA: "warn", UNANSWERED: "warn"}
_BY_OFFER = {
    OfferStatus.OPEN: OFFERED,
    OfferStatus.ACCEPTED: ACCEPTED,
    OfferStatus.COUNTERED: OTHER_IDEA,
    OfferStatus.EXPIRED: UNANSWERED,
}
_OWED = frozenset({Outcome.LIABLE, Outcome.PARTLY})


@dataclass(frozen=True)
class Progress:
    """How far one case is."""

    member: IncidentCase
    state: str
    offer: Offer | None = None

    @property
    def label(self) -> object:
        """The state in words."""
        return LABELS[self.state]

    @property
    def tone(self) -> str:
        """The tone of its chip."""
        return TONES.get(self.state, "")


def last_remedy(incident: Incident) -> CommonRemedy | None:
    """Return the newest version, whatever became of it."""
    return _remedies(incident).first()


def remedy_in_force(incident: Incident) -> CommonRemedy | None:
    """Return the approved version, or None."""
    return _remedies(incident).filter(status=RemedyStatus.APPROVED).first()


def _remedies(incident: Incident) -> QuerySet[CommonRemedy]:
    rows = CommonRemedy.objects.filter(incident=incident)
    return rows.select_related("made_by", "decided_by", "incident").order_by("-version")


def progress_of(incident: Incident, actor: Actor) -> list[Progress]:
    """Return every case of the incident that an actor may see, with how far it is."""
    members = list(members_of(incident, actor))
    cases = [member.case_id for member in members]
    offers = _remedy_offers(incident, cases)
    planned = set(
        CompensationPlan.objects.filter(case__in=cases)
        .exclude(status=PlanStatus.SUPERSEDED)
        .values_list("case_id", flat=True)
    )
    owed = owed_cases(cases)
    return [
        Progress(member, *_state(member, offers.get(member.case_id), planned, owed))
        for member in members
    ]


def _remedy_offers(incident: Incident, cases: list[int]) -> dict[int, Offer]:
    """Return the latest offer of each case, where it came of a remedy of this incident."""
    latest: dict[int, Offer] = {}
    rows = Offer.objects.filter(plan__case__in=cases).select_related("plan", "chosen_option")
    for offer in rows.order_by("sent_at", "pk"):
        latest[offer.plan.case_id] = offer
    ours = set(
        RemedyOffer.objects.filter(remedy__incident=incident).values_list("plan_id", flat=True)
    )
    return {case: offer for case, offer in latest.items() if offer.plan_id in ours}


def _state(
    member: IncidentCase, offer: Offer | None, planned: set[int], owed: set[int]
) -> tuple[str, Offer | None]:
    case = member.case
    if offer is not None and offer.status in _BY_OFFER:
        return _BY_OFFER[OfferStatus(offer.status)], offer
    if member.consent is False:
        return DECLINED, None
    if member.case_id in planned:
        return OWN, None
    if case.stage in PLAN_STAGES:
        return (READY if member.case_id in owed else OVER), None
    return (EARLY if case.is_open and member.case_id not in owed else OVER), None


def owed_cases(cases: Iterable[int]) -> set[int]:
    """Return those of the cases whose finding in force says that something is owed."""
    rows = LiabilityFinding.objects.filter(
        case__in=list(cases), superseded_by__isnull=True, outcome__in=sorted(_OWED)
    )
    return set(rows.values_list("case_id", flat=True))


def may_be_offered(case: Case, incident: Incident) -> bool:
    """Say whether a locked case may get the remedy now: nothing of its own, and something owed."""
    member = IncidentCase.objects.filter(incident=incident, case=case).first()
    if member is None or member.consent is False or case.stage not in PLAN_STAGES:
        return False
    planned = CompensationPlan.objects.filter(case=case).exclude(status=PlanStatus.SUPERSEDED)
    return case.pk in owed_cases([case.pk]) and not planned.exists()


def counted(rows: Iterable[Progress]) -> list[tuple[object, int]]:
    """Return how many cases are how far, in words, in the order of a remedy's course."""
    states = [row.state for row in rows]
    return [(label, states.count(state)) for state, label in LABELS.items() if state in states]
