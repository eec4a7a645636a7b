"""How long cases are kept: the rules of a day, the classes of a case, what is due, what is held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Max, Min, Q, QuerySet
from django.utils import timezone

from agreements.models import Agreement, Payment
from compensation.models import EntitlementSheet
from complaints.models import Case, DataRequest, OutboxMessage
from complaints.moments import now
from complaints.states import (
    FINAL_STAGES,
    DataRequestKind,
    DataRequestOutcome,
    Issue,
    OutboxStatus,
    Urgency,
)
from liability.models import IncidentCase
from reviews.keeping import Term, erasable_from, terms_of
from reviews.models import EvidencePack, LegalHold, Proceeding, RetentionRule
from reviews.states import CountsFrom, KeptClass, PackState, WhyHeld

CHUNK = 200


def today() -> date:
    """The local date, by the database's clock."""
    return timezone.localdate(now())


def rules_now(day: date | None = None) -> dict[str, RetentionRule]:
    """Return the rule in force on a day for each class that is used then."""
    begun = RetentionRule.objects.filter(effective_from__lte=day or today())
    rules = {rule.code: rule for rule in begun.order_by("code", "version")}
    return {code: rule for code, rule in rules.items() if rule.active}


def rule_history(code: str) -> list[RetentionRule]:
    """Return all versions of a class's rule, the newest first."""
    return list(
        RetentionRule.objects.filter(code=code).select_related("saved_by").order_by("-version")
    )


@dataclass
class Facts:
    """What of a case decides how long it is kept."""

    classes: set[str] = field(default_factory=lambda: {KeptClass.ORDINARY.value})
    days: dict[str, date] = field(default_factory=dict)
    granted_on: date | None = None


@dataclass(frozen=True)
class Standing:
    """How long one case is kept. `why` names what keeps it back although it is past its time."""

    case: Case
    rule: RetentionRule | None
    terms: list[Term]
    erasable_from: date | None
    on_request: bool
    holds: list[LegalHold]
    why: str

    @property
    def is_due(self) -> bool:
        """Whether its time is over; what keeps it back does not matter here."""
        return self.erasable_from is not None and self.erasable_from <= today()


def standing_of(case: Case) -> Standing:
    """Return how long a case is kept; `erasable_from` is None while it is open."""
    return standings([case])[0]


def standings(cases: Iterable[Case]) -> list[Standing]:
    """Return the standing of each case, with the same few statements for all."""
    cases = list(cases)
    rules = rules_now()
    facts = _facts(cases)
    held = _holds(cases)
    waits = _waiting(cases)
    return [
        _standing(case, rules, facts[case.pk], held.get(case.pk, []), waits.get(case.pk, ""))
        for case in cases
    ]


def _standing(
    case: Case, rules: dict[str, RetentionRule], facts: Facts, holds: list[LegalHold], waits: str
) -> Standing:
    if case.stage not in FINAL_STAGES or "closed" not in facts.days:
        return Standing(case, None, [], None, False, holds, WhyHeld.OPEN)
    periods = [rule.period for code, rule in rules.items() if code in facts.classes]
    terms = terms_of(periods, facts.days)
    first = erasable_from(terms, granted_on=facts.granted_on)
    on_request = first < erasable_from(terms)
    why = ""
    if first > today():
        why = WhyHeld.NOT_DUE.value
    elif holds:
        why = WhyHeld.HOLD.value
    elif waits:
        why = waits
    return Standing(case, rules[terms[0].period.code], terms, first, on_request, holds, why)


def _facts(cases: list[Case]) -> dict[int, Facts]:
    """Return the facts of each case. One merged into another is kept no shorter than that one."""
    pks = [case.pk for case in cases]
    facts = {case.pk: _own_facts(case) for case in cases}
    for pk in Agreement.objects.filter(case__in=pks, signed_at__isnull=False).values_list(
        "case_id", flat=True
    ):
        facts[pk].classes.add(KeptClass.PAID)
    paid = Payment.objects.filter(obligation__agreement__case__in=pks)
    last = paid.values_list("obligation__agreement__case").annotate(Max("paid_at")).order_by()
    for pk, moment in last:
        facts[pk].classes.add(KeptClass.PAID)
        facts[pk].days[CountsFrom.LAST_PAYMENT] = timezone.localdate(moment)
    for pk in EntitlementSheet.objects.filter(case__in=pks, kind="car").values_list(
        "case_id", flat=True
    ):
        facts[pk].classes.add(KeptClass.CAR)
    for pk in IncidentCase.objects.filter(case__in=pks).values_list("case_id", flat=True):
        facts[pk].classes.add(KeptClass.BATCH)
    ended = Proceeding.objects.filter(case__in=pks).values_list("case").annotate(Max("ended_on"))
    for pk, day in ended.order_by():
        facts[pk].classes.add(KeptClass.PROCEEDING)
        if day is not None:
            facts[pk].days[CountsFrom.PROCEEDING_END] = day
    granted = DataRequest.objects.filter(
        case__in=pks, kind=DataRequestKind.ERASURE, outcome=DataRequestOutcome.GRANTED
    )
    for pk, moment in granted.values_list("case").annotate(Min("answered_at")).order_by():
        facts[pk].granted_on = timezone.localdate(moment)
    return facts


def _own_facts(case: Case) -> Facts:
    facts = Facts()
    if case.closed_at is not None:
        facts.days[CountsFrom.CLOSED] = timezone.localdate(case.closed_at)
    if case.issue == Issue.SAFETY or case.urgency == Urgency.EMERGENCY or case.danger_reported:
        facts.classes.add(KeptClass.SAFETY)
    return facts


def holds_now(day: date | None = None) -> QuerySet[LegalHold]:
    """Return the holds that stand; one whose last day is over stands no more."""
    still = Q(until__isnull=True) | Q(until__gte=day or today())
    return LegalHold.objects.filter(still, lifted_at=None)


def _holds(cases: list[Case]) -> dict[int, list[LegalHold]]:
    found: dict[int, list[LegalHold]] = defaultdict(list)
    for hold in holds_now().filter(case__in=cases).select_related("placed_by").order_by("pk"):
        found[hold.case_id].append(hold)
    return found


def _waiting(cases: list[Case]) -> dict[int, str]:
    """Return by case what must be done with its data before it may go."""
    pks = [case.pk for case in cases]
    waits: dict[int, str] = {}
    unsent = OutboxMessage.objects.filter(case__in=pks, status=OutboxStatus.PENDING)
    packs = EvidencePack.objects.filter(case__in=pks, state=PackState.PENDING)
    asked = DataRequest.objects.filter(case__in=pks, answered_at=None)
    alive = Case.objects.filter(merged_cases__in=pks, erased_at=None)
    for pk in unsent.values_list("case_id", flat=True):
        waits[pk] = WhyHeld.SENDING
    for pk in packs.values_list("case_id", flat=True):
        waits[pk] = WhyHeld.PACK
    for pk in asked.values_list("case_id", flat=True):
        waits[pk] = WhyHeld.REQUEST
    for pk in alive.values_list("merged_cases", flat=True):
        if pk in set(pks):
            waits[pk] = WhyHeld.MERGED
    return waits


def cases_due(*, most: int) -> list[Standing]:
    """Return the cases whose time is over, the longest over first as they ended; `most` of them.

    Looks only at cases that ended so long ago that the shortest period is over, or whose consumer
    was granted erasure.
    """
    shortest = min((rule.months for rule in rules_now().values()), default=0)
    before = now() - timedelta(days=28 * shortest)
    granted = DataRequest.objects.filter(
        kind=DataRequestKind.ERASURE, outcome=DataRequestOutcome.GRANTED
    )
    ended = Case.objects.filter(
        Q(closed_at__lt=before) | Q(pk__in=granted.values("case")),
        stage__in=sorted(FINAL_STAGES),
        closed_at__isnull=False,
        erased_at=None,
    )
    due: list[Standing] = []
    place: tuple[datetime, int] | None = None
    while len(due) < most:
        chunk = list(_after(ended, place)[:CHUNK])
        if not chunk:
            break
        due += [standing for standing in standings(chunk) if standing.is_due]
        place = (chunk[-1].closed_at or before, chunk[-1].pk)
    return due[:most]


def _after(cases: QuerySet[Case], place: tuple[datetime, int] | None) -> QuerySet[Case]:
    cases = cases.select_related("consumer").order_by("closed_at", "pk")
    if place is None:
        return cases
    return cases.filter(Q(closed_at__gt=place[0]) | Q(closed_at=place[0], pk__gt=place[1]))
