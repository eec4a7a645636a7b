"""What a case is found by; written by triggers of the database and by nothing else."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from complaints.models.case import Case


class CaseSearch(models.Model):
    """The folded texts of a case, and every character and pair of neighbours that stands in them.

    `grams` also holds the title's marked ^^, and digests of the parts of names.
    """

    case = models.OneToOneField(
        Case, on_delete=models.CASCADE, primary_key=True, related_name="search_row"
    )
    subject = models.TextField()
    body = models.TextField()
    grams = ArrayField(models.TextField())

    class Meta:
        indexes = [
            GinIndex(fields=["grams"], name="complaints_search_grams", gin_pending_list_limit=512)
        ]

    def __str__(self) -> str:
        return f"CaseSearch {self.pk}"
