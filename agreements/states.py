"""Choices of the agreements app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AgreementKind(models.TextChoices):
    """What an agreement rests on; only the last three may stand without a plan of ours."""

    SETTLEMENT = "settlement", _("和解协议")
    MEDIATION = "mediation", _("调解协议")
    AWARD = "award", _("仲裁裁决")
    JUDGMENT = "judgment", _("法院判决")


WITHOUT_PLAN = frozenset({AgreementKind.MEDIATION, AgreementKind.AWARD, AgreementKind.JUDGMENT})
DECIDED_ELSEWHERE = frozenset({AgreementKind.AWARD, AgreementKind.JUDGMENT})


class AgreementStatus(models.TextChoices):
    """How far an agreement is; from `offered` on its text can't change."""

    DRAFT = "draft", _("起草中")
    OFFERED = "offered", _("等待签署")
    SIGNED = "signed", _("已签署")
    REFUSED = "refused", _("未签署")
    VOID = "void", _("已作废")
    SUPERSEDED = "superseded", _("已被新版本取代")


OPEN_STATUSES = frozenset({AgreementStatus.DRAFT, AgreementStatus.OFFERED})


class SignerRole(models.TextChoices):
    """For whom somebody signs."""

    CONSUMER = "consumer", _("消费者")
    COMPANY = "company", _("公司")
    MEDIATOR = "mediator", _("调解员")


class SignMethod(models.TextChoices):
    """How the signer was known to be the signer."""

    TYPED_CODE = "typed_code", _("输入姓名并核对校验码")
    DRAWN_CODE = "drawn_code", _("手写签名并核对校验码")
    ACCOUNT = "account", _("登录账号签署")
    ACCOUNT_APP = "account_app", _("登录账号，并核对验证器的动态码")
    ACCOUNT_CODE = "account_code", _("登录账号，并核对密码和校验码")
    STANDING = "standing", _("按预先的批准，由系统签署")
    LINK = "link", _("通过专用链接签署")
    PAPER = "paper", _("纸质签署")


class WordingKind(models.TextChoices):
    """For what kind of agreement a text is written."""

    SETTLEMENT = "settlement", _("和解协议")
    MEDIATION = "mediation", _("调解协议")
    REPLACEMENT = "replacement", _("更换或修理")
    INSTALMENTS = "instalments", _("分期支付")
    BUSINESS = "business", _("企业客户")


class CheckStatus(models.TextChoices):
    """What became of something that we check before it counts."""

    WAITING = "waiting", _("等待核对")
    ACCEPTED = "accepted", _("已接受")
    REJECTED = "rejected", _("没有接受")


class RepresentScope(models.TextChoices):
    """What a power of attorney lets somebody do."""

    SIGN = "sign", _("签署本案的协议")
    SIGN_RECEIVE = "sign_receive", _("签署本案的协议，并代收款项和商品")


class ObligationKind(models.TextChoices):
    """What somebody promised to do."""

    PAYMENT = "payment", _("付款")
    REPLACEMENT = "replacement", _("换货")
    REPAIR = "repair", _("维修")
    RETURN_OF_GOODS = "return_of_goods", _("退回商品")
    VOUCHER = "voucher", _("代金券")
    POINTS = "points", _("积分")
    DONATION = "donation", _("捐赠")
    VISIT = "visit", _("上门服务")
    APOLOGY = "apology", _("道歉")
    OTHER = "other", _("其他")


class Debtor(models.TextChoices):
    """Who owes it."""

    COMPANY = "company", _("公司")
    CONSUMER = "consumer", _("消费者")


class Handover(models.TextChoices):
    """How goods come back to us."""

    PICKUP = "pickup", _("我们上门取件")
    SHIP = "ship", _("你寄回来")
    SHOP = "shop", _("送到门店")


class HandedBy(models.TextChoices):
    """Who said that goods left the consumer's hands."""

    CONSUMER = "consumer", _("消费者说的")
    COURIER = "courier", _("快递说的")


class Condition(models.TextChoices):
    """How goods that came back were found."""

    AS_AGREED = "as_agreed", _("和约定的一样")
    INCOMPLETE = "incomplete", _("缺少东西")
    DAMAGED = "damaged", _("有约定以外的损坏")


class ObligationStatus(models.TextChoices):
    """Where an obligation is."""

    PENDING = "pending", _("待履行")
    PERFORMED = "performed", _("已履行")
    CONFIRMED = "confirmed", _("消费者已确认")
    WAIVED = "waived", _("不再履行")


DONE_STATUSES = frozenset(
    {ObligationStatus.PERFORMED, ObligationStatus.CONFIRMED, ObligationStatus.WAIVED}
)


class PaymentMethod(models.TextChoices):
    """Which way money went."""

    ORIGINAL_ROUTE = "original_route", _("原路退回")
    BANK_TRANSFER = "bank_transfer", _("银行转账")
    WECHAT = "wechat", _("微信支付")
    ALIPAY = "alipay", _("支付宝")
    CASH = "cash", _("现金")


class LateBasis(models.TextChoices):
    """What late money costs by: the clause that was agreed, or the law on decisions."""

    CLAUSE = "clause", _("协议的违约责任条款")
    DECISION = "decision", _("民事诉讼法第二百六十四条、法释〔2014〕8号第一条")


class LapseOutcome(models.TextChoices):
    """What came of a promise that the consumer did not keep in time."""

    PERFORMED = "performed", _("消费者已经办到")
    EXTENDED = "extended", _("约定了新的日期")
    WAIVED = "waived", _("我们不再要求")
    PURSUED = "pursued", _("通过调解、仲裁或诉讼解决")


class CallOutcome(models.TextChoices):
    """What came of a follow-up call in which the questions could not be asked."""

    NO_ANSWER = "no_answer", _("没有接通")
    WRONG_NUMBER = "wrong", _("号码不对")
    CALL_AGAIN = "again", _("接通了，约好再打")


class CareCause(models.TextChoices):
    """After which closed cases somebody calls to ask how the consumer is."""

    HURT = "hurt", _("有人受伤、受惊或情况严重的案件")
    ANY = "any", _("所有结案的案件")


class CareState(models.TextChoices):
    """What became of a caring call."""

    PLANNED = "planned", _("待打")
    WELL = "well", _("都好")
    NEEDS_HELP = "help", _("需要帮助")
    NO_MORE = "no_more", _("不用再打")
    UNREACHED = "unreached", _("联系不上")


class FollowUpChannel(models.TextChoices):
    """How the consumer answered."""

    CALL = "call", _("电话")
    SURVEY = "survey", _("问卷")


class PayeeState(models.TextChoices):
    """Whether an account is the one to pay to."""

    ASKED = "asked", _("等另一位同事核对")
    CURRENT = "current", _("使用中")
    REPLACED = "replaced", _("已更换")
    REFUSED = "refused", _("核对没有通过")


class PayoutChannel(models.TextChoices):
    """Which way a batch goes out."""

    FILE = "file", _("银行文件")
    PROVIDER = "provider", _("支付服务商")


class BatchState(models.TextChoices):
    """How far a batch is; from `released` on it is frozen."""

    DRAFT = "draft", _("待放行")
    RELEASED = "released", _("已放行")
    CANCELLED = "cancelled", _("已取消")


class PayoutState(models.TextChoices):
    """What became of a payment of a batch."""

    PLANNED = "planned", _("待放行")
    SENT = "sent", _("已放行，等银行结果")
    PAID = "paid", _("已付出")
    FAILED = "failed", _("没有付成")
    RETURNED = "returned", _("被退回")
    REMOVED = "removed", _("已移出")


LIVE_PAYOUTS = frozenset({PayoutState.PLANNED, PayoutState.SENT})


class StatementFormat(models.TextChoices):
    """How a file of the bank was written; the last one reports on a batch and books nothing."""

    CSV = "csv", "CSV"
    CAMT = "camt", "ISO 20022 camt.053"
    STATUS = "p002", "ISO 20022 pain.002"


class EntryOutcome(models.TextChoices):
    """What a movement on the account, or the bank's word on a payment, was taken for."""

    MATCHED = "matched", _("已对上")
    RETURNED = "returned", _("退回")
    PARTIAL = "partial", _("少付")
    WRONG_AMOUNT = "wrong_amount", _("金额不符")
    DUPLICATE = "duplicate", _("重复")
    UNMATCHED = "unmatched", _("没有对上")
    REJECTED = "rejected", _("银行没有付")
    ACCEPTED = "accepted", _("银行已受理")
    PENDING = "pending", _("银行处理中")


SETTLED_OUTCOMES = frozenset(
    {
        EntryOutcome.MATCHED,
        EntryOutcome.RETURNED,
        EntryOutcome.REJECTED,
        EntryOutcome.ACCEPTED,
        EntryOutcome.PENDING,
    }
)
"""What needs nobody."""
ODD_OUTCOMES = frozenset(
    {
        EntryOutcome.PARTIAL,
        EntryOutcome.WRONG_AMOUNT,
        EntryOutcome.DUPLICATE,
        EntryOutcome.UNMATCHED,
    }
)
