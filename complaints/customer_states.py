"""Choices of customer files: kinds, identities, wishes, consents, what was done and looked at."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    """What is known of a customer; each adds to what everybody gets, none takes away."""

    NEW = "new", _("新客户")
    LONG_TERM = "long_term", _("老客户")
    VULNERABLE = "vulnerable", _("需要照顾")
    BUSINESS = "business", _("企业客户")


class IdentityKind(models.TextChoices):
    """By what a customer is known again."""

    PHONE = "phone", _("手机")
    EMAIL = "email", _("邮箱")


class ContactChannel(models.TextChoices):
    """Which way somebody wishes to hear from us."""

    EMAIL = "email", _("邮件")
    SMS = "sms", _("短信")
    PHONE = "phone", _("电话")


class ConsentPurpose(models.TextChoices):
    """What a customer may agree to beyond the handling of the complaint."""

    SURVEY = "survey", _("满意度调查")
    CASE_LIBRARY = "case_library", _("匿名收入案例库")
    SAFETY_NEWS = "safety_news", _("召回和安全提醒")
    CARE_CALLS = "care_calls", _("关怀回访电话")


class CustomerChange(models.TextChoices):
    """What was done to a customer's file."""

    JOINED = "joined", _("合并客户档案")
    SEPARATED = "separated", _("拆分客户档案")
    IDENTITY_MOVED = "identity_moved", _("拆出一个联系方式")
    KINDS_SET = "kinds_set", _("调整客户类型")
    PREFERENCES_SET = "preferences_set", _("更新联系偏好")
    CONSENT = "consent", _("登记同意或撤回同意")


class LookKind(models.TextChoices):
    """What of a customer somebody looked at."""

    FILE = "file", _("客户档案")
    CONTACT = "contact", _("完整联系方式")
