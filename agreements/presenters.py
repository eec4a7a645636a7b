"""Words for the events of the agreements app; notices on the desk borrow them."""

from __future__ import annotations

from typing import Any

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
    "agreement_unprinted": EventText(_("协议的 PDF 没有生成，请管理员查明后重试"), "", "file-x"),
    "signatures_void": EventText(
        _("文本有修改，上一版和它的签名作废"), _("协议改了，上一版和它的签名不再有效"), "file-x"
    ),
    "paper_copy_sent": EventText(
        _("消费者交来签好的纸质协议，等待核对"), _("你交来了签好的协议，我们在核对"), "scan-line"
    ),
    "paper_copy_rejected": EventText(
        _("纸质签署没有接受"), _("你交来的签名页还要重新弄一下"), "file-x"
    ),
    "representative_named": EventText(
        _("交来了授权委托书，等待核对"), _("授权委托书交来了，我们在核对"), "user-plus"
    ),
    "representative_accepted": EventText(
        _("接受了授权委托书"), _("授权委托书核对好了，代理人可以签署"), "user-check"
    ),
    "representative_rejected": EventText(
        _("没有接受授权委托书"), _("授权委托书还要补充"), "user-x"
    ),
    "representative_ended": EventText(_("授权撤销了"), _("你撤销了授权"), "user-minus"),
    "signature_given": EventText(_("签署了协议"), _("有一方签了协议"), "file-check"),
    "consumer_signed": EventText(_("消费者已签署，等公司签署"), "", "file-check"),
    "sign": EventText(_("各方已签署协议"), _("协议各方都签好了"), "handshake"),
    "amount_agreed": EventText(_("登记了约定的金额"), "", "badge-japanese-yen"),
    "start_fulfilment": EventText(_("协议生效，开始履行"), _("协议生效，我们开始履行"), "play"),
    "payment_recorded": EventText(_("登记了付款"), _("我们付了款"), "banknote"),
    "payment_returned": EventText(_("付款被退回"), _("给你的付款被退回了，我们会重新付"), "undo-2"),
    "payout_released": EventText(_("付款已放行，等银行结果"), _("我们已经安排付款"), "banknote"),
    "payout_failed": EventText(
        _("银行没有付成"), _("给你的付款没有成功，我们会重新付"), "circle-x"
    ),
    "goods_sent": EventText(_("消费者寄出了商品"), _("你寄出了商品"), "package"),
    "goods_handed_over": EventText(_("商品交给了快递"), _("商品交给了快递"), "package"),
    "goods_incomplete": EventText(
        _("退回的商品验收时有问题"), _("退回的商品和约定的不一样"), "package-x"
    ),
    "pickup_arranged": EventText(_("安排了上门取件"), _("约好了上门取件"), "truck"),
    "pickup_agreed": EventText(_("消费者同意取件时间"), _("你同意取件时间"), "thumbs-up"),
    "pickup_refused": EventText(_("消费者要另约取件时间"), _("你要另约取件时间"), "calendar-clock"),
    "pickup_to_arrange": EventText(_("快到日期了，还没有安排取件"), "", "truck"),
    "payee_asked": EventText(_("有新的收款账户等核对"), "", "user-check"),
    "payee_changed": EventText(_("更换了收款账户"), _("更换了你的收款账户"), "user-check"),
    "payee_refused": EventText(_("收款账户核对没有通过"), "", "user-x"),
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
    "rest_demanded": EventText(
        _("消费者要求一次付清余款，余款今天到期"),
        _("你要求一次付清，余下各期今天到期"),
        "calendar-clock",
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
    "care_call_planned": EventText(_("安排了关怀电话"), "", "phone"),
    "care_call_made": EventText(_("打了关怀电话"), "", "phone"),
    "care_call_tried": EventText(_("打了关怀电话，没有问成"), "", "phone-missed"),
    "care_call_unreached": EventText(_("关怀电话联系不上，不再打"), "", "phone-missed"),
    "care_needed": EventText(_("关怀电话里消费者说需要帮助"), "", "circle-help"),
    "survey_reminded": EventText(_("又发了一次回访问卷"), _("我们又发了一次问卷"), "mail"),
    "not_resolved": EventText(_("消费者说问题没有解决"), "", "circle-help"),
    "low_rating": EventText(_("消费者给了低分"), "", "star"),
    "close": EventText(pgettext_lazy("event", "结案"), _("投诉已办结"), "circle-check"),
    "review_window": EventText(_("登记了申请复议的期限"), "", "calendar"),
}

PROBLEMS = {
    "no_key": _("没有客户流水号，不是我们批次里的付款"),
    "unknown_key": _("我们没有这个客户流水号"),
    "not_released": _("这一笔没有放行过，银行却付了，请马上核对"),
    "failed_before": _("这一笔登记过没有付成，银行却付了，请马上核对，别再付一次"),
    "before_release": _("记账日期早于放行日期，请核对"),
    "less": _("银行付的比批次里少"),
    "more": _("银行付的比批次里多，请和银行核对"),
    "currency": _("币种和批次不一样"),
    "paid_before": _("这一笔已经付过，银行可能付了两次，请马上核对"),
    "returned_before": _("这一笔已经登记过退回"),
    "entry_before": _("这一条明细在以前的对账单里已经有了"),
    "return_before_paid": _("退回了一笔我们还没有登记付出的款，请先导入付款那天的对账单"),
    "row_twice": _("同一笔在文件里出现了两次"),
    "other_batch": _("这一笔不在报告所说的那个批次里"),
    "order_differs": _("金额或币种和我们发出的不一样，请和银行核对"),
    "failed_known": _("这一笔已经登记过没有付成"),
    "rejected_after_paid": _("对账单说已付，银行又说没有付，请和银行核对"),
    "taken_after_failed": _("这一笔登记过没有付成，银行却受理了，请马上核对，别再付一次"),
    "return_amount": _("退回的金额和付出的不一样，请和银行核对"),
}


def problem_words(code: str) -> Any:
    """Say why an entry of a statement is not simply a payment or a return; "" for none."""
    return PROBLEMS.get(code, "")
