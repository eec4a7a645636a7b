"""Choices of the accounts app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a member of staff may be asked to do; one person may hold several roles."""

    AGENT = "agent", _("客服专员")
    INVESTIGATOR = "investigator", _("调查员")
    APPROVER = "approver", _("审批人")
    FINANCE = "finance", _("财务")
    MEDIATOR = "mediator", _("调解员")
    REVIEWER = "reviewer", _("复议员")
    MANAGER = "manager", _("主管")
    ADMINISTRATOR = "administrator", _("管理员")


class AbsenceReason(models.TextChoices):
    """Why somebody is away; nothing about health or family is asked."""

    LEAVE = "leave", _("休假")
    SICK = "sick", _("病假")
    TRAINING = "training", _("培训、出差")
    OTHER = "other", _("其他")
