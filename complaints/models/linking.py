"""Cases that belong together without being one, and marks by which like texts are found."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from complaints.models.case import Case
from complaints.states import LinkKind


class CaseLink(models.Model):
    """Two cases and how they belong together, read from `case` to `other`; ended, not deleted.

    A link of two cases as no duplicates only keeps them from being proposed again.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links_here")
    kind = models.CharField(max_length=16, choices=LinkKind.choices)
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(case=F("other")), name="complaints_link_between_two"
            ),
            models.UniqueConstraint(
                fields=["case", "other"],
                condition=Q(ended_at__isnull=True),
                name="complaints_one_link",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="complaints_link_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"


class TextMark(models.Model):
    """What `likeness.bands` says of a case's text: texts that are much alike share a band.

    A row of its own, because the Case changes often and this never does.
    """

    case = models.OneToOneField(
        Case, on_delete=models.PROTECT, primary_key=True, related_name="text_mark"
    )
    bands = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [GinIndex(fields=["bands"], name="complaints_text_bands")]

    def __str__(self) -> str:
        return f"TextMark {self.case_id}"
