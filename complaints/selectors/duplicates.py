"""Cases that may be the same complaint, why they seem so, and how cases belong together.

What it costs is bounded: each sign (order, serial number, phone, e-mail, file, text) is looked up
in an index and gives at most a few dozen candidates; only those are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from complaints import sealing
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.likeness import bands, likeness, shingles
from complaints.models import Case, CaseLink, Consumer, TextMark
from complaints.moments import now
from complaints.normalising import normalised_email, normalised_phone
from complaints.states import LinkKind, Stage

MOST_A_SIGN, MOST_ALIKE, MOST_SHOWN = 40, 100, 10
ENOUGH = 50
ALIKE = 0.3
NEAR = timedelta(days=7)
SAME_PERSON_WITHIN = timedelta(days=365)
_POINTS = {"order": 60, "serial": 60, "phone": 30, "email": 30, "person": 30, "product": 15}


@dataclass(frozen=True)
class Signs:
    """What of a complaint, received or still being written down, may match another's."""

    description: str = ""
    order_number: str = ""
    serial_number: str = ""
    phone_index: str = ""
    email_index: str = ""
    customer_id: int | None = None
    product_id: int | None = None
    received_at: datetime | None = None

    @classmethod
    def of_case(cls, case: Case) -> Signs:
        """Read them from a case."""
        consumer = case.consumer
        return cls(
            description=case.description,
            order_number=case.order_number,
            serial_number=case.serial_number,
            phone_index=consumer.phone_index,
            email_index=consumer.email_index,
            customer_id=consumer.customer_id,
            product_id=case.product_id,
            received_at=case.received_at,
        )

    @classmethod
    def typed(
        cls, *, description: str, order_number: str, phone: str, email: str, serial: str = ""
    ) -> Signs:
        """Read them from what somebody is writing down."""
        return cls(
            description=description,
            order_number=order_number.strip(),
            serial_number=serial.strip(),
            phone_index=sealing.blind_index("phone", normalised_phone(phone)),
            email_index=sealing.blind_index("email", normalised_email(email)),
            received_at=now(),
        )


@dataclass(frozen=True)
class Likely:
    """A case that may be the same complaint; `signs` are codes, `alike` the share of its text."""

    case: Case
    points: int
    signs: tuple[str, ...]
    alike: float = 0.0

    @property
    def reasons(self) -> list[str]:
        """Why it seems so, in words."""
        words = {
            "order": _("订单号相同：%(value)s") % {"value": self.case.order_number},
            "serial": _("序列号相同：%(value)s") % {"value": self.case.serial_number},
            "phone": _("手机号相同"),
            "email": _("邮箱相同"),
            "person": _("同一位客户"),
            "product": _("同一款商品"),
            "text": _("经过的文字有 %(share)d%% 相同") % {"share": round(100 * self.alike)},
            "near": _("七天之内收到"),
        }
        return [words[sign] for sign in self.signs]


def likely_duplicates(case: Case, actor: Actor) -> list[Likely]:
    """Return the cases most like this one that `actor` may see, the likeliest first.

    Left out is what is merged into it or it into, and what a person linked with it already. One
    statement, however many cases there are.
    """
    pair = Q(case=case, other=OuterRef("pk")) | Q(other=case, case=OuterRef("pk"))
    decided = CaseLink.objects.filter(pair, ended_at=None)
    others = visible_cases(actor).exclude(pk=case.pk).exclude(Q(Exists(decided)))
    others = others.exclude(merged_into=case)
    if case.merged_into_id is not None:
        others = others.exclude(pk=case.merged_into_id)
    return _compared(Signs.of_case(case), others)


def likely_known(signs: Signs, actor: Actor) -> list[Likely]:
    """Return the cases most like a complaint that is being written down."""
    return _compared(signs, visible_cases(actor))


def _compared(signs: Signs, others: QuerySet[Case]) -> list[Likely]:
    ids = _candidate_ids(signs)
    if ids is None:
        return []
    rows = others.filter(pk__in=ids).select_related("consumer", "product", "owner")
    mine = shingles(signs.description)
    found = [_likely(signs, mine, row) for row in rows]
    enough = [each for each in found if each.points >= ENOUGH]
    return sorted(enough, key=lambda each: (-each.points, -each.case.pk))[:MOST_SHOWN]


def _candidate_ids(signs: Signs) -> Any:
    """Return the ids worth comparing, as one statement of look-ups; None without any sign."""
    lookups: list[QuerySet[Any, Any]] = []
    if signs.order_number:
        lookups.append(_newest(Case.objects.filter(order_number=signs.order_number)))
    if signs.serial_number:
        lookups.append(_newest(Case.objects.filter(serial_number=signs.serial_number)))
    people = _people(signs)
    if people is not None:
        since = (signs.received_at or now()) - SAME_PERSON_WITHIN
        lookups.append(
            _newest(Case.objects.filter(consumer__in=people.values("pk"), received_at__gte=since))
        )
    marks = bands(signs.description)
    if marks:
        alike = TextMark.objects.filter(bands__overlap=marks).order_by("-case_id")
        lookups.append(alike.values_list("case_id")[:MOST_ALIKE])
    if not lookups:
        return None
    return lookups[0].union(*lookups[1:]) if len(lookups) > 1 else lookups[0]


def _newest(cases: QuerySet[Case]) -> QuerySet[Any, Any]:
    return cases.order_by("-pk").values_list("pk")[:MOST_A_SIGN]


def _people(signs: Signs) -> QuerySet[Consumer] | None:
    same = Q()
    if signs.phone_index:
        same |= Q(phone_index=signs.phone_index)
    if signs.email_index:
        same |= Q(email_index=signs.email_index)
    if signs.customer_id:
        same |= Q(customer=signs.customer_id)
    return Consumer.objects.filter(same) if same else None


def _likely(signs: Signs, mine: frozenset[str], other: Case) -> Likely:
    consumer = other.consumer
    phone = bool(signs.phone_index) and signs.phone_index == consumer.phone_index
    email = bool(signs.email_index) and signs.email_index == consumer.email_index
    same = {
        "order": bool(signs.order_number) and signs.order_number == other.order_number,
        "serial": bool(signs.serial_number) and signs.serial_number == other.serial_number,
        "phone": phone,
        "email": email and not phone,
        "person": signs.customer_id is not None
        and signs.customer_id == consumer.customer_id
        and not (phone or email),
        "product": signs.product_id is not None and signs.product_id == other.product_id,
    }
    found = [name for name, is_same in same.items() if is_same]
    points = sum(_POINTS[name] for name in found)
    alike = likeness(mine, shingles(other.description))
    if alike >= ALIKE:
        found.append("text")
        points += round(80 * alike)
    gap = abs(other.received_at - (signs.received_at or now()))
    if found and gap <= NEAR:
        found.append("near")
        points += 10
    return Likely(other, min(points, 100), tuple(found), alike)


def carrier_of(case: Case) -> Case:
    """Return the case that carries this one on, through however many merges; else itself."""
    while case.merged_into_id is not None and case.stage == Stage.MERGED:
        case = Case.objects.select_related("owner").get(pk=case.merged_into_id)
    return case


def merged_here(case: Case) -> list[Case]:
    """Return the cases that this one carries on, with `messages_count` and `evidence_count`."""
    merged = Case.objects.filter(merged_into=case).select_related("consumer")
    return list(
        merged.annotate(
            messages_count=Count("messages", distinct=True),
            evidence_count=Count("evidence", distinct=True),
        ).order_by("pk")
    )


@dataclass(frozen=True)
class Linked:
    """Another case as seen from one, and how it belongs to it."""

    case: Case
    kind: str
    words: str
    link: CaseLink = field(repr=False)


def linked_cases(case: Case, actor: Actor) -> list[Linked]:
    """Return the cases that a person linked with this one, from whichever side."""
    either = Q(case=case) | Q(other=case)
    links = CaseLink.objects.filter(either, ended_at=None).select_related("case", "other")
    seen = set(visible_cases(actor).filter(pk__in=_ends(links, case)).values_list("pk", flat=True))
    found = []
    for link in links.order_by("pk"):
        forwards = link.case_id == case.pk
        other = link.other if forwards else link.case
        if other.pk in seen:
            found.append(Linked(other, link.kind, link_words(link.kind, forwards=forwards), link))
    return found


def links_of(case: Case) -> QuerySet[CaseLink]:
    """Return the links of a case that say that another belongs to it."""
    links = CaseLink.objects.filter(Q(case=case) | Q(other=case), ended_at=None)
    return links.exclude(kind=LinkKind.NOT_DUPLICATE)


def _ends(links: Iterable[CaseLink], case: Case) -> Sequence[int]:
    return [link.other_id if link.case_id == case.pk else link.case_id for link in links]


def link_words(kind: str, *, forwards: bool) -> str:
    """Say what the other case is to this one; a follow-up reads otherwise from either side."""
    if kind == LinkKind.FOLLOW_UP:
        return _("本案是它的后续") if forwards else _("它是本案的后续")
    return str(LinkKind(kind).label)
