"""Choices of the liability app: parties, shares, statements, outcomes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


# --- Investigation: plan, consult tasks, inspections -------------------------------------------
class PlanKind(models.TextChoices):
    """What a line of the plan asks for."""

    QUESTION = "question", _("要查清的问题")
    TASK = "task", _("要做的事")
    EVIDENCE = "evidence", _("要取得的证据")


class Addressee(models.TextChoices):
    """Who is to do something in an investigation, or to answer a question of it."""

    INVESTIGATOR = "investigator", _("调查负责人")
    TECHNICIAN = "technician", _("技术员（检查）")
    CONSUMER = "consumer", _("消费者")
    DEPARTMENT = "department", _("公司部门")
    ROLE = "role", _("公司某类岗位")
    SUPPLIER = "supplier", _("供货者")
    PRODUCER = "producer", _("生产者")
    WAREHOUSE = "warehouse", _("仓储方")
    LOGISTICS = "logistics", _("物流承运人")
    REPAIRER = "repairer", _("维修方")
    SERVICE = "third_party_service", _("第三方服务商")


INSIDE = frozenset({Addressee.DEPARTMENT, Addressee.ROLE})
"""Whom a consult task reaches on the desk."""
OUTSIDE = frozenset(
    {
        Addressee.SUPPLIER,
        Addressee.PRODUCER,
        Addressee.WAREHOUSE,
        Addressee.LOGISTICS,
        Addressee.REPAIRER,
        Addressee.SERVICE,
    }
)
"""Whom a consult task reaches by a link."""


class ConsultStatus(models.TextChoices):
    """Where a consult task is."""

    OPEN = "open", pgettext_lazy("consult", "等待答复")
    ANSWERED = "answered", pgettext_lazy("consult", "已答复")
    REVOKED = "revoked", pgettext_lazy("consult", "已撤销")


class InspectionKind(models.TextChoices):
    """Where the thing is looked at."""

    ON_SITE = "on_site", _("上门检查")
    REMOTE = "remote", _("远程诊断")


class InspectionStatus(models.TextChoices):
    """Where an inspection is."""

    PROPOSED = "proposed", pgettext_lazy("inspection", "等消费者确认时间")
    TIME_ASKED = "time_asked", pgettext_lazy("inspection", "消费者要求换时间")
    CONFIRMED = "confirmed", pgettext_lazy("inspection", "时间已确认")
    DONE = "done", pgettext_lazy("inspection", "已检查")
    CANCELLED = "cancelled", pgettext_lazy("inspection", "已取消")


PENDING_INSPECTIONS = frozenset(
    {InspectionStatus.PROPOSED, InspectionStatus.TIME_ASKED, InspectionStatus.CONFIRMED}
)


# --- The evidence board ------------------------------------------------------------------------
class EvidenceKind(models.TextChoices):
    """What a piece of evidence is, by what it usually weighs (民诉法 art 66 has eight families)."""

    OFFICIAL_TEST = "official_test", _("法定机构检测报告")
    JOINT_APPRAISAL = "joint_appraisal", _("共同委托的鉴定意见")
    AUTHORITY_FINDING = "authority_finding", _("主管部门的认定")
    ORIGINAL_RECORD = "original_record", _("合同或交易记录原件")
    SEALED_SAMPLE = "sealed_sample", _("封存样品，保管链完整")
    SYSTEM_LOG = "system_log", _("有指纹的系统日志")
    INVOICE = "invoice", _("发票")
    INSPECTION_RECORD = "inspection_record", _("勘验、检查笔录")
    REPAIR_RECORD = "repair_record", _("维修记录")
    VIDEO = "video", _("视频")
    PHOTO = "photo", _("带拍摄信息的照片")
    CHAT = "chat", _("聊天记录")
    WITNESS = "witness", _("证人证言")
    STATEMENT = "statement", _("当事人陈述")


class WeightFactor(models.TextChoices):
    """What makes a piece of evidence weigh less."""

    COPY = "copy", _("只有复制件")
    TAMPER = "tamper", _("有改动痕迹")
    DOUBT = "doubt", _("生成、完整性或发送人存疑（每项）")


class Stance(models.TextChoices):
    """What a piece of evidence does to a claim."""

    FOR = "for", pgettext_lazy("evidence", "支持")
    AGAINST = "against", pgettext_lazy("evidence", "反对")


class Bearer(models.TextChoices):
    """Who has to prove."""

    OPERATOR = "operator", _("经营者")
    PRODUCER = "producer", _("生产者")
    CLAIMANT = "claimant", _("提出主张的一方")


class WithheldEffect(models.TextChoices):
    """What follows when somebody keeps evidence back."""

    AGAINST_HOLDER = "against_holder", _("没有正当理由，作不利于持有人的认定")
    EXPLAINED = "explained", _("有正当理由，不影响认定")


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
