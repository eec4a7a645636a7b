"""A missed promise opens an item: its owner may reply, a manager decides. It can't be deleted."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.models.clocks import Clock
from complaints.states import AccountabilityStatus


class AccountabilityItem(models.Model):
    """One breach of one clock, to be explained by its owner and decided by a manager.

    The owner's right of reply lasts until `reply_by`; nobody decides before the reply or that
    moment. `decide_by` is when the decision itself is late. An item without an owner has neither.
    """

    class Cause(models.TextChoices):
        """Why a promise was missed."""

        STAFFING = "staffing", _("人手不够")
        OTHER_DEPARTMENT = "other_department", _("等其他部门")
        SUPPLIER = "supplier", _("等供应商")
        SYSTEM = "system", _("系统原因")
        ESTIMATE = "estimate", _("时间估计不准")
        CONSUMER_SIDE = "consumer_side", _("消费者一方的原因")
        OTHER = "other", _("其他原因")

    class Outcome(models.TextChoices):
        """What a manager decides about it."""

        UPHELD = "upheld", _("责任成立")
        EXCUSED = "excused", _("情有可原，不追究")
        NOT_OURS = "not_ours", _("不是我们的责任")

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
    reply_by = models.DateTimeField(_("说明期限"), null=True, blank=True)
    decide_by = models.DateTimeField(_("决定期限"), null=True, blank=True)
    cause = models.CharField(_("原因"), max_length=20, choices=Cause.choices, blank=True)
    cause_note = models.CharField(_("原因说明"), max_length=200, blank=True)
    reply = models.TextField(_("说明"), blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("结论"), max_length=10, choices=Outcome.choices, blank=True)
    decision = models.TextField(_("理由"), blank=True)
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    measure = models.TextField(_("改进措施"), blank=True)
    measure_owner = models.ForeignKey(
        "accounts.User",
        verbose_name=_("由谁完成"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="measures",
    )
    measure_until = models.DateField(_("完成期限"), null=True, blank=True)
    measure_done_at = models.DateTimeField(null=True, blank=True)
    measure_done_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("问责事项")
        verbose_name_plural = _("问责事项")
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True, outcome="")
                | Q(decided_at__isnull=False, decided_by__isnull=False) & ~Q(outcome=""),
                name="complaints_accountability_decided",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("owner")),
                name="complaints_accountability_not_by_owner",
            ),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True)
                | Q(replied_at__isnull=False)
                | Q(decided_at__gte=F("reply_by")),
                name="complaints_accountability_heard",
            ),
            models.CheckConstraint(
                condition=Q(measure_done_at__isnull=True, measure_done_by__isnull=True)
                | Q(measure_done_at__isnull=False, measure_done_by__isnull=False) & ~Q(measure=""),
                name="complaints_accountability_measure",
            ),
        ]
        indexes = [
            models.Index(
                fields=["decide_by"],
                condition=Q(decided_at__isnull=True),
                name="complaints_items_undecided",
            )
        ]

    def __str__(self) -> str:
        return f"AccountabilityItem {self.pk}"

    def may_be_decided(self, moment: datetime) -> bool:
        """Say whether the owner was heard: they replied, or their time to do so has passed."""
        if self.owner_id is None or self.decided_at is not None:
            return False
        return self.replied_at is not None or self.reply_by is None or moment >= self.reply_by

    def is_overdue(self, moment: datetime) -> bool:
        """Say whether the decision itself is late."""
        return self.decided_at is None and self.decide_by is not None and self.decide_by < moment

    @property
    def has_open_measure(self) -> bool:
        """Whether something was to be changed and has not been yet."""
        return bool(self.measure) and self.measure_done_at is None

    def measure_is_late(self, today: date) -> bool:
        """Say whether the measure's day has passed without its being done."""
        late = self.measure_until is not None and self.measure_until < today
        return self.has_open_measure and late
