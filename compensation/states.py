"""Choices of the compensation app: plans, options, lines, offers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanStatus(models.TextChoices):
    """Where a plan is on its way to the consumer."""

    DRAFT = "draft", _("草稿")
    PENDING_APPROVAL = "pending_approval", _("待审批")
    APPROVED = "approved", _("已批准")
    RETURNED = "returned", _("已退回")
    SUPERSEDED = "superseded", _("已被新方案取代")


EDITABLE_STATUSES = frozenset({PlanStatus.DRAFT, PlanStatus.RETURNED})


class OptionKind(models.TextChoices):
    """What an option gives in the main."""

    REFUND = "refund", _("退款")
    REPLACEMENT = "replacement", _("换货")
    REPAIR = "repair", _("维修")
    PRICE_DIFFERENCE = "price_difference", _("补偿差价")
    MONEY = "money", _("现金赔偿")
    VOUCHER = "voucher", _("代金券")
    SERVICE = "service", _("服务权益")
    MIXED = "mixed", _("组合方案")


class LineKind(models.TextChoices):
    """What a line stands for."""

    REFUND = "refund", _("退还货款")
    REPAIR = "repair", _("维修")
    REPLACE = "replace", _("换新")
    PRICE_DIFFERENCE = "price_difference", _("差价")
    LOSS = "loss", _("损失")
    EXTRA_DAMAGES = "extra_damages", _("增加赔偿")
    INTEREST = "interest", _("利息")
    DISTRESS = "distress", _("精神损害抚慰金")
    VOUCHER = "voucher", _("代金券")
    SERVICE = "service", _("服务权益")
    GOODWILL = "goodwill", _("额外补偿")
    CREDIT = "credit", _("已付抵扣")


class Layer(models.TextChoices):
    """Why a line is there: the law's floor, our standard, the customer's tier, or goodwill."""

    FLOOR = "floor", _("法定")
    STANDARD = "standard", _("公司标准")
    TIER_EXTRA = "tier_extra", _("客户等级加成")
    GOODWILL = "goodwill", _("善意补偿")


class OfferStatus(models.TextChoices):
    """What became of an offer."""

    OPEN = "open", _("等待选择")
    ACCEPTED = "accepted", _("已选择")
    COUNTERED = "countered", _("提出了别的想法")
    EXPIRED = "expired", _("已到期")
    WITHDRAWN = "withdrawn", _("已收回")
    SUPERSEDED = "superseded", _("已被新方案取代")


class RuleSource(models.TextChoices):
    """How far a rule's figures were checked against the text of the provision."""

    TEXT = "text", _("已核对条文")
    SECONDARY = "secondary", _("转载来源")
    UNVERIFIED = "unverified", _("来源未核对")
    POLICY = "policy", _("公司规定")


class RemedyStatus(models.TextChoices):
    """Where a version of a common remedy stands."""

    PENDING = "pending", _("待审批")
    APPROVED = "approved", _("已批准")
    RETURNED = "returned", _("已退回")
    SUPERSEDED = "superseded", _("已被新的一版取代")


class ReplyKind(models.TextChoices):
    """How the consumer answered."""

    ACCEPT = "accept", _("选择方案")
    COUNTER = "counter", _("提出想法")
