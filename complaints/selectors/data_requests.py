"""A consumer's requests about their data, and the copy that they may have of it."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from complaints import sealing
from complaints.models import Case, CaseEvent, DataRequest, Evidence, Message
from complaints.states import ActorKind, MessageKind


def data_requests_of(case: Case) -> list[DataRequest]:
    """Return a case's requests, the newest first."""
    requests = DataRequest.objects.filter(case=case)
    return list(requests.select_related("case__consumer", "answered_by").order_by("-id"))


def one_data_request(case: Case, request_id: int) -> DataRequest:
    """Return one request of a case; 404 for another's."""
    requests = DataRequest.objects.filter(case=case, pk=request_id)
    found = requests.select_related("case__consumer", "answered_by").first()
    if found is None:
        raise Http404("no such request")
    return found


def personal_data(case: Case) -> dict[str, Any]:
    """Return what we hold about the consumer of a case, without what stays inside."""
    return {
        "reference": case.reference,
        "contact": case.consumer.contact,
        "customer_tier": case.consumer.tier,
        "needs_care": case.consumer.needs_care,
        "language": case.consumer.language,
        "complaint": _complaint(case),
        "messages": _messages(case),
        "files": _files(case),
        "events": _events(case),
        "data_requests": [_request(request) for request in data_requests_of(case)],
    }


def _complaint(case: Case) -> dict[str, Any]:
    names = ("title", "description", "channel", "product_name", "order_number", "wished_detail")
    amounts = {"amount_paid": case.amount_paid, "wished_amount": case.wished_amount}
    days = {"purchased_on": case.purchased_on, "occurred_on": case.occurred_on}
    return {
        **{name: getattr(case, name) for name in names},
        **{name: None if amount is None else str(amount) for name, amount in amounts.items()},
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "currency": case.currency,
        "received_at": case.received_at.isoformat(),
        "stage": case.stage,
    }


def _messages(case: Case) -> list[dict[str, Any]]:
    messages = Message.objects.filter(case=case, kind=MessageKind.MESSAGE).order_by("at", "id")
    return [
        {"at": message.at.isoformat(), "from": message.author_kind, "text": message.body}
        for message in messages
    ]


def _files(case: Case) -> list[dict[str, Any]]:
    shown = Evidence.objects.filter(case=case, for_consumer=True).select_related("file")
    return [
        {
            "at": evidence.at.isoformat(),
            "from": evidence.uploaded_by_kind,
            "name": evidence.file.original_name,
            "bytes": evidence.file.size,
            "sha256": evidence.file.sha256,
        }
        for evidence in shown.order_by("at", "id")
    ]


def _events(case: Case) -> list[dict[str, Any]]:
    events = CaseEvent.objects.filter(case=case, for_consumer=True).select_related("payload")
    key = case.consumer.key_sealed
    return [
        {
            "at": event.at.isoformat(),
            "kind": event.kind,
            "stage": event.new_stage,
            "text": sealing.unseal(key, event.payload.sealed) if _is_their_own(event) else None,
        }
        for event in events.order_by("sequence")
    ]


def _is_their_own(event: CaseEvent) -> bool:
    said = event.actor_kind == ActorKind.CONSUMER
    return said and getattr(event, "payload", None) is not None


def _request(request: DataRequest) -> dict[str, Any]:
    return {
        "kind": request.kind,
        "asked_at": request.asked_at.isoformat(),
        "text": request.asked,
        "outcome": request.outcome,
        "answer": request.answer,
        "answered_at": request.answered_at.isoformat() if request.answered_at else None,
    }
