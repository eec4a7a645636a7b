"""The letter of a review's decision 复议决定书, in the case's language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from complaints.moments import now
from complaints.selectors.policies import working_calendar
from documents.models import Document
from documents.services.rendering import request_document
from documents.states import DocumentKind
from reviews.models import Review
from reviews.states import OUTCOME_ON_PAPER, ReviewDecision

_MOST_TEXT = 18_000


def request_decision_letter(review: Review) -> Document:
    """Ask for the letter of a review that is being decided (not saved yet)."""
    language = "en" if review.case.language == "en" else "zh-hans"
    with translation.override(language):
        context = _context(review)
    return request_document(
        key=f"review:{review.pk}",
        kind=DocumentKind.REVIEW_DECISION,
        template_name=DocumentKind.REVIEW_DECISION,
        language=language,
        context=context,
    )


def _context(review: Review) -> dict[str, Any]:
    case, today = review.case, working_calendar().local_date(now()).isoformat()
    panel = list(review.panel.order_by("pk"))
    return {
        "number": f"{case.reference}-F{review.pk}",
        "case_number": case.reference,
        "issued_on": today,
        "issuer": _issuer(),
        "applicant": case.consumer.name or _("消费者"),
        "applied_on": timezone.localtime(review.requested_at).date().isoformat(),
        "in_time": review.in_time,
        "time_note": "" if review.in_time else _("申请超过了告知的期限。"),
        "reviewed": _reviewed(review),
        "grounds": [
            {
                "text": f"{ground.get_ground_display()}：{ground.text}"[:_MOST_TEXT],
                "new_evidence": "",
                "finding": ground.finding or _("申请超过期限，不作认定。"),
            }
            for ground in review.grounds.order_by("position")
        ],
        "panel": [
            {"name": str(member), "title": "", "recusal": _("没有经手过本案，没有利害关系。")}
            for member in panel
        ],
        "procedure": _("复议小组查阅了全部案卷和申请人提交的材料，独立作出决定。"),
        "reasons": [line for line in review.reasons.splitlines() if line.strip()],
        "laws": [],
        "outcome": OUTCOME_ON_PAPER[ReviewDecision(review.decision)],
        "outcome_text": review.outcome_text,
        "lines": [],
        "performance": "",
        "routes": [
            {"name": _("消费者协会"), "how": _("请当地消费者协会调解"), "until": ""},
            {"name": _("12315 投诉"), "how": _("拨打 12315，或者登录全国 12315 平台"), "until": ""},
            {
                "name": _("仲裁或诉讼"),
                "how": _("有仲裁协议的申请仲裁，或者向法院起诉"),
                "until": "",
            },
        ],
        "limitation_note": _("一般民事权利的诉讼时效是三年（民法典第一百八十八条）。"),
        "signatures": [
            {
                "role": "member",
                "name": str(member),
                "signed_at": timezone.localtime(now()).strftime("%Y-%m-%d %H:%M"),
                "method": _("登录账号"),
                "path": "",
                "width": 0,
                "height": 0,
            }
            for member in panel
        ],
    }


def _issuer() -> dict[str, str]:
    english = translation.get_language() == "en"
    return {
        "name": settings.COMPANY_NAME_EN if english else settings.COMPANY_NAME,
        "credit_code": settings.COMPANY_CREDIT_CODE,
        "address": settings.COMPANY_ADDRESS,
        "contact": settings.COMPANY_HOTLINE,
    }


def _reviewed(review: Review) -> dict[str, str]:
    finding = review.finding
    issued = finding.decided_at if finding else review.case.stage_since
    summary = finding.reasons_consumer if finding else review.get_reviewed_display()
    return {
        "title": review.get_reviewed_display(),
        "number": review.case.reference,
        "issued_on": timezone.localtime(issued).date().isoformat(),
        "summary": summary[:_MOST_TEXT],
    }
