"""Words for events: one short text a kind for staff and, where consumers may see it, for them.

Texts may use the keys of the event's data as named placeholders. Every app has such a table for the
kinds that it writes; config joins them, and a kind without words fails a test.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.models import CustodyEntry
from complaints.states import EVENT_CLOCKS, ClockKind, PauseCause


@dataclass(frozen=True)
class EventText:
    """What an event is called: inside, and to the consumer ("" keeps it inside)."""

    staff: Any
    consumer: Any = ""
    icon: str = "circle"


EVENT_TEXTS: dict[str, EventText] = {
    "received": EventText(_("收到投诉"), _("你提交了投诉"), "send"),
    "imported": EventText(_("从外部系统导入"), _("你的投诉已转到我们这里"), "download"),
    "accept": EventText(_("已受理"), _("我们受理了你的投诉"), "circle-check"),
    "decline": EventText(
        pgettext_lazy("event", "不予受理"), _("这件事不在我们的处理范围"), "circle-x"
    ),
    "acknowledged": EventText(_("已答复消费者"), "", "mail-check"),
    "withdraw": EventText(_("投诉已撤回"), _("投诉已撤回"), "undo-2"),
    "reopen": EventText(pgettext_lazy("event", "重新处理"), _("我们重新开始处理"), "rotate-ccw"),
    "merge": EventText(_("已并案"), _("和另一起相同的投诉合并处理"), "git-merge"),
    "unmerge": EventText(pgettext_lazy("event", "撤销并案"), _("恢复单独处理"), "git-branch"),
    "merged_here": EventText(_("另一案件并入本案"), "", "git-merge"),
    "assigned": EventText(_("分配了负责人"), "", "user-check"),
    "auto_assigned": EventText(_("自动分配了负责人"), "", "user-check"),
    "claimed": EventText(_("接手了案件"), "", "user-check"),
    "released": EventText(_("退回了案件"), "", "undo-2"),
    "conflict_recorded": EventText(_("登记了利益冲突"), "", "user-x"),
    "conflict_lifted": EventText(_("撤销了利益冲突"), "", "user-check"),
    "linked": EventText(_("关联了另一案件"), "", "link"),
    "unlinked": EventText(_("取消了和另一案件的关联"), "", "unlink"),
    "group_joined": EventText(_("增加了共同投诉人"), "", "user-plus"),
    "group_asked_anew": EventText(_("协议有了新文本，重新征求每位共同投诉人的同意"), "", "users"),
    "group_represented": EventText(_("调整了共同投诉的代表"), "", "users"),
    "group_consented": EventText(_("一位共同投诉人同意和解"), "", "circle-check"),
    "group_dissented": EventText(_("一位共同投诉人不再同意和解"), "", "circle-x"),
    "group_left": EventText(_("一位共同投诉人退出"), "", "user-minus"),
    "unmerged_here": EventText(_("并入本案的另一案件恢复单独处理"), "", "git-branch"),
    "classified": EventText(_("调整了分类"), "", "tag"),
    "tagged": EventText(_("调整了标签"), "", "tags"),
    "emergency_raised": EventText(pgettext_lazy("event", "升为紧急案件"), "", "flame"),
    "triaged": EventText(_("分诊建议已由人工决定"), "", "stethoscope"),
    "lowering_requested": EventText(_("申请给安全案件降级"), "", "shield-alert"),
    "lowering_approved": EventText(_("降级申请已批准"), "", "shield-check"),
    "lowering_refused": EventText(_("降级申请没有批准"), "", "shield-alert"),
    "report_linked": EventText(_("登记了一份举报，另行处理"), "", "megaphone"),
    "safety_action": EventText(_("已登记安全处置"), _("我们处理了安全风险"), "shield-check"),
    "message": EventText(pgettext_lazy("event", "消息"), "", "message-square"),
    "chat_joined": EventText(_("在线对话（%(count)s 条）转入案件"), "", "messages-square"),
    "callback_asked": EventText(_("约定了回电"), _("我们约好了给你回电"), "phone-forwarded"),
    "callback_done": EventText(_("登记了回电结果"), "", "phone"),
    "read_back": EventText(_("读给消费者听过，对方确认"), "", "message-square-quote"),
    "told_in_person": EventText(_("当场告知了受理和下一步"), "", "user-check"),
    "external_filed": EventText(_("由外部机构转来，编号 %(reference)s"), "", "share-2"),
    "external_deadline_set": EventText(_("登记了外部机构要求的期限"), "", "calendar-clock"),
    "external_body_answered": EventText(_("已答复 %(reference)s 的机构"), "", "send"),
    "external_answered": EventText(_("已答复转来投诉的机构"), "", "send"),
    "contact_left": EventText(_("消费者补留了联系方式"), "", "contact-round"),
    "note": EventText(_("内部备注"), "", "lock"),
    "evidence_added": EventText(_("补充了材料"), _("补充了材料"), "paperclip"),
    "evidence_mismatch": EventText(_("一份证据和收到时不一致，已停止提供"), "", "triangle-alert"),
    "evidence_quarantined": EventText(_("一份证据里发现有害内容，已隔离"), "", "shield-alert"),
    "evidence_released": EventText(_("一份证据解除了隔离"), "", "shield-check"),
    "notice_dead": EventText(_("有一条通知没有送达"), "", "mail-x"),
    "notice_replayed": EventText(_("重新发送了没有送达的通知"), "", "mail-plus"),
    "notice_given_up": EventText(_("不再发送没有送达的通知"), "", "mail-minus"),
    "mail_files_refused": EventText(_("邮件里有 %(count)s 个附件没有收下"), "", "paperclip"),
    "contact_revealed": EventText(_("查看了完整联系方式"), "", "eye"),
    "clock_warned": EventText(_("期限提醒"), "", "clock"),
    "clock_breached": EventText(_("超过期限"), _("这一步我们没有按时完成"), "clock-alert"),
    "clock_escalated": EventText(_("超时升级"), "", "bell-ring"),
    "clock_recalculated": EventText(_("规则或日历变更后重新计算期限"), "", "calendar-clock"),
    "clock_paused": EventText(_("暂停计时"), _("「%(clock)s」暂停计时"), "circle-pause"),
    "clock_resumed": EventText(_("继续计时"), _("「%(clock)s」继续计时"), "circle-play"),
    "pause_ended": EventText(_("暂停的时间到了，自动继续计时"), "", "circle-play"),
    "handed_to_manager": EventText(_("超时升级，交给主管负责"), "", "user-check"),
    "finding_notified": EventText(_("责任认定已告知消费者"), "", "mail-check"),
    "data_requested": EventText(
        _("消费者提出个人信息请求"), _("你提出了个人信息请求"), "file-user"
    ),
    "data_request_answered": EventText(
        _("已答复个人信息请求"), _("我们答复了你的个人信息请求"), "file-user"
    ),
    "contact_corrected": EventText(_("更正了联系方式"), "", "user-pen"),
    "timer_quarantined": EventText(_("一个提醒多次出错，已搁置并通知主管"), "", "triangle-alert"),
    "timer_rearmed": EventText(_("重新启用了搁置的提醒"), "", "rotate-ccw"),
    "clocks_certified": EventText(_("出具了时限证书"), "", "file-check"),
    "accountability_replied": EventText(_("责任人作了说明"), "", "message-square-text"),
    "accountability_decided": EventText(_("问责事项已决定"), "", "gavel"),
    "accountability_assigned": EventText(_("指定了超时事项的责任人"), "", "user-check"),
    "accountability_measure_done": EventText(_("改进措施已完成"), "", "circle-check"),
}


WHY_THIS_PERSON = {
    "intake": _("还没有负责人"),
    "owner_left": _("原负责人的账号已停用"),
    "absence": _("原负责人不在岗，案件等不到本人回来"),
    "released": _("原负责人退回了案件"),
    "conflict": _("原负责人有利益冲突"),
    "team": _("和案件在同一个小组"),
    "other_team": _("本组没有合适的人，由其他小组接手"),
    "skills": _("有案件需要的技能"),
    "lacks_skill": _("有这项技能的同事都接不了，由本组同事先接"),
    "familiar": _("处理过这位客户的投诉"),
    "least_loaded": _("手上的案件相对最少"),
    "only_one": _("符合条件的只有这一位"),
    "over_limit": _("紧急案件，超出上限也要接"),
    "stand_in": _("是不在岗期间的代理人"),
    "nobody_free": _("没有人能接，交给主管"),
}
PASSED_OVER = {
    "away": _("不在岗"),
    "barred": _("有利益冲突"),
    "full": _("手上的案件已满"),
    "gave_back": _("原负责人"),
}


def why_words(codes: Iterable[str]) -> list[str]:
    """Say for which reasons somebody got a case."""
    return [str(WHY_THIS_PERSON[code]) for code in codes if code in WHY_THIS_PERSON]


def passed_words(code: str) -> str:
    """Say why somebody was left out."""
    return str(PASSED_OVER.get(code, code))


PAUSES_TO_CONSUMER = {
    PauseCause.CONSUMERS_EVIDENCE: _("等你补充材料"),
    PauseCause.TESTING: _("要检测鉴定"),
    PauseCause.AGREED_EXTENSION: _("和你约定延期"),
    PauseCause.FORCE_MAJEURE: _("遇到不可抗力"),
}


def pause_words(cause: str) -> str:
    """Say to the consumer why a clock rests."""
    return str(PAUSES_TO_CONSUMER[PauseCause(cause)]) if cause in PauseCause.values else cause


def clock_words(kind: str, name: str = "") -> str:
    """Name a promise of time; of those that follow events several may run, so by their policy."""
    return gettext(name) if name and kind in EVENT_CLOCKS else str(ClockKind(kind).label)


FAULTS = {
    "changed": _("文件的内容变了"),
    "missing": _("文件不见了"),
    "copy_changed": _("查看用的副本变了"),
    "copy_missing": _("查看用的副本不见了"),
}


def custody_words(entry: CustodyEntry, note: str) -> str:
    """Say what an entry of the ledger of custody tells beside its kind."""
    told = FAULTS.get(entry.detail, entry.detail)
    purpose = entry.get_purpose_display() if entry.purpose else ""
    return " · ".join(str(part) for part in (purpose, told, note) if part)
