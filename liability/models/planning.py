"""What an investigation sets out to do: templates by category and severity, and the plan of one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from complaints.states import Severity
from liability.models.investigations import Investigation
from liability.states import Addressee, PlanKind


def in_language(text: str, text_en: str) -> str:
    """Return the English words for a reader of English, where there are any."""
    english = (get_language() or "").startswith("en")
    return text_en if english and text_en else text


class InvestigationTemplate(models.Model):
    """One wording of what to look into for a category and severity ("" fits any); never changed.

    A change is a new version; the newest one of a pair counts, and one without lines retires it.
    `lines` lists {"kind", "text", "text_en", "to", "days"}: `days` are working days from opening
    on; a line without English reads as it is.
    """

    category = models.CharField(_("类别"), max_length=40, blank=True)
    severity = models.CharField(_("严重程度"), max_length=10, choices=Severity.choices, blank=True)
    version = models.PositiveSmallIntegerField(_("版本"))
    lines = models.JSONField(_("内容"), default=list)
    made_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField(_("发布时间"))

    class Meta:
        verbose_name = _("调查模板")
        verbose_name_plural = _("调查模板")
        constraints = [
            models.UniqueConstraint(
                fields=["category", "severity", "version"], name="liability_one_template_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.category or '*'} {self.severity or '*'} v{self.version}"

    @property
    def is_retired(self) -> bool:
        """Whether this version takes the template out of use."""
        return not self.lines


class PlanItem(models.Model):
    """One line of the plan of an investigation, ticked off when it is done."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="plan")
    position = models.PositiveSmallIntegerField(_("次序"))
    kind = models.CharField(_("种类"), max_length=8, choices=PlanKind.choices)
    text = models.CharField(_("内容"), max_length=300)
    text_en = models.CharField(_("内容（英文）"), max_length=300, blank=True)
    addressee = models.CharField(_("由谁"), max_length=20, choices=Addressee.choices)
    due_on = models.DateField(_("最晚哪天"), null=True, blank=True)
    done_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    done_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("调查计划")
        verbose_name_plural = _("调查计划")
        constraints = [
            models.UniqueConstraint(
                fields=["investigation", "position"], name="liability_one_plan_item_a_place"
            )
        ]

    def __str__(self) -> str:
        return f"PlanItem {self.pk}"

    @property
    def wording(self) -> str:
        """What it says, in the reader's language where it has words in it."""
        return in_language(self.text, self.text_en)
