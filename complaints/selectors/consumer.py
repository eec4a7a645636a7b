"""What a consumer may see of their own case: messages, files and events, never a note."""

from __future__ import annotations

from django.http import Http404

from complaints.models import Case, CaseEvent, Clock, Evidence, Message, Timer
from complaints.selectors.pauses import with_pauses
from complaints.states import ClockState, MessageKind, TimerStatus


def consumer_messages(case: Case) -> list[Message]:
    """Return the messages both ways, the oldest first; notes stay inside."""
    return list(
        Message.objects.filter(case=case, kind=MessageKind.MESSAGE)
        .select_related("author")
        .order_by("at", "id")
    )


def consumer_events(case: Case) -> list[CaseEvent]:
    """Return the events that the consumer may see, with their sealed texts, the oldest first."""
    events = CaseEvent.objects.filter(case=case, for_consumer=True).select_related(
        "payload__consumer"
    )
    return list(events.order_by("sequence"))


def consumer_files(case: Case) -> list[Evidence]:
    """Return the files that the consumer may see, the oldest first."""
    return list(
        Evidence.objects.filter(case=case, for_consumer=True)
        .select_related("file")
        .order_by("at", "id")
    )


def consumer_file(case: Case, evidence_id: int) -> Evidence:
    """Return one of those files; 404 for any other, of this case or not."""
    found = (
        Evidence.objects.filter(case=case, for_consumer=True, pk=evidence_id)
        .select_related("file")
        .first()
    )
    if found is None:
        raise Http404("no such file")
    found.case = case
    return found


def promises(case: Case) -> list[Clock]:
    """Return every clock of the case with what it promised, the oldest first."""
    clocks = with_pauses(Clock.objects.filter(case=case)).select_related("policy")
    return list(clocks.order_by("started_at", "id"))


def next_escalation(clock: Clock) -> Timer | None:
    """Return the armed rung at which somebody higher takes up a late clock, if any is left."""
    if clock.state != ClockState.RUNNING:
        return None
    armed = Timer.objects.filter(clock=clock, status=TimerStatus.ARMED)
    return armed.order_by("due_at").first()
