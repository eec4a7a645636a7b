"""Choices of the complaints app: stages, verbs, channels, severities, clocks."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

PRIVACY_NOTICE = "2026-11-23"
"""The version of templates/pages/privacy.html: raise it with every change of what that page says.

It stands on the page, and in the first event of the Case of whoever agreed to it.
"""


class Stage(models.TextChoices):
    """Where a Case is. Changed by `complaints.services.move` and nothing else."""

    RECEIVED = "received", _("已收到")
    ACCEPTED = "accepted", _("已受理")
    INVESTIGATING = "investigating", _("调查中")
    LIABILITY_DETERMINED = "liability_determined", _("责任已认定")
    NEGOTIATING = "negotiating", _("协商中")
    MEDIATING = "mediating", _("调解中")
    AGREED = "agreed", _("协议已签")
    FULFILLING = "fulfilling", _("履行中")
    BREACHED = "breached", _("违约处理中")
    FOLLOWING_UP = "following_up", _("回访中")
    UNDER_REVIEW = "under_review", _("复议中")
    EXTERNAL = "external", _("外部程序")
    DECLINED = "declined", _("不予受理")
    WITHDRAWN = "withdrawn", _("已撤回")
    MERGED = "merged", _("已并案")
    CLOSED = "closed", _("已结案")


FINAL_STAGES = frozenset({Stage.DECLINED, Stage.WITHDRAWN, Stage.MERGED, Stage.CLOSED})
OPEN_STAGES = frozenset(Stage) - FINAL_STAGES
RETURNING_STAGES = frozenset(
    {Stage.MEDIATING, Stage.UNDER_REVIEW, Stage.EXTERNAL, Stage.WITHDRAWN, Stage.MERGED}
)


class Channel(models.TextChoices):
    """How a complaint reached us."""

    WEB_FORM = "web_form", _("网页表单")
    PHONE = "phone", _("电话")
    EMAIL = "email", _("邮件")
    ONLINE_CHAT = "online_chat", _("在线客服")
    IN_STORE = "in_store", _("门店")
    HOTLINE_24H = "hotline_24h", _("24 小时热线")
    ECOMMERCE_PLATFORM = "ecommerce_platform", _("电商平台")
    SOCIAL_MEDIA = "social_media", _("社交媒体")
    CONSUMER_FORUM = "consumer_forum", _("投诉平台")
    CONSUMER_ASSOCIATION = "consumer_association", _("消费者协会")
    REGULATOR_12315 = "regulator_12315", _("12315 平台")
    API = "api", _("系统接口")
    IMPORT = "import", _("批量导入")


class Category(models.TextChoices):
    """What the complaint is about (first level)."""

    QUALITY = "QUALITY", _("产品质量")
    SERVICE = "SERVICE", _("服务不满意")
    PRICE = "PRICE", _("价格")
    CONTRACT = "CONTRACT", _("合同条款")
    ADVERTISING = "ADVERTISING", _("虚假宣传")
    AFTER_SALE = "AFTER_SALE", _("售后")
    PRIVACY = "PRIVACY", _("个人信息")
    PREPAID = "PREPAID", _("预付消费")
    DELIVERY = "DELIVERY", _("物流配送")


class Issue(models.TextChoices):
    """What the complaint is about (second level); each belongs to one Category."""

    DEFECT = "DEFECT", _("缺陷")
    NOT_AS_DESCRIBED = "NOT_AS_DESCRIBED", _("与描述不符")
    SAFETY = "SAFETY", _("安全隐患")
    COSMETIC = "COSMETIC", _("外观瑕疵")
    ATTITUDE = "ATTITUDE", _("态度不佳")
    SUBSTANDARD = "SUBSTANDARD", _("不达标")
    DELAY = "DELAY", _("维修不及时")
    OVERPRICED = "OVERPRICED", _("价格虚高")
    HIDDEN_FEE = "HIDDEN_FEE", _("隐藏收费")
    ILLEGAL_TERM = "ILLEGAL_TERM", _("条款不合法")
    UNCLEAR_TERM = "UNCLEAR_TERM", _("条款不明确")
    FALSE_AD = "FALSE_AD", _("宣传与事实不符")
    REFUND_REFUSED = "REFUND_REFUSED", _("拒绝退款")
    WARRANTY_DISPUTE = "WARRANTY_DISPUTE", _("保修争议")
    DATA_MISUSE = "DATA_MISUSE", _("信息被滥用")
    CARD_CLOSURE = "CARD_CLOSURE", _("关店或停卡")
    LOST_DAMAGED = "LOST_DAMAGED", _("丢失或损坏")
    OTHER = "OTHER", _("其他")


ISSUES_BY_CATEGORY: dict[str, tuple[str, ...]] = {
    Category.QUALITY: (Issue.DEFECT, Issue.SAFETY, Issue.NOT_AS_DESCRIBED, Issue.COSMETIC),
    Category.SERVICE: (Issue.ATTITUDE, Issue.SUBSTANDARD, Issue.DELAY),
    Category.PRICE: (Issue.OVERPRICED, Issue.HIDDEN_FEE),
    Category.CONTRACT: (Issue.ILLEGAL_TERM, Issue.UNCLEAR_TERM),
    Category.ADVERTISING: (Issue.FALSE_AD,),
    Category.AFTER_SALE: (Issue.REFUND_REFUSED, Issue.WARRANTY_DISPUTE),
    Category.PRIVACY: (Issue.DATA_MISUSE,),
    Category.PREPAID: (Issue.CARD_CLOSURE,),
    Category.DELIVERY: (Issue.LOST_DAMAGED,),
}


class Severity(models.TextChoices):
    """How serious the harm is; opens a tier of remedies."""

    MINOR = "minor", _("轻微")
    MODERATE = "moderate", _("中等")
    SEVERE = "severe", _("严重")


class Urgency(models.TextChoices):
    """How fast we must act; an emergency adds the two-hour clock."""

    NORMAL = "normal", _("普通")
    EMERGENCY = "emergency", _("紧急")


class TriageDecision(models.TextChoices):
    """What a person made of a proposal."""

    CONFIRMED = "confirmed", _("按建议确认")
    CHANGED = "changed", _("人工改动")


class Wrongdoing(models.TextChoices):
    """What a report 举报 says that a business did."""

    COUNTERFEIT = "counterfeit", _("假冒伪劣")
    UNSAFE = "unsafe", _("不符合安全标准")
    FALSE_ADVERTISING = "false_advertising", _("虚假宣传")
    PRICE_FRAUD = "price_fraud", _("价格欺诈")
    UNLICENSED = "unlicensed", _("无证经营")
    DATA_MISUSE = "data_misuse", _("违法使用个人信息")
    INSIDE = "inside", _("员工违规")
    OTHER = "other", _("其他")


class ReportStatus(models.TextChoices):
    """Where a report is, apart from its Case; REPORT_STEPS says which may follow which."""

    RECEIVED = "received", pgettext_lazy("report", "已登记")
    CHECKING = "checking", pgettext_lazy("report", "核查中")
    PASSED_ON = "passed_on", pgettext_lazy("report", "已移送监管部门")
    CONFIRMED = "confirmed", pgettext_lazy("report", "查证属实")
    UNFOUNDED = "unfounded", pgettext_lazy("report", "未能证实")


REPORT_STEPS: dict[str, frozenset[str]] = {
    ReportStatus.RECEIVED: frozenset({ReportStatus.CHECKING, ReportStatus.PASSED_ON}),
    ReportStatus.CHECKING: frozenset(
        {ReportStatus.PASSED_ON, ReportStatus.CONFIRMED, ReportStatus.UNFOUNDED}
    ),
    ReportStatus.PASSED_ON: frozenset({ReportStatus.CONFIRMED, ReportStatus.UNFOUNDED}),
    ReportStatus.CONFIRMED: frozenset({ReportStatus.PASSED_ON}),
    ReportStatus.UNFOUNDED: frozenset({ReportStatus.CHECKING}),
}


class Scope(models.TextChoices):
    """One article, or a whole batch."""

    SINGLE = "single", _("单件")
    BATCH = "batch", _("批次")


class Remedy(models.TextChoices):
    """What the consumer wishes for."""

    REFUND = "refund", _("退款")
    REPLACE = "replace", _("换货")
    REPAIR = "repair", _("维修")
    COMPENSATION = "compensation", _("赔偿损失")
    APOLOGY = "apology", _("道歉")
    OTHER = "other", _("其他")


class CustomerTier(models.TextChoices):
    """Kind of customer; a tier may add to what the law gives, never take away."""

    NEW = "new", _("新客户")
    REGULAR = "regular", _("普通客户")
    LONG_TERM = "long_term", _("老客户")
    BUSINESS = "business", _("企业客户")


class DeclineGround(models.TextChoices):
    """Listed grounds for not accepting (Order 121 art 16; nothing else will do)."""

    OUT_OF_REMIT = "out_of_remit", _("不属于我们的商品或服务")
    ALREADY_HANDLED = "already_handled", _("法院、仲裁机构、监管部门或消费者协会已经处理")
    NOT_HOUSEHOLD = "not_household", _("不是生活消费，或者看不出有争议")
    OVER_LIMIT = "over_limit", _("知道权益受损已超过三年")
    FALSE_MATERIAL = "false_material", _("材料缺失或不真实，通知后没有补正")
    IDENTITY = "identity", _("冒用他人名义，或者拒绝核实身份")
    OTHER_LEGAL = "other_legal", _("法律、法规规定的其他情形")


class MergeCause(models.TextChoices):
    """Why another case carries this one on."""

    SAME_COMPLAINT = "same_complaint", _("同一件投诉提交了两次")
    SAME_EVENT = "same_event", _("同一件事引起的另一起投诉")


class LinkKind(models.TextChoices):
    """How two cases belong together without being one."""

    RELATED = "related", _("相关")
    SAME_EVENT = "same_event", _("同一件事，分开处理")
    FOLLOW_UP = "follow_up", _("后续投诉")
    NOT_DUPLICATE = "not_duplicate", _("不是重复")


class Sharing(models.TextChoices):
    """Who may use a saved view."""

    OWN = "own", _("只有我")
    TEAM = "team", _("我的小组")
    ALL = "all", _("所有同事")


class BulkKind(models.TextChoices):
    """What can be done to many cases at once; never anything about liability or money."""

    ASSIGN = "assign", _("转交")
    TAG = "tag", _("加标签")
    UNTAG = "untag", _("去掉标签")
    SEVERITY = "severity", _("定严重程度")
    MERGE = "merge", _("作为重复并案")
    MACRO = "macro", _("快捷操作")
    UNDO = "undo", _("撤销批量操作")


class BulkResult(models.TextChoices):
    """What became of one case of an order."""

    PENDING = "pending", pgettext_lazy("bulk", "等待中")
    DONE = "done", pgettext_lazy("bulk", "已完成")
    UNCHANGED = "unchanged", pgettext_lazy("bulk", "本来就是这样")
    REFUSED = "refused", pgettext_lazy("bulk", "不能做")
    CHANGED = "changed", pgettext_lazy("bulk", "期间有变化，没有动")
    FAILED = "failed", pgettext_lazy("bulk", "出了意外，没有动")


class ConflictGround(models.TextChoices):
    """Why somebody must not handle a case."""

    FAMILY = "family", _("是消费者的亲属或朋友")
    BUSINESS = "business", _("和消费者有利益往来")
    NAMED = "named", _("投诉的就是这位同事")
    EARLIER = "earlier", _("参与过引起投诉的事")
    OTHER = "other", _("其他可能影响公正的情形")
    NONE = "none", _("只是同名，没有冲突")


class ClockKind(models.TextChoices):
    """Every promise of time that a Case can carry."""

    ACKNOWLEDGEMENT = "acknowledgement", _("受理答复")
    EMERGENCY = "emergency", _("紧急处置")
    SOLUTION = "solution", _("解决方案")
    INVESTIGATION = "investigation", _("调查")
    OFFER = "offer", _("提出方案")
    OFFER_REPLY = "offer_reply", _("消费者选择方案")
    AGREEMENT_DRAFT = "agreement_draft", _("准备协议")
    SIGNATURE = "signature", _("签署协议")
    ENTRY_INTO_FORCE = "entry_into_force", _("协议生效")
    OBLIGATION = "obligation", _("履行义务")
    BREACH_REMEDY = "breach_remedy", _("违约补救")
    FOLLOW_UP = "follow_up", _("回访")
    REVIEW = "review", _("复议")
    MEDIATION = "mediation", _("调解")
    EXTERNAL = "external", _("外部程序")
    TRIAGE = "triage", _("分诊")
    FINDING_NOTICE = "finding_notice", _("告知认定结果")
    REGULATOR = "regulator", _("监管期限")
    DATA_REQUEST = "data_request", _("个人信息请求")
    CALLBACK = "callback", _("约定回电")
    CONSULT = "consult", _("会办任务")
    CONSUMERS_DUTY = "consumers_duty", _("消费者约定的事")
    PAUSE_END = "pause_end", _("暂停到期")


CONSUMERS_TURN = frozenset({ClockKind.OFFER_REPLY, ClockKind.SIGNATURE})
EVENT_CLOCKS = frozenset(
    {
        ClockKind.TRIAGE,
        ClockKind.FINDING_NOTICE,
        ClockKind.REGULATOR,
        ClockKind.DATA_REQUEST,
        ClockKind.CALLBACK,
        ClockKind.CONSULT,
    }
)
"""Clocks that start and stop with the events that their policy names, whatever the stage does."""
UNBOUND_CLOCKS = EVENT_CLOCKS | {ClockKind.EMERGENCY, ClockKind.CONSUMERS_DUTY}
"""Clocks that run through every stage, until the Case ends."""
NOBODYS_FAULT = CONSUMERS_TURN | {
    ClockKind.PAUSE_END,
    ClockKind.CONSULT,
    ClockKind.CONSUMERS_DUTY,
}
"""Clocks whose end is no breach of ours: what others were asked; our promise has its own clock."""


class ClockState(models.TextChoices):
    """A clock runs, rests or is done."""

    RUNNING = "running", _("计时中")
    PAUSED = "paused", _("已暂停")
    STOPPED = "stopped", _("已停止")


class LedgerAction(models.TextChoices):
    """What happened to a clock."""

    START = "start", pgettext_lazy("clock", "开始")
    PAUSE = "pause", pgettext_lazy("clock", "暂停")
    RESUME = "resume", pgettext_lazy("clock", "继续")
    STOP = "stop", pgettext_lazy("clock", "停止")
    RECALCULATE = "recalculate", pgettext_lazy("clock", "重新计算")


class BudgetUnit(models.TextChoices):
    """How a clock's budget is counted."""

    ELAPSED_HOURS = "elapsed_hours", _("小时（不分昼夜）")
    WORKING_HOURS = "working_hours", _("工作小时")
    WORKING_DAYS = "working_days", _("工作日")
    CALENDAR_DAYS = "calendar_days", _("自然日")
    WEEKS = "weeks", _("周")
    MONTHS = "months", _("个月")
    YEARS = "years", _("年")
    FIXED = "fixed", _("约定日期")


class PolicyState(models.TextChoices):
    """A policy is prepared, in force from its day on, or was put away unused."""

    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")


class DatedBy(models.TextChoices):
    """Which day decides which version of a policy counts."""

    START = "start", _("计时开始的那天")
    RECEIPT = "receipt", _("收到投诉的那天")


class SourceStatus(models.TextChoices):
    """Whether a policy's source was read in the original."""

    CHECKED = "checked", _("已核对原文")
    SECONDARY = "secondary", _("据转述，未核对原文")
    INTERNAL = "internal", _("内部规定")
    UNVERIFIED = "unverified", _("未核对")


class PauseCause(models.TextChoices):
    """The only causes for which a person may pause a clock."""

    CONSUMERS_EVIDENCE = "consumers_evidence", _("等消费者补充材料")
    TESTING = "testing", _("检测鉴定")
    AGREED_EXTENSION = "agreed_extension", _("与消费者约定延期")
    FORCE_MAJEURE = "force_majeure", _("不可抗力")


class Rung(models.TextChoices):
    """Steps of a clock's ladder, in the order in which they fire."""

    WARN_HALF = "warn_50", _("用去一半")
    WARN_LATE = "warn_75", _("用去四分之三")
    BREACH = "breach", _("超时")
    ESCALATION_1 = "escalation_1", _("升级一")
    ESCALATION_2 = "escalation_2", _("升级二")


class TimerStatus(models.TextChoices):
    """A timer waits, has fired, was cancelled, or was put aside after too many errors."""

    ARMED = "armed", _("待触发")
    FIRED = "fired", _("已触发")
    CANCELLED = "cancelled", _("已取消")
    QUARANTINED = "quarantined", _("已隔离")


class ActorKind(models.TextChoices):
    """Who did it."""

    STAFF = "staff", _("员工")
    CONSUMER = "consumer", _("消费者")
    MEDIATOR = "mediator", _("调解员")
    PARTNER = "partner", _("外部单位")
    SYSTEM = "system", _("系统")


class MessageKind(models.TextChoices):
    """A message crosses between us and the consumer; a note stays inside."""

    MESSAGE = "message", _("消息")
    NOTE = "note", _("内部备注")


class AccountabilityStatus(models.TextChoices):
    """Where an accountability item is: the owner speaks before anybody decides."""

    OPEN = "open", _("待说明")
    REPLIED = "replied", _("已说明")
    DECIDED = "decided", _("已决定")


class OutboxStatus(models.TextChoices):
    """Where a notice is on its way out."""

    PENDING = "pending", _("待发送")
    SENT = "sent", _("已发送")
    DEAD = "dead", _("未能送达")
    GIVEN_UP = "given_up", _("不再发送")


class OutboxChannel(models.TextChoices):
    """Which way a notice goes."""

    EMAIL = "email", _("邮件")
    SMS = "sms", _("短信")
    IN_APP = "in_app", _("站内")
    WEBHOOK = "webhook", _("系统推送")


class MailDoor(models.TextChoices):
    """How a mail came in."""

    IMAP = "imap", _("邮箱")
    SMTP = "smtp", _("邮件服务器直投")
    HTTP = "http", _("接口")
    PIPE = "pipe", _("命令行")


class MailFate(models.TextChoices):
    """What became of a mail."""

    WAITING = "waiting", _("等待处理")
    CASE = "case", _("已立案")
    JOINED = "joined", _("已并入案件")
    HELD = "held", _("待人工处理")
    IGNORED = "ignored", _("自动略过")
    DISCARDED = "discarded", _("不处理")


class ImportState(models.TextChoices):
    """Where an uploaded file is."""

    MAPPING = "mapping", pgettext_lazy("import", "等待对应列")
    RUNNING = "running", pgettext_lazy("import", "导入中")
    DONE = "done", pgettext_lazy("import", "已完成")
    STOPPED = "stopped", pgettext_lazy("import", "已停止")


class CallbackOutcome(models.TextChoices):
    """What came of a call that a consumer asked for."""

    REACHED = "reached", _("打通了，说清楚了")
    NOT_REACHED = "not_reached", _("没打通，再约时间")
    NOT_NEEDED = "not_needed", _("消费者不需要了")


OUTSIDE_CHANNELS = (
    Channel.ECOMMERCE_PLATFORM,
    Channel.SOCIAL_MEDIA,
    Channel.CONSUMER_FORUM,
    Channel.CONSUMER_ASSOCIATION,
    Channel.REGULATOR_12315,
)
"""Ways by which another body hands a complaint on, under a number of its own."""


class ChatState(models.TextChoices):
    """Where an online chat is; what became a case goes on there."""

    WAITING = "waiting", pgettext_lazy("chat", "等待接待")
    ACTIVE = "active", pgettext_lazy("chat", "接待中")
    CASE = "case", pgettext_lazy("chat", "已立案")
    ENDED = "ended", pgettext_lazy("chat", "已结束")


class CodePurpose(models.TextChoices):
    """What a one-time code opens."""

    ACCESS = "access", _("查询进度")
    SIGN = "sign", _("签署协议")


class DataRequestKind(models.TextChoices):
    """What a consumer may ask about their own data."""

    COPY = "copy", _("查阅、复制")
    CORRECTION = "correction", _("更正、补充")
    ERASURE = "erasure", _("删除")
    TRANSFER = "transfer", _("转移")
    CONSENT = "consent", _("撤回同意")
    EXPLAIN = "explain", _("解释说明")


class DataRequestOutcome(models.TextChoices):
    """How such a request is answered."""

    GRANTED = "granted", _("同意")
    PARTLY = "partly", _("部分同意")
    REFUSED = "refused", _("不能同意")
