"""What of an erased case stays, table by table; whatever is not named here goes.

Reached are all rows that belong to the case, however many tables away. Of these, free text, sealed
text and JSON is emptied unless it stands in `KEPT`: so a new column is erased until somebody says
why it stays. Amounts, dates, choices, counts and links between rows always stay: statistics, money
and the chain of the log need them. Codes and digests stay where nobody can be found by them.
"""

from __future__ import annotations

MARK = "—"
"""What stands where a text stood; read in every language."""

UNTOUCHED = frozenset(
    {
        # The log is never altered: its texts are sealed under the person's key, which goes.
        "complaints.CaseEvent",
        "complaints.EventPayload",
        "complaints.CustodyEntry",
        # Measured time: codes only.
        "complaints.Clock",
        "complaints.ClockEntry",
        "complaints.Timer",
        # What was said to everybody, and what the books hold.
        "compensation.PublicStatement",
        "compensation.FundHold",
        "compensation.FundLine",
        "agreements.LateCharge",
        "liability.RecourseBasis",
        "liability.ReportCopy",
        "liability.Recovery",
        # The record of erasure itself.
        "reviews.ErasureRun",
        "reviews.ErasureItem",
    }
)

REMOVED = frozenset(
    {
        "complaints.CaseSearch",
        "complaints.TextMark",
        "compensation.ScreeningMark",
    }
)
"""Rows that are nothing but traces of texts and of persons: they are deleted."""

KEPT: dict[str, frozenset[str]] = {
    "agreements.Agreement": frozenset({"number", "language", "currency", "total_capitals"}),
    "agreements.Obligation": frozenset({"currency", "proof_wanted"}),
    "agreements.PaperCopy": frozenset({"text_sha256"}),
    "agreements.Payment": frozenset({"reference", "key"}),
    "agreements.Payout": frozenset({"key", "reference"}),
    "agreements.StatementEntry": frozenset({"currency", "key", "bank_ref", "problem"}),
    "agreements.SurveyLink": frozenset({"digest"}),
    "compensation.CareTask": frozenset({"guidance"}),
    "compensation.CompensationPlan": frozenset({"currency", "legal_basis", "makers", "checks"}),
    "compensation.EntitlementSheet": frozenset({"kind", "currency", "calendar_version"}),
    "compensation.FundEntry": frozenset({"key"}),
    "compensation.InstantOffer": frozenset({"digest", "currency"}),
    "compensation.LossItem": frozenset({"currency", "rate_source"}),
    "compensation.Offer": frozenset({"content_digest"}),
    "compensation.PlanLine": frozenset({"unit", "legal_basis"}),
    "compensation.ScreeningSign": frozenset({"signal"}),
    "complaints.Case": frozenset(
        {
            "reference",
            "origins",
            "category",
            "issue",
            "language",
            "currency",
            "region",
            "market",
            "source_system",
            "external_body",
            "access_digest",
            "last_event_hash",
        }
    ),
    "complaints.Callback": frozenset({"language"}),
    "complaints.CaseAccess": frozenset({"secret_digest"}),
    "complaints.Chat": frozenset({"secret_digest", "language", "origin"}),
    "complaints.ChatMessage": frozenset({"nonce"}),
    "complaints.Consumer": frozenset({"language"}),
    "complaints.InboundMail": frozenset({"digest", "message_id_index", "reason"}),
    "complaints.Message": frozenset({"nonce"}),
    "complaints.Notification": frozenset({"kind", "data"}),
    "complaints.OneTimeCode": frozenset({"subject", "code_digest"}),
    "complaints.OutboxMessage": frozenset({"key", "kind", "recipient", "data"}),
    "complaints.OutsideFiling": frozenset({"source", "name"}),
    "complaints.ReplyDraft": frozenset({"nonce"}),
    "complaints.TriageProposal": frozenset({"rules_version"}),
    "documents.Document": frozenset(
        {"key", "template_name", "language", "context_sha256", "last_error", "sha256"}
    ),
    "liability.ConsultLink": frozenset({"secret_digest"}),
    "liability.ConsultReminder": frozenset({"rung"}),
    "liability.FindingDraft": frozenset({"authors"}),
    "liability.RecourseClaim": frozenset({"name"}),
    "liability.ResultNotice": frozenset({"secret_digest"}),
    "reviews.EvidencePack": frozenset({"recipient", "manifest_sha256", "error"}),
    "reviews.Mediation": frozenset({"secret_digest"}),
    "reviews.Proceeding": frozenset({"body"}),
}

EMPTIED: dict[str, frozenset[str]] = {
    "complaints.Case": frozenset(
        {"external_ref", "intake_digest", "device_index", "serial_number", "order_number"}
    ),
    "complaints.Consumer": frozenset({"phone_index", "email_index"}),
    "complaints.InboundMail": frozenset({"sender_index"}),
}
"""Texts by which somebody could be found: they become empty, not a mark."""

CLEARED: dict[str, frozenset[str]] = {"complaints.Case": frozenset({"intake_key"})}
"""Columns that become NULL."""

NOT_OF_THE_CASE = frozenset(
    {
        "complaints.Case.merged_into",
        "complaints.CaseLink.other",
        "complaints.BulkJob.undo_of",
    }
)
"""References to a case or a row of it by which another one's rows would be reached."""
