"""The finding letter: what the consumer is told, frozen and printed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from complaints.models import Case, Evidence
from complaints.moments import now
from complaints.selectors.policies import working_calendar
from documents.models import Document
from documents.services.rendering import request_document
from documents.states import DocumentKind
from liability.decisions import FindingData
from liability.states import Outcome, Party, ShareTable

_MOST_TEXT = 18_000


def request_letter(
    case: Case, *, finding: FindingData, version: int, user: User, review_until: date
) -> Document:
    """Ask for the letter of a finding in the case's language."""
    language = "en" if case.language == "en" else "zh-hans"
    with translation.override(language):
        context = _context(
            case, finding=finding, version=version, user=user, review_until=review_until
        )
    return request_document(
        key=f"finding:{case.pk}:{version}",
        kind=DocumentKind.FINDING_LETTER,
        template_name=DocumentKind.FINDING_LETTER,
        language=language,
        context=context,
    )


def _context(
    case: Case, *, finding: FindingData, version: int, user: User, review_until: date
) -> dict[str, Any]:
    outward = [share for share in finding.shares if share.table == ShareTable.OUTWARD]
    return {
        "number": f"{case.reference}-R{version}",
        "case_number": case.reference,
        "issued_on": working_calendar().local_date(now()).isoformat(),
        "issuer": issuer_of(),
        "addressee": case.consumer.name or _("消费者"),
        "subject": case.title or case.reference,
        "complaint": case.description[:_MOST_TEXT],
        "facts": _facts(case),
        "evidence": _evidence(case, finding),
        "cause": "",
        "conclusion": str(Outcome(finding.outcome).label),
        "shares": [
            {
                "party": str(Party(share.party).label),
                "percent": format(share.share.normalize(), "f"),
                "reason": share.ground,
            }
            for share in outward
        ],
        "reasons": _paragraphs(finding.reasons_consumer),
        "laws": list(dict.fromkeys(share.ground.strip() for share in outward)),
        "next_steps": _next_steps(finding.outcome),
        "routes": _routes(review_until),
        "signatory": {"name": str(user), "title": ""},
    }


def issuer_of() -> dict[str, str]:
    """Return who issues a letter, in the active language."""
    english = translation.get_language() == "en"
    return {
        "name": settings.COMPANY_NAME_EN if english else settings.COMPANY_NAME,
        "credit_code": settings.COMPANY_CREDIT_CODE,
        "address": settings.COMPANY_ADDRESS,
        "contact": settings.COMPANY_HOTLINE,
    }


def _paragraphs(text: str) -> list[str]:
    lines = [line.strip() for line in text[:_MOST_TEXT].splitlines() if line.strip()]
    return lines[:100] or [text.strip()]


def _facts(case: Case) -> list[str]:
    told = [
        (_("商品：%(value)s"), case.product_name),
        (_("订单号：%(value)s"), case.order_number),
        (_("购买日期：%(value)s"), case.purchased_on),
        (_("发生日期：%(value)s"), case.occurred_on),
        (_("批次：%(value)s"), case.batch),
    ]
    return [text % {"value": value} for text, value in told if value]


def _evidence(case: Case, finding: FindingData) -> list[dict[str, str]]:
    used = {pk for share in finding.shares for pk in share.evidence}
    rows = Evidence.objects.filter(case=case, pk__in=used, for_consumer=True)
    return [
        {"title": row.file.original_name, "shows": row.caption}
        for row in rows.select_related("file").order_by("id")
    ]


def _next_steps(outcome: str) -> list[str]:
    if outcome == Outcome.NOT_LIABLE:
        return [_("你有新的材料，可以随时发给我们；没有新的材料，通知期满后结案。")]
    return [
        _("我们会提出两种以上的补偿方案，由你选择。"),
        _("选定之后，双方签署协议，我们按协议履行。"),
    ]


def _routes(review_until: date) -> list[dict[str, str]]:
    until = review_until.isoformat()
    return [
        {"name": _("内部复议"), "how": _("在查询进度的页面上申请"), "until": until},
        {"name": _("12315 投诉"), "how": _("拨打 12315，或者登录全国 12315 平台"), "until": ""},
        {"name": _("消费者协会"), "how": _("请当地消费者协会调解"), "until": ""},
        {"name": _("仲裁或诉讼"), "how": _("有仲裁协议的申请仲裁，或者向法院起诉"), "until": ""},
    ]
