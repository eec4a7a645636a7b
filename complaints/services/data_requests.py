"""A consumer's requests about their own data, and our answers within the time that is promised.

Asking starts the clock and answering stops it, also in a case that has ended (PIPL arts 44-50).
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import sealing
from complaints.actors import Actor
from complaints.errors import CaseError, StepForbidden
from complaints.models import Case, DataRequest
from complaints.moments import now
from complaints.normalising import normalised_email, normalised_phone
from complaints.permissions import Permission, has_permission
from complaints.search_terms import name_tokens
from complaints.selectors.people import responsible_for
from complaints.services.cases import touch
from complaints.services.customers import link_consumer
from complaints.services.locking import locked_case
from complaints.services.outbox import tell_consumer, tell_staff
from complaints.states import ActorKind, DataRequestKind, DataRequestOutcome

CONTACT = ("name", "phone", "email", "address")


@transaction.atomic
def ask_about_data(case: Case, *, by: Actor, kind: str, text: str = "") -> DataRequest:
    """Take a request for a copy, a correction or erasure; its clock starts, staff are told.

    Raises CaseError for an unknown kind, a correction that does not say what is wrong, or while
    another request waits for its answer.
    """
    if by.kind != ActorKind.CONSUMER:
        raise StepForbidden(_("只有消费者本人可以提出这个请求。"))
    if kind not in DataRequestKind.values:
        raise CaseError(_("请选一项。"), field="kind")
    if kind == DataRequestKind.CORRECTION and not text.strip():
        raise CaseError(_("请写明哪里不对，应该是什么。"), field="text")
    case = locked_case(case)
    if case.data_requests.filter(answered_at=None).exists():
        raise CaseError(_("你的上一个请求还没有答复，答复以后可以再提。"))
    request = DataRequest.objects.create(
        case=case,
        kind=kind,
        asked_sealed=_sealed(case, text),
        asked_at=now(),
    )
    data = {"request": request.pk, "kind": kind}
    case = touch(case, "data_requested", by=by, data=data, for_consumer=True)
    tell_staff(
        case,
        "data_requested",
        users=responsible_for(case),
        key=f"data_request:{request.pk}",
        data=data,
        by_mail=True,
    )
    return request


@transaction.atomic
def answer_data_request(
    request: DataRequest,
    *,
    by: Actor,
    outcome: str,
    answer: str,
    contact: Mapping[str, str] | None = None,
    seen: int | None = None,
) -> Case:
    """Answer a request: its clock stops and the consumer is told.

    `contact` holds the new details of a correction that is granted, by name; empty ones stay as
    they are. A granted erasure is recorded; it is carried out when the time to keep the case is
    over. Raises CaseError for an unknown outcome, an answer that gives no reason, or a request
    that has been answered; StepForbidden for staff who do not handle cases.
    """
    if not has_permission(by, Permission.HANDLE_CASE):
        raise StepForbidden(_("你的角色不能做这件事。"))
    if outcome not in DataRequestOutcome.values:
        raise CaseError(_("请选一个答复。"), field="outcome")
    if not answer.strip():
        raise CaseError(_("请写明答复和理由，消费者会看到。"), field="answer")
    case = locked_case(request.case, seen=seen)
    request = DataRequest.objects.select_related("case__consumer").get(pk=request.pk)
    if not request.is_open:
        raise CaseError(_("这个请求已经答复。"))
    corrects = request.kind == DataRequestKind.CORRECTION
    if corrects and outcome != DataRequestOutcome.REFUSED:
        case = _correct(case, contact or {}, by=by)
    request.outcome, request.answer_sealed = outcome, _sealed(case, answer)
    request.answered_at, request.answered_by = now(), by.person
    request.save()
    data = {"request": request.pk, "kind": request.kind, "outcome": outcome}
    case = touch(case, "data_request_answered", by=by, data=data, for_consumer=True)
    tell_consumer(case, "data_request_answered", key=f"data_answer:{request.pk}", data=data)
    return case


def _sealed(case: Case, text: str) -> bytes:
    return sealing.seal(case.consumer.key_sealed, text.strip()) if text.strip() else b""


def _correct(case: Case, contact: Mapping[str, str], *, by: Actor) -> Case:
    unknown = set(contact) - set(CONTACT)
    if unknown:
        raise ValueError(f"not a contact detail: {sorted(unknown)}")
    given = {name: value.strip() for name, value in contact.items() if value.strip()}
    if not given:
        return case
    consumer = case.consumer
    known = {**consumer.contact, **given}
    phone, email = normalised_phone(known["phone"]), normalised_email(known["email"])
    known |= {"phone": phone or known["phone"], "email": email}
    consumer.contact_sealed = sealing.seal(consumer.key_sealed, known)
    consumer.phone_index = sealing.blind_index("phone", phone)
    consumer.email_index = sealing.blind_index("email", email)
    consumer.name_index = name_tokens(known["name"])
    link_consumer(consumer)
    consumer.save()
    return touch(case, "contact_corrected", by=by, data={"fields": sorted(given)})
