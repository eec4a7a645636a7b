"""Claims for recourse with their money, terms of notice, policies, and what cases cost net."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import PERMISSION_ROLES, Permission, has_permission
from complaints.selectors.policies import working_calendar
from liability.models import (
    InsurancePolicy,
    LiabilityFinding,
    RecourseBasis,
    RecourseClaim,
    RecourseTerm,
    Recovery,
)
from liability.periods import last_day
from liability.states import OUTSIDE_PARTIES, ClaimStatus, Outcome, Party, ShareTable

USUAL_DAYS = 30
WARN_DAYS = 3
MOST_ROWS = 200
_MONEY = DecimalField(max_digits=16, decimal_places=2)
_NOTHING = Value(Decimal(0), output_field=_MONEY)


def _sum_of(rows: QuerySet[Any], group: str) -> Coalesce:
    total = rows.order_by().values(group).annotate(sum=Sum("amount")).values("sum")
    return Coalesce(Subquery(total, output_field=_MONEY), _NOTHING)


def claims() -> QuerySet[RecourseClaim]:
    """Return claims with `paid` (of the case), `in_kind` of it, and `recovered` (by the claim)."""
    bases = RecourseBasis.objects.filter(
        case=OuterRef("case"), currency=OuterRef("case__currency"), withdrawn_at=None
    )
    back = Recovery.objects.filter(claim=OuterRef("pk"))
    return RecourseClaim.objects.select_related(
        "case", "case__batch", "case__product", "policy", "supplier", "finding"
    ).annotate(
        paid=_sum_of(bases, "case"),
        in_kind=_sum_of(bases.filter(in_kind=True), "case"),
        recovered=_sum_of(back, "claim"),
    )


@dataclass(frozen=True)
class ClaimLine:
    """A claim with its money."""

    claim: RecourseClaim
    paid: Decimal
    recovered: Decimal
    in_kind: Decimal = Decimal(0)

    @property
    def covered(self) -> Decimal:
        """How much of what was paid it may bring back."""
        return self.claim.covered(self.paid)

    @property
    def outstanding(self) -> Decimal:
        """What may still come; negative where a payment to the consumer came back afterwards."""
        return self.covered - self.recovered


def lines(rows: Iterable[Any]) -> list[ClaimLine]:
    """Return claims with their money."""
    return [ClaimLine(row, row.paid, row.recovered, row.in_kind) for row in rows]


def claims_of(case: Case) -> list[ClaimLine]:
    """Return the claims of a case, in the order in which they were opened."""
    return lines(claims().filter(case=case).order_by("pk"))


def recourse_cases(actor: Actor) -> QuerySet[Case]:
    """Return the cases whose recourse somebody may see: whoever manages it sees all, from the
    finding to long after the case's end; others those that are theirs to see.
    """
    if has_permission(actor, Permission.MANAGE_RECOURSE):
        return Case.objects.all()
    return visible_cases(actor).order_by()


def may_open(actor: Actor, case: Case) -> bool:
    """Say whether somebody may open the case itself, not only what is claimed back for it."""
    return visible_cases(actor).filter(pk=case.pk).exists()


def one_claim(actor: Actor, claim_id: int) -> ClaimLine | None:
    """Return a claim of a case that the person may see, or None."""
    found = claims().filter(pk=claim_id, case__in=recourse_cases(actor))
    return next(iter(lines(found)), None)


def open_claims_list(actor: Actor) -> list[ClaimLine]:
    """Return the claims that are not ended: those to be notified first, by date."""
    rows = claims().filter(
        case__in=recourse_cases(actor),
        status__in=[ClaimStatus.OPEN, ClaimStatus.NOTIFIED],
    )
    return lines(rows.order_by("-status", "notice_due_on", "pk")[:MOST_ROWS])


def paid_after_the_end(actor: Actor) -> list[ClaimLine]:
    """Return the ended claims that a later payment to the consumer left something to bring back."""
    later = RecourseBasis.objects.filter(
        case=OuterRef("case"), paid_at__gt=OuterRef("closed_at"), withdrawn_at=None
    )
    rows = claims().filter(Exists(later), case__in=recourse_cases(actor), status=ClaimStatus.CLOSED)
    return [line for line in lines(rows.order_by("pk")[:MOST_ROWS]) if line.outstanding > 0]


def paid_for(case: Case) -> Decimal:
    """Return what went to the consumer of a case and did not come back."""
    rows = RecourseBasis.objects.filter(case=case, currency=case.currency, withdrawn_at=None)
    return rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)


def notice_due(party: str, name: str, start: date) -> date:
    """Return the last day on which a debtor must be told: by its own term, else its kind's."""
    terms = RecourseTerm.objects.filter(party=party).filter(
        Q(supplier=None) | Q(supplier__name=name)
    )
    term = terms.order_by(F("supplier").asc(nulls_last=True)).first()
    return last_day(start, term.days if term else USUAL_DAYS, working_calendar())


def policies_for(case: Case, finding: LiabilityFinding) -> QuerySet[InsurancePolicy]:
    """Return the policies that cover a case: its day, currency and product, over the deductible."""
    if finding.outcome not in (Outcome.LIABLE, Outcome.PARTLY):
        return InsurancePolicy.objects.none()
    day = case.occurred_on or working_calendar().local_date(case.received_at)
    known = (finding.expected_amount, paid_for(case))
    amount = max((each for each in known if each is not None), default=Decimal(0))
    covering = Q(products=None)
    if case.product_id:
        covering |= Q(products=case.product_id)
    return (
        InsurancePolicy.objects.filter(covering, currency=case.currency)
        .filter(starts_on__lte=day, ends_on__gte=day, deductible__lt=amount)
        .order_by("pk")
        .distinct()
    )


def due_soon() -> QuerySet[RecourseClaim]:
    """Return the claims whose debtor must be told within days, and nobody was reminded of."""
    limit = working_calendar().local_date(now()) + timedelta(days=WARN_DAYS)
    return _to_notify().filter(notice_due_on__lte=limit, warned_at=None)


def overdue() -> QuerySet[RecourseClaim]:
    """Return the claims whose debtor was not told in time, and no manager was told of."""
    today = working_calendar().local_date(now())
    return _to_notify().filter(notice_due_on__lt=today, escalated_at=None)


def _to_notify() -> QuerySet[RecourseClaim]:
    return (
        RecourseClaim.objects.filter(status=ClaimStatus.OPEN)
        .select_related("case__owner", "case__team__manager")
        .order_by("notice_due_on", "pk")
    )


def recourse_people() -> QuerySet[User]:
    """Return those who look after recourse where a case has no owner."""
    roles = sorted(PERMISSION_ROLES[Permission.MANAGE_RECOURSE])
    return User.objects.filter(is_active=True, roles__overlap=roles).order_by("pk")


def without_claims() -> QuerySet[LiabilityFinding]:
    """Return findings in force that name an outside party among those liable, without a claim."""
    outside = Q(shares__table=ShareTable.INWARD, shares__party__in=sorted(OUTSIDE_PARTIES))
    return (
        LiabilityFinding.objects.filter(outside, superseded_by=None)
        .exclude(Exists(RecourseClaim.objects.filter(case=OuterRef("case"))))
        .select_related("case")
        .order_by("pk")
        .distinct()
    )


@dataclass
class NetCost:
    """What something cost: paid to consumers, brought back, and what is left."""

    label: str
    reference: str = ""
    cases: int = 0
    paid: Decimal = Decimal(0)
    recovered: Decimal = Decimal(0)

    @property
    def net(self) -> Decimal:
        """What is left to bear."""
        return self.paid - self.recovered


def net_costs(actor: Actor, by: str, *, currency: str = "CNY") -> list[NetCost]:
    """Return what cases cost net, by "case", "batch" or "supplier", the dearest first.

    By supplier, `paid` is what the supplier's shares cover of what was paid.
    """
    found: dict[str, NetCost] = {}
    if by == "supplier":
        rows = claims().filter(
            case__in=recourse_cases(actor),
            case__currency=currency,
            party=Party.SUPPLIER,
        )
        for line in lines(rows.exclude(status=ClaimStatus.WITHDRAWN)):
            _add(found, line.claim.name or "--", line.covered, line.recovered)
    else:
        paid_for_some = visible_cases(actor).order_by().filter(recourse_bases__isnull=False)
        own = set(paid_for_some.values_list("pk", flat=True))
        for case, paid, recovered in _costs(actor, currency):
            key = case.reference if by == "case" else _batch_words(case)
            if key:
                entry = _add(found, key, paid, recovered)
                entry.reference = case.reference if by == "case" and case.pk in own else ""
    return sorted(found.values(), key=lambda each: (-each.net, each.label))[:MOST_ROWS]


def _costs(actor: Actor, currency: str) -> list[tuple[Case, Decimal, Decimal]]:
    bases = RecourseBasis.objects.filter(case=OuterRef("pk"), currency=currency, withdrawn_at=None)
    back = Recovery.objects.filter(claim__case=OuterRef("pk"))
    rows = (
        recourse_cases(actor)
        .filter(currency=currency, recourse_bases__isnull=False)
        .distinct()
        .select_related("product", "batch")
        .annotate(paid=_sum_of(bases, "case"), recovered=_sum_of(back, "claim__case"))
    )
    return [(row, row.paid, row.recovered) for row in rows]


def _batch_words(case: Case) -> str:
    return f"{case.product} {case.batch}" if case.batch is not None else ""


def _add(found: dict[str, NetCost], key: str, paid: Decimal, recovered: Decimal) -> NetCost:
    entry = found.setdefault(key, NetCost(label=key))
    entry.cases += 1
    entry.paid += paid
    entry.recovered += recovered
    return entry


def policies() -> QuerySet[InsurancePolicy]:
    """Return the policies, the one that runs longest first."""
    return InsurancePolicy.objects.prefetch_related("products").order_by("-ends_on", "insurer")
