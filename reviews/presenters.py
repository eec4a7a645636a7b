"""Words for the events of reviews, mediations and outside proceedings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.presenters import EventText

_REVIEW_EVENTS: dict[str, EventText] = {
    "request_review": EventText(
        pgettext_lazy("event", "申请复议"), _("收到复议申请，由没有经手过的人重新看"), "scale"
    ),
    "review_assigned": EventText(_("组成了复议小组"), "", "users"),
    "uphold": EventText(_("复议决定：维持"), _("复议决定：维持原来的决定"), "gavel"),
    "vary": EventText(_("复议决定：变更"), _("复议决定：变更补偿方案"), "gavel"),
    "remit": EventText(_("复议决定：撤销重做"), _("复议决定：撤销原来的决定，重新处理"), "gavel"),
    "substitute": EventText(_("复议决定：直接改判"), _("复议决定：重新认定了责任"), "gavel"),
    "dismiss_out_of_time": EventText(
        _("复议决定：超过期限，不予复议"), _("复议申请超过了期限，没有重新看"), "gavel"
    ),
    "withdraw_review": EventText(_("复议申请已撤回"), _("复议申请已撤回"), "undo-2"),
}

_MEDIATION_EVENTS: dict[str, EventText] = {
    "refer_to_mediation": EventText(
        pgettext_lazy("event", "提请调解"), _("投诉进入调解"), "handshake"
    ),
    "mediator_named": EventText(_("确定了调解员"), _("确定了主持调解的人"), "user-check"),
    "mediator_invited": EventText(_("邀请了第三方调解员"), _("我们邀请了第三方调解员"), "send"),
    "positions_recorded": EventText(_("记录了双方的主张"), "", "columns-3"),
    "meeting_planned": EventText(_("约定了会谈时间"), _("约定了调解会谈的时间"), "calendar-clock"),
    "end_mediation": EventText(
        _("调解结束，没有达成协议"), _("调解结束，没有达成协议"), "circle-slash"
    ),
    "mediation_settled": EventText(_("调解达成协议"), _("调解达成协议"), "handshake"),
}

_PROCEEDING_EVENTS: dict[str, EventText] = {
    "proceeding_recorded": EventText(_("登记了外部程序"), _("登记了外部程序"), "landmark"),
    "proceeding_step": EventText(_("登记了外部程序的进展"), "", "landmark"),
    "proceeding_ended": EventText(_("外部程序已结束"), _("外部程序已结束"), "landmark"),
    "suspend_for_external": EventText(
        _("因外部程序暂停处理"), _("外部程序正在处理，我们的处理先停下"), "circle-pause"
    ),
    "return_from_external": EventText(
        _("外部程序结束，恢复处理"), _("外部程序结束，我们接着处理"), "circle-play"
    ),
    "record_award": EventText(_("登记了裁决或判决"), _("我们收到裁决或判决，按它履行"), "landmark"),
}

EVENT_TEXTS: dict[str, EventText] = {
    "hold_placed": EventText(_("设置了保全，不清除"), "", "lock"),
    "hold_lifted": EventText(_("解除了保全"), "", "lock-open"),
    "hold_lapsed": EventText(_("保全到期"), "", "lock-open"),
    "case_erased": EventText(_("已按保存期限清除"), "", "eraser"),
    "pack_asked": EventText(_("申请了证据包"), "", "package"),
    "pack_ready": EventText(_("证据包好了，可以下载"), "", "package-check"),
    "pack_failed": EventText(_("证据包没有生成，有文件打不开"), "", "package-x"),
    "pack_taken": EventText(_("下载了证据包"), "", "download"),
    **_REVIEW_EVENTS,
    **_MEDIATION_EVENTS,
    **_PROCEEDING_EVENTS,
}
