"""The review decision on paper: frozen with the decision, printed once."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from agreements.money import shown
from complaints.selectors.policies import working_calendar
from documents.contexts import ReviewDecisionContext
from documents.contexts.letters import (
    DecidedLine,
    Ground,
    Outcome,
    PanelMember,
    ReviewedDecision,
)
from documents.contexts.shapes import Issuer, Route, Signature
from documents.models import Document
from documents.services.rendering import request_document
from documents.states import DocumentKind
from reviews.models import Review
from reviews.states import ReviewDecision

_ZONE = ZoneInfo("Asia/Shanghai")
_OUTCOMES: dict[str, Outcome] = {
    ReviewDecision.UPHOLD: "uphold",
    ReviewDecision.VARY: "vary",
    ReviewDecision.REMIT: "revoke_and_remit",
    ReviewDecision.SUBSTITUTE: "revoke_and_substitute",
    ReviewDecision.DISMISS_OUT_OF_TIME: "dismiss_out_of_time",
}


def request_decision_letter(review: Review) -> Document:
    """Ask for the letter of a decision that is written but not saved yet."""
    language = "en" if review.case.language == "en" else "zh-hans"
    with translation.override(language):
        context = _context(review)
    return request_document(
        key=f"review:{review.pk}",
        kind=DocumentKind.REVIEW_DECISION,
        template_name=DocumentKind.REVIEW_DECISION,
        language=language,
        context=dict(context),
    )


def _context(review: Review) -> ReviewDecisionContext:
    case, calendar = review.case, working_calendar()
    decided_at = review.decided_at or review.requested_at
    return ReviewDecisionContext(
        number=f"{case.reference}-F{review.pk}",
        case_number=case.reference,
        issued_on=calendar.local_date(decided_at).isoformat(),
        issuer=_issuer(),
        applicant=case.consumer.name or _("消费者"),
        applied_on=calendar.local_date(review.requested_at).isoformat(),
        in_time=review.in_time,
        time_note="" if review.in_time else _("申请晚于规定的期限。"),
        reviewed=_reviewed(review),
        grounds=_grounds(review),
        panel=[_member(str(user)) for user in review.panel.order_by("pk")],
        procedure=_("复议小组查阅了全部案卷和新提交的材料，独立作出决定。"),
        reasons=[line.strip() for line in review.reasons.splitlines() if line.strip()],
        laws=[],
        outcome=_OUTCOMES[review.decision],
        outcome_text=review.outcome_text,
        lines=_lines(review),
        performance="",
        routes=_routes(),
        limitation_note=_("向法院请求保护民事权利的诉讼时效一般为三年。"),
        signatures=[
            _signature(str(user), f"{decided_at.astimezone(_ZONE):%Y-%m-%d %H:%M:%S}")
            for user in review.panel.order_by("pk")
        ],
    )


def _issuer() -> Issuer:
    english = translation.get_language() == "en"
    return Issuer(
        name=settings.COMPANY_NAME_EN if english else settings.COMPANY_NAME,
        credit_code=settings.COMPANY_CREDIT_CODE,
        address=settings.COMPANY_ADDRESS,
        contact=settings.COMPANY_HOTLINE,
    )


def _reviewed(review: Review) -> ReviewedDecision:
    case, finding, plan = review.case, review.finding, review.plan
    moment, summary = case.closed_at or case.stage_since, str(review.get_reviewed_display())
    number = case.reference
    if plan is not None:
        number = _("方案 %(version)d") % {"version": plan.version}
        moment = plan.created_at
    elif finding is not None:
        number, moment = f"{case.reference}-R{finding.version}", finding.decided_at
    if finding is not None:
        summary = str(finding.get_outcome_display())
    return ReviewedDecision(
        title=str(review.get_reviewed_display()),
        number=number,
        issued_on=working_calendar().local_date(moment).isoformat(),
        summary=summary,
    )


def _grounds(review: Review) -> list[Ground]:
    return [
        Ground(
            text=_join(ground.get_ground_display(), ground.text),
            new_evidence="",
            finding=ground.finding or review.reasons,
        )
        for ground in review.grounds.order_by("position")
    ]


def _join(label: str, text: str) -> str:
    if not text:
        return label
    return _("%(label)s：%(text)s") % {"label": label, "text": text}


def _member(name: str) -> PanelMember:
    return PanelMember(name=name, title="", recusal=_("没有参加过本案的处理"))


def _lines(review: Review) -> list[DecidedLine]:
    if review.amount_after is None:
        return []
    amount = shown(review.amount_after, review.case.currency)
    return [DecidedLine(label=_("重新提出的方案不低于"), basis="", amount_shown=amount)]


def _routes() -> list[Route]:
    return [
        Route(name=_("12315 投诉"), how=_("拨打 12315，或者登录全国 12315 平台"), until=""),
        Route(name=_("消费者协会"), how=_("请当地消费者协会调解"), until=""),
        Route(
            name=_("仲裁或诉讼"),
            how=_("有仲裁协议的申请仲裁，或者向法院起诉"),
            until="",
        ),
    ]


def _signature(name: str, signed_at: str) -> Signature:
    return Signature(
        role="member",
        name=name,
        signed_at=signed_at,
        method=_("登录账号签署"),
        path="",
        width=600,
        height=200,
    )
