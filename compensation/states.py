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
    RETURN = "return", _("退货退款")
    REPLACEMENT = "replacement", _("换货")
    REPAIR = "repair", _("维修")
    PRICE_DIFFERENCE = "price_difference", _("补偿差价")
    MONEY = "money", _("现金赔偿")
    VOUCHER = "voucher", _("代金券")
    SERVICE = "service", _("服务权益")
    UPGRADE = "upgrade", _("升级换代")
    WARRANTY = "warranty", _("延长保修")
    MEMBERSHIP = "membership", _("会员权益")
    POINTS = "points", _("积分")
    DONATION = "donation", _("公益捐赠")
    EXPERIENCE = "experience", _("体验活动")
    MIXED = "mixed", _("组合方案")
    NEXT_DISCOUNT = "next_discount", _("下次订单优惠")
    TECH_SUPPORT = "tech_support", _("技术支持")


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
    ALLOWANCE = "allowance", _("补偿金")
    UPGRADE = "upgrade", _("升级换代")
    WARRANTY = "warranty", _("延长保修")
    MEMBERSHIP = "membership", _("会员权益")
    POINTS = "points", _("积分")
    DONATION = "donation", _("公益捐赠")
    EXPERIENCE = "experience", _("体验活动")
    DISCOUNT = "discount", _("下次订单优惠")
    SUPPORT = "support", _("技术支持")
    GOODWILL = "goodwill", _("额外补偿")
    CREDIT = "credit", _("已付抵扣")


NEVER_CASH = frozenset(
    {
        LineKind.REPAIR,
        LineKind.REPLACE,
        LineKind.VOUCHER,
        LineKind.SERVICE,
        LineKind.UPGRADE,
        LineKind.WARRANTY,
        LineKind.MEMBERSHIP,
        LineKind.POINTS,
        LineKind.DONATION,
        LineKind.EXPERIENCE,
        LineKind.DISCOUNT,
        LineKind.SUPPORT,
    }
)
"""Kinds that are never money in hand, so that none of them counts towards what the law asks for."""


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
    DECLINED = "declined", _("都没有接受")
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
    DECLINE = "decline", _("都不接受")


class LossKind(models.TextChoices):
    """What a loss is. Injury items have names of their own, as the rules about injuries do."""

    FREIGHT = "freight", _("运费")
    PROPERTY = "property", _("其他财物")
    WAGES = "wages", _("误工")
    TRAVEL = "travel", _("交通")
    TESTING = "testing", _("检测鉴定费")
    STORAGE = "storage", _("仓储和处置")
    INTEREST = "interest", _("利息")
    MEDICAL = "medical", _("医疗费")
    NURSING = "nursing", _("护理费")
    MEALS = "hospital_meals", _("住院伙食补助")
    NUTRITION = "nutrition", _("营养费")
    INJURY_WAGES = "lost_earnings", _("受伤误工")
    INJURY_TRAVEL = "transport", _("就医交通")
    OTHER = "other", _("其他")


class Incoterm(models.TextChoices):
    """Terms of a cross-border sale (Incoterms 2020): who carries which leg."""

    EXW = "EXW", "EXW"
    FCA = "FCA", "FCA"
    FAS = "FAS", "FAS"
    FOB = "FOB", "FOB"
    CFR = "CFR", "CFR"
    CIF = "CIF", "CIF"
    CPT = "CPT", "CPT"
    CIP = "CIP", "CIP"
    DAP = "DAP", "DAP"
    DPU = "DPU", "DPU"
    DDP = "DDP", "DDP"


class Leg(models.TextChoices):
    """A part of a consignment's way; `return_trip` is the goods' way back."""

    EXPORT_INLAND = "export_inland", _("出口国内运输")
    EXPORT_CLEARANCE = "export_clearance", _("出口报关")
    LOADING = "loading", _("装上运输工具")
    MAIN_CARRIAGE = "main_carriage", _("国际运输")
    INSURANCE = "insurance", _("运输保险")
    UNLOADING = "unloading", _("目的地卸货")
    IMPORT_CLEARANCE = "import_clearance", _("进口报关和税费")
    IMPORT_INLAND = "import_inland", _("进口国内运输")
    RETURN_TRIP = "return_trip", _("退货运输")
