"""The customer above the complainants of single cases: who is the same person, and what they wish.

Nothing personal stands here in clear: identities are blind indexes, names stay with the consumers.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.customer_states import (
    ConsentPurpose,
    ContactChannel,
    CustomerChange,
    CustomerKind,
    IdentityKind,
    LookKind,
)


class Customer(models.Model):
    """One file. Joined into another it stays as it is, so that separating restores it exactly."""

    kinds = ArrayField(
        models.CharField(max_length=12, choices=CustomerKind.choices),
        verbose_name=_("客户类型"),
        default=list,
        blank=True,
    )
    joined_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined"
    )
    joined_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    channel = models.CharField(
        _("联系方式"), max_length=8, choices=ContactChannel.choices, blank=True
    )
    hours_from = models.TimeField(_("方便接电话的时间从"), null=True, blank=True)
    hours_to = models.TimeField(_("到"), null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("客户档案")
        verbose_name_plural = _("客户档案")
        constraints = [
            models.CheckConstraint(
                condition=~Q(joined_into=F("id")), name="complaints_customer_not_in_itself"
            ),
            models.CheckConstraint(
                condition=Q(joined_into__isnull=True, joined_at__isnull=True)
                | Q(joined_into__isnull=False, joined_at__isnull=False),
                name="complaints_customer_joined_at",
            ),
            models.CheckConstraint(
                condition=Q(hours_from__isnull=True, hours_to__isnull=True)
                | Q(hours_from__lt=F("hours_to")),
                name="complaints_customer_hours",
            ),
        ]

    def __str__(self) -> str:
        return f"C-{self.pk:06d}"

    @property
    def number(self) -> str:
        """The file's number, as people say it."""
        return str(self)


class CustomerIdentity(models.Model):
    """One phone number or e-mail address, as its blind index, and whose file it opens."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="identities")
    kind = models.CharField(max_length=5, choices=IdentityKind.choices)
    index = models.CharField(max_length=64)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "index"], name="complaints_one_identity"),
            models.CheckConstraint(condition=~Q(index=""), name="complaints_identity_has_index"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class CustomerEvent(models.Model):
    """What was done to a file, by whom and why; the database refuses to change it."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("事项"), max_length=16, choices=CustomerChange.choices)
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    reason = models.CharField(_("理由"), max_length=200, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "-at"], name="complaints_customer_events")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Consent(models.Model):
    """A customer said yes or no to one purpose; the newest of a purpose counts, none is changed."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(_("用途"), max_length=16, choices=ConsentPurpose.choices)
    given = models.BooleanField(_("同意"))
    source = models.CharField(_("怎样表示的"), max_length=200)
    at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["customer", "purpose", "-at"], name="complaints_consents")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.given}"


class AccessLog(models.Model):
    """Somebody looked at a customer: who, when, at what, and why. Only added to."""

    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="looks"
    )
    case = models.ForeignKey(
        "complaints.Case", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(_("看了什么"), max_length=8, choices=LookKind.choices)
    reason = models.CharField(_("为什么"), max_length=200)
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("查看记录")
        verbose_name_plural = _("查看记录")
        indexes = [
            models.Index(fields=["-at"], name="complaints_looks"),
            models.Index(fields=["customer", "-at"], name="complaints_looks_at"),
            models.Index(fields=["user", "-at"], name="complaints_looks_by"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="complaints_look_has_reason")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
