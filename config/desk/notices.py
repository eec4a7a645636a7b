"""Words for notices on the desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.models import Notification
from config.presenters import EVENT_TEXTS, readable
from config.templatetags.present import moment

TEXTS: dict[str, tuple[Any, str]] = {
    "consumer_wrote": (_("消费者发来消息"), "message-square"),
    "mentioned": (_("%(by)s在内部备注里提到了你"), "at-sign"),
    "assigned": (_("有案件交给你负责"), "user-check"),
    "nobody_there": (_("负责人不在，也没有别人能接手，请安排一位同事"), "user-x"),
    "taken_over": (_("%(by)s接手了你的案件"), "user-check"),
    "evidence_added": (_("消费者补充了材料"), "paperclip"),
    "evidence_mismatch": (_("一份证据和收到时不一致，请查明原因"), "triangle-alert"),
    "evidence_quarantined": (_("一份材料里发现有害内容，已隔离，不要打开"), "shield-alert"),
    "clock_warned": (_("「%(clock)s」快到期了"), "clock"),
    "clock_breached": (_("「%(clock)s」已超时"), "clock-alert"),
    "clock_escalated": (_("「%(clock)s」超时后升级到你"), "bell-ring"),
    "pause_ended": (_("暂停的时间到了，期限继续计时"), "circle-play"),
    "handed_to_manager": (_("「%(clock)s」超时升级，案件交给主管负责"), "user-check"),
    "data_requested": (_("消费者提出个人信息请求，请在期限内答复"), "file-user"),
    "accountability_opened": (_("请说明「%(clock)s」为什么超时"), "gavel"),
    "accountability_replied": (_("责任人说明了「%(clock)s」超时的原因"), "message-square-text"),
    "accountability_decided": (_("「%(clock)s」超时有了决定"), "gavel"),
    "accountability_measure": (_("有一项改进措施由你完成"), "list-checks"),
    "timer_quarantined": (_("「%(clock)s」的提醒多次出错，请你处理"), "triangle-alert"),
    "clocks_unkept": (_("时限没有正常运行，请联系管理员检查"), "triangle-alert"),
    "clocks_kept_again": (_("时限已恢复正常运行"), "circle-check"),
    "notice_dead": (_("有一条给消费者的通知没有送达，请换个方式联系"), "mail-x"),
    "chat_waiting": (_("有人在线等候接待"), "messages-square"),
    "chat_nobody": (_("在线对话一直没人接待，请安排一位同事"), "bell-ring"),
    "mail_held": (_("有来信等你决定怎么处理"), "mail-question-mark"),
    "mailbox_unreachable": (_("连不上收信邮箱，新的来信会晚到，请检查邮箱设置"), "mail-x"),
    "review_requested": (_("有复议申请，你可以参加复议小组"), "scale"),
    "review_assigned": (_("你是这次复议的小组成员"), "scale"),
    "review_decided": (_("复议有了决定"), "gavel"),
    "mediation_requested": (_("消费者申请调解"), "handshake"),
    "mediator_named": (_("由你主持调解"), "handshake"),
    "consult_asked": (_("有一个会办任务请你答复"), "message-square"),
    "consult_extended": (_("会办任务的答复期限延长了"), "calendar-clock"),
    "consult_due": (_("会办任务还没有答复，期限到了或者快到了"), "clock"),
    "consult_answered": (_("会办任务有了答复"), "message-square-text"),
    "inspection_confirmed": (_("消费者确认了检查时间"), "circle-check"),
    "inspection_time_asked": (_("消费者要求换检查时间，请重新约"), "calendar-clock"),
    "inspection_done": (_("检查结果已登记"), "search"),
    "consult_late": (_("会办任务过期没有答复"), "clock-alert"),
    "incident_undecided": (_("批次报警还没有人确认或排除"), "siren"),
    "incident_task": (_("批次事件里有一项任务交给你"), "list-checks"),
    "incident_task_due": (_("批次事件的任务今天到期"), "clock"),
    "incident_task_late": (_("批次事件的任务超期没有完成"), "clock-alert"),
    "statement_to_publish": (_("有一份公开说明等你发布"), "megaphone"),
    "remedy_to_approve": (_("批次事件的统一方案等你批准"), "file-check"),
    "remedy_returned": (_("批次事件的统一方案退回给你"), "undo-2"),
    "remedy_approved": (_("批次事件的统一方案批准了，可以发给消费者"), "circle-check"),
}


def notice_text(notice: Notification) -> tuple[str, str]:
    """Return the words and the icon of a notice; a kind of another app borrows its event's."""
    if notice.kind in TEXTS:
        text, icon = TEXTS[notice.kind]
    elif notice.kind in EVENT_TEXTS:
        text, icon = EVENT_TEXTS[notice.kind].staff, EVENT_TEXTS[notice.kind].icon
    else:
        text, icon = _("案件有新的进展"), "bell"
    words = str(text)
    return (words % readable(notice.data) if "%(" in words else words), icon


def _place(notice: Notification) -> dict[str, Any]:
    """Return where a notice leads: to its item, case or mail, or to the page about all clocks."""
    if notice.kind in ("mail_held", "mailbox_unreachable"):
        return {"reference": "", "title": _("来信"), "href": reverse("complaints:mail")}
    if notice.kind.startswith("chat_") and "chat" in notice.data:
        chat = notice.data["chat"]
        title = _("对话 %(number)s") % {"number": chat}
        return {"reference": "", "title": title, "href": reverse("complaints:chat", args=[chat])}
    if notice.kind in ("clocks_unkept", "clocks_kept_again"):
        return _of_clocks()
    if "incident" in notice.data:
        number = notice.data["incident"]
        title = _("批次事件 %(number)s") % {"number": number}
        href = reverse("liability:incident", args=[number])
        return {"reference": "", "title": title, "href": href}
    if notice.case is None:
        return _of_clocks()
    address = reverse("desk:case", args=[notice.case.reference])
    if notice.kind in ("evidence_mismatch", "evidence_quarantined") and "evidence" in notice.data:
        key = [notice.case.reference, notice.data["evidence"]]
        address = reverse("complaints:evidence", args=key)
    if notice.kind.startswith("accountability_") and "item" in notice.data:
        address = reverse("complaints:accountability_item", args=[notice.data["item"]])
    return {"reference": notice.case.reference, "title": notice.case.title, "href": address}


def _of_clocks() -> dict[str, Any]:
    return {"reference": "", "title": _("时限运行"), "href": reverse("complaints:clock_health")}


def notice_lines(notices: list[Notification], *, now: datetime) -> list[dict[str, Any]]:
    """Return notices as lines of the page."""
    lines = []
    for notice in notices:
        text, icon = notice_text(notice)
        lines.append(
            {
                "text": text,
                "icon": icon,
                "at": moment(notice.at, now),
                "unread": notice.read_at is None,
                **_place(notice),
            }
        )
    return lines
