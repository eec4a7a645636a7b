"""What a rung does: its event, the item of a breach, an effect of its policy, and who is told.

The caller holds the Case's lock and has read the timers under it. Truth about lateness stays in the
moments that events carry; nothing reads "fired".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from complaints.actors import Actor
from complaints.clock_arithmetic import is_escalation, is_warning, rung_order
from complaints.models import AccountabilityItem, Case, CaseEvent, Clock, Timer
from complaints.moments import now
from complaints.services.accountability import item_data, item_told, open_items
from complaints.services.events import next_event
from complaints.services.outbox import StaffNotices, tell_consumer
from complaints.services.rung_effects import (
    blames_us,
    ends_pause,
    people_to_tell,
    was_promised,
)
from complaints.services.webhooks import queue_webhooks
from complaints.states import CONSUMERS_TURN, ClockState, TimerStatus

EVENT_KINDS = frozenset({"clock_warned", "clock_breached", "clock_escalated", "pause_ended"})


def is_breach(timer: Timer) -> bool:
    """Say whether a timer stands at its clock's due moment."""
    return not is_warning(timer.rung) and not is_escalation(timer.rung)


def event_kind(timer: Timer) -> str:
    """Return the kind of the event that a rung writes; ValueError for an unknown rung."""
    rung_order(timer.rung)
    if ends_pause(timer):
        return "pause_ended"
    if is_warning(timer.rung):
        return "clock_warned"
    return "clock_breached" if is_breach(timer) else "clock_escalated"


def has_effect(timer: Timer) -> bool:
    """Say whether a rung changes more than itself, so that its case is done on its own."""
    rows = [row for row in timer.clock.policy.ladder if row["rung"] == timer.rung]
    return ends_pause(timer) or any(row.get("effect") for row in rows)


@dataclass
class Firing:
    """Rungs of one or many Cases, worked out first and written together."""

    timers: list[Timer] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)
    breaches: list[tuple[Case, Clock]] = field(default_factory=list)
    items: dict[int, AccountabilityItem] = field(default_factory=dict)
    late: set[int] = field(default_factory=set)

    def add(self, case: Case, timer: Timer) -> None:
        """Work out one rung; the next of the same Case follows it in the chain.

        A breach counts, and opens its item, even if the clock was stopped before anybody swept.
        """
        clock, kind = timer.clock, event_kind(timer)
        ours = kind == "clock_breached" and blames_us(clock)
        if kind == "clock_breached" and clock.state == ClockState.RUNNING:
            self.late.add(case.pk)
        if ours:
            self.breaches.append((case, clock))
        event = next_event(
            case,
            kind,
            by=Actor.system(),
            timer=timer,
            for_consumer=ours and was_promised(clock),
            data=_event_data(timer),
        )
        self.events.append(event)
        self.timers.append(timer)

    def write(self) -> None:
        """Write all of it; raises RuntimeError if a timer was not armed any more."""
        moment = now()
        armed = Timer.objects.filter(pk__in=[t.pk for t in self.timers], status=TimerStatus.ARMED)
        values = {"status": TimerStatus.FIRED, "fired_at": moment, "next_try_at": None}
        if armed.update(**values) != len(self.timers):
            raise RuntimeError("A timer of a locked case was not armed any more.")
        CaseEvent.objects.bulk_create(self.events)
        queue_webhooks(self.events)
        self.items = {item.clock_id: item for item in open_items(self.breaches)}
        if self.late:
            Case.objects.filter(pk__in=self.late).update(is_late=True)


def _event_data(timer: Timer) -> dict[str, object]:
    clock = timer.clock
    due = timer.due_at if is_breach(timer) else clock.due_at
    ended = clock.stopped_at or now()
    return {
        "clock": clock.kind,
        "rung": timer.rung,
        "due_at": due.isoformat() if due else None,
        "rung_at": timer.due_at.isoformat(),
        "late_seconds": int((ended - timer.due_at).total_seconds()),
    }


def loudest(timers: Sequence[Timer]) -> list[Timer]:
    """Return of each clock of one Case the highest rung; the highest of all and oldest first."""
    highest: dict[int, Timer] = {}
    for timer in sorted(timers, key=lambda timer: rung_order(timer.rung)):
        highest[timer.clock_id] = timer
    oldest_first = sorted(highest.values(), key=lambda timer: timer.due_at)
    return sorted(oldest_first, key=lambda timer: rung_order(timer.rung), reverse=True)


@dataclass
class Telling:
    """Plans what to tell about the highest rung of each clock of a Case, the highest of all first.

    Everybody concerned finds each of them on the desk, but is mailed about the first only: one
    sweep mails nobody twice about a case. The same holds for the consumer.
    """

    case: Case
    notices: StaffNotices
    items: Mapping[int, AccountabilityItem] = field(default_factory=dict)
    mailed: set[int] = field(default_factory=set)
    reminded: bool = False

    def tell(self, timer: Timer) -> None:
        """Plan what to tell about one rung; the end of a pause has told by itself."""
        if ends_pause(timer):
            return
        if timer.clock.kind in CONSUMERS_TURN and is_warning(timer.rung):
            self._remind_consumer(timer)
            return
        people = people_to_tell(self.case, clock=timer.clock, rung=timer.rung)
        mails = not is_warning(timer.rung)
        by_mail = [person for person in people if mails and person.pk not in self.mailed]
        only_desk = [person for person in people if person not in by_mail]
        kind, key, data = event_kind(timer), f"timer:{timer.pk}", _notice_data(timer)
        if mails:
            item = self.items.get(timer.clock_id)
            data |= item_data(item) if item is not None else item_told(timer.clock)
        self.notices.add(self.case, kind, users=by_mail, key=key, data=data, by_mail=True)
        self.notices.add(self.case, kind, users=only_desk, key=key, data=data)
        self.mailed |= {person.pk for person in by_mail}

    def _remind_consumer(self, timer: Timer) -> None:
        if not self.reminded:
            key = f"timer:{timer.pk}"
            tell_consumer(self.case, "your_turn", key=key, data=_notice_data(timer))
        self.reminded = True


def _notice_data(timer: Timer) -> dict[str, object]:
    return {"clock": timer.clock.kind, "rung": timer.rung}
