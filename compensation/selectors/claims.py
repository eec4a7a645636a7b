"""Cases as screening sees them: who is connected with whom, and what each claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q

from accounts.models import User
from compensation.models import MarkKind, ScreeningMark, ScreeningSign
from compensation.screening import Claim, Signal
from compensation.screening.scoring import LEAD_REVIEW_FROM, SECOND_REVIEW_FROM
from compensation.selectors.rules import in_force
from complaints.models import Case
from complaints.moments import now
from complaints.permissions import PERMISSION_ROLES, Permission
from complaints.selectors.policies import working_calendar

MOST_A_MARK = 40
"""So many bearers of one mark are looked at: more than connect anybody."""
MOST_CASES = 400
MOST_STEPS = 4
ESTABLISHED = (Signal.FORGED, Signal.THREAT, Signal.SERIAL_MISMATCH, Signal.METADATA_EARLIER)
"""Signs that a person establishes."""


def bands_today() -> dict[str, int]:
    """Return from how many points on who looks, as the company's rule says today."""
    rule = in_force("S01", working_calendar().local_date(now()))
    if rule is None or not rule.active:
        return {"second": SECOND_REVIEW_FROM, "lead": LEAD_REVIEW_FROM}
    return {"second": rule.version.whole("second"), "lead": rule.version.whole("legal")}


def screeners(case: Case, *, but: User) -> list[User]:
    """Return who may look at odd claims beside one: the case's team first, else everybody."""
    roles = [str(role) for role in PERMISSION_ROLES[Permission.SCREEN_CLAIMS]]
    people = User.objects.filter(is_active=True, roles__overlap=roles).exclude(pk=but.pk)
    in_team = list(people.filter(team=case.team_id).order_by("pk")) if case.team_id else []
    return in_team or list(people.order_by("pk"))


def connected_cases(case: Case) -> list[Case]:
    """Return a case and those that marks or customers connect it with, at most some hundreds.

    Each step is one look-up by index for all marks of the cases found last; a mark of very many
    cases is followed no further than it takes to see that it is common.
    """
    found, last = {case.pk}, {case.pk}
    for _step in range(MOST_STEPS):
        last = (_by_marks(last) | _by_customer(last)) - found
        if not last or len(found) >= MOST_CASES:
            break
        last = set(sorted(last, reverse=True)[: MOST_CASES - len(found)])
        found |= last
    rows = Case.objects.filter(pk__in=found).select_related("consumer")
    return list(rows.annotate(pieces=Count("evidence", filter=Q(evidence__uploaded_by=None))))


def _by_marks(cases: Iterable[int]) -> set[int]:
    marks = ScreeningMark.objects.filter(case__in=list(cases)).values_list("kind", "digest")
    found: set[int] = set()
    for kind, digest in sorted(set(marks)):
        bearers = ScreeningMark.objects.filter(kind=kind, digest=digest).order_by("-case")
        found.update(bearers.values_list("case_id", flat=True)[:MOST_A_MARK])
    return found


def _by_customer(cases: Iterable[int]) -> set[int]:
    customers = Case.objects.filter(pk__in=list(cases), consumer__customer__isnull=False).values(
        "consumer__customer"
    )
    rows = Case.objects.filter(consumer__customer__in=customers).order_by("-pk")
    return set(rows.values_list("pk", flat=True)[:MOST_CASES])


def screening_claims(cases: Iterable[Case]) -> list[Claim]:
    """Return cases (see `connected_cases`) as claims, with what people established about them."""
    cases = list(cases)
    marks: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = ScreeningMark.objects.filter(case__in=cases).order_by("pk")
    for case_id, kind, digest in rows.values_list("case_id", "kind", "digest"):
        marks[case_id][kind].append(digest)
    signs: dict[int, set[Signal]] = defaultdict(set)
    for case_id, signal in ScreeningSign.objects.filter(case__in=cases).values_list(
        "case_id", "signal"
    ):
        signs[case_id].add(Signal(signal))
    calendar = working_calendar()
    return [
        _claim(
            case,
            marks[case.pk],
            frozenset(signs[case.pk]),
            day=calendar.local_date(case.received_at).toordinal(),
        )
        for case in cases
    ]


def _claim(case: Case, marks: dict[str, list[str]], known: frozenset[Signal], *, day: int) -> Claim:
    consumer = case.consumer
    customer = consumer.customer_id
    account = f"customer {customer}" if customer else f"consumer {consumer.pk}"
    product = str(case.product_id or case.product_text)

    def last(kind: MarkKind) -> str:
        return next(reversed(marks.get(str(kind), [""])))

    return Claim(
        id=case.pk,
        account=account,
        day=day,
        order=case.order_number or f"{account} {product}",
        product=product,
        bought_on=case.purchased_on.toordinal() if case.purchased_on else None,
        phone=last(MarkKind.PHONE),
        address=last(MarkKind.ADDRESS),
        payee=last(MarkKind.PAYEE),
        device=last(MarkKind.DEVICE),
        pictures=tuple(marks.get(str(MarkKind.PICTURE), ())),
        text=last(MarkKind.TEXT),
        claimed=case.wished_amount,
        paid=case.amount_paid,
        has_proof=getattr(case, "pieces", 0) > 0,
        known=known,
    )
