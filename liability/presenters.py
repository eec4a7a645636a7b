"""Words for the events of the liability app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.presenters import EventText

EVENT_TEXTS: dict[str, EventText] = {
    "open_investigation": EventText(
        pgettext_lazy("event", "开始调查"), _("我们开始调查"), "search"
    ),
    "investigation_opened": EventText(_("有调查由你负责"), "", "search"),
    "investigation_round": EventText(pgettext_lazy("event", "开始新一轮调查"), "", "search"),
    "investigation_note": EventText(_("写了调查记录"), "", "notebook-pen"),
    "statement_heard": EventText(_("听取了陈述"), "", "mic"),
    "statement_served": EventText(_("通知对方陈述"), "", "mail"),
    "finding_issued": EventText(_("作出责任认定"), "", "scale"),
    "recourse_opened": EventText(_("开始一项追偿"), "", "hand-coins"),
    "recourse_notified": EventText(_("发出了追偿通知"), "", "send"),
    "recourse_entry": EventText(_("登记了追偿的往来"), "", "messages-square"),
    "recourse_recovered": EventText(_("追回了款项"), "", "hand-coins"),
    "recourse_closed": EventText(_("结束了一项追偿"), "", "circle-check"),
    "recourse_due": EventText(_("追偿通知要在 %(day)s 之前发出"), "", "clock"),
    "recourse_overdue": EventText(_("追偿通知过了期限还没有发出（%(day)s）"), "", "clock-alert"),
    "report_written": EventText(_("写了调查报告"), "", "file-text"),
    "finding_drafted": EventText(_("保存了责任认定的草稿"), "", "file-pen-line"),
    "finding_submitted": EventText(_("提交了责任认定，等待批准"), "", "file-check"),
    "finding_to_approve": EventText(_("有责任认定等你批准"), "", "file-check"),
    "finding_approved": EventText(_("批准了责任认定"), "", "circle-check"),
    "finding_returned": EventText(_("退回了责任认定"), "", "undo-2"),
    "determine_liability": EventText(_("责任认定完成"), _("责任认定完成"), "scale"),
    "settle_directly": EventText(
        _("自认责任，直接协商"), _("我们承认责任，直接和你商量怎么补偿"), "handshake"
    ),
    "reinvestigate": EventText(
        pgettext_lazy("event", "重新调查"), _("有新的情况，我们重新调查"), "rotate-ccw"
    ),
    "close_without_liability": EventText(
        pgettext_lazy("event", "不承担责任，结案"), _("通知期满，案件已结案"), "circle-check"
    ),
}
