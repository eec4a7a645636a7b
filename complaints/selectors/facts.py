"""Facts beside a case: its clocks, related cases, evidence, safety actions."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from complaints.access import visible_cases
from complaints.actors import Actor
from complaints.models import Case, Clock, Consumer, Evidence, Notification, SafetyAction
from complaints.selectors.pauses import with_pauses
from complaints.states import AccountabilityStatus, ClockState
from documents.models import StoredFile
from documents.services.viewing import can_be_viewed
from documents.states import FileKind


def telling_clocks(case: Case) -> list[Clock]:
    """Return the clocks that run or rest, and those whose breach is not decided, next due first."""
    undecided = Q(
        accountability__status__in=[AccountabilityStatus.OPEN, AccountabilityStatus.REPLIED]
    )
    return list(
        with_pauses(Clock.objects.all())
        .filter(Q(case=case) & (~Q(state=ClockState.STOPPED) | undecided))
        .select_related("policy", "accountability")
        .order_by("due_at", "id")
    )


def cases_of_consumer(case: Case, actor: Actor) -> QuerySet[Case]:
    """Return the other cases of the same person, found by phone or e-mail address."""
    consumer, same = case.consumer, Q(pk__in=[])
    if consumer.phone_index:
        same |= Q(phone_index=consumer.phone_index)
    if consumer.email_index:
        same |= Q(email_index=consumer.email_index)
    people = Consumer.objects.filter(same)
    return visible_cases(actor).filter(consumer__in=people).exclude(pk=case.pk)


def cases_of_batch(case: Case, actor: Actor) -> QuerySet[Case]:
    """Return the other cases about the same batch."""
    if case.batch_id is None:
        return Case.objects.none()
    return visible_cases(actor).filter(batch=case.batch_id).exclude(pk=case.pk)


def unread_notices(actor: Actor) -> QuerySet[Notification]:
    """Return what a person was told on the desk and hasn't read."""
    return Notification.objects.filter(user=actor.user, read_at=None)


def evidence_of(case: Case) -> QuerySet[Evidence]:
    """Return a case's files with who handed them in, the oldest first."""
    return (
        Evidence.objects.filter(case=case)
        .annotate(
            has_copy=Exists(
                StoredFile.objects.filter(derived_from=OuterRef("file"), kind=FileKind.THUMBNAIL)
            )
        )
        .select_related("file__scan", "uploaded_by")
        .order_by("at", "id")
    )


def has_picture(evidence: Evidence) -> bool:
    """Say whether there is a small picture to show, or one may still be made."""
    if evidence.file.is_quarantined or not can_be_viewed(evidence.file):
        return False
    return evidence.prepared_at is None or getattr(evidence, "has_copy", True)


def one_evidence(case: Case, evidence_id: int) -> Evidence:
    """Return one file of a case; 404 for another's."""
    found = evidence_of(case).filter(pk=evidence_id).first()
    if found is None:
        raise Http404("no such evidence")
    found.case = case
    return found


def safety_actions_of(case: Case) -> list[SafetyAction]:
    """Return what was done about a danger, the oldest first."""
    actions = SafetyAction.objects.filter(case=case).select_related("responder")
    return list(actions.order_by("at", "id"))


def case_panel(case: Case, actor: Actor) -> dict[str, Any]:
    """Return what the evidence tab shows."""
    return {
        "files": [
            {
                "evidence": evidence,
                "has_picture": has_picture(evidence),
            }
            for evidence in evidence_of(case)
        ],
        "safety_actions": safety_actions_of(case),
    }
