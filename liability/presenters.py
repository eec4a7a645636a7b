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

EVENT_TEXTS |= {
    "incident_raised": EventText(_("批次报警：同批次的同一问题突然增多"), "", "siren"),
    "incident_joined": EventText(_("列入已确认的批次事件"), "", "siren"),
    "incident_consent": EventText(_("记下了消费者对统一方案的意见"), "", "handshake"),
}
