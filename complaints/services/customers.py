"""Customer files: found at intake by phone or e-mail, joined, separated, described; all logged.

Joining moves nothing: the file points at the one that it is now part of, and separating takes the
pointer away. So whatever came in meanwhile is afterwards where its own phone or address belongs.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from complaints.actors import Actor
from complaints.customer_states import (
    ConsentPurpose,
    ContactChannel,
    CustomerChange,
    CustomerKind,
    IdentityKind,
    LookKind,
)
from complaints.errors import CaseError, StepForbidden
from complaints.models import (
    AccessLog,
    Case,
    Consent,
    Consumer,
    Customer,
    CustomerEvent,
    CustomerIdentity,
)
from complaints.moments import now
from complaints.permissions import Permission, has_permission
from complaints.selectors.customers import members_of, root_of
from complaints.states import CustomerTier
from complaints.tiers import kinds_of, tier_of

LANGUAGES = ("", "zh-hans", "en")


def link_consumer(consumer: Consumer) -> None:
    """Put a complainant, saved or not, into the file of their phone, else of their e-mail address.

    A new file is opened where there is none; without phone and address the complainant has none,
    and who has a file stays in it when their phone or address changes.
    What the file knows (kinds, channel) is copied to the complainant, and what the complainant says
    of themselves is added to the file. Must run inside a transaction; the caller saves.
    """
    if not (consumer.phone_index or consumer.email_index):
        return
    phone, email = consumer.phone_index, consumer.email_index
    found = Customer.objects.raw(
        "SELECT * FROM complaints_file_of(%s, %s, %s, %s)",
        [phone, email, consumer.customer_id, consumer.created_at],
    )
    consumer.customer = customer = found[0]
    _share(consumer, root_of(customer))


def _share(consumer: Consumer, file: Customer) -> None:
    told = set(kinds_of(tier=consumer.tier, needs_care=consumer.needs_care))
    if told - set(file.kinds):
        file.kinds = sorted({*file.kinds, *told})
        file.save(update_fields=["kinds"])
    if consumer.tier == CustomerTier.REGULAR:
        consumer.tier = tier_of(file.kinds)
    consumer.needs_care = consumer.needs_care or CustomerKind.VULNERABLE in file.kinds
    consumer.channel = file.channel


def _check(by: Actor, reason: str = "-") -> None:
    if not has_permission(by, Permission.MANAGE_CUSTOMERS):
        raise StepForbidden(_("你的角色不能改客户档案。"))
    if not reason.strip():
        raise CaseError(_("请写明理由。"), field="reason")


def _locked(*customers: Customer) -> dict[int, Customer]:
    """Return files freshly read under their locks, taken in the order of their keys."""
    keys = sorted({customer.pk for customer in customers})
    rows = Customer.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows}


def _log(customer: Customer, kind: str, *, by: Actor, reason: str = "", **data: Any) -> None:
    CustomerEvent.objects.create(
        customer=customer, kind=kind, by=by.user, at=now(), reason=reason.strip()[:200], data=data
    )


@transaction.atomic
def join_customers(
    into: Customer, others: Iterable[Customer], *, by: Actor, reason: str
) -> Customer:
    """Make files one person's; each of `others` shows up in `into` from now on.

    Raises CaseError without a reason, for the same file twice, or for one that is part of another
    already; StepForbidden.
    """
    _check(by, reason)
    chosen = list(others)
    held = _locked(into, *chosen)
    into = held[into.pk]
    if not chosen:
        raise CaseError(_("请选要合并的档案。"), field="other")
    for other in (held[each.pk] for each in chosen):
        if other.pk == into.pk:
            raise CaseError(_("不能和自己合并。"), field="other")
        if other.joined_into_id is not None or into.joined_into_id is not None:
            raise CaseError(_("其中一份档案已经并入别的档案，刷新后再看。"), field="other")
        other.joined_into, other.joined_at = into, now()
        other.save(update_fields=["joined_into", "joined_at"])
        for file, counterpart in ((into, other), (other, into)):
            _log(file, CustomerChange.JOINED, by=by, reason=reason, other=counterpart.pk)
    return into


@transaction.atomic
def separate_customer(customer: Customer, *, by: Actor, reason: str) -> Customer:
    """Undo a joining: the file is its own again, with everything that was joined into it.

    Raises CaseError without a reason or for a file that is joined into none; StepForbidden.
    """
    _check(by, reason)
    customer = _locked(customer)[customer.pk]
    if customer.joined_into is None:
        raise CaseError(_("这份档案没有并入别的档案。"))
    former = customer.joined_into
    customer.joined_into = customer.joined_at = None
    customer.save(update_fields=["joined_into", "joined_at"])
    for file, counterpart in ((former, customer), (customer, former)):
        _log(file, CustomerChange.SEPARATED, by=by, reason=reason, other=counterpart.pk)
    return customer


@transaction.atomic
def separate_identity(identity: CustomerIdentity, *, by: Actor, reason: str) -> Customer:
    """Give one phone number or address a file of its own: another person's, as it turned out.

    The complaints of those who gave it go along, unless they also gave the file's other kind of
    identity. Joining the two files undoes it. Raises CaseError for the only identity of a file.
    """
    _check(by, reason)
    former = _locked(identity.customer)[identity.customer_id]
    identity = CustomerIdentity.objects.select_related("customer").get(pk=identity.pk)
    if identity.customer_id != former.pk:
        raise CaseError(_("这个联系方式已经在别的档案里，刷新后再看。"))
    kept = former.identities.exclude(pk=identity.pk)
    if not kept.exists():
        raise CaseError(_("档案里只有这一个联系方式，没有可以拆开的。"))
    fresh = Customer.objects.create(created_at=now())
    identity.customer = fresh
    identity.save(update_fields=["customer"])
    moving = Consumer.objects.filter(customer=former, **{f"{identity.kind}_index": identity.index})
    other = "email" if identity.kind == IdentityKind.PHONE else "phone"
    staying = kept.filter(kind=other).values("index")
    moved = moving.exclude(**{f"{other}_index__in": staying}).update(customer=fresh)
    data = {"identity": identity.kind, "complainants": moved}
    _log(former, CustomerChange.IDENTITY_MOVED, by=by, reason=reason, other=fresh.pk, **data)
    log = {**data, "from": former.pk}
    _log(fresh, CustomerChange.IDENTITY_MOVED, by=by, reason=reason, **log)
    return fresh


@transaction.atomic
def set_kinds(customer: Customer, *, by: Actor, kinds: Iterable[str], reason: str) -> Customer:
    """Say what kind of customer this is; complaints to come are received as such, and open ones
    get the care. Raises CaseError for an unknown kind or without a reason; StepForbidden.
    """
    _check(by, reason)
    chosen = sorted(set(kinds))
    if not set(chosen) <= set(CustomerKind.values):
        raise CaseError(_("请选列出的类型。"), field="kinds")
    customer = _locked(customer)[customer.pk]
    before, customer.kinds = customer.kinds, chosen
    customer.save(update_fields=["kinds"])
    _log(customer, CustomerChange.KINDS_SET, by=by, reason=reason, before=before, after=chosen)
    if CustomerKind.VULNERABLE in chosen:
        _consumers(customer).update(needs_care=True)
    return customer


def _consumers(customer: Customer) -> Any:
    return Consumer.objects.filter(customer__in=members_of(root_of(customer)))


@transaction.atomic
def set_preferences(
    customer: Customer,
    *,
    by: Actor,
    language: str = "",
    channel: str = "",
    hours_from: time | None = None,
    hours_to: time | None = None,
) -> Customer:
    """Write down how somebody wishes to be reached; notices take language and channel from it.

    Raises CaseError for an unknown language or channel, or hours that don't go together.
    """
    _check(by)
    if language not in LANGUAGES:
        raise CaseError(_("请选一种语言。"), field="language")
    if channel and channel not in ContactChannel.values:
        raise CaseError(_("请选一种联系方式。"), field="channel")
    if (hours_from is None) != (hours_to is None):
        raise CaseError(_("开始和结束的时间要一起填。"), field="hours_to")
    if hours_from is not None and hours_to is not None and hours_from >= hours_to:
        raise CaseError(_("结束的时间要晚于开始的时间。"), field="hours_to")
    customer = _locked(customer)[customer.pk]
    customer.language, customer.channel = language, channel
    customer.hours_from, customer.hours_to = hours_from, hours_to
    customer.save(update_fields=["language", "channel", "hours_from", "hours_to"])
    changed: dict[str, Any] = {"channel": channel}
    if language:
        changed["language"] = language
    _consumers(customer).update(**changed)
    _log(customer, CustomerChange.PREFERENCES_SET, by=by, language=language, channel=channel)
    return customer


@transaction.atomic
def record_consent(
    customer: Customer, *, by: Actor, purpose: str, given: bool, source: str
) -> Consent:
    """Write down that a customer agreed to a purpose, or no longer does, and how they said so."""
    _check(by)
    if purpose not in ConsentPurpose.values:
        raise CaseError(_("请选一个用途。"), field="purpose")
    if not source.strip():
        raise CaseError(_("请写明消费者什么时候、怎样表示的。"), field="source")
    customer = _locked(customer)[customer.pk]
    consent = Consent.objects.create(
        customer=customer,
        purpose=purpose,
        given=given,
        source=source.strip()[:200],
        at=now(),
        recorded_by=by.person,
    )
    _log(customer, CustomerChange.CONSENT, by=by, purpose=purpose, given=given)
    return consent


def log_look(
    *,
    by: Actor,
    reason: str,
    customer: Customer | None = None,
    case: Case | None = None,
    kind: str = LookKind.FILE,
) -> AccessLog:
    """Write down that somebody looked at a customer, and why; CaseError without a reason."""
    if not reason.strip():
        raise CaseError(_("请写明为什么要看。"), field="reason")
    return AccessLog.objects.create(
        user=by.person,
        customer=customer,
        case=case,
        kind=kind,
        reason=reason.strip()[:200],
        at=now(),
    )
