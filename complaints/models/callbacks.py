"""Calls that consumers asked for: when, in which language, and what came of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.states import CallbackOutcome


class Callback(models.Model):
    """One call that was promised; a case has one at a time."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="callbacks")
    wanted_at = models.DateTimeField(_("什么时候回电"))
    language = models.CharField(_("用哪种语言"), max_length=10, default="zh-hans")
    asked_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=12, choices=CallbackOutcome.choices, blank=True)

    class Meta:
        verbose_name = _("回电约定")
        verbose_name_plural = _("回电约定")
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(done_at=None), name="complaints_one_open_callback"
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, outcome="")
                | Q(done_at__isnull=False) & ~Q(outcome=""),
                name="complaints_callback_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"Callback {self.pk}"
