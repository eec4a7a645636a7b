"""Words for the events of the liability app."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.presenters import EventText
from liability import burden
from liability.burden import Burden
from liability.states import Bearer

BURDEN_WORDS: dict[str, Any] = {
    burden.FLAW_IN_SIX_MONTHS: _(
        "耐用商品或者装饰装修服务，六个月内发现瑕疵发生争议的，由经营者证明瑕疵不是它造成的"
    ),
    burden.PRODUCT_DEFENCES: _(
        "因缺陷造成损害的，由生产者证明未投入流通、投入流通时缺陷不存在，或者当时的科技水平发现不了"
    ),
    burden.PERSONAL_DATA: _("个人信息受侵害的，由处理个人信息的一方证明自己没有过错"),
    burden.PREPAID_RECORDS: _("预付消费的记录由经营者保管，没有正当理由不提供的，作不利于它的认定"),
    burden.ONLINE_RECORDS: _(
        "网络交易的合同和交易记录由经营者提供原件，丢失、不提供的由它承担后果"
    ),
    burden.WHO_CLAIMS_PROVES: _("其他的事实，谁主张谁举证"),
}


ARTICLE_WORDS: dict[str, Any] = {
    burden.FLAW_IN_SIX_MONTHS: _("《消费者权益保护法》第二十三条第三款"),
    burden.PRODUCT_DEFENCES: _("《产品质量法》第四十一条第二款，《民法典》第一千二百零二条"),
    burden.PERSONAL_DATA: _("《个人信息保护法》第六十九条第一款"),
    burden.PREPAID_RECORDS: _("《预付式消费民事纠纷解释》第二十五条"),
    burden.ONLINE_RECORDS: _("《电子商务法》第六十二条"),
    burden.WHO_CLAIMS_PROVES: _("《民事诉讼法》第六十七条第一款"),
}
"""The articles of `burden.ARTICLES` in the reader's language."""


def burden_words(found: Burden) -> dict[str, Any]:
    """Return one rule of proof as a page shows it: who, what, the article, and its last day."""
    return {
        "rule": found.rule,
        "bearer": Bearer(found.bearer).label,
        "words": BURDEN_WORDS[found.rule],
        "article": ARTICLE_WORDS[found.rule],
        "until": found.until,
    }


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
    "recourse_reopened": EventText(_("重新开始一项追偿"), "", "rotate-ccw"),
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
    # The plan, consult tasks and inspections.
    "plan_changed": EventText(_("改了调查计划"), "", "list-checks"),
    "plan_ticked": EventText(_("调查计划完成一项"), "", "list-checks"),
    "plan_unticked": EventText(_("调查计划有一项改为未完成"), "", "list-checks"),
    "consult_asked": EventText(_("发出会办任务"), "", "send"),
    "consult_link_renewed": EventText(_("重新发出会办任务的链接"), "", "send"),
    "consult_extended": EventText(_("延长了会办任务的答复期限"), "", "calendar-clock"),
    "consult_answered": EventText(_("会办任务有了答复"), "", "message-square-text"),
    "consult_revoked": EventText(_("撤销会办任务"), "", "circle-slash"),
    "inspection_proposed": EventText(
        _("向消费者提出检查时间"), _("我们提出了检查的时间，请你确认"), "calendar-clock"
    ),
    "inspection_confirmed": EventText(
        _("消费者确认了检查时间"), _("检查的时间定下来了"), "circle-check"
    ),
    "inspection_time_asked": EventText(
        _("消费者要求换检查时间"), _("你要求换一个检查时间"), "calendar-clock"
    ),
    "inspection_cancelled": EventText(_("取消检查"), _("这次检查取消了"), "circle-slash"),
    "inspection_done": EventText(_("登记检查结果"), _("技术员检查过了"), "search"),
    "claim_added": EventText(_("写下待证事项"), "", "scale"),
    "evidence_weighed": EventText(_("评议了证据"), "", "scale"),
    "evidence_withheld": EventText(_("记下未提供的证据"), "", "triangle-alert"),
}

EVENT_TEXTS |= {
    "incident_raised": EventText(_("批次报警：同批次的同一问题突然增多"), "", "siren"),
    "incident_joined": EventText(_("列入已确认的批次事件"), "", "siren"),
    "incident_consent": EventText(_("记下了消费者对统一方案的意见"), "", "handshake"),
}
