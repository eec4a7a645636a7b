"""Work on many cases at once: what was asked, and for each case what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case
from complaints.states import BulkKind, BulkResult


class BulkJob(models.Model):
    """One order for many cases, given by one person; the cases were fixed when it was given."""

    kind = models.CharField(_("操作"), max_length=10, choices=BulkKind.choices)
    params = models.JSONField(default=dict)
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="bulk_jobs")
    query = models.CharField(max_length=2000, blank=True)
    language = models.CharField(max_length=10)
    nonce = models.CharField(max_length=64, unique=True)
    total = models.PositiveIntegerField()
    undo_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("批量操作")
        verbose_name_plural = _("批量操作")
        indexes = [
            models.Index(fields=["actor", "-id"], name="complaints_bulk_of_actor"),
            models.Index(
                fields=["id"],
                condition=Q(finished_at__isnull=True),
                name="complaints_bulk_unfinished",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=BulkKind.UNDO, undo_of__isnull=False)
                | (~Q(kind=BulkKind.UNDO) & Q(undo_of__isnull=True)),
                name="complaints_bulk_undo_names_what",
            ),
            models.CheckConstraint(
                condition=~Q(undo_of=F("id")), name="complaints_bulk_undoes_another"
            ),
        ]

    def __str__(self) -> str:
        return f"BulkJob {self.pk}"


class BulkItem(models.Model):
    """One case of an order: the version it had then, what came of it, and what was there before."""

    job = models.ForeignKey(BulkJob, on_delete=models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    seen = models.PositiveIntegerField()
    result = models.CharField(max_length=10, choices=BulkResult.choices, default=BulkResult.PENDING)
    reason = models.CharField(max_length=400, blank=True)
    before = models.JSONField(default=dict)
    after = models.PositiveIntegerField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "case"], name="complaints_bulk_case_once")
        ]
        indexes = [
            models.Index(
                fields=["job", "id"],
                condition=Q(result=BulkResult.PENDING),
                name="complaints_bulk_pending",
            )
        ]

    def __str__(self) -> str:
        return f"BulkItem {self.pk}"
