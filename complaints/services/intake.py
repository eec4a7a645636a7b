"""Receiving a complaint: one transaction makes the Case, its clocks, first event and notice.

A key makes receiving idempotent: the same key and body again answer with the same Case, the same
key with another body is refused. Nothing that was confirmed to a consumer is ever lost.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from complaints import sealing
from complaints.actors import Actor
from complaints.errors import IntakeConflict
from complaints.models import Case, Clock, Consumer, Evidence
from complaints.moments import now
from complaints.normalising import normalised_email, normalised_phone
from complaints.search_terms import name_tokens
from complaints.selectors.policies import default_team_id
from complaints.selectors.triage import named_batch
from complaints.services.clocks import open_clocks, plan_clock
from complaints.services.customers import link_consumer
from complaints.services.event_clocks import follow_event
from complaints.services.events import append_event
from complaints.services.linking import text_marks
from complaints.services.outbox import tell_consumer
from complaints.services.proposing import proposal_for, proposal_row
from complaints.services.queueing import assign_soon
from complaints.services.stage_clocks import save_next_due
from complaints.states import Channel, ClockKind, CustomerTier, Urgency

TITLE_LENGTH = 40


@dataclass(frozen=True)
class ContactData:
    """How to reach the complainant; a name or "" and a phone or an e-mail address."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


@dataclass(frozen=True)
class ComplaintData:
    """What a complaint says, whichever way it came in. Money in `currency`, dates local."""

    description: str
    contact: ContactData = field(default_factory=ContactData)
    title: str = ""
    channel: str = Channel.WEB_FORM
    language: str = "zh-hans"
    category: str = ""
    issue: str = ""
    wished_remedy: str = ""
    wished_detail: str = ""
    wished_amount: Decimal | None = None
    occurred_on: date | None = None
    danger: bool = False
    product_id: int | None = None
    batch_code: str = ""
    product_text: str = ""
    serial_number: str = ""
    order_number: str = ""
    purchased_on: date | None = None
    amount_paid: Decimal | None = None
    currency: str = "CNY"
    respondent: str = ""
    region: str = ""
    market: str = "CN"
    tier: str = CustomerTier.REGULAR
    needs_care: bool = False

    def digest(self) -> str:
        """Return a digest of the whole content, to tell a repetition from another complaint."""
        raw = json.dumps(asdict(self), default=str, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(raw.encode()).hexdigest()


@dataclass(frozen=True)
class Receipt:
    """The Case made (or found again), and the secret of its link: shown once, never stored.

    `added` says that a case was there already, and that this says something more to it.
    """

    case: Case
    secret: str
    created: bool
    added: bool = False


def submit_complaint(
    data: ComplaintData,
    *,
    by: Actor,
    key: str | None = None,
    draft_id: UUID | None = None,
    notice: str = "",
    since: datetime | None = None,
    digest: str = "",
    device: str = "",
) -> Receipt:
    """Receive a complaint and return its receipt.

    `key` is the idempotency key, `digest` that of all that was said where it is more than `data`.
    `draft_id` names the draft whose files become the evidence, `notice` the version of the privacy
    notice that the consumer agreed to. `since` is the moment at which it reached us, where that was
    earlier: the clocks run from then on. `device` is the random mark of the browser that sent it:
    kept as a keyed digest, for screening.
    Raises IntakeConflict when `key` came before with another body.
    """
    digest = digest or data.digest()
    try:
        with transaction.atomic():
            return _receive(
                data,
                by=by,
                key=key,
                digest=digest,
                draft_id=draft_id,
                notice=notice,
                since=since,
                device=device,
            )
    except IntegrityError:
        found = Case.objects.filter(intake_key=key).first() if key else None
        if found is None:
            raise
        if found.intake_digest != digest:
            raise IntakeConflict(
                _("这个幂等键已经用于另一份内容不同的投诉。"), field="idempotency_key"
            ) from None
        return Receipt(case=found, secret="", created=False)


def _receive(
    data: ComplaintData,
    *,
    by: Actor,
    key: str | None,
    digest: str,
    draft_id: UUID | None,
    notice: str,
    since: datetime | None,
    device: str,
) -> Receipt:
    moment, secret = now(), sealing.new_secret()
    consumer = new_consumer(data, moment)
    link_consumer(consumer)
    consumer.save(force_insert=True)
    case = new_case(data, consumer, moment)
    case.received_at = min(since or moment, moment)
    proposal = proposal_for(case)
    case.urgency = Urgency(proposal.urgency)
    case.intake_key, case.intake_digest = key, digest
    case.device_index = sealing.blind_index("device", device)
    case.access_digest = sealing.digest(secret)
    planned = _first_clocks(case)
    case.next_due_at, case.next_due_kind = min((clock.due_at, clock.kind) for clock in planned)
    case.save(force_insert=True)
    if draft_id is not None:
        Evidence.objects.filter(draft_id=draft_id, case=None).update(case=case)
    beside = [proposal_row(case, proposal), *text_marks([case])]
    open_clocks(planned, by=by, cause="received", beside=beside)
    facts: dict[str, Any] = {"channel": data.channel, "danger": data.danger}
    if proposal.findings:
        facts |= {"urgency": proposal.urgency, "reasons": proposal.reasons}
    event = append_event(
        case,
        "received",
        by=by,
        data=facts | ({"notice": notice} if notice else {}),
        for_consumer=True,
        new_stage=case.stage,
    )
    if follow_event(case, "received", by=by):
        save_next_due(case)
    tell_consumer(
        case, "received", key=f"received:{case.pk}", event=event, secret={"access": secret}
    )
    assign_soon()
    return Receipt(case=case, secret=secret, created=True)


def _first_clocks(case: Case) -> list[Clock]:
    kinds = [ClockKind.ACKNOWLEDGEMENT]
    if case.urgency == Urgency.EMERGENCY:
        kinds.append(ClockKind.EMERGENCY)
    return [plan_clock(case, kind, at=case.received_at) for kind in kinds]


def new_consumer(data: ComplaintData, moment: datetime) -> Consumer:
    """Return an unsaved consumer with a key of their own, their contact sealed under it."""
    contact, key = data.contact, sealing.new_person_key()
    phone, email = normalised_phone(contact.phone), normalised_email(contact.email)
    return Consumer(
        key_sealed=key,
        contact_sealed=sealing.seal(
            key,
            {
                "name": contact.name.strip(),
                "phone": phone or contact.phone.strip(),
                "email": email,
                "address": contact.address.strip(),
            },
        ),
        phone_index=sealing.blind_index("phone", phone),
        email_index=sealing.blind_index("email", email),
        name_index=name_tokens(contact.name),
        language=data.language,
        tier=data.tier,
        needs_care=data.needs_care,
        created_at=moment,
    )


def new_case(data: ComplaintData, consumer: Consumer, moment: datetime) -> Case:
    """Return an unsaved Case, received at `moment`, for the default team."""
    return Case(
        consumer=consumer,
        title=(data.title or data.description.strip().split("\n")[0][:TITLE_LENGTH]).strip(),
        product_id=data.product_id,
        batch=named_batch(
            data.product_id, data.batch_code, category=data.category, issue=data.issue
        ),
        urgency=Urgency.EMERGENCY if data.danger else Urgency.NORMAL,
        danger_reported=data.danger,
        team_id=default_team_id(),
        received_at=moment,
        created_at=moment,
        stage_since=moment,
        **{name: getattr(data, name) for name in _COPIED},
    )


_COPIED = (
    "description",
    "channel",
    "language",
    "category",
    "issue",
    "wished_remedy",
    "wished_detail",
    "wished_amount",
    "occurred_on",
    "product_text",
    "serial_number",
    "order_number",
    "purchased_on",
    "amount_paid",
    "currency",
    "respondent",
    "region",
    "market",
)
