"""Choices of the reviews app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReviewGround(models.TextChoices):
    """Why somebody asks for a review."""

    FACTS = "facts", _("事实认定不对")
    NEW_EVIDENCE = "new_evidence", _("有新的证据")
    LAW = "law", _("依据用错了")
    AMOUNT = "amount", _("金额不合理")
    PROCEDURE = "procedure", _("处理过程有问题")
    OTHER = "other", _("其他原因")


class ReviewedDecision(models.TextChoices):
    """What was decided before."""

    DECLINE = "decline", _("不予受理的决定")
    FINDING = "finding", _("责任认定")
    PLAN = "plan", _("补偿方案")
    CLOSING = "closing", _("处理结果")


class ReviewDecision(models.TextChoices):
    """What the panel decided."""

    UPHOLD = "uphold", _("维持")
    VARY = "vary", _("变更")
    REMIT = "remit", _("撤销，重新处理")
    SUBSTITUTE = "substitute", _("撤销，直接改判")
    DISMISS_OUT_OF_TIME = "dismiss_out_of_time", _("超过期限，不予复议")
    WITHDRAWN = "withdrawn", _("申请人撤回")


class MediationMode(models.TextChoices):
    """Who leads the talk."""

    AGENT = "agent", _("我们主持")
    THIRD_PARTY = "third_party", _("第三方主持")


class MediationOutcome(models.TextChoices):
    """How a mediation ended."""

    SETTLED = "settled", _("达成协议")
    FAILED = "failed", _("没有谈成")
    NO_SHOW = "no_show", _("有一方没有到场")


class NoteSide(models.TextChoices):
    """Whose talk a private note is about."""

    CONSUMER = "consumer", _("消费者一方")
    COMPANY = "company", _("公司一方")


class ProceedingKind(models.TextChoices):
    """Where outside a dispute can be taken."""

    PLATFORM_12315 = "12315", _("12315 投诉举报")
    ASSOCIATION = "association", _("消费者协会调解")
    ARBITRATION = "arbitration", _("仲裁")
    COURT = "court", _("诉讼")


DECIDING_KINDS = frozenset({ProceedingKind.ARBITRATION, ProceedingKind.COURT})


class ProceedingStatus(models.TextChoices):
    """Whether an outside proceeding is still going on."""

    OPEN = "open", _("进行中")
    ENDED = "ended", _("已结束")


class ProceedingOutcome(models.TextChoices):
    """How it ended."""

    AWARD = "award", _("作出裁决或判决")
    SETTLED = "settled", _("达成和解")
    DISMISSED = "dismissed", _("驳回")
    WITHDRAWN = "withdrawn", _("撤回")
    OTHER = "other", _("其他")


class PackFor(models.TextChoices):
    """Who gets an evidence pack."""

    COURT = "court", _("法院")
    ARBITRATION = "arbitration", _("仲裁机构")
    AUTHORITY = "authority", _("监管部门")
    MEDIATION = "mediation", _("调解组织")


class PackState(models.TextChoices):
    """How far a pack is."""

    PENDING = "pending", pgettext_lazy("pack", "正在生成")
    READY = "ready", pgettext_lazy("pack", "可以下载")
    FAILED = "failed", pgettext_lazy("pack", "没有生成")


class KeptClass(models.TextChoices):
    """By what a case is recognised as one of a class that is kept for a time of its own."""

    ORDINARY = "ordinary", _("所有结束的案件")
    PAID = "paid", _("签了协议或者付过款")
    SAFETY = "safety", _("有人身伤害或者安全隐患")
    CAR = "car", _("家用汽车三包")
    BATCH = "batch", _("属于批次缺陷")
    PROCEEDING = "proceeding", _("有过诉讼、仲裁或者监管程序")


class CountsFrom(models.TextChoices):
    """The day from which a case is kept; never earlier than its end."""

    CLOSED = "closed", _("结案之日")
    LAST_PAYMENT = "last_payment", _("最后一次付款之日")
    PROCEEDING_END = "proceeding_end", _("外部程序结束之日")


class KeptBy(models.TextChoices):
    """Who says that a case is kept so long."""

    LAW = "law", _("法律规定")
    POLICY = "policy", _("公司规定")


class HoldGround(models.TextChoices):
    """Why a case may not be erased for the time being."""

    COURT = "court", _("诉讼或者仲裁")
    AUTHORITY = "authority", _("监管部门调查")
    POLICE = "police", _("公安机关调取")
    RECALL = "recall", _("召回或者批次调查")
    AUDIT = "audit", _("审计")
    OTHER = "other", _("其他")


class RunState(models.TextChoices):
    """How far a run of erasure is."""

    PROPOSED = "proposed", pgettext_lazy("erasure run", "试算好了，还没有申请")
    ASKED = "asked", pgettext_lazy("erasure run", "等另一个人放行")
    RELEASED = "released", pgettext_lazy("erasure run", "正在清除")
    DONE = "done", pgettext_lazy("erasure run", "已完成")
    DISCARDED = "discarded", pgettext_lazy("erasure run", "已作废")


OPEN_RUNS = (RunState.PROPOSED, RunState.ASKED, RunState.RELEASED)


class ItemState(models.TextChoices):
    """What a run does, or did, with one case."""

    PLANNED = "planned", pgettext_lazy("erasure", "将清除")
    HELD = "held", pgettext_lazy("erasure", "暂不清除")
    ERASED = "erased", pgettext_lazy("erasure", "已清除")
    FAILED = "failed", pgettext_lazy("erasure", "没有清除成")


class WhyHeld(models.TextChoices):
    """What keeps a case back that is past its time."""

    HOLD = "hold", _("有保全")
    OPEN = "open", _("案件又打开了")
    NOT_DUE = "not_due", _("保存期限还没有到")
    MERGED = "merged", _("并入的案件还要保存")
    REQUEST = "request", _("消费者的个人信息请求还没有答复")
    PACK = "pack", _("证据包正在生成")
    SENDING = "sending", _("还有通知没有发完")
