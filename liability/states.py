"""Choices of the liability app: parties, shares, statements, outcomes."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """What the finding says about us."""

    LIABLE = "liable", _("我们承担责任")
    PARTLY = "partly", _("我们承担部分责任")
    NOT_LIABLE = "not_liable", _("我们不承担责任")
    UNDETERMINED = "undetermined", _("责任无法查明")


class Party(models.TextChoices):
    """Who may bear a share."""

    SELLER = "seller", _("销售者")
    PRODUCER = "producer", _("生产者")
    IMPORTER = "importer", _("进口商")
    SUPPLIER = "supplier", _("供货者")
    LOGISTICS = "logistics", _("物流承运人")
    WAREHOUSE = "warehouse", _("仓储方")
    REPAIRER = "repairer", _("维修方")
    PLATFORM = "platform", _("平台经营者")
    LIVE_ROOM = "live_room", _("直播间运营者")
    ADVERTISER = "advertiser", _("广告主")
    ENDORSER = "endorser", _("代言人")
    VENUE = "venue", _("场地提供者")
    LICENCE_LENDER = "licence_lender", _("出借营业执照者")
    FAIR_ORGANISER = "fair_organiser", _("展销会举办者")
    PRODUCTION_DEPT = "production_dept", _("生产部门")
    THIRD_PARTY_SERVICE = "third_party_service", _("第三方服务商")
    CONSUMER = "consumer", _("消费者")
    FORCE_MAJEURE = "force_majeure", _("不可抗力")


class ShareTable(models.TextChoices):
    """Towards the consumer, or among those liable (recourse)."""

    OUTWARD = "outward", _("对消费者")
    INWARD = "inward", _("内部分担")


class LiabilityKind(models.TextChoices):
    """How parties are liable to the consumer."""

    JOINT = "joint", _("连带责任")
    ALTERNATIVE = "alternative", _("择一责任")
    SEVERAL = "several", _("按份责任")
    SUPPLEMENTARY = "supplementary", _("补充责任")


class StandardOfProof(models.TextChoices):
    """How sure we must be."""

    PREPONDERANCE = "preponderance", _("高度可能")
    BEYOND_DOUBT = "beyond_doubt", _("排除合理怀疑")
    LIKELY = "likely", _("可能性较大")


class GroundKind(models.TextChoices):
    """What a share rests on."""

    ARTICLE = "article", _("法律条文")
    CONTRACT = "contract", _("合同条款")
    BATCH = "batch", _("批次记录")
    ADMISSION = "admission", _("自认")


class DraftStatus(models.TextChoices):
    """How far a finding in work is."""

    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("等待批准")
    RETURNED = "returned", _("已退回")
    ISSUED = "issued", _("已作出")


class StatementParty(models.TextChoices):
    """Whose side a statement tells."""

    CONSUMER = "consumer", _("消费者")
    RESPONDENT = "respondent", _("被投诉方")
    OTHER = "other", _("其他人")


class Audience(models.TextChoices):
    """Whom a version of the report is for."""

    FILE = "file", _("存档版")
    CONSUMER = "consumer", _("消费者版")


class RiskLevel(models.TextChoices):
    """How likely it is that the same happens to others, and how bad it would be."""

    LOW = "low", _("低")
    MEDIUM = "medium", _("中")
    HIGH = "high", _("高")


OUTSIDE_PARTIES = frozenset(Party) - {
    Party.SELLER,
    Party.PRODUCTION_DEPT,
    Party.CONSUMER,
    Party.FORCE_MAJEURE,
}
"""Those from whom we can claim back what we paid."""
INSURER = "insurer"
DEBTOR_CHOICES = [*Party.choices, (INSURER, _("保险公司"))]


class ClaimStatus(models.TextChoices):
    """How far a claim for recourse is."""

    OPEN = "open", _("待通知")
    NOTIFIED = "notified", _("已通知")
    CLOSED = "closed", _("已结束")
    WITHDRAWN = "withdrawn", _("已撤回")


class EntryKind(models.TextChoices):
    """What was said to or by the debtor of a claim."""

    NOTICE = "notice", _("追偿通知")
    SENT = "sent", _("发出的信件")
    RECEIVED = "received", _("收到的答复")
    CALL = "call", _("电话或会面")
    NOTE = "note", _("备注")
