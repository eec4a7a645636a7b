"""Words for the events of the compensation app."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from complaints.presenters import EventText

EVENT_TEXTS: dict[str, EventText] = {
    "sheet_recorded": EventText(_("核算了法定金额"), "", "scale"),
    "plan_saved": EventText(_("保存了补偿方案"), "", "pencil"),
    "plan_submitted": EventText(_("提交了补偿方案"), "", "send"),
    "plan_to_approve": EventText(_("有方案等你审批"), "", "file-check"),
    "plan_approved": EventText(_("批准了补偿方案"), "", "badge-check"),
    "plan_returned": EventText(_("退回了补偿方案"), "", "undo-2"),
    "open_negotiation": EventText(_("发出第一次方案，开始协商"), _("我们给出了补偿方案"), "gift"),
    "remedy_offered": EventText(_("按批次事件的统一方案发出"), "", "gift"),
    "offer_sent": EventText(_("发出新的方案"), _("我们给出了新的补偿方案"), "gift"),
    "offer_accepted": EventText(_("消费者选择了方案"), _("你选择了补偿方案"), "circle-check"),
    "offer_countered": EventText(
        _("消费者提出了别的想法"), _("你告诉了我们你的想法"), "message-square"
    ),
    "offer_declined": EventText(_("消费者没有接受方案"), _("你没有接受方案"), "circle-x"),
    "loss_entered": EventText(_("登记了一项损失"), "", "list-plus"),
    "loss_verified": EventText(_("核定了一项损失"), "", "list-checks"),
    "offer_withdrawn": EventText(_("收回了方案"), _("我们收回了方案，会重新提出"), "undo-2"),
    "offer_expired": EventText(_("方案到期没有答复"), _("方案到期，还没有选择"), "clock"),
    "offer_superseded": EventText(_("原来的方案不再有效"), "", "archive"),
    "close_unanswered": EventText(_("未答复，结案"), _("没有收到答复，案件已结案"), "archive"),
    "screening_sign": EventText(_("登记了索赔的一项异常情况"), "", "flag"),
    "screening_cleared": EventText(_("查看了异常提示：没有问题"), "", "circle-check"),
    "screening_decided": EventText(
        _("查看了异常提示，作出决定"), _("我们对你提交的材料有疑问，请看理由"), "file-question-mark"
    ),
    "screening_appealed": EventText(_("消费者申诉"), _("你提出了申诉"), "message-square"),
    "screening_answered": EventText(_("答复了申诉"), _("我们答复了你的申诉"), "scale"),
    "care_opened": EventText(_("开始关怀，按模板列出事项"), "", "heart-handshake"),
    "care_given": EventText(_("把一项关怀交给你"), "", "user-round-check"),
    "care_closed": EventText(_("办完一项关怀"), "", "circle-check"),
    "care_due": EventText(_("一项关怀快到期了"), "", "clock"),
    "care_late": EventText(_("一项关怀过期了"), "", "triangle-alert"),
    "statement_submitted": EventText(_("提交了公开声明"), "", "megaphone"),
    "statement_to_approve": EventText(_("有公开声明等你批准"), "", "megaphone"),
    "statement_approved": EventText(_("批准了公开声明"), "", "badge-check"),
    "statement_published": EventText(_("公布了声明"), _("我们就这件事公布了声明"), "megaphone"),
    "statement_dropped": EventText(_("不再使用公开声明"), "", "archive"),
    "instant_shown": EventText(_("给出了即时方案"), _("我们给出了现在就能办的方案"), "zap"),
    "instant_taken": EventText(_("消费者选了即时方案"), "", "circle-check"),
    "instant_declined": EventText(
        _("消费者改走普通流程"), _("你选择按普通流程办理"), "message-square"
    ),
    "instant_ended": EventText(_("即时方案结束，投诉照常办理"), "", "clock"),
    "instant_doubted": EventText(_("抽查认为一份即时方案不合适，请补救"), "", "triangle-alert"),
    "instant_reviewed": EventText(_("抽查了即时方案"), "", "badge-check"),
    "delegated": EventText(_("有同事委托你审批方案"), "", "user-round-check"),
    "care_unbooked": EventText(_("资金不够入账一项关怀的费用，请追加预算"), "", "wallet"),
    "fund_short": EventText(_("资金不够履行协议，请追加预算"), "", "wallet"),
}
