"""Words for the events of the agreements app; notices on the desk borrow them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.presenters import EventText

EVENT_TEXTS: dict[str, EventText] = {
    "agreement_drafted": EventText(_("起草了协议"), "", "file-pen"),
    "agreement_offered": EventText(_("协议已提交签署"), _("协议准备好了，请你签署"), "file-text"),
    "agreement_to_sign": EventText(_("有协议等公司签署"), "", "file-pen"),
    "agreement_refused": EventText(_("有一方决定不签协议"), _("协议没有签成"), "file-x"),
    "agreement_void": EventText(_("协议已作废"), _("这一版协议不再有效"), "file-x"),
    "agreement_lapsed": EventText(_("签署期限已过，协议作废"), "", "file-clock"),
    "signature_given": EventText(_("签署了协议"), _("有一方签了协议"), "file-check"),
    "consumer_signed": EventText(_("消费者已签署，等公司签署"), "", "file-check"),
    "sign": EventText(_("各方已签署协议"), _("协议各方都签好了"), "handshake"),
    "amount_agreed": EventText(_("登记了约定的金额"), "", "badge-japanese-yen"),
    "start_fulfilment": EventText(_("协议生效，开始履行"), _("协议生效，我们开始履行"), "play"),
    "payment_recorded": EventText(_("登记了付款"), _("我们付了款"), "banknote"),
    "payment_returned": EventText(_("付款被退回"), "", "undo-2"),
    "obligation_performed": EventText(_("一项已履行"), _("我们办好了一项"), "circle-check"),
    "obligation_confirmed": EventText(_("消费者确认收到"), _("你确认收到"), "thumbs-up"),
    "obligation_reopened": EventText(
        _("消费者没有收到，重新办理"), _("你没有收到，我们重新办"), "rotate-ccw"
    ),
    "not_arrived": EventText(_("消费者说没有收到"), "", "package-x"),
    "complete_fulfilment": EventText(_("全部履行完"), _("约定的事都办好了"), "circle-check"),
    "declare_breach": EventText(_("逾期未履行"), _("我们没有按期办到"), "triangle-alert"),
    "breach_opened": EventText(_("有约定逾期没有办到，请安排补救"), "", "triangle-alert"),
    "late_charged": EventText(
        _("逾期付清，违约金也要付"), _("我们付晚了，违约金一起付给你"), "badge-japanese-yen"
    ),
    "consumer_lapsed": EventText(
        _("消费者约定的事过了日期，已经提醒"), _("你约定的一件事过了日期"), "calendar-clock"
    ),
    "consumer_grace_over": EventText(_("消费者的宽限期过了，请决定怎么办"), "", "calendar-clock"),
    "lapse_settled": EventText(
        _("处理了消费者的逾期"), _("逾期的那件事有了安排"), "calendar-check"
    ),
    "breach_mended": EventText(_("逾期的事项已补上，请确认补救结果"), "", "wrench"),
    "resume_fulfilment": EventText(pgettext_lazy("event", "继续履行"), _("我们继续履行"), "play"),
    "follow_up_answered": EventText(_("消费者回答了回访"), _("你回答了回访"), "phone"),
    "follow_up_tried": EventText(_("打了回访电话，没有问成"), "", "phone-missed"),
    "survey_reminded": EventText(_("又发了一次回访问卷"), _("我们又发了一次问卷"), "mail"),
    "not_resolved": EventText(_("消费者说问题没有解决"), "", "circle-help"),
    "low_rating": EventText(_("消费者给了低分"), "", "star"),
    "close": EventText(pgettext_lazy("event", "结案"), _("投诉已办结"), "circle-check"),
    "review_window": EventText(_("登记了申请复议的期限"), "", "calendar"),
}
