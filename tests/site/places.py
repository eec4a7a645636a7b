"""Where each address of the URL conf leads for one case: with the ids of things that exist."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from django.urls import reverse

from accounts.models import Absence
from agreements.models import (
    Agreement,
    CareCall,
    Obligation,
    PaperCopy,
    PayeeAccount,
    Payment,
    PayoutBatch,
    Representative,
    Statement,
    StatementEntry,
)
from compensation.models import (
    CareTask,
    CompensationPlan,
    Delegation,
    Fund,
    InstantOffer,
    PublicStatement,
    RegionalStatistic,
    StandingApproval,
)
from complaints.models import (
    AccountabilityItem,
    BulkJob,
    Case,
    CaseLink,
    Chat,
    ChatFile,
    ChatOrigin,
    Clock,
    Conflict,
    Customer,
    CustomerIdentity,
    DataRequest,
    DraftFile,
    Evidence,
    GroupMember,
    ImportJob,
    InboundMail,
    Macro,
    OutboxMessage,
    ReplyDraft,
    SavedView,
    SkillNeed,
    Timer,
    WebhookEndpoint,
    WrongdoingReport,
)
from complaints.selectors.certificates import issues_of
from complaints.selectors.drafts import STEPS
from liability.models import (
    Claim,
    ConsultTask,
    FindingLimit,
    Incident,
    Inspection,
    InsurancePolicy,
    InvestigationReport,
    InvestigationTemplate,
    LiabilityFinding,
    PlanItem,
    RecourseClaim,
)
from reviews.models import (
    ErasureItem,
    ErasureRun,
    EvidencePack,
    LegalHold,
    Proceeding,
    Review,
)
from tests.site.addresses import Address

OF_GOODS = {"agreements:pickup", "agreements:goods_sent", "agreements:goods"}
TABS = ("talk", "evidence", "liability", "compensation", "agreement", "reviews", "log")


def _ids(model: type, **which: object) -> list[object]:
    return list(model.objects.filter(**which).values_list("pk", flat=True))


def _versions(case: Case, name: str) -> list[object]:
    model = LiabilityFinding if name.startswith("liability:") else Agreement
    if name == "liability:report":
        model = InvestigationReport
    return list(model.objects.filter(case=case).values_list("version", flat=True))


def _codes(_case: Case, name: str) -> list[object]:
    if name == "complaints:term_edit":
        return ["QUALITY", "SAFETY"]
    return ["acknowledgement", "cn_mediation", "iso_ack", "pause_end"]


def _rows(case: Case, name: str) -> list[object]:
    if name == "agreements:pay_return":
        return _ids(Payment, obligation__agreement__case=case)
    return _ids(Obligation, agreement__case=case, kind="payment")


THINGS: dict[str, Callable[[Case, str], list[object]]] = {
    "reference": lambda case, _name: [case.reference],
    "evidence_id": lambda case, _name: _ids(Evidence, case=case),
    "clock_id": lambda case, _name: _ids(Clock, case=case),
    "request_id": lambda case, _name: _ids(DataRequest, case=case),
    "message_id": lambda case, _name: _ids(OutboxMessage, case=case, status="dead"),
    "report_id": lambda case, _name: _ids(WrongdoingReport, case=case),
    "level": lambda _case, _name: ["category", "issue"],
    "mail_id": lambda case, _name: _ids(InboundMail, case=case),
    "chat_id": lambda case, _name: _ids(Chat, case=case),
    "chat_file_id": lambda case, _name: _ids(ChatFile, line__chat__case=case),
    "job_id": lambda _case, name: _ids(BulkJob if "bulk" in name else ImportJob),
    "origin_id": lambda _case, _name: _ids(ChatOrigin),
    "endpoint_id": lambda _case, _name: _ids(WebhookEndpoint),
    "item_id": lambda case, name: (
        _ids(PlanItem, investigation__case=case)[:1]
        if name.startswith("liability:")
        else _ids(AccountabilityItem, case=case)
    ),
    "member_id": lambda case, _name: _ids(GroupMember, case=case),
    "conflict_id": lambda case, _name: _ids(Conflict, case=case),
    "customer_id": lambda case, _name: _ids(Customer, consumers=case.consumer),
    "identity_id": lambda case, _name: _ids(CustomerIdentity, customer__consumers=case.consumer),
    "user_id": lambda case, _name: [case.owner_id] if case.owner_id else [],
    "absence_id": lambda case, _name: _ids(Absence, user=case.owner),
    "view_id": lambda _case, _name: _ids(SavedView),
    "need_id": lambda _case, _name: _ids(SkillNeed),
    "other": lambda case, _name: [
        *CaseLink.objects.filter(case=case).values_list("other__reference", flat=True)
    ],
    "timer_id": lambda case, _name: _ids(Timer, case=case)[:1],
    "batch_id": lambda case, _name: [case.batch_id] if case.batch_id else [],
    "incident_id": lambda _case, _name: _ids(Incident),
    "plan_id": lambda case, _name: _ids(CompensationPlan, case=case),
    "fund_id": lambda _case, _name: _ids(Fund),
    "payout_batch_id": lambda _case, _name: _ids(PayoutBatch),
    "care_call_id": lambda case, _name: _ids(CareCall, case=case),
    "bank_file": lambda _case, _name: ["pain.xml", "table.csv"],
    "payee_id": lambda _case, _name: _ids(PayeeAccount, state="asked"),
    "statement_id": lambda _case, _name: _ids(Statement),
    "entry_id": lambda _case, _name: _ids(StatementEntry),
    "instant_id": lambda case, _name: _ids(InstantOffer, case=case),
    "standing_id": lambda _case, _name: _ids(StandingApproval),
    "task_id": lambda case, _name: _ids(CareTask, case=case),
    "words_id": lambda case, _name: _ids(PublicStatement, case=case),
    "review_id": lambda case, _name: _ids(Review, case=case),
    "pack_id": lambda case, _name: _ids(EvidencePack, case=case),
    "kept_class": lambda _case, _name: ["ordinary", "paid"],
    "hold_id": lambda case, _name: _ids(LegalHold, case=case),
    "run_id": lambda _case, _name: _ids(ErasureRun),
    "act": lambda _case, _name: ["ask", "discard"],
    "erasure_id": lambda case, _name: _ids(ErasureItem, case=case, state="erased"),
    "proceeding_id": lambda case, _name: _ids(Proceeding, case=case),
    "obligation": lambda case, name: _ids(
        Obligation,
        agreement__case=case,
        **({"debtor": "consumer"} if name == "agreements:lapse" else {}),
        **({"kind": "return_of_goods"} if name in OF_GOODS else {}),
    ),
    "text_kind": lambda _case, _name: ["settlement", "instalments"],
    "clause": lambda _case, _name: ["pick-up"],
    "row": _rows,
    "paper_id": lambda case, _name: _ids(PaperCopy, agreement__case=case),
    "agent_id": lambda case, _name: _ids(Representative, case=case),
    "version": _versions,
    "audience": lambda _case, _name: ["file", "consumer"],
    "recourse_id": lambda case, _name: _ids(RecourseClaim, case=case),
    "policy_id": lambda _case, _name: _ids(InsurancePolicy),
    "which": lambda _case, _name: ["read", "signed"],
    "tab": lambda _case, _name: list(TABS),
    "by": lambda _case, _name: ["consumer", "product", "batch"],
    "reply_id": lambda case, _name: _ids(ReplyDraft, case=case, goes_at__isnull=False),
    "draft_file_id": lambda case, _name: _ids(DraftFile, draft__case=case),
    "kind": lambda _case, _name: ["return", "warranty", "car", "injury", "prepaid", "contract"],
    "rule": lambda _case, _name: ["R01", "R24"],
    "standard_code": lambda _case, _name: ["inconvenience-severe"],
    "delegation_id": lambda _case, _name: _ids(Delegation),
    "statistic_id": lambda _case, _name: _ids(RegionalStatistic)[:1],
    "page": lambda _case, _name: ["process", "rights"],
    "phrase": lambda _case, _name: ["received", "delay"],
    "macro_id": lambda _case, _name: _ids(Macro),
    "consult_id": lambda case, _name: _ids(ConsultTask, case=case),
    "inspection_id": lambda case, _name: _ids(Inspection, case=case),
    "claim_id": lambda case, _name: _ids(Claim, case=case),
    "limit_id": lambda _case, _name: _ids(FindingLimit)[:1],
    "template_id": lambda _case, _name: _ids(InvestigationTemplate)[:1],
    "sequence": lambda case, _name: [issue.sequence for issue in issues_of(case)],
    "language": lambda _case, _name: ["zh-hans", "en"],
    "step": lambda _case, _name: list(STEPS),
    "code": _codes,
    "calendar": lambda _case, _name: ["default", "uk"],
    "secret": lambda _case, _name: ["not-a-secret"],
    "token": lambda _case, _name: ["not-a-token"],
    "uidb36": lambda _case, _name: ["x"],
    "key": lambda _case, _name: ["x-y"],
}


def paths(address: Address, case: Case) -> list[str]:
    """Return every path of an address that concerns a case; none where it has no such thing."""
    names = [name for name, _kind in address.converters]
    choices = [THINGS[name](case, address.name) for name in names]
    return [
        reverse(address.name, kwargs=dict(zip(names, values, strict=True)))
        for values in itertools.product(*choices)
    ]


def is_about_a_case(address: Address) -> bool:
    """Say whether the address names a case or a thing of one."""
    about = {"reference", "item_id", "plan_id", "recourse_id"}
    return any(name in about for name, _kind in address.converters)
