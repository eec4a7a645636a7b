"""The Case and everything that belongs to it from its first day."""

from complaints.models.accountability import AccountabilityItem
from complaints.models.case import Case
from complaints.models.clocks import (
    BusinessCalendar,
    CalendarVersion,
    Clock,
    ClockEntry,
    ClockPolicy,
    TeamCalendar,
    Timer,
)
from complaints.models.conversation import Evidence, Message, SafetyAction
from complaints.models.data_requests import DataRequest
from complaints.models.entrance import AttemptCounter, CaseAccess, ContactReveal, OneTimeCode
from complaints.models.events import CaseEvent, EventPayload
from complaints.models.inbound import InboundMail, MailAct, MailboxState
from complaints.models.intake import IntakeDraft
from complaints.models.machine import StageEdge
from complaints.models.outbox import NoticeAct, Notification, OutboxMessage
from complaints.models.people import Consumer
from complaints.models.products import Batch, Product
from complaints.models.watching import ClockIncident, SweepHeartbeat
from complaints.models.webhooks import WebhookEndpoint

__all__ = [
    "AccountabilityItem",
    "AttemptCounter",
    "Batch",
    "BusinessCalendar",
    "CalendarVersion",
    "Case",
    "CaseAccess",
    "CaseEvent",
    "Clock",
    "ClockEntry",
    "ClockIncident",
    "ClockPolicy",
    "Consumer",
    "ContactReveal",
    "DataRequest",
    "EventPayload",
    "Evidence",
    "InboundMail",
    "IntakeDraft",
    "MailAct",
    "MailboxState",
    "Message",
    "NoticeAct",
    "Notification",
    "OneTimeCode",
    "OutboxMessage",
    "Product",
    "SafetyAction",
    "StageEdge",
    "SweepHeartbeat",
    "TeamCalendar",
    "Timer",
    "WebhookEndpoint",
]
