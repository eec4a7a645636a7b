"""Customer files: which belong together, whose cases they hold, who looked at them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from complaints import sealing
from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.customer_states import ConsentPurpose, CustomerChange, IdentityKind
from complaints.models import (
    AccessLog,
    Case,
    Consent,
    Consumer,
    Customer,
    CustomerEvent,
    CustomerIdentity,
)
from complaints.normalising import normalised_email, normalised_phone


def root_of(customer: Customer) -> Customer:
    """Return the file that a file is joined into, however many times over; else itself."""
    while customer.joined_into_id is not None:
        customer = Customer.objects.get(pk=customer.joined_into_id)
    return customer


def members_of(customer: Customer) -> list[int]:
    """Return the ids of a root file and of every file that is joined into it."""
    members, fresh = [customer.pk], [customer.pk]
    while fresh:
        joined = Customer.objects.filter(joined_into__in=fresh).values_list("pk", flat=True)
        fresh = list(joined)
        members += fresh
    return members


def family_of(consumer: Consumer) -> list[int]:
    """Return the ids of all files that are one with a complainant's; [] without a file."""
    if consumer.customer_id is None:
        return []
    return members_of(root_of(Customer.objects.get(pk=consumer.customer_id)))


def one_customer(customer_id: int) -> Customer:
    """Return one file; 404 for an unknown one."""
    found = Customer.objects.filter(pk=customer_id).first()
    if found is None:
        raise Http404(customer_id)
    return found


def customer_called(text: str) -> Customer | None:
    """Return the root file of a number (C-000012), a phone number or an e-mail address."""
    text = text.strip()
    number = text.upper().removeprefix("C-")
    if number.isdecimal() and text.upper().startswith("C-"):
        found = Customer.objects.filter(pk=int(number)).first() if len(number) < 18 else None
        return root_of(found) if found else None
    index = (
        (IdentityKind.EMAIL, sealing.blind_index("email", normalised_email(text)))
        if "@" in text
        else (IdentityKind.PHONE, sealing.blind_index("phone", normalised_phone(text)))
    )
    kind, value = index
    identity = CustomerIdentity.objects.filter(kind=kind, index=value).first() if value else None
    return root_of(identity.customer) if identity else None


def cases_of(members: Iterable[int], actor: Actor) -> QuerySet[Case]:
    """Return the cases of files that `actor` may see, the newest first."""
    cases = visible_cases(actor).filter(consumer__customer__in=list(members))
    return cases.select_related("consumer", "product", "owner").order_by("-received_at", "-pk")


def identities_of(members: Iterable[int]) -> list[CustomerIdentity]:
    """Return by what a customer is known, with `shown`: one complainant who bears it."""
    members = list(members)
    found = list(CustomerIdentity.objects.filter(customer__in=members).order_by("kind", "pk"))
    bearers = list(Consumer.objects.filter(customer__in=members).order_by("-pk")[:200])
    for identity in found:
        column = f"{identity.kind}_index"
        bearing = (each for each in bearers if getattr(each, column) == identity.index)
        identity.shown = next(bearing, None)
    return found


def joined_files(members: Iterable[int]) -> list[Customer]:
    """Return the files that are joined into another one of these."""
    joined = Customer.objects.filter(pk__in=list(members), joined_into__isnull=False)
    return list(joined.select_related("joined_into").order_by("joined_at"))


def likely_same(members: Iterable[int]) -> list[Customer]:
    """Return other files that share a phone or an e-mail address with a complainant of these.

    A complainant who gives one's phone number and another's address ends in the file of the
    number; a person decides whether the two are one.
    """
    members = list(members)
    given = Consumer.objects.filter(customer__in=members)
    phones = given.exclude(phone_index="").values("phone_index")
    emails = given.exclude(email_index="").values("email_index")
    shared = Q(kind=IdentityKind.PHONE, index__in=phones)
    shared |= Q(kind=IdentityKind.EMAIL, index__in=emails)
    others = CustomerIdentity.objects.filter(shared).exclude(customer__in=members)
    found = {root_of(each.customer).pk: root_of(each.customer) for each in others[:20]}
    back = CustomerIdentity.objects.filter(customer__in=members)
    bearers = Consumer.objects.filter(
        Q(phone_index__in=back.filter(kind=IdentityKind.PHONE).values("index"))
        | Q(email_index__in=back.filter(kind=IdentityKind.EMAIL).values("index"))
    ).exclude(customer__in=members)
    for consumer in bearers.exclude(customer=None).select_related("customer")[:20]:
        root = root_of(consumer.customer)
        found[root.pk] = root
    kept_apart = _separated(members)
    return [each for pk, each in sorted(found.items()) if pk not in {*members, *kept_apart}]


def _separated(members: list[int]) -> set[int]:
    """Return the files that a person separated from these: they are not proposed again."""
    apart = CustomerEvent.objects.filter(
        Q(customer__in=members), kind__in=[CustomerChange.SEPARATED, CustomerChange.IDENTITY_MOVED]
    ).values_list("data", flat=True)
    return {pk for data in apart for pk in (data.get("other"), data.get("from")) if pk}


def history_of(members: Iterable[int]) -> list[CustomerEvent]:
    """Return what was done to files, the newest first, fifty at most."""
    events = CustomerEvent.objects.filter(customer__in=list(members)).select_related("by")
    return list(events.order_by("-at", "-pk")[:50])


def consents_of(members: Iterable[int]) -> dict[str, Consent]:
    """Return the newest word on each purpose that was ever asked."""
    rows = Consent.objects.filter(customer__in=list(members)).select_related("recorded_by")
    newest: dict[str, Consent] = {}
    for row in rows.order_by("-at", "-pk"):
        newest.setdefault(row.purpose, row)
    return {purpose: newest[purpose] for purpose in ConsentPurpose.values if purpose in newest}


@dataclass(frozen=True)
class LookFilter:
    """What the list of looks is narrowed to."""

    user: Any = None
    customer: Any = None
    since: datetime | None = None
    before: datetime | None = None


def looks(which: LookFilter) -> QuerySet[AccessLog]:
    """Return who looked at customers, the newest first."""
    rows = AccessLog.objects.select_related("user", "customer", "case")
    if which.user is not None:
        rows = rows.filter(user=which.user)
    if which.customer is not None:
        rows = rows.filter(customer__in=members_of(root_of(which.customer)))
    if which.since is not None:
        rows = rows.filter(at__gte=which.since)
    if which.before is not None:
        rows = rows.filter(at__lt=which.before)
    return rows.order_by("-at", "-pk")
