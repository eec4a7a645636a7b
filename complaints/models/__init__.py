"""The Case and everything that belongs to it from its first day."""

from complaints.models.accountability import AccountabilityItem
from complaints.models.assigning import Conflict, SkillNeed
from complaints.models.bulk import BulkItem, BulkJob
from complaints.models.callbacks import Callback
from complaints.models.case import Case
from complaints.models.chat import Chat, ChatFile, ChatMessage, ChatOrigin, ChatRules
from complaints.models.clocks import (
    BusinessCalendar,
    CalendarVersion,
    Clock,
    ClockEntry,
    ClockPolicy,
    TeamCalendar,
    Timer,
)
from complaints.models.composing import (
    DraftFile,
    Macro,
    ReplyDraft,
    ReplyTemplate,
    ReplyTemplateVersion,
)
from complaints.models.conversation import Evidence, Message, SafetyAction
from complaints.models.customers import (
    AccessLog,
    Consent,
    Customer,
    CustomerEvent,
    CustomerIdentity,
)
from complaints.models.data_requests import DataRequest
from complaints.models.entrance import AttemptCounter, CaseAccess, ContactReveal, OneTimeCode
from complaints.models.events import CaseEvent, EventPayload
from complaints.models.importing import ExportLog, ImportJob, ImportPiece, SavedMapping
from complaints.models.inbound import InboundMail, MailAct, MailboxState
from complaints.models.intake import IntakeDraft
from complaints.models.joint import GroupMember
from complaints.models.linking import CaseLink, TextMark
from complaints.models.machine import StageEdge
from complaints.models.outbox import NoticeAct, Notification, OutboxMessage
from complaints.models.outside import OutsideFiling
from complaints.models.people import Consumer
from complaints.models.products import Batch, Product
from complaints.models.public_pages import PublicPage, PublicPageVersion
from complaints.models.queueing import CaseTag, DefaultView, SavedView, Tag
from complaints.models.reports import ReportStep, WrongdoingReport
from complaints.models.searching import CaseSearch
from complaints.models.taxonomy import ComplaintCategory, ComplaintIssue
from complaints.models.triage import LoweringRequest, TriageProposal
from complaints.models.vault import CustodyEntry, PictureMark
from complaints.models.watching import ClockIncident, SweepHeartbeat
from complaints.models.webhooks import WebhookEndpoint

__all__ = [
    "AccessLog",
    "AccountabilityItem",
    "AttemptCounter",
    "Batch",
    "BulkItem",
    "BulkJob",
    "BusinessCalendar",
    "CalendarVersion",
    "Callback",
    "Case",
    "CaseAccess",
    "CaseEvent",
    "CaseLink",
    "CaseSearch",
    "CaseTag",
    "Chat",
    "ChatFile",
    "ChatMessage",
    "ChatOrigin",
    "ChatRules",
    "Clock",
    "ClockEntry",
    "ClockIncident",
    "ClockPolicy",
    "ComplaintCategory",
    "ComplaintIssue",
    "Conflict",
    "Consent",
    "Consumer",
    "ContactReveal",
    "CustodyEntry",
    "Customer",
    "CustomerEvent",
    "CustomerIdentity",
    "DataRequest",
    "DefaultView",
    "DraftFile",
    "EventPayload",
    "Evidence",
    "ExportLog",
    "GroupMember",
    "ImportJob",
    "ImportPiece",
    "InboundMail",
    "IntakeDraft",
    "LoweringRequest",
    "Macro",
    "MailAct",
    "MailboxState",
    "Message",
    "NoticeAct",
    "Notification",
    "OneTimeCode",
    "OutboxMessage",
    "OutsideFiling",
    "PictureMark",
    "Product",
    "PublicPage",
    "PublicPageVersion",
    "ReplyDraft",
    "ReplyTemplate",
    "ReplyTemplateVersion",
    "ReportStep",
    "SafetyAction",
    "SavedMapping",
    "SavedView",
    "SkillNeed",
    "StageEdge",
    "SweepHeartbeat",
    "Tag",
    "TeamCalendar",
    "TextMark",
    "Timer",
    "TriageProposal",
    "WebhookEndpoint",
    "WrongdoingReport",
]
