"""Asking for the printed receipt of a complaint: what was said, and what happens when."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from complaints.models import Case, Evidence
from complaints.selectors.policies import running_clocks
from complaints.selectors.receipts import receipt_key, receipt_of
from complaints.states import ClockKind, Urgency
from documents.models import Document
from documents.services.rendering import request_document
from documents.states import DocumentKind


def ask_for_receipt(case: Case) -> Document:
    """Have the receipt printed and return its row; asking again gives the same one."""
    found = receipt_of(case)
    if found is not None:
        return found
    language = "en" if case.language == "en" else "zh-hans"
    with translation.override(language):
        context = _context(case, english=language == "en")
    return request_document(
        key=receipt_key(case),
        kind=DocumentKind.INTAKE_RECEIPT,
        template_name="intake_receipt",
        language=language,
        context=context,
    )


def _context(case: Case, *, english: bool) -> dict[str, Any]:
    company = settings.COMPANY_NAME_EN if english else settings.COMPANY_NAME
    contact = case.consumer.contact
    urgent = case.urgency == Urgency.EMERGENCY
    return {
        "number": case.reference,
        "received_at": _moment(case.received_at),
        "issuer": {
            "name": company,
            "credit_code": "",
            "address": "",
            "contact": settings.COMPANY_HOTLINE,
        },
        "channel": str(case.get_channel_display()),
        "consumer_name": contact.get("name") or _("未留姓名"),
        "contact_masked": _masked(contact),
        "subject": case.title,
        "product": case.product_name,
        "order_number": case.order_number,
        "story": case.description,
        "wish": _wish(case),
        "uploads": _uploads(case),
        "urgent_note": _("按紧急情况处理，2 小时内联系你。") if urgent else "",
        "steps": _steps(case),
        "lookup": _("用编号和手机号或邮箱，在 %(url)s/track/ 随时查询进度。")
        % {"url": settings.PUBLIC_URL},
        "routes": _routes(),
    }


def _moment(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def _masked(contact: dict[str, str]) -> str:
    if contact.get("phone"):
        return f"**** {contact['phone'][-4:]}"
    name, _at, host = contact.get("email", "").partition("@")
    return f"{name[:1]}***@{host}" if host else ""


def _wish(case: Case) -> str:
    parts = [str(case.get_wished_remedy_display() or ""), case.wished_detail]
    if case.wished_amount is not None:
        parts.append(_("%(amount)s 元") % {"amount": case.wished_amount})
    return "\n".join(part for part in parts if part)


def _uploads(case: Case) -> list[dict[str, str]]:
    files = Evidence.objects.filter(case=case, for_consumer=True, at__lte=case.created_at)
    return [
        {"name": each.file.original_name, "sha256": each.file.sha256}
        for each in files.select_related("file").order_by("id")
    ]


def _steps(case: Case) -> list[dict[str, str]]:
    words: dict[str, str] = {
        ClockKind.EMERGENCY: _("有专人联系你，处理安全风险"),
        ClockKind.ACKNOWLEDGEMENT: _("告诉你是否受理，以及接下来怎么做"),
    }
    steps = [
        {"when": _("%(moment)s 前") % {"moment": _moment(clock.due_at)}, "what": words[clock.kind]}
        for clock in running_clocks(case.pk)
        if clock.kind in words
    ]
    return [*steps, {"when": _("受理以后"), "what": _("调查、认定责任，给出补偿方案由你选择")}]


def _routes() -> list[dict[str, str]]:
    return [
        {"name": _("拨打 12315"), "how": _("向市场监督管理部门投诉或举报"), "until": ""},
        {"name": _("消费者协会"), "how": _("请消费者协会调解"), "until": ""},
        {"name": _("仲裁或诉讼"), "how": _("按仲裁协议申请仲裁，或者向人民法院起诉"), "until": ""},
    ]
