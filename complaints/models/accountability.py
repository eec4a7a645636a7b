"""A missed promise opens an item: its owner may reply, a manager decides. It can't be deleted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.models.clocks import Clock
from complaints.states import AccountabilityStatus


class AccountabilityItem(models.Model):
    """One breach of one clock, to be explained and decided."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="accountability_items")
    clock = models.OneToOneField(Clock, on_delete=models.PROTECT, related_name="accountability")
    owner = models.ForeignKey(
        "accounts.User",
        verbose_name=_("责任人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="accountability_items",
    )
    status = models.CharField(
        max_length=8, choices=AccountabilityStatus.choices, default=AccountabilityStatus.OPEN
    )
    opened_at = models.DateTimeField()
    reply = models.TextField(_("说明"), blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(_("决定"), blank=True)
    measure = models.TextField(_("改进措施"), blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("问责事项")
        verbose_name_plural = _("问责事项")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="complaints_accountability_decided",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("owner")),
                name="complaints_accountability_not_by_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"AccountabilityItem {self.pk}"
