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


class StatementParty(models.TextChoices):
    """Whose side a statement tells."""

    CONSUMER = "consumer", _("消费者")
    RESPONDENT = "respondent", _("被投诉方")
    OTHER = "other", _("其他人")


class ProductionStage(models.TextChoices):
    """Where in its making and moving a batch was."""

    MATERIAL = "material", _("来料")
    ASSEMBLY = "assembly", _("装配")
    INSPECTION = "inspection", _("检验")
    PACKING = "packing", _("包装")
    STORAGE = "storage", _("仓储")
    TRANSPORT = "transport", _("运输")


class PaperKind(models.TextChoices):
    """What a supplier and we hold on paper."""

    AGREEMENT = "agreement", _("供货协议")
    QUALITY_AGREEMENT = "quality_agreement", _("质量协议")
    AUDIT = "audit", _("审核")
    CERTIFICATE = "certificate", _("认证证书")


class IncidentState(models.TextChoices):
    """How far an incident is."""

    RAISED = "raised", _("等人确认")
    CONFIRMED = "confirmed", _("已确认")
    REJECTED = "rejected", _("已排除")
    CLOSED = "closed", _("已了结")


class IncidentTaskKind(models.TextChoices):
    """What an incident may ask for."""

    STOP_SALE = "stop_sale", _("停止销售")
    RECALL = "recall", _("召回")
    NOTIFY = "notify", _("通知消费者")
    OTHER = "other", _("其他")
