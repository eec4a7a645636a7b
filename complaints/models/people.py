"""The consumer: contact details sealed under a key of the person's own."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints import sealing
from complaints.customer_states import ContactChannel
from complaints.states import CustomerTier


class Consumer(models.Model):
    """The complainant of one case, with contact details that only the sealed blob holds.

    Cases of the same person are found through the blind indexes, never through plain text.
    """

    key_sealed = models.BinaryField(_("个人密钥"))
    contact_sealed = models.BinaryField(_("联系方式（已加密）"))
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    email_index = models.CharField(max_length=64, blank=True, db_index=True)
    name_index = ArrayField(
        models.CharField(max_length=17), default=list, db_default=[], blank=True
    )
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    tier = models.CharField(
        _("客户类型"), max_length=12, choices=CustomerTier.choices, default=CustomerTier.REGULAR
    )
    needs_care = models.BooleanField(_("老年人、残障人士或未成年人"), default=False)
    customer = models.ForeignKey(
        "complaints.Customer",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consumers",
    )
    channel = models.CharField(
        _("希望的联系方式"), max_length=8, choices=ContactChannel.choices, blank=True
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("消费者")
        verbose_name_plural = _("消费者")

    def __str__(self) -> str:
        return f"Consumer {self.pk}"

    @property
    def contact(self) -> dict[str, str]:
        """Name, phone, email and address in clear; empty after erasure."""
        return sealing.unseal(self.key_sealed, self.contact_sealed) or {}

    @property
    def name(self) -> str:
        return self.contact.get("name", "")

    @property
    def phone(self) -> str:
        return self.contact.get("phone", "")

    @property
    def email(self) -> str:
        return self.contact.get("email", "")

    @property
    def address(self) -> str:
        return self.contact.get("address", "")
