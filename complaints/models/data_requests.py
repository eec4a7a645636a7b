"""What a consumer asks about their own data (PIPL arts 15, 44-50)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints import sealing
from complaints.models.case import Case
from complaints.states import DataRequestKind, DataRequestOutcome


class DataRequest(models.Model):
    """One request and its answer; both are sealed under the consumer's key.

    A case has at most one that waits for an answer.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="data_requests")
    kind = models.CharField(_("请求"), max_length=10, choices=DataRequestKind.choices)
    asked_sealed = models.BinaryField(_("请求内容（已加密）"), blank=True)
    asked_at = models.DateTimeField(_("提出时间"))
    outcome = models.CharField(
        _("答复"), max_length=8, choices=DataRequestOutcome.choices, blank=True
    )
    answer_sealed = models.BinaryField(_("答复内容（已加密）"), blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("答复人"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("个人信息请求")
        verbose_name_plural = _("个人信息请求")
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(answered_at__isnull=True),
                name="complaints_one_open_data_request",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, outcome="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(outcome=""),
                name="complaints_data_request_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"DataRequest {self.pk}"

    @property
    def asked(self) -> str:
        """What was asked, in clear; empty after erasure."""
        return self._clear(self.asked_sealed)

    @property
    def answer(self) -> str:
        """What was answered, in clear; empty after erasure."""
        return self._clear(self.answer_sealed)

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.answered_at is None

    @property
    def gives_copy(self) -> bool:
        """Whether the consumer may fetch a copy of their data because of it."""
        granted = (DataRequestOutcome.GRANTED, DataRequestOutcome.PARTLY)
        given = (DataRequestKind.COPY, DataRequestKind.TRANSFER)
        return self.kind in given and self.outcome in granted

    def _clear(self, sealed: sealing.Stored) -> str:
        return str(sealing.unseal(self.case.consumer.key_sealed, sealed) or "")
