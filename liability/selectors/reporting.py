"""The investigation report as data: fourteen sections, for the file or for the consumer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from complaints.models import Case, Evidence
from complaints.selectors.policies import working_calendar
from liability.models import (
    Investigation,
    InvestigationReport,
    LiabilityFinding,
    LiabilityShare,
    ReportCopy,
    Statement,
)
from liability.reports import ReportData, lines_of, loss_lines, without_names
from liability.selectors.board import judged_weights, usual_weight, weight_table
from liability.selectors.consulting import consults_of
from liability.selectors.facts import evidence_of, investigations_of, statements_of, supplies_of
from liability.selectors.inspecting import done_of
from liability.states import Audience, Party, RiskLevel, ShareTable, StatementParty

_LONGEST = 18_000


def reports_of(case: Case) -> QuerySet[InvestigationReport]:
    """Return a case's reports with their PDFs, the latest first."""
    return (
        InvestigationReport.objects.filter(case=case)
        .select_related("written_by", "finding")
        .prefetch_related("copies__document__file")
        .order_by("-version")
    )


def copy_of(case: Case, version: int, audience: str, language: str) -> ReportCopy | None:
    """Return one PDF of a report, or None."""
    return (
        ReportCopy.objects.filter(
            report__case=case, report__version=version, audience=audience, language=language
        )
        .select_related("document__file")
        .first()
    )


def consumer_copy(case: Case) -> ReportCopy | None:
    """Return the latest report as the consumer may read it, in the language of the case."""
    language = "en" if case.language == "en" else "zh-hans"
    return (
        ReportCopy.objects.filter(report__case=case, audience=Audience.CONSUMER, language=language)
        .select_related("report", "document__file")
        .order_by("-report__version")
        .first()
    )


def report_context(
    case: Case, finding: LiabilityFinding, data: ReportData, *, audience: str, version: int
) -> dict[str, Any]:
    """Return the fourteen sections in the active language; nothing in them tells when it was made.

    The consumer's version leaves out what others said and who pays whom inside, shows only the
    evidence that they may see, and has parties' roles where third parties are named.
    """
    full = audience == Audience.FILE
    rounds = list(reversed(investigations_of(case)))
    statements = [said for said in statements_of(case) if not _was_answered(said)]
    shares = list(finding.shares.all())
    context = {
        "number": f"{case.reference}-I{version}",
        "case_number": case.reference,
        "audience": audience,
        "language": translation.get_language() or "",
        "dated": _day(finding.decided_at),
        "issuer": _issuer(),
        "subject": case.title or case.reference,
        "rounds": [_round(each) for each in rounds],
        "independence": data.independence.strip(),
        "complaint": case.description[:_LONGEST],
        "wish": _wish(case),
        "chronology": _chronology(case, rounds, statements, finding, full=full),
        "questions": [line for each in rounds for line in lines_of(each.questions)][:200],
        "method": lines_of(data.method),
        "heard": [_heard(each, full=full) for each in statements],
        "evidence": _exhibits(case, full=full),
        "facts_found": lines_of(data.facts_found),
        "facts_not_proved": lines_of(data.facts_not_proved),
        "cause": data.cause.strip(),
        "batch_scope": data.batch_scope.strip(),
        "conclusion": str(finding.get_outcome_display()),
        "standard": str(finding.get_standard_of_proof_display()),
        "outward": [_share(each) for each in shares if each.table == ShareTable.OUTWARD],
        "inward": [_share(each) for each in shares if each.table == ShareTable.INWARD and full],
        "reasons": _reasons(finding, full=full),
        **_losses(case, data),
        "remedies": lines_of(data.remedies),
        "risk": str(RiskLevel(data.risk).label),
        "recall": data.recall.strip(),
        "limits": lines_of(data.limits),
        "dissent": [{"name": finding.dissenter, "text": finding.dissent}]
        if finding.dissent
        else [],
        "approvals": _approvals(finding, rounds),
    }
    return context if full else _for_consumer(context, case, shares, statements, finding)


def third_parties(
    case: Case,
    shares: Sequence[LiabilityShare],
    statements: Sequence[Statement],
    finding: LiabilityFinding,
) -> dict[str, str]:
    """Return the names of third parties, each with the role that stands for it."""
    names = {each.supplier.name: str(Party.SUPPLIER.label) for each in supplies_of(case)}
    names |= {
        task.party_name: str(task.get_addressee_display())
        for task in consults_of(case)
        if task.is_outside
    }
    names |= {share.name: str(share.get_party_display()) for share in shares if share.name}
    names |= {
        said.name: str(said.get_party_display())
        for said in statements
        if said.party != StatementParty.CONSUMER
    }
    if finding.dissenter:
        names[finding.dissenter] = _("一位参加调查的人")
    names.pop(case.consumer.name, None)
    names.pop("", None)
    return names


def _for_consumer(
    context: dict[str, Any],
    case: Case,
    shares: Sequence[LiabilityShare],
    statements: Sequence[Statement],
    finding: LiabilityFinding,
) -> dict[str, Any]:
    kept = {name: context[name] for name in ("complaint", "issuer", "number", "case_number")}
    names = third_parties(case, shares, statements, finding)
    return {**without_names(context, names), **kept}


def _day(moment: Any) -> str:
    return working_calendar().local_date(moment).isoformat()


def _issuer() -> dict[str, str]:
    english = translation.get_language() == "en"
    return {
        "name": settings.COMPANY_NAME_EN if english else settings.COMPANY_NAME,
        "credit_code": settings.COMPANY_CREDIT_CODE,
        "address": settings.COMPANY_ADDRESS,
        "contact": settings.COMPANY_HOTLINE,
    }


def _round(each: Investigation) -> dict[str, str]:
    return {
        "number": str(each.round),
        "lead": str(each.lead),
        "opened_on": _day(each.opened_at),
    }


def _wish(case: Case) -> str:
    parts = [
        str(case.get_wished_remedy_display()) if case.wished_remedy else "",
        case.wished_detail,
    ]
    if case.wished_amount is not None:
        parts.append(f"{case.wished_amount:,.2f} {case.currency}")
    return " · ".join(part for part in parts if part)


def _chronology(
    case: Case,
    rounds: Sequence[Investigation],
    statements: Sequence[Statement],
    finding: LiabilityFinding,
    *,
    full: bool,
) -> list[dict[str, str]]:
    found: list[tuple[date, str]] = []
    local = working_calendar().local_date
    if case.purchased_on:
        found.append((case.purchased_on, _("消费者购买商品")))
    if case.occurred_on:
        found.append((case.occurred_on, _("问题发生")))
    found.append((local(case.received_at), _("收到投诉")))
    if case.accepted_at:
        found.append((local(case.accepted_at), _("我们受理了投诉")))
    for each in rounds:
        words = _("第 %(number)s 轮调查开始") % {"number": each.round}
        found.append((local(each.opened_at), words))
    for said in statements:
        names = said.name if full or said.party == StatementParty.CONSUMER else ""
        party = {"party": f"{said.get_party_display()} {names}".strip()}
        if said.heard_at:
            found.append((local(said.heard_at), _("听取陈述：%(party)s") % party))
        elif said.served_at:
            found.append((local(said.served_at), _("通知陈述：%(party)s") % party))
    found += [(local(at), str(looked.get_kind_display())) for at, looked in done_of(case)]
    found.append((local(finding.decided_at), _("作出责任认定")))
    in_order = sorted(found, key=lambda each: each[0])
    return [{"on": day.isoformat(), "what": what} for day, what in in_order]


def _was_answered(said: Statement) -> bool:
    """Say whether a request for a statement is followed by the statement itself."""
    task = getattr(said, "asked_by_task", None)
    return said.heard_at is None and task is not None and task.answered_at is not None


def _heard(said: Statement, *, full: bool) -> dict[str, str]:
    own = said.party == StatementParty.CONSUMER
    moment = said.heard_at or said.served_at or said.recorded_at
    when = _day(moment) if said.heard_at else _("%(day)s 通知") % {"day": _day(moment)}
    who = f"{said.get_party_display()} {said.name}" if full or own else said.get_party_display()
    return {"who": str(who), "when": when, "said": said.text if full or own else ""}


def _exhibits(case: Case, *, full: bool) -> list[dict[str, str]]:
    """Return the evidence with its weight: as it was judged on the board, else as is usual."""
    judged, table = judged_weights(case), weight_table()
    return [
        _exhibit(row, judged.get(row.pk, usual_weight(row.file, table)))
        for row in evidence_of(case)
        if full or row.for_consumer
    ]


def _exhibit(row: Evidence, weight: Decimal | None) -> dict[str, str]:
    return {
        "title": row.file.original_name,
        "shows": row.caption,
        "weight": "" if weight is None else f"{weight:.2f}",
        "received_on": _day(row.at),
        "sha256": row.file.sha256,
    }


def _share(share: LiabilityShare) -> dict[str, str]:
    party = str(share.get_party_display())
    ground = f"{share.get_ground_kind_display()} · {share.ground}"
    return {
        "party": f"{party} {share.name}".strip(),
        "percent": format(share.share.normalize(), "f"),
        "kind": str(share.get_kind_display()) if share.kind else "",
        "ground": ground,
    }


def _reasons(finding: LiabilityFinding, *, full: bool) -> list[str]:
    text = finding.reasons_consumer
    if full and finding.reasons_internal:
        text = f"{text}\n{finding.reasons_internal}"
    return lines_of(text)[:100]


def _losses(case: Case, data: ReportData) -> dict[str, Any]:
    found = loss_lines(data.losses)
    total = sum((each.amount for each in found if each.amount is not None), Decimal(0))
    return {
        "losses": [
            {
                "item": each.item,
                "amount": "" if each.amount is None else f"{each.amount:,.2f}",
                "proof": each.proof,
            }
            for each in found
        ],
        "losses_total": f"{total:,.2f} {case.currency}" if found else "",
    }


def _approvals(finding: LiabilityFinding, rounds: Sequence[Investigation]) -> list[dict[str, str]]:
    signs = [{"role": _("调查负责人"), "name": str(each.lead), "on": ""} for each in rounds[-1:]]
    signs.append(
        {"role": _("认定人"), "name": str(finding.decided_by), "on": _day(finding.decided_at)}
    )
    if finding.approved_by is not None and finding.approved_at is not None:
        signs.append(
            {"role": _("批准人"), "name": finding.approver, "on": _day(finding.approved_at)}
        )
    return signs
