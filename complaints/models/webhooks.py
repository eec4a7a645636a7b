"""Programs outside that are told of events: an address, a secret to sign with, what it wants."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class WebhookEndpoint(models.Model):
    """One receiver of events. `kinds` empty means every kind; the secret is sealed."""

    name = models.CharField(_("名称"), max_length=80)
    url = models.CharField(_("地址"), max_length=500)
    secret_sealed = models.BinaryField()
    kinds = ArrayField(
        models.CharField(max_length=40), verbose_name=_("推送哪些事件"), default=list, blank=True
    )
    is_active = models.BooleanField(_("启用"), default=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("推送地址")
        verbose_name_plural = _("推送地址")

    def __str__(self) -> str:
        return self.name

    def wants(self, kind: str) -> bool:
        """Say whether events of this kind are sent there."""
        return not self.kinds or kind in self.kinds
