"""One round of investigation, its notes, and what both sides said."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from liability.states import StatementParty


class Investigation(models.Model):
    """One round: who leads it and which questions it is to answer. New evidence opens the next."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="investigations")
    round = models.PositiveSmallIntegerField(_("轮次"))
    lead = models.ForeignKey(
        "accounts.User",
        verbose_name=_("调查负责人"),
        on_delete=models.PROTECT,
        related_name="led_investigations",
    )
    questions = models.TextField(_("要查清的问题"))
    due_on = models.DateField(_("计划完成日期"), null=True, blank=True)
    opened_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("开始时间"))

    class Meta:
        verbose_name = _("调查")
        verbose_name_plural = _("调查")
        constraints = [
            models.UniqueConstraint(
                fields=["case", "round"], name="liability_one_investigation_a_round"
            )
        ]

    def __str__(self) -> str:
        return f"Investigation {self.pk}"


class InvestigationNote(models.Model):
    """What an investigator found or did; stays inside."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(_("记录"))
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("调查记录")
        verbose_name_plural = _("调查记录")

    def __str__(self) -> str:
        return f"InvestigationNote {self.pk}"


class Statement(models.Model):
    """One side was heard, or was asked and given a time to answer (served)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="statements")
    investigation = models.ForeignKey(
        Investigation, on_delete=models.PROTECT, related_name="statements"
    )
    party = models.CharField(_("陈述方"), max_length=12, choices=StatementParty.choices)
    name = models.CharField(_("姓名或单位"), max_length=120)
    text = models.TextField(_("陈述内容"), blank=True)
    heard_at = models.DateTimeField(_("听取时间"), null=True, blank=True)
    served_at = models.DateTimeField(_("通知时间"), null=True, blank=True)
    answer_by = models.DateTimeField(_("答复期限"), null=True, blank=True)
    recorded_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))

    class Meta:
        verbose_name = _("陈述")
        verbose_name_plural = _("陈述")
        constraints = [
            models.CheckConstraint(
                condition=(Q(heard_at__isnull=False) & ~Q(text=""))
                | Q(heard_at__isnull=True, text="", served_at__isnull=False),
                name="liability_statement_heard_or_served",
            ),
            models.CheckConstraint(
                condition=Q(served_at__isnull=True, answer_by__isnull=True)
                | Q(served_at__isnull=False, answer_by__gt=models.F("served_at")),
                name="liability_served_with_deadline",
            ),
        ]

    def __str__(self) -> str:
        return f"Statement {self.pk}"

    @property
    def time_ends(self) -> datetime | None:
        """Until when the side may answer: a question that asked for it may have got more time."""
        task = getattr(self, "asked_by_task", None)
        known = [each for each in (self.answer_by, task and task.due_at) if each is not None]
        return max(known, default=None)
