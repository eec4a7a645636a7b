"""Further bodies that handed a case on; the first stands in the case itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.case import Case


class OutsideFiling(models.Model):
    """The number that another body gave to a complaint which is a case already.

    `source` is the code under which a body's numbers are unique, as `Case.source_system`.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="filings")
    source = models.CharField(max_length=20)
    name = models.CharField(_("转来的机构"), max_length=80)
    reference = models.CharField(_("外部编号"), max_length=80)
    filed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("转来的编号")
        verbose_name_plural = _("转来的编号")
        constraints = [
            models.UniqueConstraint(fields=["source", "reference"], name="complaints_one_filing")
        ]

    def __str__(self) -> str:
        return f"OutsideFiling {self.pk}"
